"""The fast bound: what crews' time is worth by class of slot, and what each household is worth beyond its time.

Let a crew second in a slot of class c cost a price p_c >= 0. Each leg is split half to each of its ends, so a visit takes
its length and at least half of the cheapest way in and out, and for any prices no plan is worth more than

    the best that crews can earn with their time + sum over households of max(0, best class: points - way - p_c * time).

The lowest prices come from a linear program over the crews whose columns are also whole choices of households (Dantzig
and Wolfe); the bound is computed from its prices alone.
"""

import numpy as np

from solver.bound.crews import Crews
from solver.bound.program import INFINITE, Frozen
from solver.bound.visits import NEVER, Kinds
from solver.bound.ways import Nodes
from solver.travel import Floats
from solver.world import World

ROUNDS = 60
CLOSE = 1e-4
"""Relative gap between the program and its bound at which the prices are good enough."""


class Fast:
    """Everything the fast bound needs of a world, and its outcome after `run`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.nodes = Nodes(world)
        self.crews = Crews(world)
        self.kinds = Kinds(world, self.crews)
        self.way_cost = 1000.0 * world.problem.weights.travel_per_hour / 3600
        self.value = 0.0
        self.share = 0
        self.price: Floats = np.zeros(len(self.kinds.names))
        self._ways()

    def _ways(self) -> None:
        """Halve the legs: seconds of way that a visit and a start pay at least, in each class."""
        nodes, kinds = self.nodes, self.kinds
        houses = nodes.houses
        self.visit_way: Floats = np.zeros((len(kinds.names), houses))
        self.start_way: Floats = np.zeros((len(kinds.names), len(nodes.start_places)))
        for k in range(len(kinds.names)):
            there = kinds.points[k] > NEVER
            active = np.concatenate([there, np.ones(len(nodes.start_places), dtype=np.bool_)])
            half = 0.5 * nodes.two_cheapest(active)
            rows = np.flatnonzero(there)
            # with fewer than three nodes there is no tour but of one visit
            self.visit_way[k, rows] = np.minimum(half[rows], nodes.round_trips(rows, np.zeros(len(rows))).max(initial=0.0))
            self.start_way[k] = np.minimum(half[houses:], nodes.round_trips(rows, self.visit_way[k, rows]))
        self.start_way[np.isinf(self.start_way)] = 0.0

    def gains(self, price: Floats) -> Floats:
        """Return (classes x households) milli-points that a visit brings beyond its time at these prices; -inf where never."""
        gain: Floats = self.kinds.points - self.way_cost * self.visit_way - price[:, None] * (self.kinds.seconds + self.visit_way)
        return gain

    def run(self) -> None:
        """Find the lowest bound; the share of shifts that the plan is likely to have first, then all that could beat it."""
        likely = self._likely_share()
        for share in sorted(self.crews.shares, key=lambda f: (abs(f - likely), f)):
            value, price = self._lowest(share, self.value)
            if value > self.value:
                self.value, self.price, self.share = value, price, share

    def _likely_share(self) -> int:
        """Guess the share from as many seats as can be filled."""
        world = self.world
        if not world.problem.weights.extra_shift or not world.able:
            return 0
        seats = sum(min(m, len(s)) for m, s in zip(world.max_shifts, world.can_work, strict=True))
        return -(-seats // world.able)

    def _lowest(self, share: int, enough: float) -> tuple[float, Floats]:
        """Return the lowest bound for one share, or one up to `enough`, and the prices that give it."""
        crews, kinds = self.crews, self.kinds
        program = crews.program(share)
        way, seconds = self._of_offers()
        kind = np.array([kinds.of_slot[offer.slot] for offer in crews.offers], dtype=np.int64)
        limits = []
        for k in range(len(kinds.names)):
            mine = np.flatnonzero(kind == k)
            limits.append(program.row(mine.tolist(), (way[mine] - seconds[mine]).tolist(), -INFINITE, 0.0))
        once = program.row([], [], -INFINITE, 1.0)
        worth = crews.worth(-self.way_cost * way, share)
        frozen = Frozen(program, worth)
        lowest, lowest_price = np.inf, self.price
        prices = np.zeros(len(frozen.least_row))
        trial = self.price if self.price.any() else np.full(len(kinds.names), self._usual_price())
        for _ in range(ROUNDS):
            gain = self.gains(trial)
            chosen = gain.argmax(axis=0) if len(gain) else np.zeros(0, dtype=np.int64)
            top = gain[chosen, np.arange(len(chosen))] if len(gain) else np.zeros(0)
            taken = np.flatnonzero(top > 0)
            prices[limits] = trial
            prices[once] = 0.0
            value = float(top[taken].sum()) + frozen.bound(prices)
            if value < lowest:
                lowest, lowest_price = value, trial
            time = self.kinds.seconds + self.visit_way
            used = np.bincount(chosen[taken], time[chosen[taken], taken], len(kinds.names))
            net = float(top[taken].sum() + (trial * used).sum())
            frozen.add_column([*limits, once], [*used.tolist(), 1.0], net)
            found = frozen.solve()
            if found is None or lowest <= enough or frozen.value >= lowest * (1 - CLOSE):
                break
            prices = found
            trial = np.maximum(prices[limits], 0.0)
        return lowest, lowest_price

    def _usual_price(self) -> float:
        """Return the milli-points a second that the better half of the visits bring."""
        points, seconds = self.kinds.points, self.kinds.seconds + self.visit_way
        able = points > NEVER
        return float(np.median(points[able] / np.maximum(seconds[able], 1.0))) if able.any() else 0.0

    def _of_offers(self) -> tuple[Floats, Floats]:
        """Return for each offer the seconds of way that its start pays at least, and the seconds of its slot."""
        world, crews = self.world, self.crews
        number = {p: n for n, p in enumerate(self.nodes.start_places)}
        way = np.array(
            [self.start_way[self.kinds.of_slot[o.slot], number[world.starts[o.person]]] for o in crews.offers], dtype=np.float64
        )
        seconds = np.array([world.ends[o.slot] - world.opens_start[o.slot] for o in crews.offers], dtype=np.float64)
        return way, seconds
