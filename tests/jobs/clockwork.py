"""What tests of the clock share: ticking at an instant, and what a person was told."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import select

from planner.domain.calendar import instant
from planner.domain.notices import NoticeKind
from planner.jobs import JOBS, runs, scheduler
from planner.models import Database, Notice, User
from planner.services.solving import InlineEngine


def at_hour(on_date: date, hour: str) -> datetime:
    """Return the instant of a local hour."""
    return instant(on_date, time.fromisoformat(hour))


def ticked(
    db: Database, at: datetime, *names: str, owner: str = "one", folder: Path | None = None
) -> dict[str, list[runs.RunLine]]:
    """Tick at an instant with these jobs only; return what was done by job."""
    done: dict[str, list[runs.RunLine]] = {}
    everything = scheduler.JOBS
    scheduler.JOBS = tuple(job for job in JOBS if job.name in names) if names else everything
    try:
        for line in scheduler.tick(db, lambda: at, owner, InlineEngine(), folder=folder):
            done.setdefault(line.job, []).append(line)
    finally:
        scheduler.JOBS = everything
    return done


def result_of(lines: list[runs.RunLine], campaign_id: int) -> dict[str, Any]:
    """Return what became of a campaign's latest slot that was not merged into a later one."""
    return next(line.result for line in reversed(lines) if line.campaign_id == campaign_id and "merged_into" not in line.result)


def told(db: Database, kind: NoticeKind) -> list[tuple[str, dict[str, Any]]]:
    """Return who was told of a kind, by name, with the facts, in the order of telling; not Lan, who has a campaign of her own."""
    with db.read() as session:
        rows = session.execute(
            select(User.name, Notice.facts)
            .join(User, User.id == Notice.recipient_id)
            .where(Notice.kind == kind, User.name != "Lan")
            .order_by(Notice.id)
        )
        return [(name, facts) for name, facts in rows]
