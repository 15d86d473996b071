"""`python -m benchmarks.clock days`: clock processes over simulated days, killed, stopped and shut down; is each slot done once?

The processes are real, and so are the database, the jobs and the solver. Only the time is not: it stands in a file that the
processes read, and goes on when they have done what is due. Effects are counted in rows: each job's act also writes one into a
table without any constraint, in the same transaction.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time as real
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.clock.commune import a_commune_for_the_clock
from benchmarks.clock.processes import Clocks
from planner.domain.vocabulary import JobState
from planner.jobs import JOBS
from planner.jobs.job import slots_within
from planner.models import Base, Campaign, Database
from planner.services import campaigns

OUTAGE = timedelta(hours=72)
STOPPED_FOR = timedelta(minutes=10)
LEASE_OVER = timedelta(minutes=11)
EFFECTS = "CREATE TABLE effect (job VARCHAR(40), campaign_id INTEGER, due_at VARCHAR(40), owner VARCHAR(80))"


@dataclass(frozen=True)
class Plan:
    """How long, how many clocks, and how often which misfortune comes, as a chance at each step of time."""

    days: int
    clocks: int
    seed: int
    kill: float = 0.04
    stop: float = 0.02
    outage: bool = True
    jobs: tuple[str, ...] = tuple(job.name for job in JOBS)


@dataclass
class Findings:
    """What was found in the rows at the end."""

    slots: int = 0
    expected: int = 0
    missing: int = 0
    undone: int = 0
    without_effect: int = 0
    doubled: int = 0
    merged: int = 0
    taken_over: int = 0
    kills: int = 0
    stops: int = 0
    outage_seconds: float | None = None  # until every deadline and reminder was caught up …
    outage_all_seconds: float | None = None  # … and plans and copies, too
    notices: int = 0
    weeks_published: int = 0
    copies: int = 0
    seconds: float = 0.0
    doubts: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not (self.missing or self.undone or self.without_effect or self.doubled or self.doubts)


def main(argv: list[str]) -> int:
    """Run it and print what was found; 0 where every slot has exactly one effect."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clock days", description=__doc__)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--clocks", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kill", type=float, default=0.04, help="chance of a kill -9 at each step of time")
    parser.add_argument("--stop", type=float, default=0.02, help="chance of a SIGSTOP of ten minutes")
    parser.add_argument("--database", metavar="URL", help="an empty PostgreSQL database; else a new SQLite file")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="namro-clock-") as name:
        folder = Path(name)
        found = run(given.database, folder, Plan(given.days, given.clocks, given.seed, given.kill, given.stop), print)
    print(json.dumps({**asdict(found), "sound": found.sound}, ensure_ascii=False, indent=2))
    return 0 if found.sound else 1


def run(url: str | None, folder: Path, plan: Plan, say: Any = lambda _: None) -> Findings:
    """Play the plan on a database of its own."""
    url = url or f"sqlite:///{folder}/namro.sqlite3"
    db = Database(url, durable=False)  # processes die here, not the machine's power
    try:
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
        with db.begin() as session:
            session.execute(text("DROP TABLE IF EXISTS effect"))
            session.execute(text(EFFECTS))
            campaign = a_commune_for_the_clock(session, plan.days)
        began = real.monotonic()
        found = _play(db, url, folder, plan, campaign, say)
        _count(db, folder, plan, campaign.id, found)
        found.seconds = round(real.monotonic() - began, 1)
        return found
    finally:
        db.dispose()


def _play(db: Database, url: str, folder: Path, plan: Plan, campaign: Campaign, say: Any) -> Findings:
    found, chance = Findings(), random.Random(plan.seed)
    start, end = _span(campaign, plan)
    moments = _moments(db, plan, campaign.id, start, end)
    outage_at = moments[len(moments) // 2] if plan.outage else None
    with Clocks(url, folder, plan.clocks, start, plan.jobs) as clocks:
        at = start
        while moments:
            at = max(at, moments.pop(0)) + timedelta(seconds=chance.randrange(0, 30))
            if outage_at is not None and at >= outage_at:
                outage_at, at = None, at + OUTAGE
                found.outage_seconds, found.outage_all_seconds = _outage(db, clocks, at)
                say(f"{at:%Y-%m-%d %H:%M} 72 h without a clock: caught up in {found.outage_seconds} s")
                moments = [moment for moment in moments if moment > at]
                continue
            at = _step(clocks, chance, plan, at, found)
            if clocks.steps % 100 == 0:
                say(f"{at:%Y-%m-%d %H:%M} steps {clocks.steps}, kills {found.kills}, stops {found.stops}")
        clocks.go(end + LEASE_OVER)
        clocks.settle()
        clocks.go(end + 3 * LEASE_OVER)
        clocks.settle()
    return found


def _span(campaign: Campaign, plan: Plan) -> tuple[datetime, datetime]:
    start = datetime.combine(campaign.starts_on, datetime.min.time(), UTC) - timedelta(hours=7)
    return start, start + timedelta(days=plan.days)


def _moments(db: Database, plan: Plan, campaign_id: int, start: datetime, end: datetime) -> list[datetime]:
    """Return the instants at which something is due: between them a clock has nothing to do."""
    due = _expected(db, plan, campaign_id, start, end)
    return sorted({due_at for _, due_at in due})


def _expected(db: Database, plan: Plan, campaign_id: int, start: datetime, end: datetime) -> set[tuple[str, datetime]]:
    with db.read() as session:
        view = campaigns.view(session.get_one(Campaign, campaign_id))
    return {(job.name, due_at) for job in JOBS if job.name in plan.jobs for due_at in slots_within(job, view, start, end)}


def _step(clocks: Clocks, chance: random.Random, plan: Plan, at: datetime, found: Findings) -> datetime:
    """Let the time go on to `at`, with or without a misfortune, and let the clocks do what is due. Returns the time then."""
    fate = chance.random()
    clocks.go(at)
    if fate < plan.kill:
        real.sleep(chance.random() * 0.15)
        clocks.kill(chance.randrange(plan.clocks))
        found.kills += 1
        at += LEASE_OVER  # what it held comes free
    elif fate < plan.kill + plan.stop:
        real.sleep(chance.random() * 0.08)
        number = chance.randrange(plan.clocks)
        clocks.stop(number)
        found.stops += 1
        clocks.settle(most_seconds=2)
        at += STOPPED_FOR + timedelta(minutes=1)
        clocks.go(at)  # its leases run out while it sleeps: the others take over
        clocks.settle(most_seconds=2)
        clocks.wake(number)
    clocks.go(at)
    clocks.settle()
    return at


def _outage(db: Database, clocks: Clocks, at: datetime) -> tuple[float, float]:
    """Kill all, let three days go by, start all again.

    Returns how long it took until no deadline or reminder was due any more, and until nothing at all was.
    """
    clocks.kill_all()
    clocks.go(at)
    began = real.monotonic()
    clocks.start_all()
    short = 0.0
    long_jobs = ", ".join(f"'{job.name}'" for job in JOBS if job.is_long)
    still_due = f"SELECT count(*) FROM job_run WHERE state IN ('due', 'running') AND due_at <= :at AND job NOT IN ({long_jobs})"
    while real.monotonic() - began < 600:
        with db.read() as session:
            noted = session.execute(
                text("SELECT count(*) FROM job_run WHERE finished_at >= :at"), {"at": _plain(db, at)}
            ).scalar()
            waiting = session.execute(text(still_due), {"at": _plain(db, at)}).scalar()
        if noted and not waiting and not short:
            short = real.monotonic() - began
        if short and clocks.idle():
            return round(short, 2), round(real.monotonic() - began, 2)
        real.sleep(0.05)
    raise RuntimeError("not caught up in ten minutes")


def _plain(db: Database, at: datetime) -> Any:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if db.is_sqlite else at


def _count(db: Database, folder: Path, plan: Plan, campaign_id: int, found: Findings) -> None:
    from sqlalchemy import func, select

    from planner.domain.vocabulary import WeekState
    from planner.models import JobRun, Notice, WeekPlan

    with db.read() as session:
        campaign = session.get_one(Campaign, campaign_id)
        start, end = _span(campaign, plan)
        rows = session.scalars(select(JobRun).where(JobRun.campaign_id == campaign_id, JobRun.due_at <= end)).all()
        effects: dict[tuple[str, datetime], int] = {}
        for job, due_at in session.execute(text("SELECT job, due_at FROM effect WHERE campaign_id = :c"), {"c": campaign_id}):
            key = (job, datetime.fromisoformat(due_at))
            effects[key] = effects.get(key, 0) + 1
        found.notices = session.scalar(select(func.count()).select_from(Notice)) or 0
        twice = select(Notice.recipient_id).group_by(Notice.recipient_id, Notice.key).having(func.count() > 1)
        if session.execute(twice).first():
            found.doubts.append("a notice was made twice")
        weeks = session.execute(
            select(WeekPlan.monday, WeekPlan.published_at)
            .where(WeekPlan.campaign_id == campaign_id, WeekPlan.state.in_((WeekState.PUBLISHED, WeekState.CLOSED)))
        ).all()  # fmt: skip
        found.weeks_published = len({monday for monday, _ in weeks})
        if len(weeks) != found.weeks_published:
            found.doubts.append("a week was published twice")
    wanted = _expected(db, plan, campaign_id, start, end)
    known = {(row.job, row.due_at) for row in rows}
    found.slots, found.expected, found.missing = len(rows), len(wanted), len(wanted ^ known)
    found.undone = sum(row.state is not JobState.DONE for row in rows)
    merged = {(row.job, row.due_at) for row in rows if "merged_into" in row.result}
    found.merged = len(merged)
    found.taken_over = sum(row.attempt > 1 for row in rows)
    found.without_effect = sum(key not in effects for key in known - merged)
    found.doubled = sum(n > 1 or key in merged for key, n in effects.items())
    found.copies = len(list((folder / "data" / "backups").glob("????-??-??")))
