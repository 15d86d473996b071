"""What a job of the clock is: a name, when it is due, and what it does in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from planner.domain.calendar import instant, local_date, monday_of
from planner.domain.notices import NoticeKind
from planner.domain.settings import CampaignSettings
from planner.models import Database
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.solving import Engine

Result = dict[str, Any]
DueSlots = Callable[[CampaignView, datetime, datetime], Iterator[datetime]]
CLOSING_DAYS = 8  # after its end a campaign's last week is still closed, its last shifts still looked after


@dataclass(frozen=True)
class Tools:
    """What long work may need besides a session. `folder`: the data folder; None where there is none (tests, rehearsals)."""

    db: Database
    clock: Callable[[], datetime]
    engine: Engine
    folder: Path | None


def first_day(campaign: CampaignView) -> date:
    """Return the campaign's first day: for what looks at what crews did."""
    return campaign.starts_on


def week_before(campaign: CampaignView) -> date:
    """Return the Monday before the campaign's first week, which is then planned, and its first crews reminded."""
    return monday_of(campaign.starts_on) - timedelta(days=7)


def last_day(campaign: CampaignView) -> date:
    """Return the campaign's last day: for what only helps while crews go out."""
    return campaign.ends_on


def _closing(campaign: CampaignView) -> date:
    return campaign.ends_on + timedelta(days=CLOSING_DAYS)


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
    title
        What people call it, in Vietnamese and English.
    prepare
        Long work before the transaction, which must not hold the database meanwhile: ``(tools, actor, campaign, due_at, at)``
        to a part of the result. It may be done twice (a crash, a lost lease) and must come to the same.
    coalesce
        After an outage the latest slot does what all would; False: each slot has people of its own to serve.
    since, until
        The first and the last day on which it may be due.
    trouble
        What the desk is told when it keeps failing.
    """

    name: str
    due_slots: DueSlots
    act: Callable[[Session, Actor, CampaignView, datetime, datetime], Result] | None = None
    follow_up: Callable[[Database, Result, Callable[[], datetime], Engine], None] | None = None
    title: tuple[str, str] = ("", "")
    prepare: Callable[[Tools, Actor, CampaignView, datetime, datetime], Result] | None = None
    coalesce: bool = True
    since: Callable[[CampaignView], date] = week_before
    until: Callable[[CampaignView], date] = _closing
    trouble: NoticeKind = NoticeKind.JOB_FAILED

    @property
    def is_long(self) -> bool:
        """Whether it may take longer than a tick should: it is then done beside the ticking."""
        return self.prepare is not None or self.follow_up is not None


def slots_within(job: Job, campaign: CampaignView, after: datetime, until: datetime) -> list[datetime]:
    """Return the due slots of an interval that lie within the campaign's days, as far as the job is concerned."""
    midnight = time()
    # The first instant of these days counts: intervals are open at their beginning.
    after = max(after, instant(job.since(campaign), midnight) - timedelta(microseconds=1))
    until = min(until, instant(job.until(campaign) + timedelta(days=1), midnight))
    return sorted(set(job.due_slots(campaign, after, until))) if after < until else []


def days_between(after: datetime, until: datetime) -> Iterator[Any]:
    """Yield the local dates that an interval touches."""
    day = local_date(after)
    while day <= local_date(until):
        yield day
        day += timedelta(days=1)


def daily(hour_of: Callable[[CampaignSettings], time]) -> DueSlots:
    """Return the due slots of a job that is due every day at an hour of the settings."""

    def due_slots(campaign: CampaignView, after: datetime, until: datetime) -> Iterator[datetime]:
        for day in days_between(after, until):
            due_at = instant(day, hour_of(campaign.settings))
            if after < due_at <= until:
                yield due_at

    return due_slots


def weekly(moment_of: Callable[[CampaignSettings], tuple[int, time]], shift: Callable[[CampaignSettings], timedelta]) -> DueSlots:
    """Return the due slots of a job that is due every week, so far from a weekday and hour of the settings."""

    def due_slots(campaign: CampaignView, after: datetime, until: datetime) -> Iterator[datetime]:
        weekday, hour = moment_of(campaign.settings)
        moved = shift(campaign.settings)
        for day in days_between(after - moved, until - moved):
            due_at = instant(day, hour) + moved
            if day.weekday() == weekday and after < due_at <= until:
                yield due_at

    return due_slots
