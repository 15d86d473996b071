"""Every night: end the seats nobody uses, forget dead links and the words of old reports."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from planner.jobs.job import Job, Result, daily
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.sync import idle


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Tidy what the server keeps for phones."""
    return asdict(idle.tidy(session, actor, campaign, at))


JOB = Job(
    "tidy_phones",
    daily(lambda settings: settings.tidy_at),
    act,
    title=("Dọn dữ liệu điện thoại", "Tidy what is kept for phones"),
)
