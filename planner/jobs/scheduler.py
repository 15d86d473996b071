"""The clock's process. APScheduler only ticks; what is due and who does it is decided by rows (see `jobs.runs`)."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from planner.domain.calendar import instant
from planner.domain.errors import PlannerError
from planner.domain.vocabulary import JobState
from planner.jobs import JOBS, deliver, runs
from planner.jobs.job import Job
from planner.models import Campaign, Database
from planner.notices import Post
from planner.services import campaigns, planning
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.solving import ChildEngine, Engine

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]

TICK_SECONDS = 20
LOOK_BACK = timedelta(days=8)  # an outage of a week is caught up; what is older, nobody waits for any more
MOST_A_TICK = 200


def owner_name() -> str:
    """Return a name no other process has."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def run_clock(db: Database, clock: Clock, engine: Engine, post: Post | None = None) -> None:
    """Tick until told to stop (SIGTERM, SIGINT): the tick under way is finished first.

    The engine computes plans; the post sends what notices are due by e-mail and push.
    """
    from apscheduler.schedulers.blocking import BlockingScheduler

    owner = owner_name()
    scheduler = BlockingScheduler(timezone="UTC")
    # Its defaults forget a tick that is a second late, e.g. after the PC slept.
    scheduler.add_job(
        lambda: _safe_tick(db, clock, owner, engine, post), "interval", seconds=TICK_SECONDS, next_run_time=clock(),
        coalesce=True, max_instances=1, misfire_grace_time=3600,
    )  # fmt: skip

    stopping = threading.Event()

    def stop(*_: object) -> None:
        if stopping.is_set():  # Ctrl-C reaches us from the terminal and once more from the web server that started us
            return
        stopping.set()
        # From a thread: the scheduler waits for its job, and this handler runs in the thread that shall end.
        threading.Thread(target=scheduler.shutdown, kwargs={"wait": True}).start()

    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)
    log.info("clock_started owner=%s", owner)
    scheduler.start()
    log.info("clock_stopped owner=%s", owner)


def _safe_tick(db: Database, clock: Clock, owner: str, engine: Engine, post: Post | None) -> None:
    try:
        tick(db, clock, owner, engine, post)
    except Exception:
        log.exception("tick_failed")  # a locked or restarting database: the next tick tries again


def tick(db: Database, clock: Clock, owner: str, engine: Engine | None = None, post: Post | None = None) -> list[runs.RunLine]:
    """Write down what has become due, and do all of it that this process wins; then send the notices. Returns what it did."""
    engine = engine or ChildEngine()
    planning.sweep(db, clock())
    _write_down(db, clock())
    done: list[runs.RunLine] = []
    while len(done) < MOST_A_TICK and (claim := runs.claim(db, owner, clock())) is not None:
        done.append(_do(db, clock, claim, engine))
    deliver.drain(db, clock, owner, post)
    return done


def _write_down(db: Database, at: datetime) -> None:
    with db.read() as session:
        views = [campaigns.view(c) for c in session.scalars(select(Campaign).where(Campaign.active))]
        missing = {
            (job.name, view.id): sorted(due)
            for view in views
            for job in JOBS
            if (due := set(_due(job, view, at)) - runs.known(session, job.name, view.id, at - LOOK_BACK))
        }
    if missing:  # the usual tick writes nothing
        with db.begin() as session:
            for (job_name, campaign_id), due_at in missing.items():
                runs.make_due(session, job_name, campaign_id, due_at)


def _due(job: Job, campaign: CampaignView, at: datetime) -> list[datetime]:
    """Return the slots of the look-back that lie within the campaign (its last week is closed after its end)."""
    midnight = datetime.min.time()
    after = max(at - LOOK_BACK, instant(campaign.starts_on, midnight))
    until = min(at, instant(campaign.ends_on, midnight) + timedelta(days=8))
    return list(job.due_slots(campaign, after, until)) if after < until else []


def _do(db: Database, clock: Clock, claim: runs.Claim, engine: Engine) -> runs.RunLine:
    job = next((j for j in JOBS if j.name == claim.job), None)
    try:
        if job is None:
            raise PlannerError("unknown_job", job=claim.job)
        with db.begin() as session:
            campaign = campaigns.view(session.get_one(Campaign, claim.campaign_id))
            actor = Actor.for_job(campaign.commune_id, job.name)
            if runs.superseded(session, claim, clock()):
                result = {"merged_into": "later"}
            else:
                result = job.act(session, actor, campaign, claim.due_at, clock())
            runs.finish(session, claim, clock(), result)
    except Exception as fault:
        # Whatever it is, this slot waits and the others go on. The type, not the text: that may hold a name.
        log.exception("job_failed job=%s attempt=%s", claim.job, claim.attempt)
        error = fault.code if isinstance(fault, PlannerError) else type(fault).__name__
        runs.postpone(db, claim, clock(), error)
        return runs.RunLine(
            claim.job, claim.campaign_id, claim.due_at, JobState.FAILED, claim.attempt, None, None, {"error": error}
        )
    log.info("job_done job=%s due_at=%s result=%s", claim.job, claim.due_at.isoformat(), result)
    if job.follow_up is not None:
        job.follow_up(db, result, clock, engine)
    return runs.RunLine(claim.job, claim.campaign_id, claim.due_at, JobState.DONE, claim.attempt, clock(), None, result)
