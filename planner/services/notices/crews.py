"""Telling a crew and the desk that one of its members cannot come, or comes after all. Why is the desk's alone to see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.notices import NoticeKind
from planner.domain.vocabulary import Period, WeekState
from planner.models import Hamlet, Shift, ShiftMember, Volunteer, WeekPlan
from planner.services.actors import Actor
from planner.services.clears import crews_of, visits_of_shift
from planner.services.notices.recipients import desk, user_of_volunteers
from planner.services.notices.telling import tell

Moment = tuple[date, Period]


def absent(session: Session, actor: Actor, volunteer: Volunteer, moments: Iterable[Moment], at: datetime) -> None:
    """Tell that someone cannot come to their shifts of these parts of days that have not ended."""
    _tell(session, actor, volunteer, moments, NoticeKind.MEMBER_CANNOT_COME, at)


def present(session: Session, actor: Actor, volunteer: Volunteer, moments: Iterable[Moment], at: datetime) -> None:
    """Tell that they come after all."""
    _tell(session, actor, volunteer, moments, NoticeKind.MEMBER_COMES, at)


def _tell(
    session: Session, actor: Actor, volunteer: Volunteer, moments: Iterable[Moment], kind: NoticeKind, at: datetime
) -> None:
    for on_date, period in moments:
        for shift, hamlet, households in _shifts(session, volunteer.id, on_date, period, at):
            crew = crews_of(session, [shift.id], phones=False)[shift.id]
            mates = [member.volunteer_id for member in crew if member.volunteer_id != volunteer.id]
            told = {*desk(session, volunteer.commune_id), *user_of_volunteers(session, mates)}
            facts = {
                "volunteer": volunteer.name, "on_date": on_date, "period": period, "hamlet": hamlet or "",
                "households": households or None, "shift_id": shift.id,
            }  # fmt: skip
            # Saying so again after having taken it back is news again.
            key = f"{kind.value}:{shift.id}:{volunteer.id}:{at.isoformat()}"
            tell(session, told - {actor.user_id}, kind, facts, key, at)


def _shifts(
    session: Session, volunteer_id: int, on_date: date, period: Period, at: datetime
) -> list[tuple[Shift, str | None, int]]:
    """Return the volunteer's shifts then, with hamlet and number of visits."""
    rows = session.execute(
        select(Shift, Hamlet.name, visits_of_shift())
        .join(ShiftMember, ShiftMember.shift_id == Shift.id)
        .join(WeekPlan, WeekPlan.id == Shift.week_plan_id)
        .outerjoin(Hamlet, Hamlet.id == Shift.hamlet_id)
        .where(
            ShiftMember.volunteer_id == volunteer_id, Shift.on_date == on_date, Shift.period == period, Shift.ends_at > at,
            WeekPlan.state == WeekState.PUBLISHED,
        )
    )  # fmt: skip
    return [(shift, hamlet, households) for shift, hamlet, households in rows]
