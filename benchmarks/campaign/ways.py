"""The ways of working that are compared: who plans the week, and with which settings of the campaign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.campaign.by_hand import ByHand, by_group, in_register_order
from planner.models import Database
from planner.services.solving import Document, Engine, Solved, SolvingFailed, Watch

FAULTS_SHOWN = 5


@dataclass(frozen=True)
class Way:
    """A way of working. `engine` makes what plans for a commune of a database, given the search's iterations."""

    letter: str
    name_vi: str
    name_en: str
    engine: Callable[[Database, int, int], Engine]
    settings: Mapping[str, Any] = field(default_factory=dict)
    replans: bool = True  # the desk accepts the clock's proposals for what was missed


class BySolver:
    """The solver in this very process, for a fixed number of iterations: the same problem gives the same plan.

    Every plan is judged by the project's checker, as in production; the explanations for people at the desk are left out.
    """

    def __init__(self, iterations: int) -> None:
        self.iterations = iterations

    def solve(self, problem: Document, parameters: Document, watch: Watch) -> Solved:
        from solver.check import check_plan
        from solver.problem import parse_problem
        from solver.solve import solve_document

        plan = solve_document(problem, {"iterations": self.iterations, "seed": parameters["seed"], "threads": 1})
        faults = check_plan(parse_problem(problem), plan).faults
        if faults:
            raise SolvingFailed("plan_breaks_a_rule", faults=list(faults[:FAULTS_SHOWN]))
        return Solved(plan, {"assignments": [], "unassigned": plan["unassigned"]}, {})


def _register(db: Database, commune_id: int, iterations: int) -> Engine:
    return ByHand(db, commune_id, in_register_order, shortest_way=False)


def _groups(db: Database, commune_id: int, iterations: int) -> Engine:
    return ByHand(db, commune_id, by_group, shortest_way=True)


def _solver(db: Database, commune_id: int, iterations: int) -> Engine:
    return BySolver(iterations)


FIXED = {"learning": False}
BY_HAND = {**FIXED, "replan_by_itself": False}
# What the plan would do if the commune wanted hard cases done, however few people that helps.
NEEDS_ALONE = {"learning": True, "helped_points": 0}

WAYS: Mapping[str, Way] = {
    way.letter: way
    for way in (
        Way("a", "Như các xã vẫn làm", "What communes do", _register, BY_HAND, replans=False),
        Way("b", "Theo thứ tự nhóm", "By group priority", _groups, BY_HAND, replans=False),
        Way("c", "Năm Rõ, chưa học", "Năm Rõ without learning", _solver, FIXED),
        Way("d", "Năm Rõ", "Năm Rõ with learning", _solver, {"learning": True}),
        Way("e", "Năm Rõ, việc khó trước", "Năm Rõ, hard cases first", _solver, NEEDS_ALONE),
    )
}
