"""What a job of the clock is: a name, when it is due, and what it does in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.models import Database
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.solving import Engine

Result = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """A job of the clock.

    Parameters
    ----------
    due_slots
        ``(campaign, after, until)`` to the instants in ``(after, until]`` at which it is due.
    act
        ``(session, actor, campaign, due_at, at)`` to the result kept with the slot. Its effect and the slot's end are one
        transaction, so a crash in between undoes both.
    follow_up
        Long work that the effect asked for, done after it is committed: ``(db, result, clock, engine)``, plans by the engine.
    """

    name: str
    due_slots: Callable[[CampaignView, datetime, datetime], Iterator[datetime]]
    act: Callable[[Session, Actor, CampaignView, datetime, datetime], Result]
    follow_up: Callable[[Database, Result, Callable[[], datetime], Engine], None] | None = None


def days_between(after: datetime, until: datetime) -> Iterator[Any]:
    """Yield the local dates that an interval touches."""
    day = local_date(after)
    while day <= local_date(until):
        yield day
        day += timedelta(days=1)
