"""How many crew shifts can still go out: what is planned, else what usually does, as far as people and days allow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date, monday_of, week_of
from planner.domain.vocabulary import WeekState
from planner.models import Assignment, Availability, Shift, Volunteer, WeekPlan
from planner.services.calendar import holidays_of_week
from planner.services.campaigns import CampaignView

WEEK = timedelta(days=7)
RECENT = 3  # weeks that tell what is usual


def shifts_ahead(session: Session, campaign: CampaignView, held: Sequence[int], at: datetime) -> tuple[float, ...]:
    """Return the crew shifts expected in each week that is left, what is left of this one first.

    Parameters
    ----------
    held
        The shifts of the complete weeks so far.

    A week that is published goes out as planned. Any other as the latest weeks with shifts in them did, by its days (holidays
    and closed days are none), and no more than volunteers say they can come.
    """
    today = local_date(at)
    this = max(monday_of(today), monday_of(campaign.starts_on))
    planned = _planned(session, campaign, at)
    a_day = _usual_a_day(campaign, held)
    possible = possible_a_week(session, campaign) / 7
    found = []
    monday = this
    while monday <= campaign.ends_on:
        days = len([day for day in open_days(campaign, monday) if day >= today])
        found.append(float(planned[monday]) if monday in planned else days * min(a_day, possible or a_day))
        monday += WEEK
    return tuple(found)


def open_days(campaign: CampaignView, monday: date) -> list[date]:
    """Return the days of a week on which crews go out."""
    closed = {*holidays_of_week(monday, campaign.settings), *campaign.settings.closed_dates}
    return [day for day in week_of(monday) if campaign.starts_on <= day <= campaign.ends_on and day not in closed]


def _usual_a_day(campaign: CampaignView, held: Sequence[int]) -> float:
    first = monday_of(campaign.starts_on)
    weeks = [(first + WEEK * number, shifts) for number, shifts in enumerate(held) if shifts][-RECENT:]
    days = sum(len(open_days(campaign, monday)) for monday, _ in weeks)
    return sum(shifts for _, shifts in weeks) / days if days else 0.0


def possible_a_week(session: Session, campaign: CampaignView) -> float:
    """Return how many crews the volunteers' usual slots would man in a week, each going no oftener than they said."""
    slots = select(Availability.volunteer_id, func.count().label("slots")).group_by(Availability.volunteer_id).subquery()
    rows = session.execute(
        select(slots.c.slots, Volunteer.max_shifts)
        .join(Volunteer, Volunteer.id == slots.c.volunteer_id)
        .where(Volunteer.commune_id == campaign.commune_id, Volunteer.left_at.is_(None))
    )
    most = campaign.settings.max_shifts
    slots_taken = sum(int(min(number, most if limit is None else limit)) for number, limit in rows)
    return slots_taken / campaign.settings.crew_size


def _planned(session: Session, campaign: CampaignView, at: datetime) -> dict[date, int]:
    """Return the shifts still to come of the published weeks, those with a visit left to make."""
    promised = select(Assignment.id).where(Assignment.shift_id == Shift.id, Assignment.withdrawn_at.is_(None)).exists()
    mondays = select(WeekPlan.id, WeekPlan.monday).where(
        WeekPlan.campaign_id == campaign.id, WeekPlan.state == WeekState.PUBLISHED
    )
    found = {monday: 0 for _id, monday in session.execute(mondays)}
    rows = session.execute(
        select(WeekPlan.monday, func.count(Shift.id))
        .join(Shift, Shift.week_plan_id == WeekPlan.id)
        .where(WeekPlan.campaign_id == campaign.id, WeekPlan.state == WeekState.PUBLISHED, Shift.starts_at > at, promised)
        .group_by(WeekPlan.monday)
    )
    return found | dict(rows.all())
