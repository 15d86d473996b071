"""The worth of a crew's best relaxed route at given prices of households: by class of slot, start and what the crew can do."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver.bound.ahead import completions
from solver.bound.arcs import MOST_ARCS, Shorts, steps, way
from solver.bound.prices import Fast
from solver.bound.routes import LONGEST, Room, best_routes
from solver.bound.visits import NEVER
from solver.kernel.jit import kernel
from solver.travel import Floats, Ints
from solver.world import Flags

NEAR = 6
ROOM = 40_000
MOST_ROUTES = 12
USUAL_LOSS = 0.04
"""Share of what a slot's time is worth that a step may lose to be looked at."""
GRID_CELLS = 12_000_000
"""Nodes times steps of time in the tables of what lies ahead: 12 bytes each."""
MOST_GRID = 4000


@dataclass(frozen=True, slots=True)
class Route:
    """A relaxed route: its visits in order, whom it visits how often, and its milli-points before prices of households."""

    family: int
    needs: int
    worth: float
    visits: tuple[int, ...]
    houses: tuple[int, ...]
    times: tuple[int, ...]


@dataclass(slots=True)
class Family:
    """Crews that start at one place in slots of one class and length; a block of them for each set of requirements they meet."""

    group: int
    place: int
    blocks: list[int]
    meets: list[int]
    gap: float = 0.0


class Group:
    """Slots of one class and length, and the tables of the latest prices."""

    def __init__(self, fast: Fast, kind: int, horizon: int) -> None:
        self.fast, self.kind, self.horizon = fast, kind, horizon
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
        self.places: list[int] = []
        slots = fast.world.problem.slots
        self.slots = tuple(n for n, s in enumerate(slots) if fast.kinds.of_slot[n] == kind and s.end - s.start == horizon)
        self.reached: Ints = np.zeros(0, dtype=np.int64)
        self.way_here: dict[int, Ints] = {}

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
            self.excess, rho, self.most_loss, x, y, place, nodes.least_table, nodes.pace, nodes.fixed, side, MOST_ARCS
        )
        size = max(1, min(MOST_GRID, GRID_CELLS // len(self.kept)))
        self.width = max(1, -(-self.horizon // size))
        home = np.min([self.ways_from(p) for p in self.places], axis=0)
        longest = int(min(self.horizon, self.length.max() + (self.most_loss + self.excess.max()) / max(rho, 1e-9))) + 1
        first, second, follow, beyond, self.most = completions(
            self.horizon // self.width + 1, self.width, self.shortest, home, self.length, self.excess,
            self.targets, self.ways, self.rest, longest, self.most_loss - self.leap, self.price, cost,
        )  # fmt: skip
        self.ahead = first, second, follow, beyond
        self.ground = x, y, place, nodes.least_table, nodes.pace, nodes.fixed

    def ways_from(self, place: int) -> Ints:
        """Return the seconds from a start to each household kept."""
        if place not in self.way_here:
            nodes = self.fast.nodes
            node = nodes.node_of_start[place]
            self.way_here[place] = start_ways(
                node, self.houses, nodes.x, nodes.y, nodes.place, nodes.least_table, nodes.pace, nodes.fixed
            )
        ways: Ints = self.way_here[place][self.is_kept]
        return ways

    def ceiling(self, place: int, ways: Ints, allowed: Flags) -> float:
        """Return a first bound of a route from a start, by what lies ahead of its first visit."""
        fits = np.flatnonzero(allowed & (2 * ways + self.length <= self.horizon))
        left = -(-(self.horizon - ways[fits] - self.length[fits]) // self.width)
        value = self.points[fits] - self.fast.way_cost * ways[fits] + self.price * left * self.width + self.ahead[0][fits, left]
        return max(float(value.max(initial=self.floor)), self.price * self.horizon + self.most + self.leap - self.far(place))

    def far(self, place: int) -> float:
        """Return the least loss of a first step from a start to a household that is not kept."""
        if place not in self._far:
            away = self.way_here[place][~self.is_kept] * (self.price + self.fast.way_cost) - self.excess_all[~self.is_kept]
            self._far[place] = float(away.min(initial=1e12))
        return self._far[place]

    def possible(self) -> bool:
        """Say whether time can be cut finely enough for visits as short as these."""
        return self.shortest >= max(1, -(-self.horizon // min(MOST_GRID, GRID_CELLS // max(1, len(self.houses)))))


@kernel
def start_ways(node: int, houses: Ints, x: Floats, y: Floats, place: Ints, table: Shorts, pace: float, fixed: float) -> Ints:
    """Return the seconds between a start and each of the households."""
    result = np.empty(len(houses), dtype=np.int64)
    for k in range(len(houses)):
        result[k] = way(node, houses[k], x, y, place, table, pace, fixed)
    return result


class Pool:
    """Routes met so far, and what they bring at other prices."""

    def __init__(self) -> None:
        self.routes: list[Route] = []
        self._known: set[tuple[int, tuple[int, ...], tuple[int, ...]]] = set()
        self._arrays = np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0, dtype=np.int64), np.zeros(0)
        self._held = 0

    def add(self, route: Route) -> None:
        """Take up a route unless it is known."""
        key = route.family, route.houses, route.times
        if key not in self._known:
            self._known.add(key)
            self.routes.append(route)

    def worth(self, house_price: Floats) -> Floats:
        """Return what each route brings, prices of its households paid."""
        if self._held < len(self.routes):
            new = self.routes[self._held :]
            houses, times, route, worth = self._arrays
            sizes = [len(r.houses) for r in new]
            self._arrays = (
                np.concatenate([houses, np.fromiter((h for r in new for h in r.houses), np.int64, sum(sizes))]),
                np.concatenate([times, np.fromiter((t for r in new for t in r.times), np.float64, sum(sizes))]),
                np.concatenate([route, np.repeat(np.arange(self._held, len(self.routes)), sizes)]),
                np.concatenate([worth, [r.worth for r in new]]),
            )
            self._held = len(self.routes)
        houses, times, route, worth = self._arrays
        paid: Floats = worth - np.bincount(route, house_price[houses] * times, len(worth))
        return paid


class Pricing:
    """All families of a world; `evaluate` bounds the worth of each block at prices of households and remembers good routes."""

    def __init__(self, fast: Fast) -> None:
        self.fast = fast
        world = fast.world
        keys: dict[tuple[int, int], int] = {}
        found: dict[tuple[int, int], dict[int, list[int]]] = {}
        for n, offer in enumerate(fast.crews.offers):
            slot = world.problem.slots[offer.slot]
            group = keys.setdefault((fast.kinds.of_slot[offer.slot], slot.end - slot.start), len(keys))
            found.setdefault((group, world.starts[offer.person]), {}).setdefault(offer.meets, []).append(n)
        self.groups = [Group(fast, kind, horizon) for kind, horizon in keys]
        self.families: list[Family] = []
        self.block_of_offer: Ints = np.zeros(len(fast.crews.offers), dtype=np.int64)
        self.count = 0
        for (group, place), by_meets in sorted(found.items()):
            self.groups[group].places.append(place)
            family = Family(group, place, [], [])
            for meets in sorted(by_meets, key=lambda m: (-m.bit_count(), m)):
                family.blocks.append(self.count)
                family.meets.append(meets)
                self.block_of_offer[by_meets[meets]] = self.count
                self.count += 1
            self.families.append(family)
        self.pool = Pool()
        self.labels = self.full = 0
        self._latest: list[tuple[int, float]] = []
        self._room: Room = np.empty((6, ROOM), dtype=np.int32), np.empty(ROOM), np.empty(ROOM, dtype=np.int64)
        self._routes = np.empty((MOST_ROUTES, LONGEST + 1), dtype=np.int32)
        self._worth = np.empty(MOST_ROUTES)
        met = {m for f in self.families for m in [*f.meets, _all(f.meets)]}
        bits = range(len(world.requirements))
        self._met = {m: np.array([bool(m >> r & 1) for r in bits], dtype=np.bool_)[world.requirement] for m in met}

    @property
    def possible(self) -> bool:
        """Say whether routes can be priced: there are crews and households, and visits are long enough."""
        return bool(self.families) and all(len(g.houses) and g.possible() for g in self.groups)

    def evaluate(self, house_price: Floats, slack: float, should_stop: Callable[[], bool]) -> Floats | None:
        """Return what no route of each block exceeds, `slack` above the best at most where possible; None when stopped."""
        worth = np.zeros(self.count)
        known = self.pool.worth(house_price)
        mine: list[list[int]] = [[] for _ in self.families]
        for n, route in enumerate(self.pool.routes):
            mine[route.family].append(n)
        for g, group in enumerate(self.groups):
            group.prepare(house_price)
            for f, family in enumerate(self.families):
                if family.group != g:
                    continue
                if should_stop():
                    return None
                best = {
                    m: max((known[n] for n in mine[f] if not self.pool.routes[n].needs & ~m), default=group.floor)
                    for m in family.meets
                }
                everything = _all(family.meets)
                whole = self._price(group, f, everything, max(best.values()), slack, np.inf)
                for block, meets in zip(family.blocks, family.meets, strict=True):
                    own = max(best[meets], self._latest_best(meets))
                    if meets == everything or own + slack >= whole:
                        worth[block] = whole
                    else:
                        worth[block] = self._price(group, f, meets, own, slack, whole)
        return worth

    def _price(self, group: Group, f: int, meets: int, known: float, slack: float, ceiling: float) -> float:
        """Bound the worth of the best route of such crews, at least `known`; search wider until something is proved."""
        family = self.families[f]
        ways = group.ways_from(family.place)
        allowed = self._met[meets][group.kept]
        if not len(group.kept):
            return max(group.price * group.horizon + group.leap - group.far(family.place), group.floor)
        ceiling = min(ceiling, group.ceiling(family.place, ways, allowed))
        gap = max(1.1 * family.gap, 0.002 * group.price * group.horizon, 0.01 * (ceiling - known))
        proven = ceiling
        self._latest = []
        while known + slack < proven:
            threshold = max(known + slack, ceiling - gap)
            bound, found = self._search(group, f, allowed, threshold)
            if found:
                self._remember(group, f, found)
            if np.isinf(bound):
                self.full += 1
                break
            proven = min(proven, bound)
            if bound > threshold and bound > self._worth[:found].max(initial=NEVER):
                group.escapes += 1
            if bound > threshold or threshold <= known + slack:
                break
            gap *= 1.35
        family.gap = ceiling - proven
        return max(proven, group.floor)

    def _search(self, group: Group, f: int, allowed: Flags, threshold: float) -> tuple[float, int]:
        """Search for routes above a threshold, first with little memory and then, pruned by that, with more."""
        ways = group.ways_from(self.families[f].place)
        far = group.far(self.families[f].place)
        bound, found, labels = best_routes(
            group.horizon, group.points, group.length, group.excess, group.price, self.fast.way_cost,
            group.targets, group.ways, group.rest, NEAR, far, group.most_loss, group.most + group.leap,
            ways, allowed, group.width, group.ahead, group.ground, threshold, self._room, self._routes, self._worth,
        )  # fmt: skip
        self.labels += labels
        return bound, found

    def _remember(self, group: Group, f: int, found: int) -> None:
        world = self.fast.world
        for r in range(found):
            visits = group.kept[self._routes[r, : self._routes[r, -1]]]
            houses, times = np.unique(visits, return_counts=True)
            places = np.searchsorted(group.kept, houses)
            paid = float((self.fast.kinds.points[group.kind][houses] - group.points[places]) @ times)
            needs = 0
            for requirement in world.requirement[houses].tolist():
                needs |= 1 << requirement
            self._latest.append((needs, float(self._worth[r])))
            self.pool.add(
                Route(
                    f, needs, float(self._worth[r]) + paid, tuple(visits.tolist()), tuple(houses.tolist()), tuple(times.tolist())
                )
            )

    def _latest_best(self, meets: int) -> float:
        return max((worth for needs, worth in self._latest if not needs & ~meets), default=NEVER)


def _all(meets: list[int]) -> int:
    together = 0
    for m in meets:
        together |= m
    return together
