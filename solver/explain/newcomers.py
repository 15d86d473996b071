"""People who are not there yet: what one more crew would visit, and what the week would be worth with it."""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from solver.explain.standing import Standing, copied
from solver.problem import Volunteer
from solver.tour import NEVER, Tour
from solver.world import URGENT, Flags, Members, World

SHARPNESS = (1.0, 0.75, 0.5)
ROUNDS = 12
"""Replacements a crew is given at most; each is for the better, and few are left after the first."""


@dataclass(frozen=True, slots=True)
class Gift:
    """What newcomers bring beside their time."""

    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


def typical(world: World) -> Gift:
    """Return what a crew of people like those of the week would have more often than not, and what every crew must."""
    people = len(world.starts)

    def usual(have: Sequence[frozenset[str]]) -> frozenset[str]:
        all_known = frozenset[str]().union(*have)
        share = {x: sum(x in one for one in have) / people for x in all_known}
        return frozenset(x for x, p in share.items() if 1 - (1 - p) ** world.size >= 0.5)

    return Gift(usual(world.skills).union(world.problem.crew.skills), usual(world.languages))


class Enlarged:
    """The week with one more crew's worth of people who can always come; whom the plan visits already stays where it is."""

    def __init__(self, standing: Standing, gift: Gift) -> None:
        self.before = standing
        self.world, self.members = _with_newcomers(standing.remainder, gift)
        self.standing = Standing(self.world, [copied(tour, self.world) for tour in standing.tours])

    def outing(self, slot: int, start: int, free: Flags) -> Tour | None:
        """Return what the newcomers would do in a slot, from a start place, among the free households; None: nothing."""
        return best_outing(self.world, slot, self.members, start, free)

    def gain(self, outings: Iterable[Tour]) -> int:
        """Return the exact milli-points by which the enlarged week is worth more with these outings than the week without."""
        return self.standing.total + self.standing.difference({}, outings) - self.before.total


def _with_newcomers(world: World, gift: Gift) -> tuple[World, Members]:
    """Return the world with `size` more people, and their numbers. Only what concerns people is another list than before."""
    wider, size, first = copy.copy(world), world.size, len(world.starts)
    place = world.problem.locations[0].id  # where they start is said for each outing
    slots = frozenset(s.id for s in world.problem.slots)
    # a name in use would do no harm here, but households avoid people by name
    names = [f"newcomer {n + 1}" for n in range(size)]
    people = tuple(Volunteer(name, place, slots, len(slots), gift.skills, gift.languages) for name in names)
    wider.problem = replace(world.problem, volunteers=world.problem.volunteers + people)
    wider.person_index = {**world.person_index, **{name: first + n for n, name in enumerate(names)}}
    wider.starts = world.starts + [0] * size
    wider.can_work = world.can_work + [frozenset(range(len(slots)))] * size
    wider.max_shifts = world.max_shifts + [len(slots)] * size
    wider.skills = world.skills + [gift.skills] * size
    wider.languages = world.languages + [gift.languages] * size
    nobody = np.array([], dtype=np.int64)
    wider.avoided_by = world.avoided_by + [nobody] * size
    wider.known_to = world.known_to + [nobody] * size
    wider.able = world.able + size
    return wider, tuple(range(first, first + size))


def best_outing(world: World, slot: int, members: Members, start: int, free: Flags) -> Tour | None:
    """Return the best of several greedy rounds of a crew through the free households, each bettered by replacements."""
    best: Tour | None = None
    empty = Tour(world, slot, members, start)
    if not len(empty.pool.houses):
        return None
    for sharpness in SHARPNESS:
        tour = empty.without(-1)  # a copy that looks at the same households
        left, fair = free.copy(), np.ones(len(free))
        while (offer := tour.best_insertion(left, fair, sharpness)) is not None and tour.insert(offer.house, offer.at):
            left[offer.house] = False
        better(tour, left)
        if tour.state.visits and (best is None or worth(tour) > worth(best)):
            best = tour
    return best


def worth(tour: Tour) -> int:
    """Return the milli-points of a tour, its way included, rounded down."""
    return tour.state.value + -1000 * tour.world.problem.weights.travel_per_hour * tour.state.travel // 3600


def better(tour: Tour, free: Flags) -> int:
    """Add to a tour, and replace in it, what free households make better; return the milli-points gained. `free` follows."""
    before = worth(tour)
    for _ in range(ROUNDS):
        if not _replaced(tour, free):
            break
    return worth(tour) - before


def _replaced(tour: Tour, free: Flags) -> bool:
    """Make the best single insertion or replacement, if it is for the better."""
    now = worth(tour)
    best: tuple[float, Tour, int, int] | None = None
    live = np.flatnonzero(free[tour.pool.houses])
    if not len(live):
        return False
    loose = [h for h in tour.state.visits if h not in tour.world.wishes]
    for gone in (None, *loose):
        rest = tour if gone is None else tour.without(gone)
        if rest.state.kept < tour.state.kept and tour.world.allowed_changes is not None:
            continue  # the limit on changes is a hard rule
        gains, _ = rest.insertions(live)
        at, entry = divmod(int(gains.argmax()), gains.shape[1])
        gain = float(gains[at, entry])
        if gain <= NEVER:
            continue
        total = worth(rest) + (gain - URGENT if gain > URGENT / 2 else gain)
        if best is None or total > best[0]:
            best = total, rest, int(tour.pool.houses[live[entry]]), at
    if best is None:
        return False
    _, rest, house, at = best
    visits = rest.state.visits
    state = tour.schedule((*visits[:at], house, *visits[at:]))
    before = tour.state
    if state is None:
        return False
    tour.state = state
    if worth(tour) <= now:
        tour.state = before
        return False
    free[[h for h in before.visits if h not in state.visits]] = True
    free[house] = False
    return True
