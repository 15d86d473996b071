"""What is promised comes first: the crews of the plan in force, and the pins, before anything is optimised."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np

from solver.crews import complete, needs_of
from solver.plan import RejectedPin
from solver.problem import Pin
from solver.promises import most_pins, proposed_tours
from solver.reasons import Reasons
from solver.restore import Patience, fit, open_tour, restore_crews, squeeze, think_harder
from solver.rules.pins_hold import PinFaults
from solver.tour import Tour
from solver.week import Week
from solver.world import World

MOST_PINS = 8
"""Pins on one household of which all choices are tried."""


def accept_pins(world: World) -> None:
    """Tell the world the pins that could hold, had the week no others; of those on one household the most that could together."""
    reasons = Reasons(world)
    world.wish([pin for pins in _pins_of(world).values() for pin in next(_choices(reasons, pins), [])])


def _pins_of(world: World) -> dict[int, list[Pin]]:
    """Return the pins on each household that the checker holds to be possible by themselves."""
    fault = PinFaults(world.problem)
    pins: dict[int, list[Pin]] = defaultdict(list)
    for pin in world.problem.pins:
        if fault(pin) is None:
            pins[world.house_index[pin.household]].append(pin)
    return pins


def _choices(reasons: Reasons, pins: list[Pin]) -> Iterator[list[Pin]]:
    """Yield the pins on one household that a crew could hold together, the most first; of many only as many as come to hand."""
    if len(pins) <= MOST_PINS:
        some = (list(some) for count in range(len(pins), 0, -1) for some in combinations(pins, count))
        yield from (chosen for chosen in some if _could_hold(reasons, chosen))
        return
    chosen: list[Pin] = []
    for pin in sorted(pins, key=lambda p: len(p.volunteers)):
        if _could_hold(reasons, [*chosen, pin]):
            chosen.append(pin)
    if chosen:
        yield chosen


def _could_hold(reasons: Reasons, pins: list[Pin]) -> bool:
    """Say whether some crew could do in some slot what all these pins on one household ask, had it no other visits."""
    world = reasons.world
    slots = {pin.slot for pin in pins if pin.slot is not None}
    named = frozenset(world.person_index[v] for pin in pins for v in pin.volunteers)
    if len(slots) > 1 or len(named) > world.size:
        return False
    open_slots = [world.slot_index[s] for s in slots] or range(len(world.ends))
    return any(reasons.can_visit(world.house_index[pins[0].household], s, named) for s in open_slots)


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


def lay_down(week: Week, patience: Patience) -> None:
    """Form the crews that the plan in force and the pins ask for; with proof of the fewest broken pins where any break."""
    world = week.world
    hurried = world.allowed_changes is not None and patience.is_over()
    _form_anew(week, patience, base_first=hurried)
    if week.changes_over_limit():
        if not hurried and not patience.is_spent():
            _form_anew(week, patience, base_first=True)
        _give_way(week, patience)
    if not any(week.free[h] for h in world.wishes) or patience.is_over():
        return
    proposal = most_pins(world, patience.seconds())
    if proposal is None:
        return
    rank, before = week.rank(), week.snapshot()
    for number in list(week.tours):
        week.close(number)
    for tour in proposed_tours(world, proposal):
        week.add(tour)
    restore_crews(week, patience)
    place_pins(week, patience.is_tired())
    if week.rank() <= rank:
        week.restore(before)
    if sum(t.state.pinned for t in week.tours.values()) >= proposal.pins(world):
        release(week, patience.is_tired())


def release(week: Week, tired: Callable[[], bool]) -> None:
    """Take back the wishes that nobody fulfils: of several pins on a household fewer may hold, and without any it is free."""
    world = week.world
    broken = [h for h in world.wishes if week.free[h]]
    for h in broken:
        del world.wishes[h]
    for tour in week.tours.values():
        tour.look_anew()
    reasons, pins = Reasons(world), _pins_of(world)
    for h in broken:
        for some in _choices(reasons, pins[h]) if len(pins[h]) > 1 else ():
            for pin in some:
                world.wish_too(pin)
            place_pins(week, tired)
            if not week.free[h]:
                break
            del world.wishes[h]


def _form_anew(week: Week, patience: Patience, *, base_first: bool) -> None:
    """Form all promised crews from nothing, unless the week as it stands is better."""
    rank, before = week.rank(), week.snapshot()
    for number in list(week.tours):
        week.close(number)
    short = restore_crews(week, patience, base_first=base_first)
    if short and week.penalty():
        think_harder(week, short, patience, base_first=base_first)
    place_pins(week, patience.is_tired())
    if before.tours and week.rank() <= rank:
        week.restore(before)


def _give_way(week: Week, patience: Patience) -> None:
    """Give up as many pins that ask for another slot or other people than the plan in force as the limit on changes demands."""
    world = week.world
    while (over := week.changes_over_limit()) > 0:
        moving = [
            h
            for (slot, people), crew in sorted(world.base.items())
            for h in crew.visits
            if h in world.wishes and not (world.wishes[h].slot in (None, slot) and world.wishes[h].volunteers <= set(people))
        ]
        if not moving:
            return
        for h in sorted(moving, key=lambda h: world.wishes[h].pins)[:over]:
            world.wishes.pop(h, None)
        for number in list(week.tours):
            week.close(number)
        # no pins of crews already formed are asked for any more: what is known of them must be found anew
        _form_anew(week, patience, base_first=True)
        if patience.is_over():
            return


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
            if tired():
                break
            attempt()
            if not week.free[h] and week.rank() > before:
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
        if loose:
            yield lambda n=n, loose=loose: _join(week, n, house, loose)  # type: ignore[misc]
    for s in slots:
        yield lambda s=s: _form(week, s, house, clear=True)  # type: ignore[misc]


def _join(week: Week, number: int, house: int, loose: set[int]) -> None:
    """Add a household to a crew, in place of the loose visits; as many of them as possible come back."""
    week.strip(number, loose)
    if squeeze(week, number, house):
        fit(week, number, loose)


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
