"""What more people would be worth to a week, what even shifts cost, and what each rule does: figures kept with the run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import RunKind, SlotClass
from planner.models import PlanRun, WeekPlan
from planner.services import scope
from planner.services.actors import Actor
from planner.services.comparing import volunteer_names

MOST_PEOPLE = 10


@dataclass(frozen=True)
class OneMoreCrew:
    """What one more crew that starts in a hamlet would bring in such hours: points of the total, and visits."""

    slot_class: SlotClass
    visits: int
    points: float


@dataclass(frozen=True)
class HamletLine:
    """A hamlet with what one more crew from there would bring, by class of slot; the best of them counts."""

    hamlet_id: int
    name: str
    cells: tuple[OneMoreCrew, ...]

    @property
    def best(self) -> float:
        """Points of the best class of slot."""
        return max(cell.points for cell in self.cells)


@dataclass(frozen=True)
class RuleLine:
    """What a rule costs the week at least, points. `sampled`: the share of crews it was measured on, 1 for all."""

    rule: str
    points: float
    sampled: float


@dataclass(frozen=True)
class MorePeople:
    """The figures of one week. `classes` are the columns, the best first; `price_points` what the bound says of them.

    `points` is the week's total: what the others are to be compared with.
    """

    week_plan_id: int
    monday: date
    asked_at: datetime
    points: float
    classes: tuple[SlotClass, ...]
    price_points: dict[SlotClass, float]
    hamlets: tuple[HamletLine, ...]
    extra_shifts: int
    busiest: tuple[tuple[str, int], ...]
    extra_shift_points: int
    fairness_points: float
    rules: tuple[RuleLine, ...]


def more_people(session: Session, actor: Actor, week_plan_id: int) -> MorePeople | None:
    """Return what more people would be worth to a week; None where its run has left no figures.

    A revision that re-plans what was missed is answered by the draft it comes from.
    """
    actor.require_desk()
    plan = scope.get_week_plan(session, actor, week_plan_id)
    run = _drafted_by(session, plan)
    figures = (run.insight or {}).get("what_if") if run is not None else None
    if run is None or not figures:
        return None
    fairness, cells = figures["fairness"], figures["more_crews"]
    names, people = {hamlet.id: hamlet.name for hamlet in session.scalars(scope.hamlets(actor))}, figures["fairness"]["people"]
    told = volunteer_names(session, actor.commune_id)
    busiest = sorted(((told.get(int(v[1:]), ""), count) for v, count in people.items()), key=lambda p: (-p[1], p[0]))
    return MorePeople(
        plan.id, plan.monday, run.requested_at, (run.total or 0) / 1000,
        tuple(dict.fromkeys(SlotClass(cell["class"]) for cell in cells)),
        {SlotClass(cell["class"]): cell["price"] / 1000 for cell in cells if cell["price"] is not None},
        _hamlets(cells, names), fairness["extra_shifts"], tuple(busiest[:MOST_PEOPLE]), fairness["weight"],
        (fairness["paid"] + fairness["forgone"]) / 1000,
        tuple(RuleLine(entry["rule"], entry["cost"] / 1000, entry["sampled"]) for entry in figures["rules"]),
    )  # fmt: skip


def _drafted_by(session: Session, plan: WeekPlan | None) -> PlanRun | None:
    """Return the run that drafted a revision as a whole, or the nearest revision before it that was drafted so."""
    while plan is not None:
        drafted = select(PlanRun).where(PlanRun.week_plan_id == plan.id, PlanRun.kind == RunKind.DRAFT)
        run = session.scalars(drafted.order_by(PlanRun.id.desc())).first()
        if run is not None:
            return run
        plan = session.get(WeekPlan, plan.base_id) if plan.base_id is not None else None
    return None


def _hamlets(cells: list[dict[str, Any]], names: dict[int, str]) -> tuple[HamletLine, ...]:
    by_hamlet: dict[int, list[OneMoreCrew]] = {}
    for cell in cells:
        crew = OneMoreCrew(SlotClass(cell["class"]), cell["visits"], cell["gain"] / 1000)
        by_hamlet.setdefault(int(cell["area"][1:]), []).append(crew)
    lines = [HamletLine(hamlet_id, names.get(hamlet_id, ""), tuple(found)) for hamlet_id, found in by_hamlet.items()]
    return tuple(sorted(lines, key=lambda line: (-line.best, line.name)))
