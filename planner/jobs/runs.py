"""Due slots of the clock as rows: made once, won by one process, ended in the transaction of what the job did."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, NotFound
from planner.domain.vocabulary import AuditAction, JobState
from planner.models import Campaign, Database, JobRun
from planner.services import audit
from planner.services.actors import Actor

LEASE = timedelta(minutes=10)  # longer than any job's transaction, and renewed under long work; a crashed winner's runs out
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MOST_ATTEMPTS = 10
MOST_SHOWN = 100
MERGED = {"merged_into": "later"}
CUT_SHORT = "job_cut_short"


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
    id: int = 0

    def late_by(self, at: datetime) -> timedelta:
        """Return how late it was done, or is by now."""
        return max(timedelta(), (self.finished_at or at) - self.due_at)

    @property
    def error(self) -> str:
        """The code of what went wrong at the last attempt; "" where nothing did."""
        return str(self.result.get("error", ""))


def make_due(session: Session, job: str, campaign_id: int, due_at: Iterable[datetime], merged_at: datetime | None = None) -> None:
    """Write down due slots; those that are there already stay as they are, whoever made them.

    Parameters
    ----------
    merged_at
        They are done by a later slot, as of then: after an outage nobody need win each of them.
    """
    merged = {"state": JobState.DONE, "finished_at": merged_at, "result": MERGED}
    as_it_is = {"state": JobState.DUE, "finished_at": None, "result": {}} if merged_at is None else merged
    rows = [{"job": job, "campaign_id": campaign_id, "due_at": at, "owner": "", "attempt": 0, **as_it_is} for at in due_at]
    if rows:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(insert(JobRun).on_conflict_do_nothing(), rows)


def known(session: Session, since: datetime) -> set[tuple[str, int, datetime]]:
    """Return the due slots written down since an instant, each as job, campaign and instant."""
    rows = session.execute(select(JobRun.job, JobRun.campaign_id, JobRun.due_at).where(JobRun.due_at >= since))
    return {(job, campaign_id, due_at) for job, campaign_id, due_at in rows}


def claim(db: Database, owner: str, at: datetime, but: Collection[str] = ()) -> Claim | None:
    """Win the oldest due slot that nobody holds, or return None. A row count of one tells the winner.

    Parameters
    ----------
    but
        Jobs to leave alone now.
    """
    free = JobRun.job.not_in(list(but)) & or_(
        (JobRun.state == JobState.DUE) & or_(JobRun.not_before_at.is_(None), JobRun.not_before_at <= at),
        (JobRun.state == JobState.RUNNING) & (JobRun.lease_until_at < at) & (JobRun.attempt < MOST_ATTEMPTS),
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
        .where(_is_ours(claim))
        .values(state=JobState.DONE, finished_at=at, lease_until_at=None, result=result)
        .returning(JobRun.id)
    ).one_or_none()
    if ended is None:
        raise Conflict("lease_lost", job=claim.job)


def renew(db: Database, claim: Claim, at: datetime) -> bool:
    """Keep a slot through long work; False where another process has taken it over."""
    with db.begin() as session:
        kept = session.execute(
            update(JobRun).where(_is_ours(claim)).values(lease_until_at=at + LEASE).returning(JobRun.id)
        ).one_or_none()
    return kept is not None


def _is_ours(claim: Claim) -> ColumnElement[bool]:
    return and_(
        JobRun.id == claim.id, JobRun.state == JobState.RUNNING, JobRun.owner == claim.owner, JobRun.attempt == claim.attempt
    )


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


def merged_before(session: Session, job: str, campaign_id: int, due_at: datetime) -> list[datetime]:
    """Return the slots that one does the work of besides its own, the latest first."""
    before = (JobRun.job == job, JobRun.campaign_id == campaign_id, JobRun.due_at < due_at)
    rows = session.execute(select(JobRun.due_at, JobRun.result).where(*before).order_by(JobRun.due_at.desc()).limit(MOST_SHOWN))
    return [slot for slot, _ in takewhile(lambda row: row.result == MERGED, rows)]


def postpone(session: Session, claim: Claim, at: datetime, error: str) -> bool:
    """After an exception: try again later and later, so that one bad slot never blocks the others.

    Returns False where the slot is another process's by now: nothing is noted.
    """
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (min(claim.attempt, MOST_ATTEMPTS) - 1))
    state = JobState.FAILED if claim.attempt >= MOST_ATTEMPTS else JobState.DUE
    noted = session.execute(
        update(JobRun)
        .where(_is_ours(claim))
        .values(
            state=state,
            lease_until_at=None,
            not_before_at=at + pause,
            finished_at=at if state is JobState.FAILED else None,
            result={"error": error},
        )
        .returning(JobRun.id)
    ).one_or_none()
    return noted is not None


def give_up_cut_short(session: Session, at: datetime) -> list[Claim]:
    """End the slots whose last attempt was cut short; return them.

    What kills its process is postponed by nobody. It would be won for ever, before all that are younger.
    """
    over = (JobRun.state == JobState.RUNNING) & (JobRun.lease_until_at < at) & (JobRun.attempt >= MOST_ATTEMPTS)
    rows = session.execute(
        update(JobRun)
        .where(over)
        .values(state=JobState.FAILED, finished_at=at, lease_until_at=None, result={"error": CUT_SHORT})
        .returning(JobRun.id, JobRun.job, JobRun.campaign_id, JobRun.due_at, JobRun.owner, JobRun.attempt)
    )
    return [Claim(*row) for row in rows]


def retry(session: Session, actor: Actor, run_id: int, at: datetime) -> None:
    """Have a slot that failed or waits after a failure tried again at the next tick.

    Raises
    ------
    NotFound
        Not there, or another commune's.
    Conflict
        ``job_not_waiting``: it is done, or at work.
    """
    actor.require_desk()
    row = session.scalars(
        select(JobRun)
        .join(Campaign, Campaign.id == JobRun.campaign_id)
        .where(JobRun.id == run_id, Campaign.commune_id == actor.commune_id)
        .with_for_update(of=JobRun)
    ).one_or_none()
    if row is None:
        raise NotFound("not_found", what="job_run")
    if row.state not in (JobState.DUE, JobState.FAILED):
        raise Conflict("job_not_waiting")
    row.state, row.not_before_at, row.finished_at = JobState.DUE, None, None
    audit.record(session, actor, AuditAction.JOB_RETRIED, "job_run", row.id, at, after={"job": row.job, "attempt": row.attempt})
    session.flush()


def latest(session: Session, actor: Actor, limit: int) -> tuple[RunLine, ...]:
    """Return the latest due slots of the actor's commune, newest first."""
    return _lines(session, _mine(actor).order_by(JobRun.due_at.desc(), JobRun.id.desc()).limit(limit))


def waiting(session: Session, actor: Actor, at: datetime) -> tuple[RunLine, ...]:
    """Return the slots of the actor's commune that failed for good, or failed and wait, or are due and not done: oldest first."""
    due = or_(JobRun.state == JobState.FAILED, JobRun.state.in_((JobState.DUE, JobState.RUNNING)) & (JobRun.due_at <= at))
    return _lines(session, _mine(actor).where(due).order_by(JobRun.due_at, JobRun.id).limit(MOST_SHOWN))


def last_of_each(session: Session, actor: Actor) -> dict[str, RunLine]:
    """Return, by job, the latest slot of the actor's commune that was done or given up and not merged into a later one."""
    newest = (
        select(JobRun.job, func.max(JobRun.due_at).label("due_at"))
        .join(Campaign, Campaign.id == JobRun.campaign_id)
        .where(Campaign.commune_id == actor.commune_id, JobRun.finished_at.is_not(None))
        .group_by(JobRun.job)
        .subquery()
    )
    query = _mine(actor).join(newest, and_(newest.c.job == JobRun.job, newest.c.due_at == JobRun.due_at))
    return {line.job: line for line in _lines(session, query.where(JobRun.finished_at.is_not(None)).order_by(JobRun.id))}


def _mine(actor: Actor) -> Select[JobRun]:
    return select(JobRun).join(Campaign, Campaign.id == JobRun.campaign_id).where(Campaign.commune_id == actor.commune_id)


def _lines(session: Session, query: Select[JobRun]) -> tuple[RunLine, ...]:
    return tuple(
        RunLine(r.job, r.campaign_id, r.due_at, r.state, r.attempt, r.finished_at, r.not_before_at, dict(r.result), r.id)
        for r in session.scalars(query)
    )
