"""What is promised comes first: the crews of the plan in force, and the pins, before anything is optimised."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from solver.crews import complete, needs_of
from solver.plan import RejectedPin
from solver.problem import Pin
from solver.promises import most_pins, proposed_tours
from solver.routes import MOST_EXACT, route
from solver.rules.pins_hold import PinFaults
from solver.tour import State, Tour
from solver.travel import Floats
from solver.week import Week
from solver.world import World

ATTEMPTS = 12
"""Orders in which the visits of a full crew are tried before one of them is given up."""


def accept_pins(world: World) -> None:
    """Tell the world the pins that are possible one by one; of pins on one household that contradict each other, the most."""
    fault = PinFaults(world.problem)
    by_house: dict[str, list[Pin]] = defaultdict(list)
    for pin in world.problem.pins:
        if fault(pin) is None:
            by_house[pin.household].append(pin)
    world.wish([pin for pins in by_house.values() for pin in _compatible(world, pins)])


def _compatible(world: World, pins: list[Pin]) -> list[Pin]:
    """Return the most of the pins on one household that name no two slots and no more people than a crew has seats."""
    best: list[Pin] = []
    for slot in dict.fromkeys(pin.slot for pin in pins):
        chosen: list[Pin] = []
        for pin in sorted((p for p in pins if p.slot in (None, slot)), key=lambda p: len(p.volunteers)):
            if len(pin.volunteers.union(*(p.volunteers for p in chosen))) <= world.size:
                chosen.append(pin)
        best = max(best, chosen, key=len)
    return best


def rejected_pins(world: World, week: Week) -> tuple[RejectedPin, ...]:
    """Return the pins that do not hold, one entry a household, with the reason that the checker verifies or `conflict`."""
    fault = PinFaults(world.problem)
    problem = world.problem
    reasons: dict[str, str] = {}
    for pin in problem.pins:
        reason = fault(pin)
        if reason is None:
            tour = week.tours.get(int(week.owner[world.house_index[pin.household]]))
            if tour is not None and _holds(world, pin, tour):
                continue
            reason = "conflict"
        # an entry names a household only: two pins broken for different reasons can only be told as a conflict
        reasons[pin.household] = reason if reasons.get(pin.household, reason) == reason else "conflict"
    return tuple(RejectedPin(h, r) for h, r in reasons.items())


def _holds(world: World, pin: Pin, tour: Tour) -> bool:
    problem = world.problem
    people = {problem.volunteers[v].id for v in tour.members}
    return pin.slot in (None, problem.slots[tour.slot].id) and pin.volunteers <= people


def lay_down(week: Week, tired: Callable[[], bool], seconds: Callable[[], float | None]) -> None:
    """Form the crews that the plan in force and the pins ask for; with proof of the fewest broken pins where any break.

    `seconds` says how long the proof may take, None without a limit.
    """
    restore_crews(week)
    place_pins(week, tired)
    if not any(week.free[h] for h in week.world.wishes) or tired():
        return
    proposal = most_pins(week.world, seconds())
    if proposal is None:
        return
    rank, before = week.rank(), week.snapshot()
    for number in list(week.tours):
        week.close(number)
    for tour in proposed_tours(week.world, proposal):
        week.add(tour)
    restore_crews(week)
    place_pins(week, tired)
    if week.rank() <= rank:
        week.restore(before)


def restore_crews(week: Week) -> None:
    """Form again the crews of the plan in force, and those that pins name in full, with all the visits they had or are promised.

    Never cut short: a limit on changes is a hard rule, and 300 crews take a tenth of a second.
    """
    world = week.world
    promised = {key: list(crew.visits) for key, crew in world.base.items()}
    for h, wish in world.wishes.items():
        if wish.slot is not None and len(wish.volunteers) == world.size:
            visits = promised.setdefault((wish.slot, tuple(sorted(wish.volunteers))), [])
            if h not in visits:
                visits.append(h)
    out = {(tour.slot, tour.members): n for n, tour in week.tours.items()}
    for key in sorted(promised, key=lambda k: -sum(h in world.wishes for h in promised[k])):
        slot, members = key
        if key not in out and not (world.is_crew(members) and all(week.can_join(v, slot) for v in members)):
            continue
        suits = world.suits(slot, members)
        visits = [h for h in promised[key] if suits[h] and week.free[h]]
        if key in out:
            tour = week.tours[out[key]]
            insert_all(tour, visits)
            week.take(out[key], tour.state.visits)
        elif visits:
            open_tour(week, slot, members, tuple(visits))


def open_tour(week: Week, slot: int, members: Iterable[int], visits: tuple[int, ...]) -> int:
    """Open a crew with these visits, in the given order if that works, else as many of them as fit."""
    world = week.world
    crew = tuple(sorted(members))
    tours = [Tour(world, slot, crew, start) for start in sorted({world.starts[v] for v in crew})]
    done = [(state.travel, n, state) for n, tour in enumerate(tours) if (state := tour.schedule(visits)) is not None]
    if done:
        _, n, state = min(done, key=lambda d: d[:2])
        tours[n].state = state
        return week.add(tours[n])
    for tour in tours:
        insert_all(tour, visits)
    return week.add(max(tours, key=lambda t: _kept(t.state)))


def insert_all(tour: Tour, houses: Iterable[int]) -> None:
    """Add as many of these households to a tour as fit, the promised first."""
    houses = list(houses)
    together = (*tour.state.visits, *houses)
    if len(together) <= MOST_EXACT:
        order = route(tour.world, tour.slot, tour.start, together)
        state = None if order is None else tour.schedule(order)
        if state is not None:
            tour.state = state
            return
    before, best = tour.state, None
    rng = np.random.default_rng(len(together))
    for attempt in range(ATTEMPTS):
        tour.state = before
        _insert_greedily(tour, houses, rng.uniform(1.0, 1.0 + attempt, len(tour.world.place_of)))
        if best is None or _kept(tour.state) > _kept(best):
            best = tour.state
        if len(best.visits) == len(together):
            break
    assert best is not None
    tour.state = best


def _kept(state: State) -> tuple[int, int, int, int]:
    return state.pinned, state.kept, len(state.visits), -state.travel


def _insert_greedily(tour: Tour, houses: list[int], noise: Floats) -> None:
    wanted = np.zeros(len(noise), dtype=np.bool_)
    wanted[houses] = True
    while (offer := tour.best_insertion(wanted, noise, 1.0)) is not None:
        wanted[offer.house] = False
        tour.insert(offer.house, offer.at)


def place_pins(week: Week, tired: Callable[[], bool]) -> None:
    """Find a crew for every pinned household that has none, the most particular pins first; what fails stays for the search."""
    world = week.world
    open_pins = [h for h in world.wishes if week.free[h]]
    open_pins.sort(key=lambda h: (world.wishes[h].slot is None, -len(world.wishes[h].volunteers), h))
    for h in open_pins:
        if tired():
            return
        if not week.free[h]:
            continue
        week.keep()
        before = week.rank()
        for attempt in _attempts(week, h):
            attempt()
            if week.rank() > before:
                break
            week.undo()
    week.keep()


def _attempts(week: Week, house: int) -> Iterator[Callable[[], None]]:
    """Yield ways to fulfil a pin, the least disturbing first; each is undone before the next."""
    world = week.world
    wish = world.wishes[house]
    slots = [s for s in range(len(world.ends)) if world.open[s][house] and wish.slot in (None, s)]
    hosts = [n for n, t in week.tours.items() if t.slot in slots and wish.volunteers.issubset(t.members)]
    hosts = [n for n in hosts if week.tours[n].pool.suits[house]]
    for n in hosts:
        yield lambda n=n: _join(week, n, house, set())  # type: ignore[misc]
    for s in slots:
        yield lambda s=s: _form(week, s, house, clear=False)  # type: ignore[misc]
    for n in hosts:
        loose = {h for h in week.tours[n].state.visits if h not in world.wishes}
        yield lambda n=n, loose=loose: _join(week, n, house, loose)  # type: ignore[misc]
    for s in slots:
        yield lambda s=s: _form(week, s, house, clear=True)  # type: ignore[misc]


def _join(week: Week, number: int, house: int, loose: set[int]) -> None:
    """Add a household to a crew, in place of the loose visits; as many of them as possible come back."""
    tour = week.tours[number]
    week.strip(number, loose)
    insert_all(tour, [house])
    if house in tour.state.visits:
        week.take(number, tour.state.visits)
        for h in loose:
            if h not in tour.state.visits:
                _insert_greedily(tour, [h], np.ones(len(week.free)))
    week.take(number, tour.state.visits)


def _form(week: Week, slot: int, house: int, *, clear: bool) -> None:
    """Form a crew for a pinned household; with `clear` out of crews that keep no pin themselves, or fewer."""
    world = week.world
    named = world.wishes[house].volunteers
    for v in named:
        if not clear or slot not in world.can_work[v]:
            continue
        clashing = [n for n, t in week.tours.items() if v in t.members and t.slot in world.overlaps[slot]]
        others = [n for n, t in week.tours.items() if v in t.members and n not in clashing]
        others.sort(key=lambda n: (week.tours[n].state.pinned, week.tours[n].state.value))
        surplus = max(0, week.shifts[v] - len(clashing) + 1 - world.max_shifts[v])
        for n in clashing + others[:surplus]:
            week.close(n)
    if clear and not named:
        idle = [n for n, t in week.tours.items() if t.slot in world.overlaps[slot] and not t.state.pinned]
        for n in sorted(idle, key=lambda n: week.tours[n].state.value)[:2]:
            week.close(n)
    if not all(week.can_join(v, slot) for v in named):
        return
    avoided = world.problem.households[house].avoid
    people = [v for v in range(len(world.starts)) if week.can_join(v, slot) and world.problem.volunteers[v].id not in avoided]
    legs = world.legs.outward(world.place_of[house], np.array(world.starts, dtype=np.int64)[people]) if people else np.zeros(0)
    nearest = [people[i] for i in np.argsort(legs, kind="stable").tolist()]
    crew = complete(world, tuple(named), nearest, needs_of(world, [house]))
    if crew is not None and world.suits(slot, crew)[house]:
        open_tour(week, slot, crew, (house,))
