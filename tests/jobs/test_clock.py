"""The clock: what is due is written down once, done once, and never lost or blocked."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from planner.domain.calendar import instant
from planner.domain.errors import Conflict
from planner.domain.notices import NoticeKind
from planner.domain.vocabulary import AuditAction, JobState, RunState, WeekState
from planner.jobs import JOBS, runs, scheduler
from planner.models import AuditEntry, Campaign, Database, JobRun, PlanRun, WeekPlan
from tests import builders as make
from tests.jobs.clockwork import told
from tests.worlds import a_running_week, one_alley

MONDAY = make.MONDAY
EVENING_OVER = instant(MONDAY, datetime.min.time()) + timedelta(hours=23)  # 21:00 and two hours of grace


def ticked(db: Database, at: datetime, owner: str = "one") -> dict[str, list[runs.RunLine]]:
    """Tick at an instant; return what was done by job."""
    done: dict[str, list[runs.RunLine]] = {}
    for line in scheduler.tick(db, lambda: at, owner):
        done.setdefault(line.job, []).append(line)
    return done


def acted(lines: list[runs.RunLine]) -> list[runs.RunLine]:
    return [line for line in lines if "merged_into" not in line.result]


@pytest.fixture(autouse=True)
def a_few_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave only jobs that are quick: most of this is about the clock itself. Each job has its tests in `test_jobs`."""
    monkeypatch.setattr(scheduler, "JOBS", tuple(job for job in JOBS if job.name in ("close_week", "missed", "digest")))


def test_a_shift_that_ended_without_visits_is_found_missed_after_its_grace(db: Database) -> None:
    with db.begin() as session:
        a_running_week(session)
    before = ticked(db, EVENING_OVER - timedelta(minutes=1))
    assert all(line.result.get("missed", 0) == 0 for line in before["missed"])
    found = acted(ticked(db, EVENING_OVER)["missed"])
    assert sorted(line.result["missed"] for line in found) == [0, 3]  # nothing in the other commune
    with db.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.MISSED_FOUND)).all()
    assert [(e.actor, e.after) for e in entries] == [("job:missed", {"monday": MONDAY.isoformat(), "missed": 3})]


def test_a_due_slot_is_done_once_however_often_the_clock_ticks(db: Database) -> None:
    with db.begin() as session:
        a_running_week(session)
    assert ticked(db, EVENING_OVER)
    assert ticked(db, EVENING_OVER + timedelta(seconds=20)) == {}


def test_two_clocks_never_do_the_same_slot(db: Database) -> None:
    with db.begin() as session:
        a_running_week(session)
    start, done = threading.Barrier(3), []

    def one_clock(owner: str) -> None:
        start.wait()
        done.extend(scheduler.tick(db, lambda: EVENING_OVER, owner))

    clocks = [threading.Thread(target=one_clock, args=(name,)) for name in ("first", "second", "third")]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    slots = [(line.job, line.campaign_id, line.due_at) for line in done]
    assert len(slots) == len(set(slots)) > 0
    with db.read() as session:
        rows = session.scalars(select(JobRun)).all()
        missed = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.MISSED_FOUND)).all()
    assert {row.state for row in rows} == {JobState.DONE}
    assert len(missed) == 1


def test_after_an_outage_the_latest_slot_does_what_all_would(db: Database) -> None:
    with db.begin() as session:
        a_running_week(session)
    lines = ticked(db, EVENING_OVER + timedelta(days=2, hours=1))["missed"]
    with db.read() as session:
        slots = session.scalars(select(JobRun).where(JobRun.job == "missed", JobRun.campaign_id == lines[0].campaign_id)).all()
    assert len(slots) > 3
    assert {slot.state for slot in slots} == {JobState.DONE}
    (acting,) = [slot for slot in slots if "merged_into" not in slot.result]
    assert acting.due_at == max(slot.due_at for slot in slots)


def test_a_raising_job_waits_longer_each_time_and_blocks_nobody(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.begin() as session:
        a_running_week(session)

    def broken(*_: object) -> dict[str, object]:
        raise ZeroDivisionError

    missed = next(job for job in JOBS if job.name == "missed")
    close = next(job for job in JOBS if job.name == "close_week")
    monkeypatch.setattr(scheduler, "JOBS", (replace(missed, act=broken), close))
    at = EVENING_OVER + timedelta(days=7)
    done = ticked(db, at)
    assert {line.result["error"] for line in acted(done["missed"])} == {"ZeroDivisionError"}
    assert acted(done["close_week"])
    again = ticked(db, at + runs.FIRST_PAUSE - timedelta(seconds=1))
    assert "missed" not in again
    retried = acted(ticked(db, at + runs.FIRST_PAUSE)["missed"])
    assert {line.attempt for line in retried} == {2}
    assert "missed" not in ticked(db, at + 2 * runs.FIRST_PAUSE), "the second pause is twice the first"


def test_a_slot_is_given_up_after_its_last_attempt(db: Database) -> None:
    with db.begin() as session:
        campaign = one_alley(session).campaign
        runs.make_due(session, "missed", campaign.id, [make.NOW])
    at = make.NOW
    for attempt in range(1, runs.MOST_ATTEMPTS + 1):
        claim = runs.claim(db, "one", at)
        assert claim is not None
        assert claim.attempt == attempt
        with db.begin() as session:
            runs.postpone(session, claim, at, "broken")
        at += runs.LONGEST_PAUSE
    assert runs.claim(db, "one", at) is None
    with db.read() as session:
        assert session.scalars(select(JobRun.state)).all() == [JobState.FAILED]


def test_a_slot_that_kills_its_process_each_time_is_given_up_and_told(db: Database) -> None:
    with db.begin() as session:
        campaign = one_alley(session).campaign
        runs.make_due(session, "missed", campaign.id, [make.NOW])
    at = make.NOW
    for _ in range(runs.MOST_ATTEMPTS):
        assert runs.claim(db, "killed", at) is not None
        at += runs.LEASE + timedelta(seconds=1)
    assert runs.claim(db, "killed", at) is None
    ticked(db, at)
    with db.read() as session:
        row = session.scalars(select(JobRun).where(JobRun.due_at == make.NOW, JobRun.campaign_id == campaign.id)).one()
    assert (row.state, row.result) == (JobState.FAILED, {"error": "job_cut_short"})
    assert [(name, facts["given_up"]) for name, facts in told(db, NoticeKind.JOB_FAILED)] == [("Hoa", True)]


def test_a_slot_tried_again_by_hand_very_often_still_waits_the_longest_pause(db: Database) -> None:
    with db.begin() as session:
        campaign = one_alley(session).campaign
        runs.make_due(session, "missed", campaign.id, [make.NOW])
        session.execute(update(JobRun).values(attempt=60))
    claim = runs.claim(db, "one", make.NOW)
    assert claim is not None
    with db.begin() as session:
        assert runs.postpone(session, claim, make.NOW, "broken")
    with db.read() as session:
        assert session.scalars(select(JobRun.not_before_at)).one() == make.NOW + runs.LONGEST_PAUSE


def test_a_crashed_clocks_slot_is_taken_over_when_its_lease_has_run_out(db: Database) -> None:
    with db.begin() as session:
        campaign = one_alley(session).campaign
        runs.make_due(session, "missed", campaign.id, [make.NOW])
    crashed = runs.claim(db, "crashed", make.NOW)
    assert crashed is not None
    assert runs.claim(db, "other", make.NOW + runs.LEASE) is None
    taken_over = runs.claim(db, "other", make.NOW + runs.LEASE + timedelta(seconds=1))
    assert taken_over is not None
    with db.begin() as session:
        runs.finish(session, taken_over, make.NOW, {})
    # The one given up for dead wakes up: what it did meanwhile is rolled back with its end.
    with pytest.raises(Conflict) as refused:
        rename_and_finish(db, campaign.id, crashed)
    assert refused.value.code == "lease_lost"
    with db.read() as session:
        assert session.get_one(Campaign, campaign.id).name != "đã đổi"


def rename_and_finish(db: Database, campaign_id: int, claim: runs.Claim) -> None:
    with db.begin() as session:
        session.get_one(Campaign, campaign_id).name = "đã đổi"
        runs.finish(session, claim, make.NOW, {})


def test_early_on_monday_the_past_week_is_closed_and_its_drafts_are_dropped(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        make.a_published_week(session, [], world.campaign, state=WeekState.DRAFT)
    ticked(db, instant(MONDAY, datetime.min.time()) + timedelta(days=7, hours=1, minutes=59))
    assert states_of_weeks(db) == [WeekState.PUBLISHED, WeekState.DRAFT]
    ticked(db, instant(MONDAY, datetime.min.time()) + timedelta(days=7, hours=2))
    assert states_of_weeks(db) == [WeekState.CLOSED, WeekState.DISCARDED]


def states_of_weeks(db: Database) -> list[WeekState]:
    with db.read() as session:
        return list(session.scalars(select(WeekPlan.state).order_by(WeekPlan.id)))


def test_nothing_is_due_outside_the_campaigns_days(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        campaign = world.campaign
    assert ticked(db, instant(campaign.starts_on, datetime.min.time())) == {}
    assert ticked(db, instant(campaign.ends_on, datetime.min.time()) + timedelta(days=300)) == {}


def test_on_saturday_the_next_week_is_drafted_by_itself(sqlite_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "JOBS", tuple(job for job in JOBS if job.name == "draft_next_week"))
    with sqlite_db.begin() as session:
        world = one_alley(session)
        world.campaign.settings = {"solver_seconds": 1}
        session.merge(world.campaign)
    saturday = instant(MONDAY, datetime.min.time()) + timedelta(days=5, hours=7)
    done = acted(ticked(sqlite_db, saturday)["draft_next_week"])
    mine = next(line for line in done if line.campaign_id == world.campaign.id)
    assert mine.result["monday"] == (MONDAY + timedelta(days=7)).isoformat()
    with sqlite_db.read() as session:
        run = session.get_one(PlanRun, mine.result["plan_run"])
        assert run.state is RunState.DONE, run.error_code
        draft = session.get_one(WeekPlan, run.week_plan_id)
        assert (draft.state, draft.monday) == (WeekState.DRAFT, MONDAY + timedelta(days=7))


def test_a_week_that_is_planned_already_is_left_alone(db: Database) -> None:
    from planner.jobs import draft_next_week
    from planner.services import campaigns
    from planner.services.actors import Actor

    with db.begin() as session:
        world = a_running_week(session)
        view = campaigns.view(session.get_one(Campaign, world.campaign.id))
        saturday = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
        result = draft_next_week.act(session, Actor.for_job(world.commune.id, "draft_next_week"), view, saturday, saturday)
    assert result == {"monday": MONDAY.isoformat(), "skipped": "already_planned"}
