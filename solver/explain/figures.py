"""What other people or other rules would be worth to a week: figures of the whole plan, some seconds of work.

Everything here is the difference of two exact totals, of the plan and of a plan that was found without the rule, or with
the people. A better search would find more: each figure is what it is worth at least.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from solver.crews import Estimates, form_crews
from solver.explain.newcomers import Enlarged, best_outing, better, typical
from solver.explain.standing import Standing, copied
from solver.pins import accept_pins
from solver.problem import Household, Problem
from solver.travel import Floats
from solver.week import Week
from solver.world import World

SAMPLE = 250
"""Crews looked at for what a rule costs; where there are more, what these give is projected."""
LOOKED_AT = 40
"""Homes of an area from which its middle is chosen."""
LONGER_SECONDS = 900


def more_crews(standing: Standing, areas: Mapping[str, Sequence[str]], prices: Sequence[float] = ()) -> list[dict[str, Any]]:
    """Return what one more crew would be worth, for each area it could start in and each class of slot.

    Parameters
    ----------
    areas
        Area → ids of its households; unknown ids are passed over.
    prices
        Milli-points that a crew's whole time in each slot is worth at the prices of the bound; without them left out.

    Returns
    -------
    list of dict
        ``area, class, slot, visits, gain`` (exact, by insertion), ``price`` (None where not given), best first.
    """
    world = standing.world
    if not world.place_of:
        return []
    enlarged = Enlarged(standing, typical(world))
    slots = _dearest_by_class(world, prices)
    told = []
    for area, names in areas.items():
        homes = [world.house_index[name] for name in names if name in world.house_index]
        if not homes:
            continue
        start = _middle(world, homes)
        for slot in slots:
            tour = enlarged.outing(slot, start, standing.left_out)
            told.append(
                {
                    "area": area,
                    "class": world.problem.slots[slot].kind,
                    "slot": world.problem.slots[slot].id,
                    "visits": len(tour.state.visits) if tour else 0,
                    "gain": enlarged.gain([tour]) if tour else 0,
                    "price": round(prices[slot]) if len(prices) else None,
                }
            )
    return sorted(told, key=lambda entry: (-entry["gain"], entry["area"], entry["class"]))


def _dearest_by_class(world: World, prices: Sequence[float]) -> list[int]:
    """Return one slot of each class: the one whose time is worth most, else the longest."""
    best: dict[str, int] = {}
    for s, slot in enumerate(world.problem.slots):
        rank = (prices[s] if len(prices) else 0.0, slot.end - slot.start, -s)
        known = best.get(slot.kind)
        if known is None:
            best[slot.kind] = s
            continue
        other = world.problem.slots[known]
        if rank > (prices[known] if len(prices) else 0.0, other.end - other.start, -known):
            best[slot.kind] = s
    return list(best.values())


def _middle(world: World, homes: Sequence[int]) -> int:
    """Return the place among the homes of an area from which the others are nearest."""
    places = world.places[np.array(homes)[:: max(1, len(homes) // LOOKED_AT)]]
    away = [float(world.legs.outward(int(place), places).sum()) for place in places]
    return int(places[int(np.argmin(away))])


Change = Callable[[Problem], Problem]


def _homes(change: Callable[[Household], Household]) -> Change:
    return lambda p: replace(p, households=tuple(change(h) for h in p.households))


RELAXED: dict[str, Change] = {
    "household_languages": _homes(lambda h: replace(h, languages=frozenset()) if h.languages else h),
    "household_skills": _homes(lambda h: replace(h, skills=frozenset()) if h.skills else h),
    "household_avoids": _homes(lambda h: replace(h, avoid=frozenset()) if h.avoid else h),
    "within_windows": _homes(lambda h: replace(h, windows=None) if h.windows is not None else h),
    "crew_skills": lambda p: replace(p, crew=replace(p.crew, skills=())),
    "max_shifts": lambda p: replace(p, volunteers=tuple(replace(v, max_shifts=v.max_shifts + 1) for v in p.volunteers)),
    "pins_hold": lambda p: replace(p, pins=()),
    "changes": lambda p: replace(p, weights=replace(p.weights, change=0), max_changes=None),
    "new_faces": lambda p: replace(p, weights=replace(p.weights, new_face=0)),
    "extra_shifts": lambda p: replace(p, weights=replace(p.weights, extra_shift=0)),
    "back_by_slot_end": lambda p: replace(p, slots=tuple(replace(s, end=s.end + LONGER_SECONDS) for s in p.slots)),
}
"""What the problem is without a rule; `max_shifts` with one shift more each, `back_by_slot_end` with a quarter of an hour."""


def fairness(standing: Standing) -> dict[str, Any]:
    """Return the price of sharing the shifts evenly.

    Returns
    -------
    dict
        ``weight`` (points an extra shift costs), ``extra_shifts`` and ``people`` (volunteer → shifts beyond a fair share) of
        the plan, ``paid`` (milli-points they cost it) and ``forgone``: what people who could go out once more would bring
        if that cost nothing, at least.
    """
    problem = standing.world.problem
    weight = problem.weights.extra_shift
    extra = standing.extra_shifts()
    relaxed = relaxation(standing, RELAXED["extra_shifts"]) - relaxation(standing, lambda p: p) if weight else 0
    paid = 1000 * weight * sum(extra.values())
    return {
        "weight": weight,
        "extra_shifts": sum(extra.values()),
        "people": {problem.volunteers[v].id: count for v, count in extra.items()},
        "paid": paid,
        "forgone": max(0, relaxed - paid),
    }


def rules(standing: Standing) -> list[dict[str, Any]]:
    """Return what each rule costs the plan, the dearest first; rules that bind nobody are left out.

    Returns
    -------
    list of dict
        ``rule`` (a module of `solver.rules`), ``cost`` (milli-points: exact totals, see `relaxation`) and ``sampled``: the
        share of the crews that were looked at, 1.0 for all; below that the cost is projected.
    """
    told = []
    count = len(standing.tours)
    share = min(1.0, SAMPLE / count) if count else 1.0
    idle = relaxation(standing, lambda p: p)
    for rule, change in RELAXED.items():
        if change(standing.world.problem) == standing.world.problem:
            continue
        cost = relaxation(standing, change) - idle
        if cost > 0:
            told.append({"rule": rule, "cost": cost, "sampled": round(share, 3)})
    return sorted(told, key=lambda entry: (-entry["cost"], entry["rule"]))


def relaxation(standing: Standing, change: Change) -> int:
    """Return how much more milli-points a week is worth at least in a problem with fewer rules.

    The plan is taken as it stands, people who are free form crews, and every crew of a sample makes all single insertions
    and replacements that are for the better. The difference that the sample brings is projected to all crews; what the plan
    itself is worth more (a penalty that falls away) and new crews are exact.
    """
    world = World(change(standing.world.problem))
    accept_pins(world)
    week = Week(world)
    for tour in standing.tours:
        week.add(copied(tour, world))
    # the states are valid without the rule too, but what they are worth, and how late they may leave, is another matter
    for number, tour in week.tours.items():
        state = tour.schedule(tour.state.visits)
        if state is not None:
            week.give(number, state)
    before = week.total() - standing.total
    numbers = list(week.tours)
    sample = numbers[:: max(1, len(numbers) // SAMPLE)] if numbers else []
    at_first = week.total()
    remainder = Standing(world, week.tours.values()).remainder
    for number in sample:
        _better_in(week, number, remainder)
    by_sample = week.total() - at_first
    projected = by_sample * len(numbers) // len(sample) if sample else 0
    return before + projected + _idle_crews(week)


def _better_in(week: Week, number: int, remainder: World) -> None:
    """Let one crew of a week make what single insertions and replacements are for the better."""
    tour = copied(week.tours[number], remainder)
    better(tour, week.free.copy())
    state = week.tours[number].schedule(tour.state.visits)
    if state is not None:
        week.give(number, state)


def _idle_crews(week: Week) -> int:
    """Let people who are free form crews, as far as they better the total; return the milli-points gained."""
    world, before = week.world, week.total()
    standing = set(week.tours)
    form_crews(week, Estimates(world), bool)
    fresh = [n for n in week.tours if n not in standing]
    open_only = Standing(world, [t for n, t in week.tours.items() if n in standing]).remainder
    for number in fresh:
        crew = week.close(number)
        tour = best_outing(open_only, crew.slot, crew.members, crew.start, week.free)
        if tour is None:
            continue
        total = week.total()
        added = week.add(copied(tour, world))
        if week.total() <= total:
            week.close(added)
    return week.total() - before


def what_if(standing: Standing, areas: Mapping[str, Sequence[str]], prices: Floats | Sequence[float] = ()) -> dict[str, Any]:
    """Return the figures of the whole plan: ``more_crews, fairness, rules``; see there."""
    by_slot = [float(price) for price in prices]
    return {"more_crews": more_crews(standing, areas, by_slot), "fairness": fairness(standing), "rules": rules(standing)}
