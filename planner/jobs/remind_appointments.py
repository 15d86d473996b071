"""The evening before: hours promised at doors and at the police desk, so that a promise is kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.jobs.job import Job, Result, daily
from planner.services import reminding
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Remind of the appointments of the day after the slot's that are still ahead."""
    tomorrow = local_date(due_at) + timedelta(days=1)
    ahead = [each for each in reminding.appointments_on(session, campaign, tomorrow) if each.starts_at > at]
    told = reminding.remind_of_appointments(session, campaign, ahead, at)
    return {"on_date": tomorrow.isoformat(), "appointments": len(ahead), "told": told}


def last_day(campaign: CampaignView) -> date:
    return campaign.ends_on + timedelta(days=7)  # at the police desk people are expected after the last shift, too


JOB = Job(
    "remind_appointments",
    daily(lambda settings: settings.remind_at),
    act,
    title=("Nhắc lịch hẹn ngày mai", "Remind of tomorrow's appointments"),
    until=last_day,
)
