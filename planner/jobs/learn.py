"""Every night: what the day's visits teach goes into a new table of chances, for the next plan and for the desk to see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain.calendar import instant
from planner.jobs.job import Job, Result, days_between, first_day
from planner.services import learning
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


def due_slots(campaign: CampaignView, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the hour of every night."""
    for day in days_between(after, until):
        due_at = instant(day, campaign.settings.learn_at)
        if after < due_at <= until:
            yield due_at


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Learn from all visits there are; the same visits again make no new table."""
    if not campaign.settings.learning:
        return {"skipped": "switched_off"}
    learned = learning.refresh(session, actor, at)
    return {"table": learned.table_id, "new": learned.new, "knocks": learned.knocks, "shifts": learned.shifts}


JOB = Job("learn", due_slots, act, since=first_day, title=("Rút kinh nghiệm từ các lượt thăm", "Learn from visits"))
