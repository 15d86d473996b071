"""A plan as it stands, to ask of it what a change would do to the exact total."""

import copy
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from solver.pins import accept_pins
from solver.plan import Plan
from solver.problem import Problem
from solver.rules.pins_hold import PinFaults, kept
from solver.rules.reading import read
from solver.tour import State, Tour
from solver.week import Week
from solver.world import Flags, Members, World


class Standing:
    """The crews of a plan with their visits, and the sums of the total. Read-only: changes are only ever asked about.

    Parameters
    ----------
    world
        With its pins accepted; its volunteers and slots are those of the tours.
    tours
        Crews with at least one visit each.
    """

    def __init__(self, world: World, tours: Iterable[Tour]) -> None:
        self.world = world
        self.tours = list(tours)
        self.owner: dict[int, int] = {h: n for n, tour in enumerate(self.tours) for h in tour.state.visits}
        self._shifts = Counter(v for tour in self.tours for v in tour.members)
        self._extra = self._extra_shifts(self._shifts)
        self._travel = sum(tour.state.travel for tour in self.tours)
        self._value = sum(tour.state.value for tour in self.tours)
        self._kept = sum(tour.state.kept for tour in self.tours)
        self.total = self._total(self._value, self._travel, self._extra)

    @property
    def left_out(self) -> Flags:
        """Which households no crew of the plan visits."""
        left: Flags = np.ones(len(self.world.place_of), dtype=np.bool_)
        left[list(self.owner)] = False
        return left

    @cached_property
    def remainder(self) -> World:
        """The same world in which only the households left out can be visited: nobody else takes their place in a search."""
        left = self.left_out
        world = copy.copy(self.world)
        world.open = [possible & left for possible in self.world.open]
        return world

    def week(self) -> Week:
        """Return the plan as a week that may be changed; the tours in it are copies."""
        week = Week(self.world)
        for tour in self.tours:
            week.add(copied(tour))
        return week

    def difference(self, changed: Mapping[int, State], opened: Iterable[Tour] = ()) -> int:
        """Return the milli-points by which the total changes where these tours get these states and others are opened."""
        value, travel, shifts = self._value, self._travel, self._shifts
        for n, state in changed.items():
            before = self.tours[n].state
            value += state.value - before.value
            travel += state.travel - before.travel
            if not state.visits:
                shifts = shifts - Counter(self.tours[n].members)
        for tour in opened:
            value += tour.state.value
            travel += tour.state.travel
            shifts = shifts + Counter(tour.members)
        extra = self._extra if shifts is self._shifts else self._extra_shifts(shifts)
        return self._total(value, travel, extra) - self.total

    def difference_in(self, value: int, travel: int) -> int:
        """Return the difference of the total for so many milli-points and seconds of way more, the same people out."""
        return self._total(self._value + value, self._travel + travel, self._extra) - self.total

    def may_lose(self, kept: int) -> bool:
        """Say whether so many more visits of the plan in force may change."""
        most = self.world.allowed_changes
        return most is None or kept <= 0 or self.world.unforced - self._kept + kept <= most

    def extra_shifts(self) -> dict[int, int]:
        """Return the volunteers who go out more often than a fair share, and how many times more."""
        fair = self._fair(self._shifts)
        return {v: count - fair for v, count in sorted(self._shifts.items()) if count > fair}

    def _fair(self, shifts: Counter[int]) -> int:
        return -(-shifts.total() // self.world.able) if self.world.able else 0

    def _extra_shifts(self, shifts: Counter[int]) -> int:
        if not self.world.problem.weights.extra_shift or not self.world.able:
            return 0
        fair = self._fair(shifts)
        return sum(count - fair for count in shifts.values() if count > fair)

    def _total(self, value: int, travel: int, extra: int) -> int:
        weights = self.world.problem.weights
        points = value - 1000 * weights.extra_shift * extra - 1000 * weights.change * len(self.world.problem.base)
        return points + -1000 * weights.travel_per_hour * travel // 3600


def standing_of(problem: Problem, plan: Plan) -> Standing:
    """Return a valid plan as it stands in its problem, without the pins that it rejects: they ask for nothing any more.

    Raises
    ------
    ValueError
        Where the plan is not one of this problem, or a crew does not fit in its slot.
    """
    reading, fault = read(problem, plan), PinFaults(problem)
    held = tuple(pin for pin in problem.pins if fault(pin) is None and kept(reading, pin))
    world = World(replace(problem, pins=held))
    accept_pins(world)
    return Standing(world, [_tour(world, n, plan) for n, crew in enumerate(plan.crews) if crew.visits])


def _tour(world: World, number: int, plan: Plan) -> Tour:
    """Follow a crew of the plan; its own start seconds may be later than the earliest that are computed here."""
    crew = plan.crews[number]
    try:
        places = {world.problem.locations[p].id: p for p in world.starts}
        members = tuple(sorted(world.person_index[v] for v in crew.volunteers))
        tour = Tour(world, world.slot_index[crew.slot], members, places[crew.start])
        state = tour.schedule(tuple(world.house_index[v.household] for v in crew.visits))
    except KeyError as unknown:
        raise ValueError(f"crews[{number}]: {unknown} is not in the problem") from None
    if state is None:
        raise ValueError(f"crews[{number}]: does not fit in its slot")
    tour.state = state
    return tour


def copied(tour: Tour, world: World | None = None) -> Tour:
    """Return the same crew with the same visits, in another world where one is given that has the same indices."""
    copy = Tour(world or tour.world, tour.slot, tour.members, tour.start)
    copy.state = tour.state
    return copy


def value_of(tour: Tour, house: int) -> tuple[int, int]:
    """Return the milli-points of a visit by a crew, its way apart, and how often the plan in force makes that visit."""
    world = tour.world
    base = world.base.get((tour.slot, tour.members))
    kept = base.visits.get(house, 0) if base else 0
    weights = world.problem.weights
    points = int(world.reward[tour.slot][house]) + weights.change * kept - weights.new_face * bool(tour.strangers[house])
    return 1000 * points, kept


def blocking_rule(world: World, slot: int, members: Members, house: int) -> str | None:
    """Return the first rule that forbids a crew to visit a household in a slot, the time it takes apart, or None."""
    home = world.problem.households[house]
    if world.problem.slots[slot].kind not in home.reward:
        return "visitable_class"
    if not world.open[slot][house]:
        return "within_windows"
    if not home.skills <= set().union(*(world.skills[v] for v in members)):
        return "household_skills"
    if home.languages and not any(home.languages & world.languages[v] for v in members):
        return "household_languages"
    if any(world.problem.volunteers[v].id in home.avoid for v in members):
        return "household_avoids"
    wish = world.wishes.get(house)
    if wish is not None and (wish.slot not in (None, slot) or not wish.volunteers <= set(members)):
        return "pins_hold"
    return None
