"""How the clock runs: its heartbeat, long work beside the ticks, leases that are renewed, troubles that are told and retried."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from benchmarks.clock.days import Plan, run
from planner.domain.errors import Conflict, NotFound, PlannerError
from planner.domain.notices import NoticeKind
from planner.domain.vocabulary import AuditAction, JobState
from planner.jobs import JOBS, overview, runs, scheduler
from planner.jobs.beside import Beside, holding
from planner.jobs.job import Job, daily
from planner.models import AuditEntry, Campaign, ClockProcess, Database, Household, JobRun, household_tally
from planner.services import backups, heartbeat
from planner.services.solving import InlineEngine
from tests import builders as make
from tests.jobs.clockwork import at_hour, ticked, told
from tests.worlds import World, a_full_week, one_alley

MONDAY = make.MONDAY
AT = at_hour(MONDAY, "12:00")


@pytest.fixture
def world(db: Database) -> World:
    with db.begin() as session:
        return one_alley(session)


def a_job(act: Any = None, prepare: Any = None) -> Job:
    """Return a job that is due every day at noon."""
    return Job("noon", daily(lambda _: at_hour(MONDAY, "12:00").astimezone().time().replace(hour=12)), act, prepare=prepare,
               title=("Trưa", "Noon"))  # fmt: skip


def tick_with(monkeypatch: pytest.MonkeyPatch, db: Database, at: datetime, *jobs: Job, **options: Any) -> list[runs.RunLine]:
    monkeypatch.setattr(scheduler, "JOBS", jobs)
    return scheduler.tick(db, lambda: at, "one", InlineEngine(), **options)


# The heartbeat


def test_each_process_of_the_clock_has_a_row_with_its_start_its_last_tick_and_its_end(db: Database, world: World) -> None:
    ticked(db, AT, "missed", owner="first")
    ticked(db, AT + timedelta(seconds=20), "missed", owner="first")
    ticked(db, AT + timedelta(seconds=30), "missed", owner="second")
    heartbeat.end(db, "first", AT + timedelta(seconds=40))
    with db.read() as session:
        assert [(p.owner, p.started_at, p.ticked_at, p.stopped_at) for p in heartbeat.processes(session)] == [
            ("second", AT + timedelta(seconds=30), AT + timedelta(seconds=30), None),
            ("first", AT, AT + timedelta(seconds=20), AT + timedelta(seconds=40)),
        ]


def test_the_clock_stands_still_after_two_minutes_without_a_tick(db: Database, world: World) -> None:
    ticked(db, AT, "missed")
    with db.read() as session:
        assert not heartbeat.state(session, AT + timedelta(seconds=119), AT - timedelta(hours=1)).still
        assert heartbeat.state(session, AT + timedelta(seconds=120), AT - timedelta(hours=1)).still


def test_an_installation_just_started_is_given_its_first_minutes(db: Database) -> None:
    with db.read() as session:
        assert not heartbeat.state(session, AT + timedelta(seconds=179), AT).still
        assert heartbeat.state(session, AT + timedelta(seconds=180), AT).still


def test_rows_of_processes_long_gone_are_forgotten(db: Database) -> None:
    for days, owner in ((0, "old"), (9, "new")):
        ticked(db, AT + timedelta(days=days), "missed", owner=owner)
    with db.read() as session:
        assert session.scalars(select(ClockProcess.owner)).all() == ["new"]


def test_after_a_standstill_in_which_something_was_due_every_desk_is_told_once(db: Database, world: World) -> None:
    ticked(db, AT, "remind_tomorrow")
    for minutes in (500, 520):  # the reminder of 19:00 was late by then
        ticked(db, AT + timedelta(minutes=minutes), "remind_tomorrow", owner="other")
        ticked(db, AT + timedelta(minutes=minutes), "remind_tomorrow", owner="third")
    silence = told(db, NoticeKind.CLOCK_STOOD_STILL)
    assert sorted((name, facts["minutes"]) for name, facts in silence if name == "Hoa") == [("Hoa", 500)]


def test_a_database_that_takes_no_writes_is_noticed_and_a_probe_leaves_nothing(db: Database) -> None:
    assert heartbeat.can_write(db, AT)
    with db.read() as session:
        assert session.scalars(select(ClockProcess)).all() == []


def test_a_read_only_database_cannot_be_written(sqlite_db: Database) -> None:
    path = str(sqlite_db.url.database)
    closed = Database(f"sqlite:///file:{path}?mode=ro&uri=true")
    try:
        assert not heartbeat.can_write(closed, AT)
    finally:
        closed.dispose()


# Long work


def test_long_work_runs_beside_the_ticks_and_no_second_piece_is_won_meanwhile(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite_db.begin() as session:
        one_alley(session)  # two communes: two slots of each job
    began, go_on, beside = threading.Event(), threading.Event(), Beside()

    def slow(*_: object) -> dict[str, Any]:
        began.set()
        assert go_on.wait(30)
        return {}

    quick = replace(a_job(act=lambda *_: {"quick": True}), name="quick")
    try:
        done = tick_with(monkeypatch, sqlite_db, AT, a_job(prepare=slow), quick, beside=beside)
        assert began.wait(30)
        assert {line.job for line in done} == {"quick"}, "short jobs do not wait"
        tick_with(monkeypatch, sqlite_db, AT + timedelta(seconds=20), a_job(prepare=slow), quick, beside=beside)
        with sqlite_db.read() as session:
            states = session.scalars(select(JobRun.state).where(JobRun.job == "noon", JobRun.due_at == AT)).all()
        assert sorted(states) == [JobState.DUE, JobState.RUNNING]
    finally:
        go_on.set()
        beside.close()


def test_a_lease_is_renewed_while_the_work_lasts(db: Database, world: World) -> None:
    with db.begin() as session:
        runs.make_due(session, "noon", world.campaign.id, [AT])
    claim = runs.claim(db, "slow", AT)
    assert claim is not None
    later = AT + runs.LEASE - timedelta(minutes=1)
    with holding(db, claim, lambda: later, every_seconds=0.01):
        wait_until(lambda: lease_of(db) == later + runs.LEASE)
        assert runs.claim(db, "other", AT + runs.LEASE + timedelta(minutes=5)) is None
    assert runs.claim(db, "other", later + runs.LEASE + timedelta(seconds=1)) is not None
    assert not runs.renew(db, claim, later), "the slow one learns that it is not its slot any more"


def lease_of(db: Database) -> datetime | None:
    with db.read() as session:
        return session.scalars(select(JobRun.lease_until_at)).one()


def wait_until(so: Any) -> None:
    pause = threading.Event()
    for _ in range(2000):
        if so():
            return
        pause.wait(0.005)
    raise AssertionError("it never came to be so")


def test_work_that_outlived_its_lease_ends_nothing_and_notes_no_failure(db: Database, world: World) -> None:
    with db.begin() as session:
        runs.make_due(session, "noon", world.campaign.id, [AT])
    slow = runs.claim(db, "slow", AT)
    after = AT + runs.LEASE + timedelta(seconds=1)
    quick = runs.claim(db, "quick", after)
    assert slow is not None
    assert quick is not None
    with db.begin() as session:
        assert not runs.postpone(session, slow, after, "late")
    with pytest.raises(Conflict, match="lease_lost"), db.begin() as session:
        runs.finish(session, slow, after, {})
    with db.begin() as session:
        runs.finish(session, quick, after, {})


# Troubles


def test_a_job_that_keeps_failing_is_told_to_the_desk_and_can_be_tried_again(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = True

    def act(*_: object) -> dict[str, Any]:
        if broken:
            raise PlannerError("pg_dump_missing")
        return {}

    at = AT
    for _ in range(4):
        tick_with(monkeypatch, db, at, a_job(act))
        at += timedelta(minutes=10)
    failures = [facts for name, facts in told(db, NoticeKind.JOB_FAILED) if name == "Hoa"]
    assert [(facts["job"], facts["error"], facts["attempts"]) for facts in failures] == [
        ({"vi": "Trưa", "en": "Noon"}, "pg_dump_missing", 3)
    ]
    with db.read() as session:
        (trouble,) = runs.waiting(session, world.desk, at)
    assert (trouble.error, trouble.attempt) == ("pg_dump_missing", 4)
    broken = False
    with db.begin() as session:
        with pytest.raises(NotFound):
            runs.retry(session, world.stranger, trouble.id, at)
        runs.retry(session, world.desk, trouble.id, at)
    tick_with(monkeypatch, db, at, a_job(act))
    with db.read() as session:
        assert runs.waiting(session, world.desk, at) == ()
        assert session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == AuditAction.JOB_RETRIED)).all() == [
            trouble.id
        ]
    with db.begin() as session, pytest.raises(Conflict, match="job_not_waiting"):
        runs.retry(session, world.desk, trouble.id, at)


def test_at_the_last_attempt_the_desk_hears_that_it_is_given_up(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def act(*_: object) -> dict[str, Any]:
        raise PlannerError("pg_dump_missing")

    at = AT
    for number in range(runs.MOST_ATTEMPTS):
        tick_with(monkeypatch, db, at, a_job(act))
        at += runs.FIRST_PAUSE * 2**number
    failures = [facts for name, facts in told(db, NoticeKind.JOB_FAILED) if name == "Hoa"]
    assert [(facts["attempts"], facts["given_up"]) for facts in failures] == [(3, False), (runs.MOST_ATTEMPTS, True)]


def test_a_faults_words_are_in_no_log_but_its_kind_and_places_are(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A database's own message quotes the row it refuses."""

    def act(session: Session, *_: object) -> dict[str, Any]:
        session.add(Household(commune_id=-1, hamlet_id=-1, code="X-1", head_name="Nguyễn Thị Bí Mật"))
        session.flush()
        return {}

    (line, *_) = tick_with(monkeypatch, db, AT, a_job(act))
    assert line.result["error"] == "IntegrityError"
    assert "kind=IntegrityError" in caplog.text
    assert "test_running.py:" in caplog.text
    assert "Bí Mật" not in caplog.text


def test_the_overview_names_each_jobs_last_and_next_run_and_how_late_it_was(db: Database, world: World) -> None:
    ticked(db, at_hour(MONDAY, "19:07"), "remind_tomorrow")
    with db.read() as session:
        lines = {line.name: line for line in overview.overview(session, world.desk, at_hour(MONDAY, "20:00")).jobs}
    assert set(lines) == {job.name for job in JOBS}
    reminded = lines["remind_tomorrow"]
    assert reminded.last is not None
    assert reminded.last.late_by(AT) == timedelta(minutes=7)
    assert reminded.next_due_at == at_hour(MONDAY + timedelta(days=1), "19:00")
    assert lines["report_deadlines"].next_due_at == at_hour(MONDAY + timedelta(days=3), "07:00")
    assert lines["digest"].last is None


# Nightly copies


@pytest.fixture
def full(sqlite_db: Database, tmp_path: Path) -> tuple[Database, World, Path]:
    with sqlite_db.begin() as session:
        world = a_full_week(session)
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / f"{'4' * 32}.jpg").write_bytes(b"a photo")
    (tmp_path / "evidence" / f"{'5' * 32}.jpg.part").write_bytes(b"half a photo")
    return sqlite_db, world, tmp_path


def test_every_night_database_and_photos_are_copied_and_the_oldest_copies_go(full: tuple[Database, World, Path]) -> None:
    db, world, folder = full
    with db.begin() as session:
        for campaign in session.scalars(select(Campaign)):  # the copies are all communes': the most that one wants are kept
            campaign.settings = {"backups_kept": 1 if campaign.id == world.campaign.id else 2}
    for days in range(4):
        ticked(db, at_hour(MONDAY + timedelta(days=days), "02:30"), "back_up", folder=folder)
    assert [path.name for path in backups.listed(folder)] == ["2026-11-26", "2026-11-25"]
    copy = folder / "backups" / "2026-11-26"
    assert sorted(path.name for path in copy.rglob("*.*")) == [f"{'4' * 32}.jpg", "namro.sqlite3"]
    with sqlite3.connect(copy / "namro.sqlite3") as connection:
        assert connection.execute("SELECT count(*) FROM household").fetchone()[0] > 5


def test_a_night_copied_already_is_left_alone_and_what_a_crash_left_is_cleared(full: tuple[Database, World, Path]) -> None:
    db, world, folder = full
    half = folder / "backups" / "2026-11-22.x.part"
    half.mkdir(parents=True)
    first = backups.make(db, world.desk, folder, MONDAY, AT)
    again = backups.make(db, world.desk, folder, MONDAY, AT)
    assert (first.new, again.new, first.photos) == (True, False, 1)
    assert backups.keep_latest(folder, 5) == 0
    assert not half.exists()


def test_a_copy_that_cannot_be_made_is_told_with_what_to_do(
    full: tuple[Database, World, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    db, _world, folder = full
    monkeypatch.setattr(backups, "back_up", lambda *_: (_ for _ in ()).throw(PlannerError("pg_dump_missing")))
    at = at_hour(MONDAY, "02:30")
    for _ in range(3):
        ticked(db, at, "back_up", folder=folder)
        at += timedelta(minutes=10)
    assert {facts["error"] for name, facts in told(db, NoticeKind.BACKUP_FAILED) if name == "Hoa"} == {"pg_dump_missing"}
    assert list((folder / "backups").iterdir()) == []


# Many clocks under misfortune: the long form is a benchmark (docs/clock-benchmarks.md)

QUICK = ("missed", "remind_soon", "remind_tomorrow", "digest", "back_up", "expire_photos", "tidy_phones")


def test_two_clocks_that_are_killed_and_stopped_do_each_due_slot_once(tmp_path: Path) -> None:
    found = run(None, tmp_path, Plan(days=1, clocks=2, seed=3, kill=0.1, stop=0.1, outage=False, jobs=QUICK))
    assert found.sound, found
    assert found.expected > 10
    assert found.kills + found.stops > 0


def test_a_clock_that_starts_counts_what_the_program_before_it_left_uncounted(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = threading.Event()
    count = scheduler.tallies.refresh_all

    class Standing:
        """A scheduler that is told to stop before its first tick."""

        def __init__(self, **_: Any) -> None: ...

        def add_job(self, *_: Any, **__: Any) -> None: ...

        def start(self) -> None:
            assert counted.wait(60)

    def counting(*given: Any) -> int:
        try:
            return count(*given)
        finally:
            counted.set()

    monkeypatch.setattr(scheduler.tallies, "refresh_all", counting)
    monkeypatch.setattr("apscheduler.schedulers.blocking.BlockingScheduler", Standing)
    monkeypatch.setattr(scheduler.signal, "signal", lambda *_: None)
    with db.begin() as session:
        session.execute(update(household_tally).values(fresh=False))
    scheduler.run_clock(db, lambda: AT, InlineEngine())
    with db.read() as session:
        assert all(session.scalars(select(household_tally.c.fresh)))
