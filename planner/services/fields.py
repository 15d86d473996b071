"""What a crew needs at the door, and no more: its own shifts, the visits in order, the five clears of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.domain.fiveclear import CrewMember, FiveClear
from planner.domain.vocabulary import AssignmentState, NeedState, Outcome, Period, Role, WeekState, Work
from planner.models import Assignment, Hamlet, Household, Shift, ShiftMember, Visit, WeekPlan
from planner.services import campaigns, clears, promises, scope
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.residents import NeedLine, ResidentView, residents_of
from planner.services.visit_views import VisitView, views_of

# What is still worth asking about at the door; a need that is done or declined is not brought up again.
ASKED_ABOUT = (NeedState.OPEN, NeedState.SUBMITTED, NeedState.REFERRED, NeedState.REJECTED)


@dataclass(frozen=True)
class ResidentTask:
    """Someone to be met, with what to do for them. The phone is there to call ahead: the assignment is the permission."""

    id: int
    name: str
    relation: str
    birth: str
    phone: str
    needs: tuple[NeedLine, ...]
    smartphone: bool | None
    work: Work


@dataclass(frozen=True)
class VisitStop:
    """One visit of a crew's list. `visit` is what was recorded, `can_correct` whether this reader may correct it."""

    assignment_uid: str
    household_id: int
    position: int
    head_name: str
    address: str
    hamlet: str
    lat: float | None
    lon: float | None
    note: str
    needs_woman: bool
    languages: tuple[str, ...]
    starts_at: datetime
    minutes: int
    state: AssignmentState
    withdrawn_reason: str
    residents: tuple[ResidentTask, ...]
    five_clear: FiveClear
    visit: VisitView | None
    can_correct: bool
    house_number: str
    reserve: bool


@dataclass(frozen=True)
class ShiftView:
    """A shift with its crew (lead first) and its visits in order."""

    id: int
    number: int
    hamlet: str
    on_date: date
    period: Period
    starts_at: datetime
    ends_at: datetime
    crew: tuple[CrewMember, ...]
    visits: tuple[VisitStop, ...]


@dataclass(frozen=True)
class MyWeek:
    monday: date
    shifts: tuple[ShiftView, ...]


def my_week(session: Session, actor: Actor, monday: date, at: datetime) -> MyWeek:
    """Return a volunteer's own shifts of a published week, in order; a leader's too, not those of the whole hamlet."""
    actor.require(Role.VOLUNTEER, Role.LEADER)
    campaign = campaigns.active(session, actor)
    own = select(ShiftMember.shift_id).where(ShiftMember.volunteer_id == actor.volunteer_id)
    shifts = session.scalars(
        scope.shifts(actor)
        .join(WeekPlan, WeekPlan.id == Shift.week_plan_id)
        .where(WeekPlan.monday == monday, WeekPlan.state == WeekState.PUBLISHED, Shift.id.in_(own))
        .order_by(Shift.starts_at, Shift.number)
    ).all()
    rows = session.scalars(
        scope.assignments(actor).where(Assignment.shift_id.in_([s.id for s in shifts])).order_by(Assignment.position)
    ).all()
    stops = _stops(session, actor, campaign, rows, at)
    hamlets = dict(session.execute(select(Hamlet.id, Hamlet.name).where(Hamlet.commune_id == actor.commune_id)).all())
    crews = clears.crews_of(session, [s.id for s in shifts], phones=True)
    by_shift: dict[int, list[VisitStop]] = defaultdict(list)
    for row in rows:
        by_shift[row.shift_id].append(stops[row.id])
    return MyWeek(
        monday,
        tuple(
            ShiftView(
                s.id, s.number, hamlets.get(s.hamlet_id or 0, ""), s.on_date, s.period, s.starts_at, s.ends_at,
                tuple(crews.get(s.id, ())), tuple(by_shift[s.id]),
            )
            for s in shifts
        ),
    )  # fmt: skip


def my_visit(session: Session, actor: Actor, assignment_uid: str, at: datetime) -> VisitStop:
    """Return one visit: of one's own, of one's hamlet for a leader, any for the desk."""
    actor.require(Role.VOLUNTEER, Role.LEADER, Role.DESK)
    row = scope.get_assignment(session, actor, assignment_uid)
    return _stops(session, actor, campaigns.active(session, actor), [row], at)[row.id]


def _stops(
    session: Session, actor: Actor, campaign: CampaignView, rows: Sequence[Assignment], at: datetime
) -> dict[int, VisitStop]:
    if not rows:
        return {}
    ids = [row.id for row in rows]
    household_ids = [row.household_id for row in rows]
    houses = {
        house.id: (house, hamlet)
        for house, hamlet in session.execute(
            select(Household, Hamlet.name).join(Hamlet, Hamlet.id == Household.hamlet_id).where(Household.id.in_(household_ids))
        )
    }
    state = promises.states_of(session, campaign, rows, at)
    five = clears.five_clears(session, campaign, ids, phones=True)
    people = residents_of(session, campaign, household_ids, local_date(at), phones=True)
    recorded = _recorded(session, campaign, rows)
    found = {}
    for row in rows:
        house, hamlet = houses[row.household_id]
        visit = recorded.get(row.id)
        tasks = _tasks(people.get(house.id, []), visit)
        found[row.id] = VisitStop(
            row.uid, house.id, row.position, house.head_name, house.address, hamlet, house.lat, house.lon, house.note,
            house.needs_woman, tuple(house.languages), row.starts_at, row.minutes, state[row.id], row.withdrawn_reason,
            tasks, five[row.id], visit, _can_correct(actor, visit), house.house_number, row.reserve,
        )  # fmt: skip
    return found


def _tasks(residents: Sequence[ResidentView], visit: VisitView | None) -> tuple[ResidentTask, ...]:
    """Keep who is to be met, and which needs to ask about: also those just dealt with, so that they can be corrected."""
    reported = {line.need_id for line in visit.results} if visit else set()
    tasks = []
    for person in residents:
        needs = tuple(need for need in person.needs if need.state in ASKED_ABOUT or need.id in reported)
        if needs and person.stop is None:
            tasks.append(
                ResidentTask(
                    person.id, person.name, person.relation, person.birth, person.phone, needs, person.facts.smartphone,
                    person.work,
                )
            )  # fmt: skip
    return tuple(tasks)


def _recorded(session: Session, campaign: CampaignView, rows: Sequence[Assignment]) -> dict[int, VisitView]:
    """Return the visit that stands for each assignment: the latest that nothing corrects."""
    ids = {row.uid: row.id for row in rows}
    visits = session.scalars(select(Visit).where(Visit.assignment_id.in_(ids.values())).order_by(Visit.id)).all()
    shown = views_of(session, list(visits), campaign)
    return {ids[view.assignment_uid]: view for view in shown if view.assignment_uid and not view.corrected}


def _can_correct(actor: Actor, visit: VisitView | None) -> bool:
    if visit is None or actor.runs_the_campaign:
        return visit is not None
    return visit.recorded_by_id == actor.user_id and visit.outcome is not Outcome.REFUSED
