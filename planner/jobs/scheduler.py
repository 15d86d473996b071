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
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.domain.defects import log_defect
from planner.domain.errors import PlannerError
from planner.domain.notices import NoticeKind
from planner.domain.vocabulary import JobState
from planner.jobs import JOBS, deliver, runs
from planner.jobs.beside import Beside, holding
from planner.jobs.job import Job, Tools, slots_within
from planner.models import Campaign, Database
from planner.notices import Post
from planner.services import campaigns, heartbeat, notices, planning, tallies
from planner.services.actors import Actor
from planner.services.solving import ChildEngine, Engine

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]

TICK_SECONDS = 20
LOOK_BACK = timedelta(days=8)  # an outage of a week is caught up; what is older, nobody waits for any more
MOST_A_TICK = 200
BEAT_EVERY = timedelta(seconds=30)  # also within a tick that has much to do
TOLD_AT_ATTEMPT = 3  # a fault that a few minutes do not cure is told


def owner_name() -> str:
    """Return a name no other process has."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def run_clock(db: Database, clock: Clock, engine: Engine, post: Post | None = None, *, folder: Path | None = None) -> None:
    """Tick until told to stop (SIGTERM, SIGINT): the tick and the long work under way are finished first.

    The engine computes plans; the post sends what notices are due by e-mail and push; the folder is that of backups, photos.
    """
    from apscheduler.schedulers.blocking import BlockingScheduler

    owner = owner_name()
    tools = Tools(db, clock, engine, folder)
    beside = Beside()
    scheduler = BlockingScheduler(timezone="UTC")
    # Its defaults forget a tick that is a second late, e.g. after the PC slept.
    scheduler.add_job(
        lambda: _safe_tick(tools, owner, post, beside), "interval", seconds=TICK_SECONDS, next_run_time=clock(),
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
    beside.do(partial(_count, tools))
    scheduler.start()
    beside.close()
    heartbeat.end(db, owner, clock())
    log.info("clock_stopped owner=%s", owner)


def _count(tools: Tools) -> None:
    """Count what a program before this one left uncounted, or counted otherwise: nobody should wait for the night."""
    log.info("counted households=%s", tallies.refresh_all(tools.db, tools.clock()))


def _safe_tick(tools: Tools, owner: str, post: Post | None, beside: Beside) -> None:
    try:
        tick(tools.db, tools.clock, owner, tools.engine, post, folder=tools.folder, beside=beside)
    except Exception as fault:
        log_defect(log, "tick_failed", fault)  # a locked or restarting database: the next tick tries again


def tick(
    db: Database,
    clock: Clock,
    owner: str,
    engine: Engine | None = None,
    post: Post | None = None,
    *,
    folder: Path | None = None,
    beside: Beside | None = None,
) -> list[runs.RunLine]:
    """Write down what has become due, and do all of it that this process wins; then send the notices. Returns what it did.

    With `beside`, long work is handed to it and not returned, and while it is busy no more of it is won: reminders do not wait
    for a plan to be computed.
    """
    tools = Tools(db, clock, engine or ChildEngine(), folder)
    silent = heartbeat.beat(db, owner, clock())
    planning.sweep(db, clock())
    late = _write_down(db, clock())
    if silent is not None and silent >= heartbeat.STILL_AFTER and late:
        _tell_of_silence(db, silent, clock())
    _give_up(db, clock())
    done: list[runs.RunLine] = []
    beaten_at = clock()
    while len(done) < MOST_A_TICK and (claim := runs.claim(db, owner, clock(), _long_jobs(beside))) is not None:
        job = _job_of(claim)
        if beside is not None and job is not None and job.is_long:
            beside.do(partial(_do, tools, job, claim))
        else:
            done.append(_do(tools, job, claim))
        if clock() - beaten_at >= BEAT_EVERY:
            heartbeat.beat(db, owner, beaten_at := clock())
    deliver.drain(db, clock, owner, post)
    return done


def _job_of(claim: runs.Claim) -> Job | None:
    return next((job for job in JOBS if job.name == claim.job), None)


def _long_jobs(beside: Beside | None) -> tuple[str, ...]:
    return tuple(job.name for job in JOBS if job.is_long) if beside is not None and beside.busy else ()


def _write_down(db: Database, at: datetime) -> int:
    """Write down the slots that are due and not known yet; return how many of them nobody looked after in time."""
    with db.read() as session:
        views = [campaigns.view(c) for c in session.scalars(select(Campaign).where(Campaign.active))]
        since = {view.id: _since(session, view, at) for view in views}
        known = runs.known(session, at - LOOK_BACK)
    missing = {
        (job, view.id): due
        for view in views
        for job in JOBS
        if (due := [d for d in slots_within(job, view, since[view.id], at) if (job.name, view.id, d) not in known])
    }
    if missing:
        with db.begin() as session:
            for (job, campaign_id), due in missing.items():
                # After an outage the latest slot does what all would: the others need not be won one by one.
                early = due[:-1] if job.coalesce else []
                runs.make_due(session, job.name, campaign_id, early, merged_at=at)
                runs.make_due(session, job.name, campaign_id, due[len(early) :])
    return sum(at - due_at >= heartbeat.STILL_AFTER for slots in missing.values() for due_at in slots)


def _since(session: Session, campaign: campaigns.CampaignView, at: datetime) -> datetime:
    """Return since when slots are caught up: a campaign made on a Saturday does not close what was to be closed on Friday."""
    since = at - LOOK_BACK
    if campaign.starts_on <= local_date(since):
        return since
    return max(since, campaigns.created_at(session, campaign.id) or since)


def _tell_of_silence(db: Database, silent: timedelta, at: datetime) -> None:
    """Tell every desk that nothing was done by itself for a while: what was late is being caught up now."""
    since = at - silent
    with db.begin() as session:
        for commune_id in session.scalars(select(Campaign.commune_id).where(Campaign.active).distinct()).all():
            notices.tell(
                session, notices.desk(session, commune_id), NoticeKind.CLOCK_STOOD_STILL,
                {"minutes": int(silent.total_seconds() // 60), "since_at": since}, f"clock-stood-still:{since.isoformat()}", at,
            )  # fmt: skip


def _do(tools: Tools, job: Job | None, claim: runs.Claim) -> runs.RunLine:
    clock = tools.clock
    try:
        if job is None:
            raise PlannerError("unknown_job", job=claim.job)
        result = _act(tools, job, claim)
    except Exception as fault:
        # Whatever it is, this slot waits and the others go on. The type, not the text: that may hold a name.
        log_defect(log, f"job_failed job={claim.job} attempt={claim.attempt}", fault)
        error = fault.code if isinstance(fault, PlannerError) else type(fault).__name__
        _postpone(tools.db, job, claim, clock(), error)
        return runs.RunLine(
            claim.job, claim.campaign_id, claim.due_at, JobState.FAILED, claim.attempt, None, None, {"error": error}, claim.id
        )
    log.info("job_done job=%s due_at=%s result=%s", claim.job, claim.due_at.isoformat(), result)
    if job.follow_up is not None:
        _follow_up(tools, job, claim, result)
    return runs.RunLine(claim.job, claim.campaign_id, claim.due_at, JobState.DONE, claim.attempt, clock(), None, result, claim.id)


def _act(tools: Tools, job: Job, claim: runs.Claim) -> dict[str, object]:
    """Do what the slot is for, and end it in the same transaction; what takes long is done before."""
    db, clock = tools.db, tools.clock
    result: dict[str, object] = {}
    with db.read() as session:
        campaign = campaigns.view(session.get_one(Campaign, claim.campaign_id))
        merged = job.coalesce and runs.superseded(session, claim, clock())
    actor = Actor.for_job(campaign.commune_id, job.name)
    if job.prepare is not None and not merged:
        with holding(db, claim, clock):
            result = dict(job.prepare(tools, actor, campaign, claim.due_at, clock()))
    with db.begin() as session:
        if merged:
            result = dict(runs.MERGED)
        elif job.act is not None:
            result |= job.act(session, actor, _fresh(session, claim), claim.due_at, clock())
        runs.finish(session, claim, clock(), result)
    return result


def _fresh(session: Session, claim: runs.Claim) -> campaigns.CampaignView:
    """Return the campaign as this transaction sees it: somebody may have changed it since the slot was won."""
    return campaigns.view(session.get_one(Campaign, claim.campaign_id))


def _postpone(db: Database, job: Job | None, claim: runs.Claim, at: datetime, error: str) -> None:
    """Have the slot tried again; the desk hears of what does not cure itself."""
    with db.begin() as session:
        if not runs.postpone(session, claim, at, error):
            return
        given_up = claim.attempt >= runs.MOST_ATTEMPTS
        if claim.attempt == TOLD_AT_ATTEMPT or given_up:
            _tell_of_trouble(session, job, claim, at, error, given_up=given_up)


def _give_up(db: Database, at: datetime) -> None:
    with db.begin() as session:
        for claim in runs.give_up_cut_short(session, at):
            log.error("job_given_up job=%s attempts=%s why=%s", claim.job, claim.attempt, runs.CUT_SHORT)
            _tell_of_trouble(session, _job_of(claim), claim, at, runs.CUT_SHORT, given_up=True)


def _tell_of_trouble(session: Session, job: Job | None, claim: runs.Claim, at: datetime, error: str, *, given_up: bool) -> None:
    commune_id = session.get_one(Campaign, claim.campaign_id).commune_id
    facts = {
        "job": _title(job, claim), "error": error, "due_at": claim.due_at, "attempts": claim.attempt, "given_up": given_up,
    }  # fmt: skip
    notices.tell(
        session, notices.desk(session, commune_id), job.trouble if job else NoticeKind.JOB_FAILED, facts,
        f"job-failed:{claim.id}:{'given-up' if given_up else 'waits'}", at,
    )  # fmt: skip


def _title(job: Job | None, claim: runs.Claim) -> dict[str, str]:
    vi, en = job.title if job else (claim.job, claim.job)
    return {"vi": vi, "en": en}


def _follow_up(tools: Tools, job: Job, claim: runs.Claim, result: dict[str, object]) -> None:
    """Do the long work that the slot asked for; what becomes of it stands in rows of its own."""
    assert job.follow_up is not None
    try:
        job.follow_up(tools.db, result, tools.clock, tools.engine)
    except Exception as fault:
        log_defect(log, f"follow_up_failed job={claim.job} due_at={claim.due_at.isoformat()}", fault)
