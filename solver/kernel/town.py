"""The problem as a few tables of integers, the form that compiled code reads; households, people, slots and places are indices.

Few tables, and rows that hold all about one thing, because compiled code pays for every table it hands on: fifty arrays made it
thirty times slower and its compilation a minute long.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from solver.travel import Floats, Ints
from solver.world import World

T = TypeVar("T")
ANY_SLOT, NO_WISH = -1, -2

# columns of `house`; from REWARD on two a class of slot: milli-points (-1: never visit then) and seconds
HOME, NEED, SPECIAL, HAS_KNOWN, WISH_SLOT, WISH_PINS = range(6)
WINDOWS, AVOID, KNOWN, WISH, BASE, LISTS_END = range(6, 12)
REWARD, LENGTH = 12, 13
# columns of `slot`, then one for each slot: 1 where they overlap in time
BEGIN, END, KIND, OVERLAPS = range(4)
# columns of `person`, then one for each slot: 1 where the person can work, then the words of the traits
START, MOST_SHIFTS, CAN_WORK = range(3)


class Town(NamedTuple):
    """Never written after it is made.

    `lists` holds what differs in length, two numbers a row: `house[h, WINDOWS]` is where the windows of h begin, the next column
    where they end, and so on up to `LISTS_END`. `asked` has a row for each combination of what households need of a crew (bits of
    all skills, then bits of which one is enough) and a last one for what every crew must have. `in_force` has a row for
    each crew of the plan in force: slot, then people.
    """

    house: Ints
    lists: Ints
    slot: Ints
    person: Ints
    asked: Ints
    in_force: Ints
    xy: Floats
    matrix: npt.NDArray[np.int32]
    pace: float
    fixed: int
    travel_per_hour: int
    extra_shift: int
    new_face: int
    change: int
    able: int
    pins: int
    unforced: int
    allowed_changes: int


def town_of(world: World) -> Town:
    """Write a world down as tables; its pins must be accepted before."""
    problem, weights = world.problem, world.problem.weights
    house, lists = _houses(world)
    traits, asked = _traits(world)
    slots = [[s.start, s.end, k] for s, k in zip(problem.slots, kinds_of(world), strict=True)]
    overlaps = [[int(j in row) for j in range(len(slots))] for row in world.overlaps]
    works = [[int(s in can) for s in range(len(slots))] for can in world.can_work]
    people = [[a, b, *c, *d] for a, b, c, d in zip(world.starts, world.max_shifts, works, traits, strict=True)]
    # a crew of another size than today's can never go out again and matches nobody
    crews = [(c.slot, *(c.members if len(c.members) == world.size else (-1,) * world.size)) for c in world.base.values()]
    matrix = problem.travel.matrix_seconds
    legs = np.array(() if matrix is None else matrix, dtype=np.int32).reshape(-1, len(problem.locations) if matrix else 1)
    if matrix is not None:
        np.fill_diagonal(legs, 0)
    return Town(
        house=house,
        lists=lists,
        slot=_table([[*a, *b] for a, b in zip(slots, overlaps, strict=True)], OVERLAPS + len(slots)),
        person=_table(people, CAN_WORK + len(slots) + asked.shape[1] // 2),
        asked=asked,
        in_force=_table(crews, 1 + world.size),
        xy=np.array([(p.x, p.y) for p in problem.locations], dtype=np.float64).reshape(-1, 2),
        matrix=legs,
        pace=problem.travel.detour / problem.travel.metres_per_second,
        fixed=problem.travel.fixed_seconds,
        travel_per_hour=weights.travel_per_hour,
        extra_shift=weights.extra_shift,
        new_face=weights.new_face,
        change=weights.change,
        able=world.able,
        pins=sum(wish.pins for wish in world.wishes.values()),
        unforced=world.unforced,
        allowed_changes=-1 if world.allowed_changes is None else world.allowed_changes,
    )


def kinds_of(world: World) -> list[int]:
    """Return the class of each slot as a number, in the order in which classes first come."""
    kinds = list(dict.fromkeys(s.kind for s in world.problem.slots))
    return [kinds.index(s.kind) for s in world.problem.slots]


def _houses(world: World) -> tuple[Ints, Ints]:
    """Return the tables `house` and `lists`."""
    problem, index = world.problem, world.person_index
    base: list[list[tuple[int, int]]] = [[] for _ in problem.households]
    for n, crew in enumerate(world.base.values()):
        for h, times in crew.visits.items():
            base[h].append((n, times))
    rows: list[list[int]] = []
    lists: list[tuple[int, int]] = []
    for h, home in enumerate(problem.households):
        wish = world.wishes.get(h)
        begins = []
        for part in (
            world.windows[h] or (),
            ((index[v], 0) for v in sorted(home.avoid) if v in index),
            ((index[v], 0) for v in sorted(home.known) if v in index),
            ((v, 0) for v in sorted(wish.volunteers)) if wish else (),
            base[h],
        ):
            begins.append(len(lists))
            lists.extend(part)
        special = len(lists) > begins[1] or bool(home.known) or wish is not None
        slot = NO_WISH if wish is None else ANY_SLOT if wish.slot is None else wish.slot
        pins = wish.pins if wish else 0
        needs = int(world.requirement[h])
        rows.append([world.place_of[h], needs, int(special), int(bool(home.known)), slot, pins, *begins, len(lists)])
    house = np.zeros((len(rows), REWARD + 2 * len(set(kinds_of(world)))), dtype=np.int64)
    house[:, :REWARD] = _table(rows, REWARD)
    for s, kind in enumerate(kinds_of(world)):
        house[:, REWARD + 2 * kind] = np.where(world.reward[s] >= 0, 1000 * world.reward[s], -1)
        house[:, LENGTH + 2 * kind] = world.length[s]
    # a household that has windows, but none left, is never visited: its list is empty, and `windowed` must still be seen
    never = [h for h, windows in enumerate(world.windows) if windows is not None and not windows]
    house[never, REWARD::2] = -1
    return house, _table(lists, 2)


def _traits(world: World) -> tuple[list[list[int]], Ints]:
    """Return what people bring as words of bits, and the table `asked`."""
    names = sorted(
        {("skill", s) for have in world.skills for s in have} | {("tongue", s) for have in world.languages for s in have}
    )
    needs = [({("skill", s) for s in skills}, {("tongue", s) for s in spoken}) for skills, spoken in world.requirements]
    needs.append(({("skill", s) for s in world.problem.crew.skills}, set()))
    names = sorted({*names, *(name for both in needs for one in both for name in one)})
    bits = {name: n for n, name in enumerate(names)}
    # 62 bits a word: neither sign nor overflow has to be thought of
    words = len(names) // 62 + 1

    def packed(have: Iterable[tuple[str, str]]) -> list[int]:
        return [sum(1 << bits[name] % 62 for name in have if bits[name] // 62 == word) for word in range(words)]

    people = zip(world.skills, world.languages, strict=True)
    brought = [packed({("skill", s) for s in skills} | {("tongue", s) for s in spoken}) for skills, spoken in people]
    return brought, _table([packed(every) + packed(one) for every, one in needs], 2 * words)


def _table(rows: Iterable[Iterable[int]], columns: int) -> Ints:
    return np.array([list(row) for row in rows], dtype=np.int64).reshape(-1, columns)
