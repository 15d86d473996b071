"""Every night after the count: tell chairman and desk of a target that is newly expected to be missed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from planner.jobs.job import Job, Result, daily, first_day, last_day
from planner.services import progress
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Note which indicators have turned, and tell of those for the worse: once a turn, however often this is done."""
    found = progress.alarm(session, actor, at)
    return {"turned": {code: course.value for code, course in found.turned.items()}, "told": found.told}


JOB = Job(
    "forecast",
    daily(lambda settings: settings.count_at),
    act,
    until=last_day,
    since=first_day,
    title=("Dự báo chỉ tiêu", "Forecast the targets"),
)
