"""A plan explains itself: why each crew got each visit, why each household left out has none, and what else there was.

Codes and facts only; the words are the reader's. Points are milli-points, as in the total.
"""

from typing import Any

from solver.alternatives import Alternative, alternatives
from solver.pins import accept_pins
from solver.plan import Plan, plan_from_dict
from solver.problem import Problem, parse_problem
from solver.reasons import unassigned
from solver.tour import Tour
from solver.world import World


def explain_document(problem: dict[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
    """Return the explanations of a valid plan.

    Returns
    -------
    dict
        ``assignments``: one entry a visit with ``household, slot, volunteers, reward`` (points in this class of slot),
        ``by_class`` (points in every class that would be possible), ``known`` (members who have met the household),
        ``pinned``, ``points`` (what the visit adds to the total, its way included) and ``alternatives``.
        ``unassigned``: ``household, reason``, the facts of the reason, and ``alternatives``.
        An alternative has ``slot, volunteers, gain`` (change of the total) and ``displaces`` (a household, or null).

    Raises
    ------
    InvalidProblem, InvalidPlan, ValueError
        Where a document has not its form, or the plan is not one of this problem.
    """
    return explain(parse_problem(problem), plan_from_dict(plan))


def explain(problem: Problem, plan: Plan) -> dict[str, Any]:
    """Return the explanations of a valid plan as plain data; see `explain_document`."""
    world = World(problem)
    accept_pins(world)
    tours = [_tour(world, n, plan) for n, crew in enumerate(plan.crews) if crew.visits]
    options = alternatives(world, tours)

    def told(house: int) -> list[dict[str, Any]]:
        return [_alternative(world, tours, option) for option in options.get(house, [])]

    visits = [_assignment(world, tour, h) | {"alternatives": told(h)} for tour in tours for h in tour.state.visits]
    left = [
        {"household": u.household, "reason": u.reason, **u.facts, "alternatives": told(world.house_index[u.household])}
        for u in unassigned(world, tours)
    ]
    return {"assignments": visits, "unassigned": left}


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


def _assignment(world: World, tour: Tour, house: int) -> dict[str, Any]:
    problem = world.problem
    home, slot = problem.households[house], problem.slots[tour.slot]
    names = [problem.volunteers[v].id for v in tour.members]
    return {
        "household": home.id,
        "slot": slot.id,
        "volunteers": names,
        "reward": home.reward[slot.kind],
        "by_class": dict(sorted(home.reward.items())),
        "known": sorted(home.known.intersection(names)),
        "pinned": house in world.wishes,
        "points": tour.worth_of(house),
    }


def _alternative(world: World, tours: list[Tour], option: Alternative) -> dict[str, Any]:
    problem, tour = world.problem, tours[option.tour]
    return {
        "slot": problem.slots[tour.slot].id,
        "volunteers": [problem.volunteers[v].id for v in tour.members],
        "gain": option.gain,
        "displaces": problem.households[option.displaces].id if option.displaces >= 0 else None,
    }
