"""One household asked about: why it has no visit and what would bring it in, or why it has the visit it has."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from solver.explain.newcomers import Enlarged, Gift, typical
from solver.explain.standing import Standing, blocking_rule, copied
from solver.explain.ways import Way, ways_in
from solver.reasons import Reasons
from solver.tour import NEVER, Tour

MOST_CREWS = 3
"""More crews at one place in one slot are not asked for before a household counts as beyond their reach."""
HOURS_AT_FAULT = ("never_visitable", "window_never_open")


def left_out(standing: Standing, house: int) -> dict[str, Any]:
    """Return why a household has no visit, the best ways to give it one all the same, and what would bring it in.

    Returns
    -------
    dict
        ``household, reason`` and the facts of the reason (see `solver.reasons`), ``proved`` (no valid plan visits it),
        ``by_class`` (points in each class of slot), ``crews`` (crews of the plan that may visit it, time apart),
        ``blocked`` (for the others: rule → crews), ``ways`` (see `way_document`), ``like_it`` (households left out that ask
        for the same skills and languages, itself included) and ``brings_in``: see `brings_in`.
    """
    world = standing.world
    home = world.problem.households[house]
    reasons = Reasons(world)
    why = reasons.proved(house)
    rules = Counter(blocking_rule(world, tour.slot, tour.members, house) for tour in standing.tours)
    crews = rules.pop(None, 0)
    ways = [] if why else ways_in(standing, house)
    displaced = any(
        world.may_visit(t.slot, t.members, house) and reasons.in_reach(house, t.slot, {world.starts[v] for v in t.members})
        for t in standing.tours
    )
    reason, facts = (why.reason, why.facts) if why else ("displaced" if displaced else "no_room", {})
    alike = world.requirement == world.requirement[house]
    return {
        "household": home.id,
        "reason": reason,
        **facts,
        "proved": why is not None,
        "by_class": dict(sorted(home.reward.items())),
        "crews": crews,
        "blocked": {str(rule): count for rule, count in sorted(rules.items(), key=str)},
        "ways": [way_document(standing, way) for way in ways],
        "like_it": int((alike & standing.left_out).sum()) if home.skills or home.languages else 0,
        "brings_in": brings_in(standing, house, reason),
    }


def brings_in(standing: Standing, house: int, reason: str) -> list[dict[str, Any]]:
    """Return by class of slot how many more crews, living next door, it would take until one of them visits the household.

    Each is one more crew than before, in the same slot and from the same place, which visits what is best for the week's
    total; ``crews`` is None where not even the third would come. ``skills`` and ``languages`` are what at least one member
    must bring that a typical crew has not; ``gain`` is the exact difference of the total with all those crews.
    """
    if reason in HOURS_AT_FAULT:
        return []
    world = standing.world
    home = world.problem.households[house]
    usual = typical(world)
    skills = home.skills - usual.skills
    languages = home.languages if home.languages.isdisjoint(usual.languages) else frozenset[str]()
    enlarged = Enlarged(standing, Gift(usual.skills | home.skills, usual.languages | home.languages))
    told: list[dict[str, Any]] = []
    for slot in _slots_by_class(standing, house):
        free, outings = standing.left_out, list[Tour]()
        crews = None
        for count in range(1, MOST_CREWS + 1):
            tour = enlarged.outing(slot, world.place_of[house], free)
            if tour is None:
                break
            outings.append(tour)
            free[list(tour.state.visits)] = False
            if house in tour.state.visits:
                crews = count
                break
        told.append(
            {
                "class": world.problem.slots[slot].kind,
                "slot": world.problem.slots[slot].id,
                "crews": crews,
                "skills": sorted(skills),
                "languages": sorted(languages),
                "visits": sum(len(tour.state.visits) for tour in outings),
                "gain": enlarged.gain(outings),
            }
        )
    return sorted(told, key=lambda entry: (entry["crews"] or MOST_CREWS + 1, -entry["gain"]))


def _slots_by_class(standing: Standing, house: int) -> Iterable[int]:
    """Return for each class the slot in which the household may be visited for the longest time."""
    world = standing.world
    longest: dict[str, int] = {}
    for s, slot in enumerate(world.problem.slots):
        if not world.open[s][house]:
            continue
        known = longest.get(slot.kind)
        if known is None or slot.end - slot.start > world.ends[known] - world.opens_start[known]:
            longest[slot.kind] = s
    return longest.values()


def assignment(standing: Standing, house: int) -> dict[str, Any]:
    """Return why a household is visited by this crew in this slot, and what else there was.

    Returns
    -------
    dict
        ``household, slot, volunteers, start`` (second of the visit), ``reward`` (points in this class), ``by_class``,
        ``best_class`` (no class of slot brings more), ``known`` (members who have met the household), ``pinned``,
        ``in_force`` (the plan in force promised the same), ``skills`` and ``languages`` (what it asks for → members who bring
        it), ``way_seconds`` (what it adds to the crew's way), ``points`` (exact: what the total loses without it),
        ``crews`` (other crews of the plan that may visit it, time apart), ``instead`` (the household left out that would
        take its place best: ``household, gain``; or None) and ``alternatives``, the best three (see `way_document`).
    """
    world, tour = standing.world, standing.tours[standing.owner[house]]
    home, slot, state = world.problem.households[house], world.problem.slots[tour.slot], tour.state
    people = [world.problem.volunteers[v] for v in tour.members]
    rest = tour.without(house).state
    others = [t for t in standing.tours if t is not tour and blocking_rule(world, t.slot, t.members, house) is None]
    base = world.base.get((tour.slot, tour.members))
    return {
        "household": home.id,
        "slot": slot.id,
        "volunteers": [v.id for v in people],
        "start": state.begins[state.visits.index(house)],
        "reward": home.reward[slot.kind],
        "by_class": dict(sorted(home.reward.items())),
        "best_class": home.reward[slot.kind] == max(home.reward.get(s.kind, 0) for s in world.problem.slots),
        "known": sorted(home.known & {v.id for v in people}),
        "pinned": house in world.wishes,
        "in_force": bool(base and base.visits.get(house)),
        "skills": {skill: [v.id for v in people if skill in v.skills] for skill in sorted(home.skills)},
        "languages": {x: who for x in sorted(home.languages) if (who := [v.id for v in people if x in v.languages])},
        "way_seconds": state.travel - rest.travel,
        "points": -standing.difference({standing.owner[house]: rest}),
        "crews": len(others),
        "instead": _instead(standing, tour, house),
        "alternatives": [way_document(standing, way) for way in ways_in(standing, house)],
    }


def _instead(standing: Standing, tour: Tour, house: int) -> dict[str, Any] | None:
    """Return the household left out that would be worth most in the place of a visit, and the exact difference."""
    if house in standing.world.wishes:
        return None
    rest = copied(tour, standing.remainder).without(house)
    live = np.arange(len(rest.pool.houses))
    if not len(live):
        return None
    gains, _ = rest.insertions(live)
    if float(gains.max(initial=NEVER)) <= NEVER:
        return None
    at, entry = divmod(int(gains.argmax()), gains.shape[1])
    other = int(rest.pool.houses[live[entry]])
    if not rest.insert(other, at):
        return None
    gain = standing.difference({standing.owner[house]: rest.state})
    return {"household": standing.world.problem.households[other].id, "gain": gain}


def way_document(standing: Standing, way: Way) -> dict[str, Any]:
    """Return a way as plain data.

    ``slot, volunteers, start, new`` (the crew stays at home so far), ``gain`` (exact difference of the total), ``adds``
    and ``loses`` (what comes and what goes: ``gain = adds - loses``), ``displaces`` (who loses the visit), ``joins`` (who
    else a new crew would visit).
    """
    problem = standing.world.problem
    return {
        "slot": problem.slots[way.crew.slot].id,
        "volunteers": [problem.volunteers[v].id for v in way.crew.members],
        "start": way.begins_at,
        "new": way.is_new,
        "gain": way.gain,
        "adds": way.gain + way.loses,
        "loses": way.loses,
        "displaces": [problem.households[h].id for h in way.displaces],
        "joins": [problem.households[h].id for h in way.joins],
    }
