"""Who is to be reminded of what: shifts ahead with their crews, promised hours, appointments at the police desk."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import instant, local_date, monday_of
from planner.domain.fiveclear import CrewMember
from planner.domain.notices import NoticeKind
from planner.domain.visits import crew_stands
from planner.domain.vocabulary import Period, WeekState
from planner.models import Appointment, Assignment, Hamlet, Household, Shift, WeekPlan
from planner.services import notices
from planner.services.campaigns import CampaignView
from planner.services.clears import crews_of, visits_of_shift
from planner.services.comparing import volunteer_names
from planner.services.states import Absences, absences


@dataclass(frozen=True)
class ShiftAhead:
    """A published shift and who is expected to come to it, the lead first."""

    id: int
    on_date: date
    period: Period
    starts_at: datetime
    ends_at: datetime
    number: int
    hamlet: str
    households: int
    crew: tuple[int, ...]


def shifts_on(session: Session, campaign: CampaignView, on_date: date, period: Period | None = None) -> tuple[ShiftAhead, ...]:
    """Return the published shifts of a date, without those who said they cannot come."""
    wanted = [WeekPlan.campaign_id == campaign.id, WeekPlan.state == WeekState.PUBLISHED, Shift.on_date == on_date]
    if period is not None:
        wanted.append(Shift.period == period)
    rows = session.execute(
        select(Shift, Hamlet.name, visits_of_shift())
        .join(WeekPlan, WeekPlan.id == Shift.week_plan_id)
        .outerjoin(Hamlet, Hamlet.id == Shift.hamlet_id)
        .where(*wanted)
        .order_by(Shift.starts_at, Shift.number, Shift.id)
    ).all()
    away = absences(session, campaign.commune_id, monday_of(on_date))
    crews = crews_of(session, [shift.id for shift, _, _ in rows], phones=False)
    return tuple(
        ShiftAhead(
            shift.id, shift.on_date, shift.period, shift.starts_at, shift.ends_at, shift.number, hamlet or "", households,
            _coming(crews.get(shift.id, ()), shift, away),
        )
        for shift, hamlet, households in rows
        if households
    )  # fmt: skip


def _coming(crew: Iterable[CrewMember], shift: Shift, away: Absences) -> tuple[int, ...]:
    """Return those of a shift's crew who did not say that they cannot come."""
    return tuple(member.volunteer_id for member in crew if not away.misses(member.volunteer_id, shift.on_date, shift.period))


def remind(session: Session, campaign: CampaignView, kind: NoticeKind, shifts: Collection[ShiftAhead], at: datetime) -> int:
    """Remind each crew of its shift, each person once for a kind and a slot; return how many were told."""
    names = volunteer_names(session, campaign.commune_id)
    users = notices.users_by_volunteer(session, [v for shift in shifts for v in shift.crew])
    told = 0
    for shift in shifts:
        for member in shift.crew:
            if member not in users:
                continue
            facts: dict[str, Any] = {
                "on_date": shift.on_date, "period": shift.period, "starts_at": shift.starts_at, "ends_at": shift.ends_at,
                "hamlet": shift.hamlet, "households": shift.households, "crew": shift.number,
                "mates": [names.get(other, "") for other in shift.crew if other != member],
            }  # fmt: skip
            told += notices.tell(session, [users[member]], kind, facts, f"{kind.value}:{shift.on_date}:{shift.period.value}", at)
    return told


@dataclass(frozen=True)
class Promised:
    """An appointment ahead. `crew`: those who will be there; empty where nobody goes (or it is at the police desk)."""

    id: int
    at_police: bool
    starts_at: datetime
    ends_at: datetime
    hamlet: str
    crew: tuple[int, ...]


def appointments_on(session: Session, campaign: CampaignView, on_date: date) -> tuple[Promised, ...]:
    """Return the appointments of a date in the order of their hours."""
    midnight = time()
    rows = session.execute(
        select(Appointment, Hamlet.name)
        .join(Household, Household.id == Appointment.household_id)
        .join(Hamlet, Hamlet.id == Household.hamlet_id)
        .where(
            Household.commune_id == campaign.commune_id,
            Household.left_at.is_(None),
            Appointment.cancelled_at.is_(None),
            Appointment.starts_at >= instant(on_date, midnight),
            Appointment.starts_at < instant(on_date + timedelta(days=1), midnight),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()
    return tuple(
        Promised(
            row.id, row.at_police, row.starts_at, row.ends_at, hamlet,
            () if row.at_police else _who_goes(session, campaign, row),
        )
        for row, hamlet in rows
    )  # fmt: skip


def _who_goes(session: Session, campaign: CampaignView, promise: Appointment) -> tuple[int, ...]:
    """Return the crew of the visit that keeps a promise; nobody where too few of it are left to go."""
    shift = session.scalar(
        select(Shift)
        .join(Assignment, Assignment.shift_id == Shift.id)
        .join(WeekPlan, WeekPlan.id == Assignment.week_plan_id)
        .where(
            WeekPlan.campaign_id == campaign.id,
            WeekPlan.state == WeekState.PUBLISHED,
            Assignment.household_id == promise.household_id,
            Assignment.withdrawn_at.is_(None),
            Shift.starts_at < promise.ends_at,
            Shift.ends_at > promise.starts_at,
        )
        .order_by(Shift.starts_at)
        .limit(1)
    )
    if shift is None:
        return ()
    crew = crews_of(session, [shift.id], phones=False).get(shift.id, [])
    coming = _coming(crew, shift, absences(session, campaign.commune_id, monday_of(shift.on_date)))
    everybody = [member.volunteer_id for member in crew]
    return coming if crew_stands(everybody, set(everybody) - set(coming), campaign.settings.crew_size) else ()


def remind_of_appointments(session: Session, campaign: CampaignView, promised: Collection[Promised], at: datetime) -> int:
    """Remind the crews of the hours promised at doors, the desk of its own and of those that need its help; return how many.

    It must help where nobody goes, and where nobody of the crew is told anything by us.
    """
    desk = notices.desk(session, campaign.commune_id)
    kind, told = NoticeKind.APPOINTMENT_SOON, 0
    for each in promised:
        if each.at_police:
            continue
        facts: dict[str, Any] = {"starts_at": each.starts_at, "ends_at": each.ends_at, "hamlet": each.hamlet}
        reached = notices.user_of_volunteers(session, each.crew)
        facts |= {"unplanned": not each.crew, "unreached": bool(each.crew) and not reached}
        told += notices.tell(session, reached or desk, kind, facts, f"appointment:{each.id}", at)
    expected = [each for each in promised if each.at_police]
    if expected:
        facts = {"starts_at": expected[0].starts_at, "at_police": True, "count": len(expected)}
        told += notices.tell(session, desk, kind, facts, f"police-desk:{local_date(expected[0].starts_at)}", at)
    return told
