"""The problem as arrays and indices, the form in which weeks are searched."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from solver.problem import Pin, Problem
from solver.travel import Floats, Ints, Legs

Flags = npt.NDArray[np.bool_]
Members = tuple[int, ...]

URGENT = 1e12
"""Milli-points by which insertion prefers what a hard rule wants visited; more than any honest reward in a crew."""


@dataclass(slots=True)
class Wish:
    """What all accepted pins of one household ask together; slot None is any."""

    slot: int | None
    volunteers: frozenset[int]
    pins: int = 1


@dataclass(frozen=True, slots=True)
class BaseCrew:
    """Visits of the plan in force that the same people make in the same slot; all still possible to ask for."""

    slot: int
    members: Members
    visits: Counter[int] = field(compare=False)


class World:
    """Read-only view of a problem; all households, volunteers, slots and places are indices in their lists."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.legs = Legs(problem)
        places = {p.id: i for i, p in enumerate(problem.locations)}
        self.slot_index = {s.id: i for i, s in enumerate(problem.slots)}
        self.person_index = {v.id: i for i, v in enumerate(problem.volunteers)}
        self.house_index = {h.id: i for i, h in enumerate(problem.households)}
        self.size = problem.crew.size
        self.place_of: list[int] = [places[h.location] for h in problem.households]
        self.places: Ints = np.array(self.place_of, dtype=np.int64)
        self.windows = [h.windows for h in problem.households]
        self.has_windows: Flags = np.array([w is not None for w in self.windows], dtype=np.bool_)
        self.opens_start = [s.start for s in problem.slots]
        self.ends = [s.end for s in problem.slots]
        self.starts = [places[v.start] for v in problem.volunteers]
        self.can_work = [frozenset(self.slot_index[s] for s in v.slots) for v in problem.volunteers]
        self.max_shifts = [v.max_shifts for v in problem.volunteers]
        self.able = sum(1 for slots in self.can_work if slots)
        self.overlaps = [
            frozenset(j for j, b in enumerate(problem.slots) if j == i or (a.start < b.end and b.start < a.end))
            for i, a in enumerate(problem.slots)
        ]
        self._kinds()
        self._requirements()
        self._persons()
        self._base()
        self.wishes: dict[int, Wish] = {}

    def _kinds(self) -> None:
        houses = self.problem.households
        rewards: dict[str, Floats] = {}
        lengths: dict[str, Floats] = {}
        for kind in dict.fromkeys(s.kind for s in self.problem.slots):
            rewards[kind] = np.array([h.reward.get(kind, -1) for h in houses], dtype=np.float64)
            lengths[kind] = np.array([h.visit_seconds.get(kind, 0) for h in houses], dtype=np.float64)
        self.reward = [rewards[s.kind] for s in self.problem.slots]
        self.length = [lengths[s.kind] for s in self.problem.slots]
        self.open: list[Flags] = []
        special = [h for h, w in enumerate(self.windows) if w is not None]
        for slot, points in zip(self.problem.slots, self.reward, strict=True):
            possible = points >= 0
            for h in special:
                possible[h] &= any(a <= slot.end and b >= slot.start for a, b in self.windows[h] or ())
            self.open.append(possible)

    def _requirements(self) -> None:
        """Group households by what they ask of a crew: a commune has a handful of such combinations."""
        kinds: dict[tuple[frozenset[str], frozenset[str]], int] = {}
        ids = [kinds.setdefault((h.skills, h.languages), len(kinds)) for h in self.problem.households]
        self.requirement: Ints = np.array(ids, dtype=np.int64)
        self.requirements = list(kinds)

    def _persons(self) -> None:
        count = len(self.problem.volunteers)
        avoid: list[list[int]] = [[] for _ in range(count)]
        known: list[list[int]] = [[] for _ in range(count)]
        self.has_known: Flags = np.array([bool(h.known) for h in self.problem.households], dtype=np.bool_)
        for h, house in enumerate(self.problem.households):
            for names, lists in ((house.avoid, avoid), (house.known, known)):
                for name in names:
                    if name in self.person_index:
                        lists[self.person_index[name]].append(h)
        self.avoided_by: list[Ints] = [np.array(x, dtype=np.int64) for x in avoid]
        self.known_to: list[Ints] = [np.array(x, dtype=np.int64) for x in known]
        self.skills = [v.skills for v in self.problem.volunteers]
        self.languages = [v.languages for v in self.problem.volunteers]

    def _base(self) -> None:
        self.base: dict[tuple[int, Members], BaseCrew] = {}
        self.unforced = 0
        for visit in self.problem.base:
            slot = self.slot_index.get(visit.slot)
            people = [self.person_index.get(v, -1) for v in visit.volunteers]
            if slot is None or visit.household not in self.house_index or -1 in people:
                continue
            if not all(slot in self.can_work[v] for v in people):
                continue
            key = slot, tuple(sorted(people))
            crew = self.base.setdefault(key, BaseCrew(*key, Counter()))
            crew.visits[self.house_index[visit.household]] += 1
            self.unforced += 1
        self.allowed_changes = self.problem.max_changes

    def is_crew(self, members: Iterable[int]) -> bool:
        """Say whether these people make a crew by size and skills."""
        people = set(members)
        have: set[str] = set().union(*(self.skills[v] for v in people))
        return len(people) == self.size and have.issuperset(self.problem.crew.skills)

    def suits(self, slot: int, members: Members) -> Flags:
        """Return for each household whether that crew may visit it in that slot, were there time enough."""
        skills: set[str] = set().union(*(self.skills[v] for v in members))
        tongues: set[str] = set().union(*(self.languages[v] for v in members))
        understood = [need <= skills and not (spoken and spoken.isdisjoint(tongues)) for need, spoken in self.requirements]
        fits = np.array(understood, dtype=np.bool_)
        good: Flags = self.open[slot] & fits[self.requirement] if len(fits) else self.open[slot].copy()
        for v in members:
            good[self.avoided_by[v]] = False
        for h, wish in self.wishes.items():
            if (wish.slot is not None and wish.slot != slot) or not wish.volunteers.issubset(members):
                good[h] = False
        return good

    def may_visit(self, slot: int, members: Members, h: int) -> bool:
        """Say of one household what `suits` says of all."""
        house, wish = self.problem.households[h], self.wishes.get(h)
        if not self.open[slot][h] or not house.skills <= set().union(*(self.skills[v] for v in members)):
            return False
        if house.languages and not any(house.languages & self.languages[v] for v in members):
            return False
        if any(self.problem.volunteers[v].id in house.avoid for v in members):
            return False
        return wish is None or (wish.slot in (None, slot) and wish.volunteers.issubset(members))

    def points(self, slot: int, members: Members) -> Floats:
        """Return for each household the milli-points of a visit by that crew, travel apart."""
        weights = self.problem.weights
        gain: Floats = 1000.0 * self.reward[slot]
        if weights.new_face:
            strange = self.has_known.copy()
            for v in members:
                strange[self.known_to[v]] = False
            gain[strange] -= 1000.0 * weights.new_face
        base = self.base.get((slot, members))
        for h, times in base.visits.items() if base else ():
            gain[h] += 1000.0 * weights.change * times
        return gain

    def urgent(self, slot: int, members: Members) -> list[int]:
        """Return the households that a pin or the limit on changes wants this crew to visit."""
        names = list(self.wishes)
        base = self.base.get((slot, members))
        if base and self.allowed_changes is not None:
            names += base.visits
        return names

    def next_open(self, h: int, second: int) -> int | None:
        """Return the first second from `second` on in a window of the household."""
        windows = self.windows[h]
        if windows is None:
            return second
        return next((max(opens, second) for opens, closes in windows if second <= closes), None)

    def last_open(self, h: int, second: int) -> int | None:
        """Return the last second up to `second` in a window of the household."""
        windows = self.windows[h]
        if windows is None:
            return second
        return max((min(closes, second) for opens, closes in windows if opens <= second), default=None)

    def wish(self, pins: Iterable[Pin]) -> None:
        """Take these pins as accepted, and no others; pins on one household must not name two slots."""
        self.wishes = {}
        for pin in pins:
            self.wish_too(pin)

    def wish_too(self, pin: Pin) -> None:
        """Take one more pin as accepted."""
        h = self.house_index[pin.household]
        slot = None if pin.slot is None else self.slot_index[pin.slot]
        people = frozenset(self.person_index[v] for v in pin.volunteers)
        old = self.wishes.get(h)
        if old is None:
            self.wishes[h] = Wish(slot, people)
        else:
            self.wishes[h] = Wish(old.slot if slot is None else slot, old.volunteers | people, old.pins + 1)
