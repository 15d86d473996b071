"""Points of the plane sorted into square cells, so that who is near is found without looking at everybody."""

import numpy as np

from solver.kernel.jit import entry
from solver.travel import Floats, Ints


@entry
def cells(x: Floats, y: Floats, side: float) -> tuple[Ints, Ints, int, int]:
    """Sort points into square cells: order of points, first of each cell (row by row), columns, lines."""
    left, low = x.min(), y.min()
    columns, lines = int((x.max() - left) / side) + 1, int((y.max() - low) / side) + 1
    cell = np.empty(len(x), dtype=np.int64)
    first = np.zeros(columns * lines + 1, dtype=np.int64)
    for i in range(len(x)):
        cell[i] = int((y[i] - low) / side) * columns + int((x[i] - left) / side)
        first[cell[i] + 1] += 1
    for c in range(columns * lines):
        first[c + 1] += first[c]
    order = np.empty(len(x), dtype=np.int64)
    fill = first.copy()
    for i in range(len(x)):
        order[fill[cell[i]]] = i
        fill[cell[i]] += 1
    return order, first, columns, lines
