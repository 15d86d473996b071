"""Every morning: the day before in numbers, to the desk and to each leader."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.jobs.job import Job, Result, daily, first_day
from planner.services import digest
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Send the slot's digest; on another day nobody wants it any more."""
    if local_date(at) != local_date(due_at):
        return {"skipped": "day_over"}
    return {"told": digest.send(session, actor, campaign, local_date(due_at), at)}


JOB = Job(
    "digest",
    daily(lambda settings: settings.digest_at),
    act,
    since=first_day,
    title=("Tóm tắt mỗi ngày", "Daily digest"),
    until=lambda campaign: campaign.ends_on + timedelta(days=1),
)
