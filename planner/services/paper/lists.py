"""Printed lists: numbered when they are printed, found again by their number, and how far they have been entered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.domain.calendar import local_date
from planner.domain.errors import InvalidInput, NotFound
from planner.domain.fiveclear import CrewMember
from planner.domain.paper import row_code
from planner.domain.vocabulary import AuditAction, Period, Role, WeekState
from planner.models import Assignment, Commune, Hamlet, PaperList, PaperRow, Shift, Visit, WeekPlan
from planner.services import audit, campaigns, clears, scope
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.comparing import planned_visits
from planner.services.paper.needs import PaperNeed, asked_about, needs_of_rows
from planner.services.visit_views import VisitView, views_of

ENTERED_BY = (Role.DESK, Role.LEADER)  # a leader gets the sheets of their own crews back


@dataclass(frozen=True)
class CrewOfWeek:
    """A shift of the week in force, to choose from."""

    shift_id: int
    crew_number: int
    on_date: date
    period: Period
    members: tuple[str, ...]


@dataclass(frozen=True)
class ListLine:
    """A list as one line of many: whose it is, and how far it has been entered."""

    number: int
    shift_id: int
    crew_number: int
    hamlet: str
    on_date: date
    period: Period
    starts_at: datetime
    ends_at: datetime
    members: tuple[str, ...]
    rows: int
    entered: int


@dataclass(frozen=True)
class RowView:
    """A row of a list. `visit`: what stands recorded for it, from paper or phone; `withdrawn`: why it is no promise any more."""

    number: int
    code: str
    assignment_uid: str
    household_id: int
    head_name: str
    address: str
    needs: tuple[PaperNeed, ...]
    visit: VisitView | None
    withdrawn: str


@dataclass(frozen=True)
class ListView:
    """A list with its rows, to be entered."""

    number: int
    shift_id: int
    crew_number: int
    hamlet: str
    on_date: date
    period: Period
    starts_at: datetime
    ends_at: datetime
    monday: date
    crew: tuple[CrewMember, ...]
    rows: tuple[RowView, ...]

    @property
    def entered(self) -> int:
        return sum(row.visit is not None for row in self.rows)

    def row(self, number: int) -> RowView:
        """Return a row; NotFound ``paper_row_unknown`` where there is none."""
        found = next((row for row in self.rows if row.number == number), None)
        if found is None:
            raise NotFound("paper_row_unknown", number=self.number, row=number, last=len(self.rows))
        return found

    def next_open(self, after: int = 0) -> int | None:
        """Return the next row nothing stands recorded for, going round; None where all are done."""
        left = [row.number for row in self.rows if row.visit is None]
        return next((number for number in left if number > after), left[0] if left else None)


def make_lists(
    session: Session, actor: Actor, monday: date, at: datetime, on_date: date | None = None, shift_id: int | None = None
) -> tuple[int, ...]:
    """Give the lists of a week, a day or a shift their numbers, and return them in the order of the shifts.

    A list whose rows are still what was printed keeps its number. Leaves an audit entry: what is printed holds names.

    Raises
    ------
    InvalidInput
        ``paper_nothing_to_print``.
    """
    actor.require_desk()
    campaign = campaigns.active(session, actor)
    session.get_one(Commune, actor.commune_id, with_for_update=True)  # PostgreSQL: one number at a time, as on SQLite
    plan = _plan(session, actor, campaign, monday)
    promises = [
        visit
        for visit in (planned_visits(session, plan.id) if plan else [])
        if on_date in (None, visit.on_date) and shift_id in (None, visit.shift_id)
    ]
    if not promises:
        raise InvalidInput("paper_nothing_to_print", field="day")
    asked = asked_about(session, campaign, [visit.household_id for visit in promises], local_date(at))
    numbers = []
    for of_shift, group in groupby(promises, key=lambda visit: visit.shift_id):
        rows = [(visit.assignment_id, asked.get(visit.household_id, [])) for visit in group]
        numbers.append(_numbered(session, actor, of_shift, rows, at))
    audit.record(
        session, actor, AuditAction.LIST_PRINTED, "paper_list", None, at,
        after={"monday": monday.isoformat(), "lists": len(numbers), "rows": len(promises)},
    )  # fmt: skip
    return tuple(numbers)


def _plan(session: Session, actor: Actor, campaign: CampaignView, monday: date) -> WeekPlan | None:
    """Return the revision in force; of a week that is over, its last."""
    return session.scalars(
        scope.week_plans(actor)
        .where(
            WeekPlan.campaign_id == campaign.id,
            WeekPlan.monday == monday,
            WeekPlan.state.in_((WeekState.PUBLISHED, WeekState.CLOSED)),
        )
        .order_by(WeekPlan.revision.desc())
        .limit(1)
    ).one_or_none()


def _numbered(session: Session, actor: Actor, shift_id: int, rows: list[tuple[int, list[int]]], at: datetime) -> int:
    """Return the number of the list with exactly these rows, made where it was not printed before."""
    before = session.scalars(
        select(PaperList)
        .join(PaperRow, PaperRow.list_id == PaperList.id)
        .where(PaperRow.number == 1, PaperRow.assignment_id == rows[0][0])
        .order_by(PaperList.id.desc())
        .limit(1)
        .options(selectinload(PaperList.rows))
    ).one_or_none()
    if before is not None and [(row.assignment_id, row.need_ids) for row in before.rows] == rows:
        before.shift_id = shift_id  # a new revision of the week keeps the promises and has shifts of its own
        return before.number
    last = session.scalar(select(func.max(PaperList.number)).where(PaperList.commune_id == actor.commune_id)) or 0
    made = PaperList(
        uid=str(uuid.uuid4()), commune_id=actor.commune_id, number=last + 1, shift_id=shift_id, made_at=at,
        made_by_id=actor.user_id,
        rows=[PaperRow(number=n, assignment_id=one, need_ids=needs) for n, (one, needs) in enumerate(rows, start=1)],
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.number


def find(session: Session, actor: Actor, number: int) -> PaperList:
    """Return a list the actor may enter, with its rows.

    Raises
    ------
    NotFound
        ``paper_list_unknown``.
    """
    actor.require(*ENTERED_BY)
    found = session.scalars(
        scope.paper_lists(actor)
        .where(PaperList.number == number)
        .options(
            joinedload(PaperList.shift),
            selectinload(PaperList.rows).joinedload(PaperRow.assignment).joinedload(Assignment.household),
        )
    ).one_or_none()
    if found is None:
        raise NotFound("paper_list_unknown", number=number)
    return found


def view(session: Session, actor: Actor, number: int) -> ListView:
    """Return a list to be entered."""
    found = find(session, actor, number)
    campaign = campaigns.active(session, actor)
    shift = found.shift
    recorded = recorded_for(session, campaign, [row.assignment_id for row in found.rows])
    needs = needs_of_rows(session, campaign, found.rows)
    hamlet = session.get(Hamlet, shift.hamlet_id) if shift.hamlet_id else None
    crew = clears.crews_of(session, [shift.id], phones=True)
    rows = tuple(
        RowView(
            row.number, row_code(number, row.number), row.assignment.uid, row.assignment.household_id,
            row.assignment.household.head_name, row.assignment.household.address, needs[row.id],
            recorded.get(row.assignment_id), row.assignment.withdrawn_reason if row.assignment.withdrawn_at else "",
        )
        for row in found.rows
    )  # fmt: skip
    plan = session.get_one(WeekPlan, shift.week_plan_id)
    return ListView(
        number, shift.id, shift.number, hamlet.name if hamlet else "", shift.on_date, shift.period, shift.starts_at,
        shift.ends_at, plan.monday, tuple(crew.get(shift.id, ())), rows,
    )  # fmt: skip


def recorded_for(session: Session, campaign: CampaignView, assignment_ids: Sequence[int]) -> dict[int, VisitView]:
    """Return the visit that stands for each assignment: the latest that nothing corrects."""
    visits = list(session.scalars(select(Visit).where(Visit.assignment_id.in_(assignment_ids)).order_by(Visit.id)))
    shown = views_of(session, visits, campaign)
    return {
        visit.assignment_id: seen
        for visit, seen in zip(visits, shown, strict=True)
        if visit.assignment_id is not None and not seen.corrected
    }


def lists_of_week(session: Session, actor: Actor, monday: date) -> tuple[ListLine, ...]:
    """Return the lists printed of a week that still hold, the latest of each shift, in the order of the shifts."""
    actor.require(*ENTERED_BY)
    campaign = campaigns.active(session, actor)
    plan = _plan(session, actor, campaign, monday)
    if plan is None:
        return ()
    found = session.scalars(
        scope.paper_lists(actor)
        .join(Shift, Shift.id == PaperList.shift_id)
        .where(Shift.week_plan_id == plan.id)
        .options(joinedload(PaperList.shift).joinedload(Shift.hamlet), selectinload(PaperList.rows))
        .order_by(Shift.starts_at, Shift.number, Shift.id, PaperList.id)
    ).all()
    latest = {each.shift_id: each for each in found}
    kept = set(
        session.scalars(
            select(Visit.assignment_id).where(
                Visit.assignment_id.in_({row.assignment_id for each in latest.values() for row in each.rows})
            )
        )
    )
    crews = clears.crews_of(session, sorted(latest), phones=False)
    return tuple(_line(each, crews.get(each.shift_id, []), kept) for each in latest.values())


def crews_of_week(session: Session, actor: Actor, monday: date) -> tuple[CrewOfWeek, ...]:
    """Return the shifts of a week that can be printed, in their order."""
    actor.require_desk()
    plan = _plan(session, actor, campaigns.active(session, actor), monday)
    if plan is None:
        return ()
    visited = select(Assignment.shift_id).where(Assignment.week_plan_id == plan.id, Assignment.withdrawn_at.is_(None))
    query = select(Shift).where(Shift.week_plan_id == plan.id, Shift.id.in_(visited))
    shifts = session.scalars(query.order_by(Shift.starts_at, Shift.number, Shift.id)).all()
    crews = clears.crews_of(session, [shift.id for shift in shifts], phones=False)
    return tuple(
        CrewOfWeek(s.id, s.number, s.on_date, s.period, tuple(member.name for member in crews.get(s.id, ()))) for s in shifts
    )


def _line(each: PaperList, crew: Sequence[CrewMember], kept: set[int | None]) -> ListLine:
    shift = each.shift
    return ListLine(
        each.number, shift.id, shift.number, shift.hamlet.name if shift.hamlet else "", shift.on_date, shift.period,
        shift.starts_at, shift.ends_at, tuple(member.name for member in crew), len(each.rows),
        sum(row.assignment_id in kept for row in each.rows),
    )  # fmt: skip
