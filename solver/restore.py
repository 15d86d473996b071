"""The crews of the plan in force, and those that pins name in full, formed again as units with all visits they can keep."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from solver.circuit import best_circuit
from solver.ordering import KICKS, arranged, is_compiled, most_exact, squeezed
from solver.packing import Key, packed
from solver.tour import Tour
from solver.week import Week
from solver.world import Members, World

HARD, SOFT = 10**6, 10**3
"""What a visit that a hard rule asks for first, and second, counts where a crew has no room for all."""
EFFORT, EFFORT_A_ROUTE = 20.0, 1.0
"""CP-SAT's deterministic time, about seconds on one core: for all crews that lack room, and for one of them."""
MORE_KICKS = 40
GRACE_SECONDS = 1.0
"""How long a hard rule may be worked for when the run is over already."""


@dataclass(slots=True)
class Patience:
    """Whether promises may be thought about longer: `is_over` ends it; a single proof gets `seconds`, None without a limit."""

    is_over: Callable[[], bool]
    seconds: Callable[[], float | None]
    _over_since: float | None = None

    def is_spent(self) -> bool:
        """Say that not even a hard rule may be worked for any longer."""
        if not self.is_over():
            return False
        now = time.monotonic()
        if self._over_since is None:
            self._over_since = now
        return now - self._over_since > GRACE_SECONDS

    def is_tired(self) -> Callable[[], bool]:
        """Return a question that says, from now on, whether the search should get its turn: twice as late as for a proof."""
        started, seconds = time.monotonic(), self.seconds()
        return lambda: self.is_over() or (seconds is not None and time.monotonic() - started > 2 * seconds)

    def brief(self) -> float | None:
        """Return how long a proof may take that a hard rule depends on."""
        seconds = self.seconds()
        return None if seconds is None else max(seconds, GRACE_SECONDS / 4)


def restore_crews(week: Week, patience: Patience, *, base_first: bool = False) -> list[Key]:
    """Form crews again with all the visits they had or are promised, and return those that could not take all of them.

    With `base_first` the plan in force goes before the pins, where people or time do not suffice for both.
    Hurried, but never cut short, where the run is over: a limit on changes is a hard rule.
    """
    world = week.world
    out = {(tour.slot, tour.members): n for n, tour in week.tours.items()}
    promised = _promised(world)

    def importance(key: Key) -> tuple[bool, int, int]:
        return base_first and key in world.base, sum(h in world.wishes for h in promised[key]), len(promised[key])

    short = []
    keys = sorted(promised, key=importance, reverse=True)
    if not patience.is_over():
        chosen = packed(week, _worth_together(week, promised, set(out), base_first=base_first), patience.brief())
        keys.sort(key=lambda key: chosen is not None and key not in chosen)
    for key in keys:
        slot, members = key
        if key not in out and not _can_join(week, key):
            continue
        visits = _possible(week, key, promised[key])
        if key in out:
            fit(week, out[key], visits, base_first=base_first)
        elif visits:
            kicks = 0 if patience.is_over() and not is_compiled() else KICKS
            out[key] = open_tour(week, slot, members, tuple(visits), kicks=kicks, base_first=base_first)
        if not set(visits) <= set(week.tours[out[key]].state.visits if key in out else ()):
            short.append(key)
    return short


def _promised(world: World) -> dict[Key, list[int]]:
    promised = {key: list(crew.visits) for key, crew in world.base.items()}
    for h, wish in world.wishes.items():
        if wish.slot is not None and len(wish.volunteers) == world.size:
            visits = promised.setdefault((wish.slot, tuple(sorted(wish.volunteers))), [])
            if h not in visits:
                visits.append(h)
    return promised


def _can_join(week: Week, key: Key) -> bool:
    return week.world.is_crew(key[1]) and all(week.can_join(v, key[0]) for v in key[1])


def _worth_together(week: Week, promised: dict[Key, list[int]], out: set[Key], *, base_first: bool) -> dict[Key, int]:
    """Return what each crew that could still join counts for all its promises, were there time for them."""
    able = {key: _possible(week, key, houses) for key, houses in promised.items() if key not in out and _can_join(week, key)}
    worth = {key: worth_of(week.world, *key, houses, base_first=base_first) for key, houses in able.items() if houses}
    return {key: sum(values.values()) for key, values in worth.items()}


def _possible(week: Week, key: Key, houses: Iterable[int]) -> list[int]:
    return [h for h in houses if week.free[h] and week.world.may_visit(*key, h)]


def think_harder(week: Week, short: Iterable[Key], patience: Patience, *, base_first: bool) -> None:
    """Look longer for room for the visits that crews could not take, until no hard rule is broken.

    First with more kicks for all, which soon help most crews, then by CP-SAT.
    """
    promised, left = _promised(week.world), EFFORT
    started, seconds = time.monotonic(), patience.brief()
    for exact in (False, True):
        for key in short:
            if not week.penalty() or left <= 0 or patience.is_spent():
                return
            if seconds is not None and time.monotonic() - started > seconds:
                return
            number = next((n for n, t in week.tours.items() if (t.slot, t.members) == key), None)
            if number is None:
                continue
            visits = week.tours[number].state.visits
            houses = [*visits, *_possible(week, key, promised[key])]
            # of so few visits the quick look has left nobody out without need
            if len(houses) in (*range(most_exact() + 1), len(visits)):
                continue
            worth = worth_of(week.world, *key, houses, base_first=base_first)
            fuller, used = _fuller(week.tours[number], worth, min(left, EFFORT_A_ROUTE) if exact else 0.0, patience)
            left -= used
            if fuller is not week.tours[number]:
                week.close(number)
                week.add(fuller)


def _fuller(tour: Tour, worth: dict[int, int], effort: float, patience: Patience) -> tuple[Tour, float]:
    """Return the tour or a better one of the same crew, and CP-SAT's effort spent; without effort only kicks are tried."""
    best, spent = tour, 0.0
    for start in _starts(tour.world, tour.members, tour.start):
        if len(best.state.visits) == len(worth) or patience.is_spent():
            break
        if effort:
            order, used = best_circuit(tour.world, tour.slot, start, worth, best.state.visits, effort, patience.brief())
            spent += used
        else:
            order = arranged(tour.world, tour.slot, start, worth, MORE_KICKS)
        other = _scheduled(tour.world, tour.slot, tour.members, start, order)
        if other is not None and _merit(other, worth) > _merit(best, worth):
            best = other
    return best, spent


def open_tour(
    week: Week, slot: int, members: Iterable[int], visits: tuple[int, ...], *, kicks: int = KICKS, base_first: bool = False
) -> int:
    """Open a crew with these visits, in the given order if that works, else in another; without those that find no room."""
    world = week.world
    crew = tuple(sorted(members))
    starts = _starts(world, crew)
    done = [tour for start in starts if (tour := _scheduled(world, slot, crew, start, visits)) is not None]
    if done:
        return week.add(min(done, key=lambda tour: tour.state.travel))
    worth = worth_of(world, slot, crew, visits, base_first=base_first)
    best = Tour(world, slot, crew, starts[0])
    for start in starts:
        tour = _scheduled(world, slot, crew, start, arranged(world, slot, start, worth, kicks))
        if tour is not None and _merit(tour, worth) > _merit(best, worth):
            best = tour
        if len(best.state.visits) == len(visits):
            break
    return week.add(best)


def squeeze(week: Week, number: int, house: int) -> bool:
    """Add a household to a tour if there is room without giving anybody up; say whether there was."""
    tour = week.tours[number]
    world, length = tour.world, tour.world.length[tour.slot]
    if sum(length[h] for h in (*tour.state.visits, house)) > world.ends[tour.slot] - world.opens_start[tour.slot]:
        return False
    order = squeezed(tour.world, tour.slot, tour.start, tour.state.visits, (house,))
    state = None if order is None else tour.schedule(order)
    if state is not None:
        week.give(number, state)
    return state is not None


def fit(week: Week, number: int, houses: Iterable[int], *, base_first: bool = False) -> None:
    """Add as many of these households to a tour as there is room for; those that matter more even in place of others."""
    tour = week.tours[number]
    before = tour.state.visits
    together = dict.fromkeys((*before, *houses))
    if len(together) == len(before):
        return
    worth = worth_of(tour.world, tour.slot, tour.members, together, base_first=base_first)
    state = tour.schedule(arranged(tour.world, tour.slot, tour.start, worth))
    if state is not None and sum(worth[h] for h in state.visits) > sum(worth[h] for h in before):
        week.give(number, state)


def worth_of(world: World, slot: int, members: Members, houses: Iterable[int], *, base_first: bool) -> dict[int, int]:
    """Return what each household counts where a crew has no room for all."""
    base = world.base.get((slot, members))
    pin, stay = (SOFT, HARD) if base_first else (HARD, SOFT)
    return {
        h: 1 + (pin * world.wishes[h].pins if h in world.wishes else 0) + (stay * base.visits[h] if base else 0) for h in houses
    }


def _starts(world: World, members: Members, first: int = -1) -> list[int]:
    return sorted({world.starts[v] for v in members}, key=lambda place: (place != first, place))


def _scheduled(world: World, slot: int, members: Members, start: int, order: tuple[int, ...]) -> Tour | None:
    tour = Tour(world, slot, members, start)
    state = tour.schedule(order)
    if state is None:
        return None
    tour.state = state
    return tour


def _merit(tour: Tour, worth: dict[int, int]) -> tuple[int, int]:
    return sum(worth.get(h, 0) for h in tour.state.visits), -tour.state.travel
