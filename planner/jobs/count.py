"""Every night after midnight: count anew what does not hold any more, and keep the day's figures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.jobs.job import Job, Result, daily, first_day
from planner.services import tallies
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.progress import history


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Count, and keep the figures of today: of a night that was slept through nobody can tell any more."""
    counted = tallies.refresh(session, campaign, at)
    return {"counted": counted, "kept": history.keep(session, campaign, at), "on": local_date(at).isoformat()}


JOB = Job(
    "count",
    daily(lambda settings: settings.count_at),
    act,
    since=first_day,
    title=("Đếm và giữ số liệu của ngày", "Count and keep the day's figures"),
)
