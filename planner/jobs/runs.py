"""Due slots of the clock as rows: made once, won by one process, ended in the transaction of what the job did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict
from planner.domain.vocabulary import JobState
from planner.models import Campaign, Database, JobRun
from planner.services.actors import Actor

LEASE = timedelta(minutes=10)  # longer than any job's own transaction; a crashed winner's slot is free again after it
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MOST_ATTEMPTS = 10


@dataclass(frozen=True)
class Claim:
    """A due slot this process has won, for the attempt it names."""

    id: int
    job: str
    campaign_id: int
    due_at: datetime
    owner: str
    attempt: int


@dataclass(frozen=True)
class RunLine:
    """A due slot as the desk reads it."""

    job: str
    campaign_id: int
    due_at: datetime
    state: JobState
    attempt: int
    finished_at: datetime | None
    not_before_at: datetime | None
    result: dict[str, Any]


def make_due(session: Session, job: str, campaign_id: int, due_at: Iterable[datetime]) -> None:
    """Write down due slots; those that are there already stay as they are, whoever made them."""
    rows = [
        {"job": job, "campaign_id": campaign_id, "due_at": at, "state": JobState.DUE, "owner": "", "attempt": 0, "result": {}}
        for at in due_at
    ]
    if rows:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(insert(JobRun).on_conflict_do_nothing(), rows)


def known(session: Session, job: str, campaign_id: int, since: datetime) -> set[datetime]:
    """Return the due slots written down since an instant."""
    found = session.scalars(
        select(JobRun.due_at).where(JobRun.job == job, JobRun.campaign_id == campaign_id, JobRun.due_at >= since)
    )
    return set(found)


def claim(db: Database, owner: str, at: datetime) -> Claim | None:
    """Win the oldest due slot that nobody holds, or return None. A row count of one tells the winner."""
    free = or_(
        (JobRun.state == JobState.DUE) & or_(JobRun.not_before_at.is_(None), JobRun.not_before_at <= at),
        (JobRun.state == JobState.RUNNING) & (JobRun.lease_until_at < at),
    )
    with db.read() as session:
        ids = session.scalars(
            select(JobRun.id).where(free, JobRun.due_at <= at).order_by(JobRun.due_at, JobRun.id).limit(20)
        ).all()
    for run_id in ids:
        with db.begin() as session:
            won = session.execute(
                update(JobRun)
                .where(JobRun.id == run_id, free)
                .values(state=JobState.RUNNING, owner=owner, lease_until_at=at + LEASE, attempt=JobRun.attempt + 1)
                .returning(JobRun.job, JobRun.campaign_id, JobRun.due_at, JobRun.attempt)
            ).one_or_none()
        if won is not None:
            return Claim(run_id, won.job, won.campaign_id, won.due_at, owner, won.attempt)
    return None


def finish(session: Session, claim: Claim, at: datetime, result: dict[str, Any]) -> None:
    """End the slot in the transaction of the job's effect.

    Raises
    ------
    Conflict
        ``lease_lost``: another process took the slot over meanwhile; the effect is rolled back with it.
    """
    ended = session.execute(
        update(JobRun)
        .where(
            JobRun.id == claim.id, JobRun.state == JobState.RUNNING, JobRun.owner == claim.owner, JobRun.attempt == claim.attempt
        )
        .values(state=JobState.DONE, finished_at=at, lease_until_at=None, result=result)
        .returning(JobRun.id)
    ).one_or_none()
    if ended is None:
        raise Conflict("lease_lost", job=claim.job)


def superseded(session: Session, claim: Claim, at: datetime) -> bool:
    """Tell whether a later slot of the same job is due by now: after an outage the latest does what all would."""
    later = select(JobRun.id).where(
        JobRun.job == claim.job,
        JobRun.campaign_id == claim.campaign_id,
        JobRun.due_at > claim.due_at,
        JobRun.due_at <= at,
        JobRun.state == JobState.DUE,
    )
    return session.scalar(later.limit(1)) is not None


def postpone(db: Database, claim: Claim, at: datetime, error: str) -> None:
    """After an exception: try again later and later, so that one bad slot never blocks the others."""
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (claim.attempt - 1))
    state = JobState.FAILED if claim.attempt >= MOST_ATTEMPTS else JobState.DUE
    with db.begin() as session:
        session.execute(
            update(JobRun)
            .where(JobRun.id == claim.id, JobRun.owner == claim.owner, JobRun.attempt == claim.attempt)
            .values(
                state=state,
                lease_until_at=None,
                not_before_at=at + pause,
                finished_at=at if state is JobState.FAILED else None,
                result={"error": error},
            )
        )


def latest(session: Session, actor: Actor, limit: int) -> tuple[RunLine, ...]:
    """Return the latest due slots of the actor's commune, newest first."""
    rows = session.scalars(
        select(JobRun)
        .join(Campaign, Campaign.id == JobRun.campaign_id)
        .where(Campaign.commune_id == actor.commune_id)
        .order_by(JobRun.due_at.desc(), JobRun.id.desc())
        .limit(limit)
    )
    return tuple(
        RunLine(r.job, r.campaign_id, r.due_at, r.state, r.attempt, r.finished_at, r.not_before_at, dict(r.result)) for r in rows
    )
