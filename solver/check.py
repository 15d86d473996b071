"""The project's own judge of a plan: a list of rules over problem and plan, with no code of the search."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from solver.plan import Plan, plan_from_dict
from solver.problem import Problem, parse_problem
from solver.rules.max_changes import unforced
from solver.rules.reading import read
from solver.rules.registry import MEASURES, RULES, Rule, name_of
from solver.rules.true_total import total_of


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Broken hard rules as sentences, and what the total is made of."""

    faults: tuple[str, ...]
    measures: dict[str, Any]

    @property
    def valid(self) -> bool:
        """True where no rule is broken."""
        return not self.faults


def check_plan(problem: Problem | dict[str, Any], plan: Plan | dict[str, Any], rules: Iterable[Rule] = RULES) -> CheckResult:
    """Judge a plan.

    Raises
    ------
    InvalidProblem, InvalidPlan
        Where a document has not the form of one.
    """
    problem = problem if isinstance(problem, Problem) else parse_problem(problem)
    plan = plan if isinstance(plan, Plan) else plan_from_dict(plan)
    reading = read(problem, plan)
    faults = tuple(fault for rule in rules for fault in rule.breaches(reading))
    reasons = {p.household: p.reason for p in plan.rejected_pins}
    measures = {
        "total": total_of(reading),
        "bound": plan.bound,
        "visits": len(reading.visited),
        "crews": sum(1 for c in plan.crews if c.visits),
        **{name: module.measure(reading) for name, module in MEASURES.items()},
        "unforced_changes": unforced(reading),
        "rejected_pins": len(reasons),
        "rejected_as_conflict": sum(reason == "conflict" for reason in reasons.values()),
    }
    return CheckResult(faults, measures)


def rule_book(problem: Problem | dict[str, Any], plan: Plan | dict[str, Any]) -> list[dict[str, Any]]:
    """Return every rule and every summand of the total with what there is of it in a plan.

    Returns
    -------
    list of dict
        ``rule, title, concerns, measure`` (see the module of the rule) and ``breaches`` (how many; None for a summand).
    """
    problem = problem if isinstance(problem, Problem) else parse_problem(problem)
    plan = plan if isinstance(plan, Plan) else plan_from_dict(plan)
    reading = read(problem, plan)
    hard = {name_of(rule): sum(1 for _ in rule.breaches(reading)) for rule in RULES}
    return [
        {
            "rule": name_of(rule),
            "title": rule.TITLE,
            "concerns": rule.CONCERNS,
            "measure": rule.measure(reading),
            "breaches": hard.get(name_of(rule)),
        }
        for rule in (*RULES, *MEASURES.values())
    ]
