"""Slots of one class and length, and what lies ahead of every household in them at the latest prices."""

import numpy as np

from solver.bound.ahead import completions
from solver.bound.arcs import MOST_ARCS, steps
from solver.bound.prices import Fast
from solver.bound.visits import NEVER
from solver.bound.ways import start_ways
from solver.travel import Floats, Ints, shortest_ways
from solver.world import Flags

USUAL_LOSS = 0.04
"""Share of what a slot's time is worth that a step may lose to be looked at."""
GRID_CELLS = 12_000_000
"""Nodes times steps of time in the tables of what lies ahead: 12 bytes each."""
MOST_GRID = 4000


class Group:
    """Slots of one class and length, and the tables of the latest prices."""

    def __init__(self, fast: Fast, kind: int, horizon: int, halt: Flags) -> None:
        self.fast, self.kind, self.horizon, self._halt = fast, kind, horizon, halt
        self.price = float(fast.price[kind])
        there = fast.kinds.points[kind] > NEVER
        active = np.concatenate([there, np.ones(len(fast.nodes.start_places), dtype=np.bool_)])
        self.nearest = fast.nodes.nearest(active)[: fast.nodes.houses]
        self.houses = np.flatnonzero(there & (fast.kinds.seconds[kind] <= horizon))
        # a crew that would bring less than this is bounded by it
        self.floor = -float(fast.kinds.points[kind][self.houses].max(initial=1.0))
        self.shortest = int(fast.kinds.seconds[kind][self.houses].min(initial=horizon))
        self.most_loss = self.most = 0.0
        self.escapes = 0
        self.usual_gap = 0.0
        self.places: list[int] = []
        slots = fast.world.problem.slots
        self.slots = tuple(n for n, s in enumerate(slots) if fast.kinds.of_slot[n] == kind and s.end - s.start == horizon)
        self.reached: Ints = np.zeros(0, dtype=np.int64)
        self.way_here: dict[int, Ints] = {}
        self.way_home: dict[int, Ints] = {}

    def prepare(self, house_price: Floats) -> None:
        """Make the tables for these prices of households."""
        fast, nodes, cost = self.fast, self.fast.nodes, self.fast.way_cost
        rho = self.price + cost
        points = (fast.kinds.points[self.kind] - house_price)[self.houses]
        seconds = fast.kinds.seconds[self.kind][self.houses]
        excess = points - self.price * seconds
        self.leap = float(np.maximum(excess - rho * self.nearest[self.houses], 0.0).max(initial=0.0))
        if self.escapes > len(self.places) // 10:
            self.most_loss *= 1.2
        few = len(self.houses) <= MOST_ARCS
        self.most_loss = max(self.most_loss, 1e9 if few else USUAL_LOSS * self.price * self.horizon + 2 * self.leap)
        self.escapes = 0
        kept = rho * self.nearest[self.houses] - excess < self.most_loss
        self.kept = self.houses[kept]
        self.points, self.excess = points[kept], excess[kept]
        self.reached = np.union1d(self.reached, self.kept)
        self.is_kept, self.excess_all = kept, excess
        self._far: dict[int, float] = {}
        self.length = seconds[kept].astype(np.int64)
        x, y, place = nodes.x[self.kept], nodes.y[self.kept], nodes.place[self.kept]
        if not len(self.kept):
            return
        side = max(60.0 / max(nodes.pace, 1e-9), (x.max() - x.min()) / 300, (y.max() - y.min()) / 300, 1e-6)
        self.targets, self.ways, self.rest = steps(
            self.excess, rho, self.most_loss, x, y, place, nodes.least_table, nodes.pace, nodes.fixed, side, MOST_ARCS, self._halt
        )
        size = max(1, min(MOST_GRID, GRID_CELLS // len(self.kept)))
        self.width = max(1, -(-self.horizon // size))
        home = np.min([self.ways_from(p) for p in self.places], axis=0)
        longest = int(min(self.horizon, self.length.max() + (self.most_loss + self.excess.max()) / max(rho, 1e-9))) + 1
        first, second, follow, beyond, self.most = completions(
            self.horizon // self.width + 1, self.width, self.shortest, home, self.length, self.excess,
            self.targets, self.ways, self.rest, longest, self.most_loss - self.leap, self.price, cost, self._halt,
        )  # fmt: skip
        self.ahead = first, second, follow, beyond
        self.ground = x, y, place, nodes.least_table, nodes.pace, nodes.fixed

    def ways_from(self, place: int) -> Ints:
        """Return the seconds from a start to each household kept."""
        ways: Ints = self._all_ways(place)[self.is_kept]
        return ways

    def _all_ways(self, place: int) -> Ints:
        if place not in self.way_here:
            nodes = self.fast.nodes
            node = nodes.node_of_start[place]
            self.way_here[place] = start_ways(
                node, self.houses, nodes.x, nodes.y, nodes.place, nodes.least_table, nodes.pace, nodes.fixed
            )
        return self.way_here[place]

    def ways_home(self, place: int) -> Ints:
        """Return seconds that no way from a household kept to a start is shorter than: in a matrix a detour may be shorter."""
        nodes = self.fast.nodes
        if nodes.plane:
            return self.ways_from(place)
        if place not in self.way_home:
            self.way_home[place] = shortest_ways(nodes.least_table, place)[nodes.place[self.houses]]
        ways: Ints = self.way_home[place][self.is_kept]
        return ways

    def ceiling(self, place: int, allowed: Flags) -> float:
        """Return a first bound of a route from a start, by what lies ahead of its first visit."""
        ways = self.ways_from(place)
        fits = np.flatnonzero(allowed & (ways + self.length + self.ways_home(place) <= self.horizon))
        left = -(-(self.horizon - ways[fits] - self.length[fits]) // self.width)
        value = self.points[fits] - self.fast.way_cost * ways[fits] + self.price * left * self.width + self.ahead[0][fits, left]
        return max(float(value.max(initial=self.floor)), self.price * self.horizon + self.most + self.leap - self.far(place))

    def far(self, place: int) -> float:
        """Return the least loss of a first step from a start to a household that is not kept."""
        if place not in self._far:
            away = self._all_ways(place)[~self.is_kept] * (self.price + self.fast.way_cost) - self.excess_all[~self.is_kept]
            self._far[place] = float(away.min(initial=1e12))
        return self._far[place]

    def possible(self) -> bool:
        """Say whether time can be cut finely enough for visits as short as these."""
        return self.shortest >= max(1, -(-self.horizon // min(MOST_GRID, GRID_CELLS // max(1, len(self.houses)))))
