"""Every night at half past twelve: count anew what does not hold any more, and keep the day's figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from sqlalchemy.orm import Session

from planner.domain.calendar import instant, local_date
from planner.jobs.job import Job, Result, days_between
from planner.services import tallies
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.progress import history

COUNTED_AT = time(0, 30)  # nobody is out, and what the evening's phones sent has come in


def due_slots(campaign: CampaignView, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the hour of every night."""
    for day in days_between(after, until):
        due_at = instant(day, COUNTED_AT)
        if after < due_at <= until:
            yield due_at


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Count, and keep the figures of today: of a night that was slept through nobody can tell any more."""
    counted = tallies.refresh(session, campaign, at)
    return {"counted": counted, "kept": history.keep(session, campaign, at), "on": local_date(at).isoformat()}


JOB = Job("count", due_slots, act, title=("Đếm và giữ số liệu của ngày", "Count and keep the day's figures"))
