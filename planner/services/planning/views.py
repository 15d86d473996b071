"""A draft (or any revision of a week) to be looked through: crews by slot, their visits, and what found no place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from planner.domain.quality import better_by_percent
from planner.domain.vocabulary import Period, SlotClass, WeekState
from planner.models import Assignment, Campaign, Hamlet, Household, PlanRun, Shift, WeekPlan
from planner.services import scope
from planner.services.actors import Actor
from planner.services.comparing import crews_of, household_names, volunteer_names
from planner.services.pages import Page, page_of

SHIFTS_A_PAGE = 20


@dataclass(frozen=True)
class VisitLine:
    """A visit of a draft. `reason` holds codes and facts: why this crew and slot."""

    uid: str
    household_id: int
    head_name: str
    address: str
    hamlet: str
    group: int | None
    position: int
    starts_at: datetime
    minutes: int
    needs: int
    reason: Mapping[str, Any]
    reserve: bool = False


@dataclass(frozen=True)
class ShiftLine:
    """A crew in a slot with its visits in order; the first member leads."""

    id: int
    number: int
    on_date: date
    period: Period
    slot_class: SlotClass
    starts_at: datetime
    ends_at: datetime
    hamlet: str
    members: tuple[tuple[int, str], ...]
    visits: tuple[VisitLine, ...]


@dataclass(frozen=True)
class UnplacedLine:
    """A household without a visit, and why."""

    household_id: int
    head_name: str
    address: str
    reason: str
    promised: bool
    pin: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class DraftFigures:
    """What a revision holds in all. `total` and `bound` are milli-points, None where it was not made by a run."""

    visits: int
    shifts: int
    volunteers: int
    minutes: int
    by_slot_class: Mapping[str, int]
    by_hamlet: Mapping[str, int]
    unplaced: Mapping[str, int]
    total: int | None
    bound: int | None
    better_by_percent: float | None


@dataclass(frozen=True)
class DraftView:
    """One revision of a week."""

    id: int
    monday: date
    revision: int
    state: WeekState
    version: int
    base_id: int | None
    base_version: int | None
    made_at: datetime
    published_at: datetime | None
    run_id: int | None
    notes: Mapping[str, Any]
    figures: DraftFigures
    shifts: Page[ShiftLine]


@dataclass(frozen=True)
class DraftLine:
    """A revision in a list."""

    id: int
    monday: date
    revision: int
    state: WeekState
    version: int
    base_version: int | None
    made_at: datetime
    published_at: datetime | None
    visits: int


@dataclass(frozen=True)
class DraftFilter:
    """Which shifts of a revision to show; None: all."""

    on_date: date | None = None
    hamlet_id: int | None = None
    volunteer_id: int | None = None


def drafts(session: Session, actor: Actor, monday: date) -> tuple[DraftLine, ...]:
    """Return the revisions of a week of the active campaign, newest first."""
    query = _lines(actor).join(Campaign, Campaign.id == WeekPlan.campaign_id).where(Campaign.active, WeekPlan.monday == monday)
    return tuple(DraftLine(*row) for row in session.execute(query.order_by(WeekPlan.revision.desc())))


def latest_draft(session: Session, actor: Actor, monday: date) -> int | None:
    """Return the id of a week's newest draft that can still be published."""
    return next((line.id for line in drafts(session, actor, monday) if line.state is WeekState.DRAFT), None)


def is_planned(session: Session, actor: Actor, monday: date) -> bool:
    """Tell whether a week has a draft or is published already."""
    return any(line.state in (WeekState.DRAFT, WeekState.PUBLISHED) for line in drafts(session, actor, monday))


def draft_head(session: Session, actor: Actor, week_plan_id: int) -> DraftLine:
    """Return a revision without its shifts, e.g. for the versions that publishing asks for."""
    scope.get_week_plan(session, actor, week_plan_id)
    return DraftLine(*session.execute(_lines(actor).where(WeekPlan.id == week_plan_id)).one())


def _lines(actor: Actor) -> Select[*tuple[Any, ...]]:
    visits = select(func.count()).where(Assignment.week_plan_id == WeekPlan.id, Assignment.withdrawn_at.is_(None))
    return scope.week_plans(actor).with_only_columns(
        WeekPlan.id, WeekPlan.monday, WeekPlan.revision, WeekPlan.state, WeekPlan.version, WeekPlan.base_version,
        WeekPlan.made_at, WeekPlan.published_at, visits.scalar_subquery(),
    )  # fmt: skip


def draft_view(
    session: Session,
    actor: Actor,
    week_plan_id: int,
    page: int = 1,
    size: int = SHIFTS_A_PAGE,
    filters: DraftFilter | None = None,
) -> DraftView:
    """Return a revision with one page of its shifts."""
    plan = scope.get_week_plan(session, actor, week_plan_id)
    run = session.scalars(select(PlanRun).where(PlanRun.week_plan_id == plan.id).limit(1)).one_or_none()
    crews = crews_of(session, plan.id)
    shifts = _filtered(session, plan.id, filters or DraftFilter(), crews)
    shown = page_of(shifts, page, size)
    lines = _shift_lines(session, actor, shown.rows, crews)
    return DraftView(
        plan.id, plan.monday, plan.revision, plan.state, plan.version, plan.base_id, plan.base_version, plan.made_at,
        plan.published_at, run.id if run else None, dict((run.progress or {}).get("notes", {})) if run else {},
        _figures(session, plan, crews, run), Page(lines, shown.page, shown.size, shown.total),
    )  # fmt: skip


def unplaced_view(
    session: Session, actor: Actor, week_plan_id: int, reason: str | None = None, page: int = 1, size: int = 50
) -> Page[UnplacedLine]:
    """Return the households of a revision that found no place, promised and pinned ones first."""
    plan = scope.get_week_plan(session, actor, week_plan_id)
    rows = [row for row in plan.unplaced if "household_id" in row and reason in (None, row["reason"])]
    shown = page_of(rows, page, size)
    return Page(_unplaced_lines(session, shown.rows), shown.page, shown.size, shown.total)


def broken_promises(session: Session, actor: Actor, week_plan_id: int) -> tuple[UnplacedLine, ...]:
    """Return the households of a revision that named an hour it does not keep, and why."""
    plan = scope.get_week_plan(session, actor, week_plan_id)
    rows = [row for row in plan.unplaced if row.get("promised") and row["reason"] != "no_open_need"]
    return _unplaced_lines(session, rows)


def _unplaced_lines(session: Session, rows: Sequence[Mapping[str, Any]]) -> tuple[UnplacedLine, ...]:
    names = household_names(session, [row["household_id"] for row in rows])
    known = ("household_id", "reason", "promised", "pin")
    return tuple(
        UnplacedLine(
            row["household_id"], names[row["household_id"]].head_name, names[row["household_id"]].address, row["reason"],
            bool(row.get("promised")), str(row.get("pin", "")), {k: v for k, v in row.items() if k not in known},
        )
        for row in rows
    )  # fmt: skip


def _filtered(session: Session, week_plan_id: int, filters: DraftFilter, crews: Mapping[int, tuple[int, ...]]) -> list[Shift]:
    query = select(Shift).where(Shift.week_plan_id == week_plan_id).order_by(Shift.starts_at, Shift.number, Shift.id)
    if filters.on_date is not None:
        query = query.where(Shift.on_date == filters.on_date)
    if filters.hamlet_id is not None:
        query = query.where(Shift.hamlet_id == filters.hamlet_id)
    found = list(session.scalars(query))
    return [s for s in found if filters.volunteer_id is None or filters.volunteer_id in crews.get(s.id, ())]


def _shift_lines(
    session: Session, actor: Actor, shifts: Sequence[Shift], crews: Mapping[int, tuple[int, ...]]
) -> tuple[ShiftLine, ...]:
    names = volunteer_names(session, actor.commune_id)
    hamlets = _hamlet_names(session, actor)
    visits: dict[int, list[VisitLine]] = {shift.id: [] for shift in shifts}
    rows = session.execute(
        select(Assignment, Household)
        .join(Household, Household.id == Assignment.household_id)
        .where(Assignment.shift_id.in_(list(visits)), Assignment.withdrawn_at.is_(None))
        .order_by(Assignment.shift_id, Assignment.position)
    )
    for row, house in rows:
        visits[row.shift_id].append(
            VisitLine(
                row.uid, house.id, house.head_name, house.address, hamlets.get(house.hamlet_id, ""), house.outreach_group,
                row.position, row.starts_at, row.minutes, len(row.need_ids), dict(row.reason), row.reserve,
            )
        )  # fmt: skip
    return tuple(
        ShiftLine(
            s.id, s.number, s.on_date, s.period, s.slot_class, s.starts_at, s.ends_at,
            hamlets.get(s.hamlet_id, "") if s.hamlet_id else "",
            tuple((member, names.get(member, "")) for member in crews.get(s.id, ())), tuple(visits[s.id]),
        )
        for s in shifts
    )  # fmt: skip


def _figures(session: Session, plan: WeekPlan, crews: Mapping[int, tuple[int, ...]], run: PlanRun | None) -> DraftFigures:
    rows = session.execute(
        select(Shift.slot_class, Hamlet.name, Assignment.minutes)
        .join(Shift, Shift.id == Assignment.shift_id)
        .join(Household, Household.id == Assignment.household_id)
        .join(Hamlet, Hamlet.id == Household.hamlet_id)
        .where(Assignment.week_plan_id == plan.id, Assignment.withdrawn_at.is_(None))
        .order_by(Hamlet.position, Hamlet.id)
    ).all()
    return DraftFigures(
        visits=len(rows),
        shifts=len(crews),
        volunteers=len({member for crew in crews.values() for member in crew}),
        minutes=sum(row.minutes for row in rows),
        by_slot_class=Counter(row.slot_class.value for row in rows),
        by_hamlet=Counter(row.name for row in rows),
        unplaced={row["reason"]: row["count"] for row in plan.unplaced if "count" in row},
        total=run.total if run else None,
        bound=run.bound if run else None,
        better_by_percent=better_by_percent(run.total, run.bound) if run else None,
    )


def _hamlet_names(session: Session, actor: Actor) -> dict[int, str]:
    return {hamlet.id: hamlet.name for hamlet in session.scalars(scope.hamlets(actor))}
