"""A plan resolved against its problem: what the rules look at."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from solver.plan import Crew, Plan
from solver.problem import Household, Problem, Slot, Volunteer
from solver.travel import Legs


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit with its household, the earliest second it could begin and the leg that leads to it."""

    household: Household
    start: object
    reachable: int
    leg_seconds: int
    timed: bool


@dataclass(frozen=True, slots=True)
class Outing:
    """A crew with visits whose slot and members exist."""

    where: str
    crew: Crew
    slot: Slot
    members: tuple[Volunteer, ...]
    stops: tuple[Stop, ...]
    back_at: int
    last_leg_seconds: int

    @property
    def names(self) -> frozenset[str]:
        """The ids of the members."""
        return frozenset(self.crew.volunteers)


@dataclass(frozen=True, slots=True)
class Reading:
    """Problem and plan side by side; `strays` are the crews and visits that name what does not exist."""

    problem: Problem
    plan: Plan
    outings: tuple[Outing, ...]
    strays: tuple[str, ...]
    visited: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)

    def visits(self) -> Iterator[tuple[Outing, Stop]]:
        """Yield every visit of a known household that has a whole start second."""
        for outing in self.outings:
            for stop in outing.stops:
                if stop.timed:
                    yield outing, stop


def whole(value: object) -> bool:
    """Say whether a JSON value is an integer; true, 1.0 and NaN are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def read(problem: Problem, plan: Plan) -> Reading:
    """Resolve a plan. A crew of unknown people or slot takes no part in any other rule, nor does an empty one."""
    slots = {s.id: s for s in problem.slots}
    people = {v.id: v for v in problem.volunteers}
    follow = _Follower(problem)
    outings, strays = [], []
    for n, crew in enumerate(plan.crews):
        where = f"crews[{n}]"
        if crew.slot not in slots or any(v not in people for v in crew.volunteers):
            strays.append(f"{where}: unknown slot or volunteer")
        elif crew.visits:
            members = tuple(people[v] for v in crew.volunteers)
            outing, unknown = follow(where, crew, slots[crew.slot], members)
            outings.append(outing)
            strays += unknown
    reading = Reading(problem, plan, tuple(outings), tuple(strays))
    for outing, stop in reading.visits():
        reading.visited[stop.household.id] = outing.crew.slot, outing.names
    return reading


class _Follower:
    """Walks with a crew from door to door."""

    def __init__(self, problem: Problem) -> None:
        self.houses = {h.id: h for h in problem.households}
        self.places = {p.id: i for i, p in enumerate(problem.locations)}
        self.leg = Legs(problem).leg

    def __call__(self, where: str, crew: Crew, slot: Slot, members: tuple[Volunteer, ...]) -> tuple[Outing, list[str]]:
        clock, place = slot.start, self._place(crew.start)
        stops, unknown = [], []
        for visit in crew.visits:
            house = self.houses.get(visit.household)
            if house is None:
                unknown.append(f"{where}: unknown household {visit.household}")
                continue
            to = self.places[house.location]
            leg = self._leg(place, to)
            timed = whole(visit.start)
            stops.append(Stop(house, visit.start, clock + leg, leg, timed))
            if timed:
                clock, place = visit.start + house.visit_seconds.get(slot.kind, 0), to
        leg = self._leg(place, self._place(crew.start))
        return Outing(where, crew, slot, members, tuple(stops), clock + leg, leg), unknown

    def _place(self, name: str) -> int:
        return self.places.get(name, -1)

    def _leg(self, a: int, b: int) -> int:
        """A start that is no place at all is another rule's fault; here it is next door."""
        return 0 if -1 in (a, b) else self.leg(a, b)
