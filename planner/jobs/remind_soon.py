"""Two hours before each slot (a setting): remind the crews that go out in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.calendar import PERIODS, slot_on
from planner.domain.notices import NoticeKind
from planner.jobs.job import Job, Result, days_between, last_day
from planner.services import reminding
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


def due_slots(campaign: CampaignView, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the reminding hour of every slot of the days on which crews may go."""
    before = timedelta(hours=campaign.settings.remind_hours)
    for day in days_between(after, until + before):
        for period in PERIODS:
            due_at = slot_on(day, period, campaign.settings).starts_at - before
            if day not in campaign.settings.closed_dates and after < due_at <= until:
                yield due_at


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Remind of the slot that the due slot stands before; of one that has begun nobody is reminded any more."""
    starts_at = due_at + timedelta(hours=campaign.settings.remind_hours)
    day = next(days_between(starts_at, starts_at))
    periods = [p for p in PERIODS if slot_on(day, p, campaign.settings).starts_at == starts_at]
    shifts = [
        shift for period in periods for shift in reminding.shifts_on(session, campaign, day, period) if shift.starts_at > at
    ]
    told = reminding.remind(session, campaign, NoticeKind.SHIFT_SOON, shifts, at)
    return {"shifts": len(shifts), "told": told} if starts_at > at else {"skipped": "begun"}


JOB = Job(
    "remind_soon",
    due_slots,
    act,
    title=("Nhắc ca sắp tới", "Remind of the shift ahead"),
    coalesce=False,  # each slot has its own crews; one whose shift has begun tells nobody
    until=last_day,
)
