"""The worth of a crew's best relaxed route at given prices of households: by class of slot, start and what the crew can do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from solver.bound.groups import Group
from solver.bound.pool import KnownRoute, Pool, Route
from solver.bound.prices import Fast
from solver.bound.routes import LONGEST, Room, best_routes
from solver.bound.visits import NEVER
from solver.travel import Floats, Ints
from solver.world import Flags

MEMORIES = 3, 5, 8
"""Neighbours that a route remembers, more and more: routes that come back to fewer households prove more and take longer."""
LEAST_ROOM, MOST_ROOM, ROUND_ROOM = 15_000, 40_000, 9_000_000
"""Labels that one search may make: few in the first round, so that there is something to tell soon, and where there are many
blocks to be searched in a round."""
CROWDED = 0.4
"""Share of the room: after a search that took more, the next, wider one would not have room enough."""
MOST_ROUTES = 12
FIRST_GAP = 0.002
"""How far below the first bound of a block its best route is looked for first, as a share of what the slot's time is worth."""
DEEPER, WIDER = 1.35, 1.15
"""How much deeper a search goes when nothing was found, and the first one of the next round than the last of this."""
IN_USE = 1e-3
"""Milli-points by which a block may bring less than the crews' program asks for and still counts as used."""

Earn = Callable[[Floats], tuple[float, Floats]]
"""From the worth of each block to what crews can earn at most, and what each block would have to bring to be used."""


@dataclass(slots=True)
class Family:
    """Crews that start at one place in slots of one class and length; a block of them for each set of requirements they meet."""

    group: int
    place: int
    blocks: list[int]
    meets: list[int]


@dataclass(slots=True)
class Block:
    """Crews of one family that meet the same requirements, and how far the proof about them has come in this round."""

    family: int
    meets: int
    known: float = 0.0
    ceiling: float = 0.0
    worth: float = 0.0
    settled: bool = False
    next_gap: float = 0.0


class Pricing:
    """All families of a world; `evaluate` bounds what crews can earn at prices of households and remembers good routes."""

    def __init__(self, fast: Fast, halt: Flags) -> None:
        self.fast, self._halt = fast, halt
        world = fast.world
        keys: dict[tuple[int, int], int] = {}
        found: dict[tuple[int, int], dict[int, list[int]]] = {}
        self._group_of_slot: dict[int, int] = {}
        for n, offer in enumerate(fast.crews.offers):
            slot = world.problem.slots[offer.slot]
            group = keys.setdefault((fast.kinds.of_slot[offer.slot], slot.end - slot.start), len(keys))
            self._group_of_slot[offer.slot] = group
            found.setdefault((group, world.starts[offer.person]), {}).setdefault(offer.meets, []).append(n)
        self.groups = [Group(fast, kind, horizon, halt) for kind, horizon in keys]
        self.families: list[Family] = []
        self.blocks: list[Block] = []
        self.block_of_offer: Ints = np.zeros(len(fast.crews.offers), dtype=np.int64)
        self._family_at: dict[tuple[int, int], int] = {}
        for (group, place), by_meets in sorted(found.items()):
            self.groups[group].places.append(place)
            self._family_at[group, place] = len(self.families)
            family = Family(group, place, [], [])
            for meets in sorted(by_meets, key=lambda m: (-m.bit_count(), m)):
                family.blocks.append(len(self.blocks))
                family.meets.append(meets)
                self.block_of_offer[by_meets[meets]] = len(self.blocks)
                self.blocks.append(Block(len(self.families), meets))
            self.families.append(family)
        self.pool = Pool()
        self._stage = 0
        self._room = _room(LEAST_ROOM)
        self._routes = np.empty((MOST_ROUTES, LONGEST + 1), dtype=np.int32)
        self._worth = np.empty(MOST_ROUTES)
        bits = range(len(world.requirements))
        self._met = {
            m: np.array([bool(m >> r & 1) for r in bits], dtype=np.bool_)[world.requirement]
            for m in {b.meets for b in self.blocks}
        }

    @property
    def possible(self) -> bool:
        """Say whether routes can be priced: there are crews and households, and visits are long enough."""
        return bool(self.families) and all(len(g.houses) and g.possible() for g in self.groups)

    def remember_more(self) -> bool:
        """Let routes remember more households from now on; False where they remember as many as they may."""
        if self._stage + 1 == len(MEMORIES):
            return False
        self._stage += 1
        self.pool = Pool(route for route in self.pool.routes if max(route.times) == 1)
        return True

    def learn(self, routes: Iterable[KnownRoute]) -> None:
        """Take up routes of a plan: slot, start, and households in order; what nobody could offer here is left aside."""
        world, kinds, nodes = self.fast.world, self.fast.kinds, self.fast.nodes
        for slot, start, visits in routes:
            family = self._family_at.get((self._group_of_slot.get(slot, -1), start))
            if family is None or not visits:
                continue
            houses = np.array(visits)
            points = float(kinds.points[kinds.of_slot[slot]][houses].sum())
            stops = [nodes.node_of_start[start], *visits, nodes.node_of_start[start]]
            way = sum(nodes.way(a, b) for a, b in pairwise(stops))
            needs = _needs(world.requirement[houses])
            self.pool.add(
                Route(family, needs, points - self.fast.way_cost * way, visits, tuple(sorted(visits)), (1,) * len(visits))
            )

    def evaluate(self, house_price: Floats, slack: float, earn: Earn, should_stop: Callable[[], bool]) -> float | None:
        """Return what crews can earn at most when households are paid these prices; None when stopped.

        A block is bounded by what lies ahead of its first visits until the crews' program uses it: only then its routes are
        searched for. Each is bounded at most `slack` above its best route where that can be done.
        """
        if not self._begin(house_price, should_stop):
            return None
        while True:
            value, asked = earn(np.array([block.worth for block in self.blocks]))
            used = [b for b, least in zip(self.blocks, asked, strict=True) if not b.settled and b.worth >= least - IN_USE]
            if not used:
                self._widen()
                return value
            for block in used:
                if self._halt[0] or should_stop():
                    return None
                self._settle(block, slack)

    def _widen(self) -> None:
        """Give the searches of the next rounds more room, where there are not too many blocks for that."""
        labels = max(LEAST_ROOM, min(MOST_ROOM, ROUND_ROOM // len(self.blocks)))
        if labels > len(self._room[1]):
            self._room = _room(labels)

    def _begin(self, house_price: Floats, should_stop: Callable[[], bool]) -> bool:
        """Bound every block by what is known before routes are searched for; False where the proof was halted."""
        for group in self.groups:
            group.prepare(house_price)
            if self._halt[0] or should_stop():
                return False
        known: list[list[tuple[int, float]]] = [[] for _ in self.families]
        for route, worth in zip(self.pool.routes, self.pool.worth(house_price).tolist(), strict=True):
            known[route.family].append((route.needs, worth))
        for block in self.blocks:
            family = self.families[block.family]
            group = self.groups[family.group]
            block.known = max((w for needs, w in known[block.family] if not needs & ~block.meets), default=group.floor)
            block.settled = not len(group.kept)
            if block.settled:
                block.ceiling = group.price * group.horizon + group.leap - group.far(family.place)
            else:
                block.ceiling = group.ceiling(family.place, self._met[block.meets][group.kept])
            block.worth = max(block.ceiling, group.floor)
        return True

    def _settle(self, block: Block, slack: float) -> None:
        """Bound the worth of a block's best route: search below its ceiling until one is found or that takes too long."""
        group = self.groups[self.families[block.family].group]
        least = FIRST_GAP * max(group.price * group.horizon, block.ceiling - block.known)
        gap = max(block.next_gap or 0.8 * group.usual_gap, least)
        proven, widened = block.ceiling, WIDER
        while block.known + slack < proven:
            threshold = max(block.known + slack, block.ceiling - gap)
            bound, found, labels = self._search(block, threshold)
            if np.isinf(bound):
                # too many ways are as good as that: prove less
                widened = 0.9
                if gap < least or proven < block.ceiling:
                    break
                gap *= 0.6
                continue
            proven = min(proven, bound)
            if bound > threshold or threshold <= block.known + slack:
                group.escapes += bool(bound > threshold and bound > self._worth[:found].max(initial=NEVER))
                break
            if labels > CROWDED * len(self._room[1]):
                widened = 1.0
                break
            gap *= DEEPER
        block.next_gap = widened * (block.ceiling - proven)
        group.usual_gap += 0.1 * (block.ceiling - proven - group.usual_gap)
        block.worth = max(proven, group.floor)
        block.settled = True
        for other in self._siblings(block):
            if not other.meets & ~block.meets:
                # who can do less does not earn more
                other.ceiling, other.worth = min(other.ceiling, proven), min(other.worth, block.worth)

    def _siblings(self, block: Block) -> list[Block]:
        """Return the blocks of the same family that are not settled yet."""
        return [b for b in (self.blocks[n] for n in self.families[block.family].blocks) if not b.settled]

    def _search(self, block: Block, threshold: float) -> tuple[float, int, int]:
        """Search for routes above a threshold and remember them; return a bound (infinite: too many ways), routes, labels."""
        family = self.families[block.family]
        group = self.groups[family.group]
        allowed: Flags = self._met[block.meets][group.kept]
        bound, found, labels = best_routes(
            group.horizon, group.points, group.length, group.excess, group.price, self.fast.way_cost,
            group.targets, group.ways, group.rest, MEMORIES[self._stage], group.far(family.place),
            group.most_loss, group.most + group.leap,
            group.ways_from(family.place), group.ways_home(family.place), allowed, group.width, group.ahead, group.ground,
            threshold, self._room, self._routes, self._worth,
        )  # fmt: skip
        for r in range(found):
            self._remember(block, group, r)
        return bound, found, labels

    def _remember(self, block: Block, group: Group, r: int) -> None:
        """Take the r-th route found up into the pool, unless it was too long to be told."""
        if not self._routes[r, -1]:
            return
        visits = group.kept[self._routes[r, : self._routes[r, -1]]]
        houses, times = np.unique(visits, return_counts=True)
        places = np.searchsorted(group.kept, houses)
        paid = float((self.fast.kinds.points[group.kind][houses] - group.points[places]) @ times)
        needs = _needs(self.fast.world.requirement[houses])
        worth = float(self._worth[r])
        for other in self._siblings(block):
            if not needs & ~other.meets:
                other.known = max(other.known, worth)
        self.pool.add(
            Route(block.family, needs, worth + paid, tuple(visits.tolist()), tuple(houses.tolist()), tuple(times.tolist()))
        )


def _room(labels: int) -> Room:
    return np.empty((6, labels), dtype=np.int32), np.empty(labels), np.empty(labels, dtype=np.int64)


def _needs(requirements: Ints) -> int:
    """Return the requirements of households as bits."""
    needs = 0
    for requirement in requirements.tolist():
        needs |= 1 << requirement
    return needs
