"""The cheapest ways in and out of every place, the start of every relaxation of routes.

A *node* is a household or one of the distinct places where crews start (those follow the households).
"""

from math import ceil

import numpy as np

from solver.bound.arcs import SLACK, Shorts, way
from solver.kernel.jit import entry, kernel
from solver.travel import Floats, Ints
from solver.world import Flags, World


class Nodes:
    """Households and starts as arrays, and legs between them that are never longer than the true ones."""

    def __init__(self, world: World) -> None:
        problem = world.problem
        self.houses = len(problem.households)
        self.start_places = sorted(set(world.starts))
        self.node_of_start = {p: self.houses + n for n, p in enumerate(self.start_places)}
        self.place: Ints = np.array([*world.place_of, *self.start_places], dtype=np.int64)
        travel = problem.travel
        self.x: Floats = np.array([problem.locations[p].x for p in self.place], dtype=np.float64)
        self.y: Floats = np.array([problem.locations[p].y for p in self.place], dtype=np.float64)
        self.pace, self.fixed = travel.detour / travel.metres_per_second, float(travel.fixed_seconds)
        self.plane = travel.matrix_seconds is None
        # one table of places, -1 long where the plane gives the legs
        self.table: Ints = np.zeros((0, 0), dtype=np.int64)
        if travel.matrix_seconds is not None:
            count = len(problem.locations)
            self.table = np.array(travel.matrix_seconds, dtype=np.int64).reshape(count, count)
            np.fill_diagonal(self.table, 0)
        self.least_table: Shorts = np.minimum(self.table, self.table.T).astype(np.int32)

    def way(self, a: int, b: int) -> int:
        """Return the seconds of the leg between two nodes, the shorter direction."""
        return way(a, b, self.x, self.y, self.place, self.least_table, self.pace, self.fixed)

    def two_cheapest(self, active: Flags) -> Floats:
        """Return for each active node the least seconds of a way in and a way out that lead to two different active nodes."""
        rows = np.flatnonzero(active)
        least = np.full(len(active), np.inf)
        if self.plane:
            least[rows] = two_nearest(self.x[rows], self.y[rows], self.place[rows], self.pace, self.fixed).sum(axis=1)
            return least
        columns = self.place[rows]
        for row, place in zip(rows.tolist(), columns.tolist(), strict=True):
            least[row] = _two_of(self.table[columns, place], self.table[place, columns], int(np.searchsorted(rows, row)))
        return least

    def nearest(self, active: Flags) -> Floats:
        """Return for each active node seconds that a leg to it from another takes at least, 0 for the others."""
        rows = np.flatnonzero(active)
        least = np.zeros(len(active))
        if len(rows) < 3:
            return least
        if self.plane:
            least[rows] = two_nearest(self.x[rows], self.y[rows], self.place[rows], self.pace, self.fixed)[:, 0]
            return least
        for row in rows.tolist():
            least[row] = np.partition(self.least_table[self.place[row], self.place[rows]], 1)[1]
        return least

    def round_trips(self, houses: Ints, paid: Floats) -> Floats:
        """Return for each start the least seconds of a way to one of the households and back, less what that one pays."""
        starts = np.arange(self.houses, len(self.place))
        if self.plane:
            return least_round_trips(starts, houses, paid, self.x, self.y, self.place, self.pace, self.fixed)
        there, here = self.place[houses], self.place[starts]
        trips: Floats = (self.table[np.ix_(here, there)] + self.table[np.ix_(there, here)].T - paid).min(axis=1, initial=np.inf)
        return trips


def _two_of(inward: Ints, outward: Ints, own: int) -> float:
    """Return the least sum of a way in from one and a way out to another of the nodes; infinite with fewer than two."""
    if len(inward) < 3:
        return float("inf")
    into, out = inward.astype(np.float64), outward.astype(np.float64)
    into[own] = out[own] = np.inf
    first_in, first_out = np.argpartition(into, 1)[:2], np.argpartition(out, 1)[:2]
    return float(min(into[a] + out[b] for a in first_in for b in first_out if a != b))


@kernel
def leg_seconds(ax: float, ay: float, bx: float, by: float, pace: float, fixed: float) -> float:
    """Return the seconds between two different places of the plane, never more than the plan counts."""
    seconds: float = fixed + max(0.0, ceil(pace * ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5 - SLACK))
    return seconds


@entry
def least_round_trips(
    starts: Ints, houses: Ints, paid: Floats, x: Floats, y: Floats, place: Ints, pace: float, fixed: float
) -> Floats:
    """Return for each start the least of twice the way to a household, less what that household pays."""
    least = np.full(len(starts), np.inf)
    for n in range(len(starts)):
        i = starts[n]
        for k in range(len(houses)):
            j = houses[k]
            leg = 0.0 if place[i] == place[j] else leg_seconds(x[i], y[i], x[j], y[j], pace, fixed)
            least[n] = min(least[n], 2.0 * leg - paid[k])
    return least


@entry
def two_nearest(x: Floats, y: Floats, place: Ints, pace: float, fixed: float) -> Floats:
    """Return for each point the seconds to its nearest and its second nearest other, by a grid of about two points a cell."""
    count = len(x)
    result = np.full((count, 2), np.inf)
    if count < 3:
        return result
    left, low = x.min(), y.min()
    wide, high = max(x.max() - left, 1e-9), max(y.max() - low, 1e-9)
    side = max((wide * high * 2.0 / count) ** 0.5, max(wide, high) / 400.0)
    columns, lines = int(wide / side) + 1, int(high / side) + 1
    cell = np.empty(count, dtype=np.int64)
    first = np.zeros(columns * lines + 1, dtype=np.int64)
    for i in range(count):
        cell[i] = min(lines - 1, int((y[i] - low) / side)) * columns + min(columns - 1, int((x[i] - left) / side))
        first[cell[i] + 1] += 1
    for c in range(columns * lines):
        first[c + 1] += first[c]
    order = np.empty(count, dtype=np.int64)
    fill = first.copy()
    for i in range(count):
        order[fill[cell[i]]] = i
        fill[cell[i]] += 1
    for i in range(count):
        best, second = np.inf, np.inf
        across, up = cell[i] % columns, cell[i] // columns
        for ring in range(max(columns, lines)):
            # whoever is in this ring or beyond is at least ring - 1 whole cells away
            if ring > 1 and fixed + pace * (ring - 1) * side - 1.0 > second:
                break
            for line in range(max(0, up - ring), min(lines, up + ring + 1)):
                edge = line == up - ring or line == up + ring
                step = 1 if edge else max(1, 2 * ring)
                for column in range(across - ring, across + ring + 1, step):
                    if column < 0 or column >= columns:
                        continue
                    for k in range(first[line * columns + column], first[line * columns + column + 1]):
                        j = order[k]
                        if j == i:
                            continue
                        leg = 0.0 if place[i] == place[j] else leg_seconds(x[i], y[i], x[j], y[j], pace, fixed)
                        if leg < best:
                            best, second = leg, best
                        elif leg < second:
                            second = leg
        result[i, 0], result[i, 1] = best, second
    return result


@entry
def start_ways(node: int, houses: Ints, x: Floats, y: Floats, place: Ints, table: Shorts, pace: float, fixed: float) -> Ints:
    """Return the seconds between a start and each of the households."""
    result = np.empty(len(houses), dtype=np.int64)
    for k in range(len(houses)):
        result[k] = way(node, houses[k], x, y, place, table, pace, fixed)
    return result
