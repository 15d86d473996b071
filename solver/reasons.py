"""Why a household has no visit, as a code and facts; the words are the reader's.

Reasons that are proved, in the order in which they are looked for; each speaks of the slots the earlier ones left:

``never_visitable``         no slot of the week has a class in its rewards
``window_never_open``       none of those slots meets one of its windows
``nobody_available``        nobody can work in those slots
``no_crew_possible``        too few people there, or none with a skill that every crew needs
``avoids_all``              without those whom it avoids there is no crew
``no_crew_has_skill``       nobody there has a skill it needs
``no_crew_speaks_language`` nobody there speaks one of its languages
``no_crew_fits``            none of the crews that could be formed there brings all that together
``unreachable_in_slot``     no crew that may come starts where it could get there, stay, and be back in time

and those that are judged by the plan: ``displaced`` (crews that could reach it in time spend that time on others) and
``no_room`` (no crew that could visit it goes out; the people are needed elsewhere).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

import numpy as np

from solver.plan import Unassigned
from solver.tour import Tour
from solver.travel import Floats, Ints
from solver.world import Flags, World

_Starters = tuple[int, tuple[int, ...]]
"""A slot, and the places from which a crew that may come could start."""


@dataclass(frozen=True, slots=True)
class Why:
    """A reason code with its facts."""

    reason: str
    facts: dict[str, Any] = field(default_factory=dict)


class Reasons:
    """Finds the reasons of a problem; households that ask for the same share the work."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[object, tuple[Why | None, tuple[_Starters, ...]]] = {}
        self._places: dict[object, tuple[int, ...]] = {}
        self._people = [
            frozenset(v for v, slots in enumerate(world.can_work) if s in slots and world.max_shifts[v])
            for s in range(len(world.ends))
        ]

    def proved(self, house: int) -> Why | None:
        """Return the reason for which no valid plan visits the household, or None where none is proved."""
        world = self.world
        home = world.problem.households[house]
        by_class = [s for s, slot in enumerate(world.problem.slots) if slot.kind in home.reward]
        if not by_class:
            return Why("never_visitable", {"classes": sorted(home.reward)})
        slots = tuple(s for s in by_class if world.open[s][house])
        if not slots:
            return Why("window_never_open", {"windows": [list(w) for w in home.windows or ()]})
        key = slots, home.skills, home.languages, home.avoid
        if key not in self._known:
            self._known[key] = self._by_people(house, slots)
        why, left = self._known[key]
        if why is not None:
            return why
        if not any(self.in_reach(house, s, places) for s, places in left):
            return Why("unreachable_in_slot", {"slots": self._slot_ids(s for s, _ in left)})
        return None

    def _by_people(self, house: int, slots: tuple[int, ...]) -> tuple[Why | None, tuple["_Starters", ...]]:
        """Return what the people make impossible, or None and the slots in which some crew could come, and from where."""
        world = self.world
        home = world.problem.households[house]
        avoided = {world.person_index[v] for v in home.avoid if v in world.person_index}
        there = [s for s in slots if self._people[s]]
        if not there:
            return Why("nobody_available", {"slots": self._slot_ids(slots)}), ()
        manned = [s for s in there if self._could_form(self._people[s])]
        if not manned:
            return Why("no_crew_possible", {"slots": self._slot_ids(there)}), ()
        liked = [s for s in manned if self._could_form(self._people[s] - avoided)]
        if not liked:
            return Why("avoids_all", {"slots": self._slot_ids(manned)}), ()
        able = liked
        for skill in sorted(home.skills):
            able = [s for s in able if any(skill in world.skills[v] for v in self._people[s] - avoided)]
            if not able:
                return Why("no_crew_has_skill", {"skill": skill, "slots": self._slot_ids(liked)}), ()
        spoken = [
            s for s in able if not home.languages or any(home.languages & world.languages[v] for v in self._people[s] - avoided)
        ]
        if not spoken:
            return Why("no_crew_speaks_language", {"languages": sorted(home.languages), "slots": self._slot_ids(able)}), ()
        fitting = tuple((s, places) for s in spoken if (places := self._starts(house, sorted(self._people[s] - avoided))))
        if not fitting:
            return Why("no_crew_fits", {"slots": self._slot_ids(spoken)}), ()
        return None, fitting

    def _could_form(self, people: frozenset[int]) -> bool:
        """Say whether there are enough people, and somebody with each skill that every crew needs."""
        have: set[str] = set().union(*(self.world.skills[v] for v in people))
        return len(people) >= self.world.size and have.issuperset(self.world.problem.crew.skills)

    def can_visit(self, house: int, slot: int, named: frozenset[int]) -> bool:
        """Say whether a crew that includes these people could visit the household in a slot, had it the whole slot for it."""
        world = self.world
        home = world.problem.households[house]
        avoided = {world.person_index.get(v, -1) for v in home.avoid}
        people = self._people[slot] - avoided
        if not world.open[slot][house] or not people.issuperset(named):
            return False
        key = slot, home.skills, home.languages, home.avoid, named
        if key not in self._places:
            self._places[key] = self._starts(house, sorted(people), named)
        return self.in_reach(house, slot, self._places[key])

    def _starts(self, house: int, people: list[int], named: frozenset[int] = frozenset()) -> tuple[int, ...]:
        """Return the start places of everybody who could go there in a crew of these people that includes those named; exact.

        Each person stands for the set of wanted things they bring, a few bits: of those alike one says all.
        """
        world = self.world
        home = world.problem.households[house]
        seats = world.size - len(named)
        if len(people) < world.size or seats < 0:
            return ()
        wanted = sorted(home.skills.union(world.problem.crew.skills))
        brings = {}
        for v in people if seats else named:
            bits = sum(1 << n for n, skill in enumerate(wanted) if skill in world.skills[v])
            speaks = not home.languages or not home.languages.isdisjoint(world.languages[v])
            brings[v] = bits | speaks << len(wanted)
        kinds, whole = set(brings.values()), (2 << len(wanted)) - 1
        together = {reduce(or_, (brings[v] for v in named), 0)}  # what those named and all others but one can bring
        for _ in range(seats - 1):
            together |= {a | b for a in together for b in kinds}
        able = {kind for kind in kinds if any(kind | others == whole for others in together)}
        return tuple(sorted({world.starts[v] for v in brings if able and (v in named or brings[v] in able)}))

    def in_reach(self, house: int, slot: int, places: Iterable[int]) -> bool:
        """Say whether a crew could get there from one of these places, stay, and be back, had it the whole slot for it."""
        world = self.world
        length, place = int(world.length[slot][house]), world.place_of[house]
        for start in places:
            there, back = world.legs.least(start, place)
            begin = world.next_open(house, world.opens_start[slot] + there)
            if begin is not None and begin + length + back <= world.ends[slot]:
                return True
        return False

    def _slot_ids(self, slots: Iterable[int]) -> list[str]:
        return [self.world.problem.slots[s].id for s in slots]


def never_visited(world: World) -> dict[str, Why]:
    """Return every household that no valid plan can visit, by id, with the proved reason; asked before anything is planned."""
    reasons = Reasons(world)
    proofs = ((home.id, reasons.proved(h)) for h, home in enumerate(world.problem.households))
    return {name: why for name, why in proofs if why is not None}


def unassigned(world: World, tours: Iterable[Tour]) -> tuple[Unassigned, ...]:
    """Return every household without a visit in these tours with its reason."""
    tours = list(tours)
    left = np.ones(len(world.place_of), dtype=np.bool_)
    for tour in tours:
        left[list(tour.state.visits)] = False
    reasons = Reasons(world)
    proofs = {h: reasons.proved(h) for h in np.flatnonzero(left).tolist()}
    judged = np.array([h for h, why in proofs.items() if why is None], dtype=np.int64)
    crews = dict(zip(judged.tolist(), _crews_in_reach(world, tours, judged).tolist(), strict=True))
    entries = []
    for h, proved in proofs.items():
        why = proved or (Why("displaced", {"crews": crews[h]}) if crews[h] else Why("no_room"))
        entries.append(Unassigned(world.problem.households[h].id, why.reason, why.facts))
    return tuple(entries)


def _crews_in_reach(world: World, tours: Sequence[Tour], houses: Ints) -> Ints:
    """Return for each of these households how many crews may visit it and could, had they the whole slot for it."""
    crews: Ints = np.zeros(len(houses), dtype=np.int64)
    if len(tours) and len(houses):
        reach = _Reach(world, houses)
        for tour in tours:
            crews += world.suits(tour.slot, tour.members)[houses] & reach(tour.slot, {world.starts[v] for v in tour.members})
    return crews


class _Reach:
    """Says of many households at once what `Reasons.in_reach` says of one; each window of a household is a row.

    Most are in reach from wherever anybody starts: that is asked once a slot, and only of the others crew by crew.
    """

    def __init__(self, world: World, houses: Ints) -> None:
        self.world, self.count = world, len(houses)
        anytime = ((-np.inf, np.inf),)
        windows = [world.windows[h] for h in houses.tolist()]
        spans = [(n, *span) for n, own in enumerate(windows) for span in (anytime if own is None else own)]
        table = np.array(spans, dtype=np.float64).reshape(-1, 3)
        self.row, self.opens, self.closes = table[:, 0].astype(np.int64), table[:, 1], table[:, 2]
        self.houses = houses[self.row]
        self.places = world.places[self.houses]
        # nobody is farther away than by way of one of the starts
        centre, starts = world.starts[0], np.array(world.starts, dtype=np.int64)
        there, back = world.legs.least_ways(centre, self.places)
        out, home = world.legs.least_ways(centre, starts)
        self.farthest = there + home.max(), back + out.max()
        self.doubtful: dict[int, tuple[Flags, Ints]] = {}

    def __call__(self, slot: int, starts: Iterable[int]) -> Flags:
        if slot not in self.doubtful:
            sure = self._reached(slot, np.arange(len(self.row)), *self.farthest)
            self.doubtful[slot] = sure, np.flatnonzero(~sure[self.row])
        sure, rows = self.doubtful[slot]
        reached: Flags = sure.copy()
        for start in starts if len(rows) else ():
            reached |= self._reached(slot, rows, *self.world.legs.least_ways(start, self.places[rows]))
        return reached

    def _reached(self, slot: int, rows: Ints, there: Floats, back: Floats) -> Flags:
        """Return for each household whether one of these rows is in reach, so many seconds away."""
        world = self.world
        begin = np.maximum(world.opens_start[slot] + there, self.opens[rows])
        end = begin + world.length[slot][self.houses[rows]] + back
        reached: Flags = np.zeros(self.count, dtype=np.bool_)
        reached[self.row[rows[(begin <= self.closes[rows]) & (end <= world.ends[slot])]]] = True
        return reached
