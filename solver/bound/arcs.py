"""For each node the steps worth taking from it, the cheapest first, and a limit below which no other step can be.

A step from i to j costs its *loss*: the time of way and visit at the price of a second, and the way, less the points that
the visit brings beyond its price u. A route is worth the price of the whole slot less the losses of its steps.
"""

from math import ceil

import numpy as np
import numpy.typing as npt

from solver.kernel.cells import cells
from solver.kernel.jit import entry
from solver.travel import Floats, Ints
from solver.world import Flags

Short = np.int32
Shorts = npt.NDArray[np.int32]
Ground = tuple[Floats, Floats, Ints, Shorts, float, float]
"""Coordinates, places, a table of seconds between places (empty in the plane), pace in seconds a metre and fixed seconds."""

SLACK = 1e-6
"""Subtracted before seconds are rounded up, so that no leg is longer here than in the plan."""
GREAT = 1e15
MOST_ARCS = 128


@entry
def way(i: int, j: int, x: Floats, y: Floats, place: Ints, table: Shorts, pace: float, fixed: float) -> int:
    """Return the seconds between two nodes, the shorter direction, never more than the plan counts."""
    a, b = place[i], place[j]
    if a == b:
        return 0
    if table.shape[0] > 0:
        return int(table[a, b])
    return int(fixed + max(0.0, ceil(pace * ((x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2) ** 0.5 - SLACK)))


@entry
def steps(
    excess: Floats,
    rho: float,
    most_loss: float,
    x: Floats,
    y: Floats,
    place: Ints,
    table: Shorts,
    pace: float,
    fixed: float,
    side: float,
    most_arcs: int,
    halt: Flags,
) -> tuple[Shorts, Shorts, Floats]:
    """Return targets (-1 where there are no more), seconds of way, and the least loss that a step not listed can have.

    `excess` is what a visit brings beyond its time, milli-points; `rho` what a second of way costs, time included. Once `halt` is
    set by another thread, what is returned is of no use.
    """
    count = len(x)
    targets = np.full((count, most_arcs), -1, dtype=np.int32)
    ways = np.zeros((count, most_arcs), dtype=np.int32)
    rest = np.full(count, most_loss)
    order, first, columns, lines = cells(x, y, side)
    dearest = np.full(columns * lines, -GREAT)
    for c in range(columns * lines):
        for k in range(first[c], first[c + 1]):
            dearest[c] = max(dearest[c], excess[order[k]])
    top = excess.max()
    plane = table.shape[0] == 0
    reach = max(columns, lines)
    found = np.empty(count, dtype=np.int64)
    losses, seconds = np.empty(count), np.empty(count, dtype=np.int64)
    left, low = x.min(), y.min()
    for i in range(count):
        if halt[0]:
            break
        number = 0
        across, up = int((x[i] - left) / side), int((y[i] - low) / side)
        for ring in range(reach):
            # who is in this ring or beyond is at least ring - 1 whole cells away
            if plane and ring > 1 and rho * (fixed + pace * (ring - 1) * side - 1.0) - top > most_loss:
                break
            near = rho * (fixed + pace * (ring - 1) * side - 1.0) if plane and ring > 1 else 0.0
            for line in range(max(0, up - ring), min(lines, up + ring + 1)):
                stride = 1 if line == up - ring or line == up + ring else max(1, 2 * ring)
                for column in range(across - ring, across + ring + 1, stride):
                    if column < 0 or column >= columns or near - dearest[line * columns + column] > most_loss:
                        continue
                    for k in range(first[line * columns + column], first[line * columns + column + 1]):
                        j = order[k]
                        if j == i:
                            continue
                        t = way(i, j, x, y, place, table, pace, fixed)
                        loss = rho * t - excess[j]
                        if loss < most_loss:
                            found[number], losses[number], seconds[number] = j, loss, t
                            number += 1
        sequence = np.argsort(losses[:number], kind="mergesort")
        if number > most_arcs:
            rest[i] = losses[sequence[most_arcs]]
        for a in range(min(number, most_arcs)):
            targets[i, a], ways[i, a] = found[sequence[a]], seconds[sequence[a]]
    return targets, ways, rest
