"""Early on Monday: close the past week. Late reports are still taken; nothing in it is planned any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain.calendar import instant, local_date, monday_of
from planner.jobs.job import Job, Result, days_between, first_day
from planner.services import closing
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


def due_slots(campaign: CampaignView, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the closing hour of every Monday."""
    for day in days_between(after, until):
        due_at = instant(day, campaign.settings.close_at)
        if day.weekday() == 0 and after < due_at <= until:
            yield due_at


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Close every week before the slot's."""
    closed = closing.close_weeks_before(session, actor, campaign.id, monday_of(local_date(due_at)), at)
    return {"closed": [monday.isoformat() for monday in closed]}


JOB = Job("close_week", due_slots, act, since=first_day, title=("Khép tuần cũ", "Close the past week"))
