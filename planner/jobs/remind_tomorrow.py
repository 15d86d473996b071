"""The evening before: remind crews of tomorrow's shifts."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.domain.notices import NoticeKind
from planner.jobs.job import Job, Result, daily, last_day
from planner.services import reminding
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Remind of the shifts of the day after the slot's, but not of those so near that they have a reminder of their own."""
    tomorrow = local_date(due_at) + timedelta(days=1)
    near = at + timedelta(hours=campaign.settings.remind_hours)
    shifts = [shift for shift in reminding.shifts_on(session, campaign, tomorrow) if shift.starts_at > near]
    told = reminding.remind(session, campaign, NoticeKind.SHIFT_TOMORROW, shifts, at)
    return {"on_date": tomorrow.isoformat(), "shifts": len(shifts), "told": told}


JOB = Job(
    "remind_tomorrow",
    daily(lambda settings: settings.remind_at),
    act,
    title=("Nhắc ca ngày mai", "Remind of tomorrow's shifts"),
    until=last_day,
)
