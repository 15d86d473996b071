"""Stage 1: who goes out with whom, when, from where."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from solver.travel import Floats
from solver.week import Week
from solver.world import World

MOST_LOOKED_AT = 6_000
"""Households that an estimate looks at; of more, every second, third ...: estimates only compare places with each other."""
NEIGHBOURS = 8
"""People looked at when a crew needs one more member."""
MOST_TRIED = 2_000
"""Members tried for one crew at most: without an end, crews of twenty with as many needs would be tried for ever."""


def needs_of(world: World, houses: Iterable[int] = ()) -> list[frozenset[int]]:
    """Return, for each thing that a crew for these households must have, the people who bring it."""
    problem = world.problem
    skills = set(problem.crew.skills).union(*(problem.households[h].skills for h in houses))
    needs = [frozenset(v for v, have in enumerate(world.skills) if skill in have) for skill in sorted(skills)]
    for spoken in {problem.households[h].languages for h in houses} - {frozenset()}:
        needs.append(frozenset(v for v, tongues in enumerate(world.languages) if spoken & tongues))
    return needs


def complete(world: World, seed: Sequence[int], people: Sequence[int], needs: Sequence[frozenset[int]]) -> tuple[int, ...] | None:
    """Return a whole crew around `seed` out of `people`, the first preferred, that meets all needs, or None."""
    return _completed(world, seed, people, needs, iter(range(MOST_TRIED)))


def _completed(
    world: World, seed: Sequence[int], people: Sequence[int], needs: Sequence[frozenset[int]], tries: Iterator[int]
) -> tuple[int, ...] | None:
    open_needs = [need for need in needs if need.isdisjoint(seed)]
    room = world.size - len(seed)
    if room < 0 or (open_needs and not room):
        return None
    if not open_needs:
        rest = [v for v in people if v not in seed][:room]
        return tuple(sorted((*seed, *rest))) if len(rest) == room else None
    hardest = min(open_needs, key=lambda need: sum(v in need for v in people))
    able = [v for v in people if v in hardest and v not in seed]
    # those who meet several needs at once first: with few seats the order decides
    able.sort(key=lambda v: -sum(v in need for need in open_needs))
    for v in able[:NEIGHBOURS]:
        if next(tries, None) is None:
            return None
        crew = _completed(world, (*seed, v), people, open_needs, tries)
        if crew is not None:
            return crew
    return None


class Estimates:
    """What a crew starting at a person's place can collect in a slot, were it alone: a fractional knapsack, milli-points."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[tuple[int, str, int], float] = {}

    def __call__(self, slot: int, start: int) -> float:
        world = self.world
        seconds = world.ends[slot] - world.opens_start[slot]
        key = start, world.problem.slots[slot].kind, seconds
        if key not in self._known:
            self._known[key] = self._collect(slot, start, seconds)
        return self._known[key]

    def _collect(self, slot: int, start: int, seconds: int) -> float:
        world = self.world
        near = np.flatnonzero(world.reward[slot] > 0)
        near = near[:: 1 + len(near) // MOST_LOOKED_AT]
        if not len(near):
            return 0.0
        there = world.legs.outward(start, world.places[near])
        # half the way out and a short hop stand for the legs of a round trip through a neighbourhood
        cost = world.length[slot][near] + 0.25 * there + 30
        worth: Floats = world.reward[slot][near] / cost
        count = min(len(near), 60)
        best = np.argpartition(-worth, count - 1)[:count]
        best = best[np.argsort(-worth[best], kind="stable")]
        filled = np.cumsum(cost[best])
        whole = int(np.searchsorted(filled, seconds))
        return 1000.0 * float(world.reward[slot][near][best[:whole]].sum())


def form_crews(week: Week, estimate: Callable[[int, int], float], tired: Callable[[], bool]) -> None:
    """Open crews greedily with everybody who is left, the slots of most worth first; visits come later."""
    world = week.world
    slots = range(len(world.ends))
    worth = {}
    for s in slots:
        able = [v for v in range(len(world.starts)) if week.can_join(v, s)]
        sample = able[:: max(1, len(able) // 12)]
        worth[s] = max((estimate(s, world.starts[v]) for v in sample), default=0.0)
    for s in sorted(slots, key=lambda s: (-worth[s], s)):
        if worth[s] <= 0:
            continue
        people = {v for v in range(len(world.starts)) if week.can_join(v, s)}
        group(week, s, people, estimate)
        if tired():
            return


def group(week: Week, slot: int, people: set[int], estimate: Callable[[int, int], float]) -> None:
    """Divide people into crews for a slot: around those with the scarcest of the crew's skills, with those who live nearest."""
    world = week.world
    scarce = min(world.problem.crew.skills, key=lambda k: (sum(k in world.skills[v] for v in people), k), default=None)
    anchors = sorted(
        (v for v in people if scarce is None or scarce in world.skills[v]),
        key=lambda v: (len(world.can_work[v]) - week.shifts[v], -estimate(slot, world.starts[v]), v),
    )
    left = set(people)
    needs = needs_of(world)
    for anchor in anchors:
        if anchor not in left or len(left) < world.size:
            continue
        others = np.array(sorted(left - {anchor}), dtype=np.int64)
        legs = world.legs.outward(world.starts[anchor], np.array(world.starts, dtype=np.int64)[others])
        # one who has the scarce skill too is needed as anchor of another crew
        spare = np.array([scarce is not None and scarce in world.skills[v] for v in others.tolist()]) * 1e7
        nearest = others[np.argsort(legs + spare, kind="stable")].tolist()
        crew = complete(world, (anchor,), nearest, needs)
        if crew is None:
            continue
        start = max((world.starts[v] for v in crew), key=lambda place: (estimate(slot, place), -place))
        week.open(slot, crew, start)
        left.difference_update(crew)
