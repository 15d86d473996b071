"""Ways to give one household a visit: a crew with room, one that gives up others for it, or a crew that stays at home so far.

Every way carries the exact difference of the total; pins hold and the limit on changes is kept in all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from solver.crews import complete, needs_of
from solver.explain.standing import Standing, blocking_rule, value_of
from solver.tour import State, Tour
from solver.week import Week

MOST = 3


@dataclass(frozen=True, slots=True)
class Way:
    """A visit that the plan could make.

    Attributes
    ----------
    gain
        Exact difference of the total, milli-points.
    crew
        The crew as it would go out.
    displaces
        Households that lose their visit.
    loses
        What they bring now, milli-points, their way included: ``gain`` is what the household adds less this.
    joins
        Further households that a crew which stays at home so far would visit as well.
    """

    gain: int
    crew: Tour
    begins_at: int
    displaces: tuple[int, ...] = ()
    loses: int = 0
    joins: tuple[int, ...] = ()
    is_new: bool = False


def ways_in(standing: Standing, house: int, most: int = MOST) -> list[Way]:
    """Return the best ways to visit a household, one a crew, best first; for one that is visited, by another crew."""
    own = standing.owner.get(house)
    rest: dict[int, State] = {}
    if own is not None:
        state = _without(standing.tours[own], (house,))
        if state is None:
            return []
        rest = {own: state}
    found = [
        way
        for n, tour in enumerate(standing.tours)
        if n != own and blocking_rule(standing.world, tour.slot, tour.members, house) is None
        if (way := _way_with(standing, n, house, rest)) is not None
    ]
    found += _new_crews(standing, house, rest)
    found.sort(key=lambda way: (-way.gain, way.crew.slot, way.crew.members))
    return found[:most]


def way_with(standing: Standing, number: int, house: int) -> Way | None:
    """Return the best way in which one crew of the plan could visit a household, or None where it cannot."""
    own = standing.owner.get(house)
    rest: dict[int, State] = {}
    if own is not None:
        state = _without(standing.tours[own], (house,))
        if state is None:
            return None
        rest = {own: state}
    return None if own == number else _way_with(standing, number, house, rest)


def _without(tour: Tour, gone: tuple[int, ...]) -> State | None:
    return tour.schedule(tuple(h for h in tour.state.visits if h not in gone))


def _way_with(standing: Standing, number: int, house: int, rest: dict[int, State]) -> Way | None:
    """Return the best way with this crew: with room, else in place of any one or two visits, or of a row of them."""
    tour = standing.tours[number]
    best: tuple[int, tuple[int, ...], int] | None = None
    moved = standing.difference(rest) if rest else 0
    lost = sum(standing.tours[n].state.kept - state.kept for n, state in rest.items())
    adds, keeps = value_of(tour, house)
    for gone in _choices(standing, tour):
        state = _without(tour, gone) if gone else tour.state
        if state is None or not standing.may_lose(lost + tour.state.kept - state.kept - keeps):
            continue
        found = _best_place(tour, state, house)
        if found is None:
            continue
        at, seconds = found
        # the way is rounded up once for the whole plan; `_exact` has the last word
        value = state.value + adds - tour.state.value
        gain = moved + standing.difference_in(value, state.travel + seconds - tour.state.travel)
        if best is None or gain > best[0]:
            best = gain, gone, at
        if not gone:
            break  # with room for it nobody needs to give way
    return _exact(standing, number, house, rest, best[1], best[2]) if best else None


def _exact(standing: Standing, number: int, house: int, rest: dict[int, State], gone: tuple[int, ...], at: int) -> Way | None:
    tour = standing.tours[number]
    left = tuple(h for h in tour.state.visits if h not in gone)
    state, without = tour.schedule((*left[:at], house, *left[at:])), tour.schedule(left)
    if state is None or without is None:
        return None
    crew = Tour(standing.world, tour.slot, tour.members, tour.start)
    crew.state = state
    gain = standing.difference({**rest, number: state})
    loses = standing.difference(rest) - standing.difference({**rest, number: without}) if gone else 0
    return Way(gain, crew, state.begins[at], gone, loses)


def _choices(standing: Standing, tour: Tour) -> Iterator[tuple[int, ...]]:
    """Yield whom a crew could give up: nobody, one, two, a row of more; never a pinned visit."""
    visits = [h for h in tour.state.visits if h not in standing.world.wishes]
    for count in range(3):
        yield from combinations(visits, count)
    for count in range(3, len(visits) + 1):
        for first in range(len(visits) - count + 1):
            yield tuple(visits[first : first + count])


def _best_place(tour: Tour, state: State, house: int) -> tuple[int, int] | None:
    """Return before which visit a household fits with the least more way, and its seconds; None where it fits nowhere."""
    world = tour.world
    leg, place, length = world.legs.leg, world.place_of[house], int(world.length[tour.slot][house])
    stops = [tour.start, *(world.place_of[h] for h in state.visits), tour.start]
    best = None
    for at, (left, last) in enumerate(zip(state.departs, state.latest, strict=True)):
        there, onward = leg(stops[at], place), leg(place, stops[at + 1])
        begin = world.next_open(house, left + there)
        if begin is None or begin + length + onward > last:
            continue
        seconds = there + onward - leg(stops[at], stops[at + 1])
        if best is None or seconds < best[1]:
            best = at, seconds
    return best


def _new_crews(standing: Standing, house: int, rest: dict[int, State]) -> Iterator[Way]:
    """Yield the crews that people who are free could form for this household, with whomever else they would visit."""
    week = standing.week()
    if rest:
        (number,) = rest
        week.strip(number, {house})
        week.drop_empty()
    world, home = standing.world, standing.world.problem.households[house]
    wish = world.wishes.get(house)
    for slot in range(len(world.ends)):
        if not world.open[slot][house] or (wish is not None and wish.slot not in (None, slot)):
            continue
        free = [v for v in range(len(world.starts)) if week.can_join(v, slot)]
        people = [v for v in free if world.problem.volunteers[v].id not in home.avoid]
        named = tuple(wish.volunteers) if wish is not None else ()
        if len(people) < world.size or not set(named) <= set(people):
            continue
        legs = world.legs.outward(world.place_of[house], np.array(world.starts, dtype=np.int64)[people])
        nearest = [people[i] for i in np.argsort(legs, kind="stable").tolist()]
        crew = complete(world, named, nearest, needs_of(world, [house]))
        if crew is not None and (way := _sent_out(standing, week, slot, crew, house, rest)) is not None:
            yield way


def _sent_out(standing: Standing, week: Week, slot: int, crew: tuple[int, ...], house: int, rest: dict[int, State]) -> Way | None:
    """Return the way of a crew formed for a household; others on its way join, as long as they are worth it."""
    world = standing.remainder
    tours = [Tour(world, slot, tuple(sorted(crew)), world.starts[v]) for v in crew]
    able = [tour for tour in tours if tour.insert(house, 0)]
    lost = sum(standing.tours[n].state.kept - state.kept for n, state in rest.items())
    if not able or not standing.may_lose(lost - able[0].state.kept):
        return None
    tour = min(able, key=lambda t: t.state.travel)
    free, fair = week.free.copy(), np.ones(len(week.free))
    free[house] = False
    while (offer := tour.best_insertion(free, fair, 1.0)) is not None and tour.insert(offer.house, offer.at):
        free[offer.house] = False
    visits = tour.state.visits
    joins = tuple(h for h in visits if h != house)
    return Way(standing.difference(rest, [tour]), tour, tour.state.begins[visits.index(house)], (), 0, joins, is_new=True)
