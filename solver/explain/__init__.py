"""A plan explains itself: why each household has its visit or none, what would change that, and what people and rules are worth.

Codes and facts only; the words are the reader's. Points are milli-points, as in the total. Nothing is solved again: all of it
works from the two documents, a household in a fraction of a second.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from solver.explain.changed import changes
from solver.explain.figures import what_if
from solver.explain.households import assignment, left_out
from solver.explain.standing import Standing, standing_of
from solver.plan import Plan, plan_from_dict
from solver.problem import Problem, parse_problem
from solver.reasons import unassigned

__all__ = [
    "Standing",
    "assignment",
    "changes",
    "explain",
    "explain_document",
    "explain_household",
    "left_out",
    "standing_of",
    "what_if",
]


def explain_household(problem: dict[str, Any], plan: dict[str, Any], household: str) -> dict[str, Any]:
    """Return why one household is visited by that crew (`households.assignment`) or not at all (`households.left_out`).

    Raises
    ------
    InvalidProblem, InvalidPlan, ValueError
        Where a document has not its form, or the plan is not one of this problem.
    KeyError
        A household that is not in the problem.
    """
    standing = standing_of(parse_problem(problem), plan_from_dict(plan))
    house = standing.world.house_index[household]
    return assignment(standing, house) if house in standing.owner else left_out(standing, house)


def explain_document(
    problem: dict[str, Any],
    plan: dict[str, Any],
    areas: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """Return what there is to say of a whole plan; see `explain`.

    Raises
    ------
    InvalidProblem, InvalidPlan, ValueError
        Where a document has not its form, or the plan is not one of this problem.
    """
    return explain(parse_problem(problem), plan_from_dict(plan), areas)


def explain(problem: Problem, plan: Plan, areas: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
    """Return the explanation of a valid plan as plain data.

    Parameters
    ----------
    areas
        Area → ids of its households; without areas the week is not asked what other people and rules would be worth.

    Returns
    -------
    dict
        ``assignments``: one entry a visit with ``household, slot, volunteers, reward`` (points in this class of slot),
        ``by_class`` (points in every class that would be possible), ``known`` (members who have met the household),
        ``pinned`` and ``points`` (what the visit adds to the total, its way included).
        ``unassigned``: ``household, reason`` and the facts of the reason. ``changes``: see `changed.changes`.
        ``what_if``: see `figures.what_if`; only with areas.
    """
    standing = standing_of(problem, plan)
    told: dict[str, Any] = {
        "assignments": _assignments(standing),
        "unassigned": [
            {"household": u.household, "reason": u.reason, **u.facts} for u in unassigned(standing.world, standing.tours)
        ],
        "changes": changes(standing),
    }
    if areas is not None:
        told["what_if"] = what_if(standing, areas, _crew_prices(standing))
    return told


def _crew_prices(standing: Standing) -> list[float]:
    """Return the milli-points that a crew's whole time in each slot is worth at the prices of the fast bound."""
    from solver.bound import upper_bound  # compiled parts and OR-Tools, which a single household's question must not wait for

    return [1000 * points for points in upper_bound(standing.world).slot_points]


def _assignments(standing: Standing) -> list[dict[str, Any]]:
    problem = standing.world.problem
    told = []
    for tour in standing.tours:
        slot = problem.slots[tour.slot]
        names = [problem.volunteers[v].id for v in tour.members]
        for h in tour.state.visits:
            home = problem.households[h]
            told.append(
                {
                    "household": home.id,
                    "slot": slot.id,
                    "volunteers": names,
                    "reward": home.reward[slot.kind],
                    "by_class": dict(sorted(home.reward.items())),
                    "known": sorted(home.known.intersection(names)),
                    "pinned": h in standing.world.wishes,
                    "points": tour.worth_of(h),
                }
            )
    return told
