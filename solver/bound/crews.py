"""Who can go out with whom, as a linear program: crews in fractions, but nobody in two places and seats and leads counted.

A crew of two is an *offer*: a person who starts at home in a slot and the type of the other one, where a type is what
people bring that a crew or a household asks for. Larger crews are relaxed: somebody starts, and seats, skills and
languages are counted in each slot. The penalty for extra shifts depends on the fair share F of shifts, which depends on
the seats filled: there is one program for each possible F, and the largest of their bounds holds.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from solver.bound.program import INFINITE, Program
from solver.travel import Floats, Ints
from solver.world import World

MOST_TYPES = 24
"""More types of people than this are told apart by the skills of a crew alone."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A crew that could be: its first member starts at home, `meets` are the requirements that it may meet (bits)."""

    seat: int
    person: int
    slot: int
    other: int
    meets: int


class Crews:
    """Offers, and programs that choose among them, one for each fair share of shifts."""

    def __init__(self, world: World) -> None:
        self.world = world
        people = range(len(world.starts))
        self.seats = [(v, s) for v in people if world.max_shifts[v] for s in sorted(world.can_work[v])]
        self.seat_of = {seat: n for n, seat in enumerate(self.seats)}
        self.here: list[list[int]] = [[] for _ in world.ends]
        for v, s in self.seats:
            self.here[s].append(v)
        self._types()
        self.offers = self._paired() if world.size == 2 else self._counted()
        self.shares = self._shares()

    def _types(self) -> None:
        world = self.world
        wanted = set(world.problem.crew.skills)
        fine = self._kinds(
            wanted.union(*(s for s, _ in world.requirements)), frozenset().union(*(t for _, t in world.requirements))
        )
        self.coarse = len(set(fine)) > MOST_TYPES
        kinds = self._kinds(wanted, frozenset()) if self.coarse else fine
        self.kinds = list(dict.fromkeys(kinds))
        self.kind_of = [self.kinds.index(k) for k in kinds]

    def _kinds(self, skills: set[str], tongues: frozenset[str]) -> list[tuple[frozenset[str], frozenset[str]]]:
        world = self.world
        return [(a & skills, b & tongues) for a, b in zip(world.skills, world.languages, strict=True)]

    def meets(self, skills: frozenset[str], tongues: frozenset[str]) -> int:
        """Return the requirements of households that these skills and languages meet, as bits."""
        return sum(
            1 << r
            for r, (need, spoken) in enumerate(self.world.requirements)
            if need <= skills and not (spoken and spoken.isdisjoint(tongues))
        )

    def _paired(self) -> list[Offer]:
        world, offers = self.world, []
        needed = frozenset(world.problem.crew.skills)
        count = np.zeros((len(world.ends), len(self.kinds)), dtype=np.int64)
        for v, s in self.seats:
            count[s, self.kind_of[v]] += 1
        pairs: dict[tuple[int, int], int] = {}
        for a, (skills, tongues) in enumerate(self.kinds):
            for b, (more, others) in enumerate(self.kinds):
                if needed <= skills | more:
                    pairs[a, b] = -1 if self.coarse else self.meets(skills | more, tongues | others)
        everyone = [self._together(s) for s in range(len(world.ends))] if self.coarse else []
        for seat, (v, s) in enumerate(self.seats):
            own = self.kind_of[v]
            for other in range(len(self.kinds)):
                if count[s, other] > (own == other) and (own, other) in pairs:
                    offers.append(Offer(seat, v, s, other, everyone[s] if self.coarse else pairs[own, other]))
        return offers

    def _together(self, slot: int) -> int:
        here = self.here[slot]
        world = self.world
        skills = frozenset().union(*(world.skills[v] for v in here))
        return self.meets(skills, frozenset().union(*(world.languages[v] for v in here)))

    def _counted(self) -> list[Offer]:
        world, needed = self.world, frozenset(self.world.problem.crew.skills)
        offers = []
        for seat, (v, s) in enumerate(self.seats):
            if world.size == 1:
                if needed <= world.skills[v]:
                    offers.append(Offer(seat, v, s, -1, self.meets(world.skills[v], world.languages[v])))
            elif len(self.here[s]) >= world.size and needed <= frozenset().union(*(world.skills[p] for p in self.here[s])):
                offers.append(Offer(seat, v, s, -1, self._together(s)))
        return offers

    def _shares(self) -> list[int]:
        """Return the fair shares of shifts that the seats that can be filled allow; none where no crew can go out."""
        world = self.world
        if not self.offers:
            return []
        most = sum(min(m, len(s)) for m, s in zip(world.max_shifts, world.can_work, strict=True))
        return list(range(1, -(-most // world.able) + 1)) if world.problem.weights.extra_shift else [0]

    def program(self, share: int) -> Program:
        """Return the program for one fair share of shifts, 0 where it does not matter.

        Columns are the offers, then the seats, then extra shifts by person, then the seats that the share asks for and
        nobody can fill, which keep the program feasible.
        """
        world, offers, seats = self.world, self.offers, len(self.seats)
        first_seat = len(offers)
        extra = {v: first_seat + seats + n for n, v in enumerate(range(len(world.starts)))} if share else {}
        shifts = [float(min(m, len(s))) for m, s in zip(world.max_shifts, world.can_work, strict=True)]
        most = np.concatenate([np.ones(first_seat + seats), [*shifts, float(share * world.able)] if share else []])
        program = Program(most)
        self._rows_of_seats(program, first_seat)
        for v in range(len(world.starts)):
            own = sorted(world.can_work[v]) if world.max_shifts[v] else []
            columns = [first_seat + self.seat_of[v, s] for s in own]
            if len(columns) > world.max_shifts[v]:
                program.row(columns, [1.0] * len(columns), -INFINITE, float(world.max_shifts[v]))
            for together in self._clashes(own):
                program.row([first_seat + self.seat_of[v, s] for s in together], [1.0] * len(together), -INFINITE, 1.0)
            if share and min(len(columns), world.max_shifts[v]) > share:
                program.row([*columns, extra[v]], [1.0] * len(columns) + [-1.0], -INFINITE, float(share))
        if share:
            everybody = list(range(first_seat, first_seat + seats))
            program.row(everybody, [1.0] * seats, -INFINITE, float(share * world.able))
            missing = len(most) - 1
            program.row([*everybody, missing], [1.0] * (seats + 1), float((share - 1) * world.able + 1), INFINITE)
        return program

    def _rows_of_seats(self, program: Program, first_seat: int) -> None:
        """Whoever starts sits in the crew, and seats are filled as often as crews need them."""
        world = self.world
        started: list[list[int]] = [[] for _ in self.seats]
        asked: dict[tuple[int, int], list[int]] = {}
        for n, offer in enumerate(self.offers):
            started[offer.seat].append(n)
            asked.setdefault((offer.slot, offer.other), []).append(n)
        for seat, own in enumerate(started):
            if own:
                program.row([*own, first_seat + seat], [1.0] * len(own) + [-1.0], -INFINITE, 0.0)
        for s, here in enumerate(self.here):
            if world.size == 2:
                for kind in range(len(self.kinds)):
                    mine = [self.seat_of[v, s] for v in here if self.kind_of[v] == kind]
                    columns = [first_seat + seat for seat in mine]
                    values = [1.0] * len(columns)
                    taken = Counter(n for seat in mine for n in started[seat]) + Counter(asked.get((s, kind), []))
                    program.row([*columns, *taken], values + [-float(times) for times in taken.values()], 0.0, 0.0)
                continue
            crews = asked.get((s, -1), [])
            if crews:
                columns = [first_seat + self.seat_of[v, s] for v in here]
                program.row(columns + crews, [1.0] * len(columns) + [-float(world.size)] * len(crews), 0.0, 0.0)
                for skill in world.problem.crew.skills:
                    able = [first_seat + self.seat_of[v, s] for v in here if skill in world.skills[v]]
                    program.row(able + crews, [1.0] * len(able) + [-1.0] * len(crews), 0.0, INFINITE)

    def _clashes(self, own: list[int]) -> list[list[int]]:
        """Return the largest sets of these slots that share a moment, two or more in each."""
        slots = self.world.problem.slots
        found: list[list[int]] = []
        for s in own:
            together = [t for t in own if slots[t].start <= slots[s].start < slots[t].end]
            if len(together) > 1 and not any(set(together) <= set(other) for other in found):
                found.append(together)
        return found

    def worth(self, of_offers: Floats, share: int) -> Floats:
        """Return the worth of all columns of a program."""
        if not share:
            return np.concatenate([of_offers, np.zeros(len(self.seats))])
        extra = np.full(len(self.world.starts), -1000.0 * self.world.problem.weights.extra_shift)
        # dear enough that an optimal choice fills the seats where it can
        missing = -1e5 * max((float(points.max(initial=1.0)) for points in self.world.reward), default=1.0)
        return np.concatenate([of_offers, np.zeros(len(self.seats)), extra, [missing]])

    @property
    def slot_of_offer(self) -> Ints:
        """Return the slot of each offer."""
        return np.array([offer.slot for offer in self.offers], dtype=np.int64)
