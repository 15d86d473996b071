"""Who is told what when a week is published or changed, someone cannot come, a draft is ready or failed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from planner.domain.notices import NoticeKind
from planner.domain.vocabulary import Period, Role, RunState, WeekState
from planner.models import Database, Notice, PlanRun, Shift, User
from planner.services import planning, publishing, volunteers
from planner.services.planning import lifecycle
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.services.plans import drafted
from tests.worlds import World, a_running_week, one_alley

_K = NoticeKind


def told(db: Database) -> list[tuple[str, NoticeKind, dict[str, Any]]]:
    with db.read() as session:
        rows = session.execute(select(User.name, Notice.kind, Notice.facts).join(User, User.id == Notice.recipient_id))
        return sorted(((name, kind, facts) for name, kind, facts in rows), key=lambda row: (row[0], row[1]))


def kinds(db: Database) -> list[tuple[str, NoticeKind]]:
    return [(name, kind) for name, kind, _ in told(db)]


def everyone_signs_in(db: Database, world: World) -> None:
    with db.begin() as session:
        for name, volunteer in zip(("Nga", "Hải", "Yến"), world.volunteers[1:], strict=True):
            make.a_user(session, world.commune, Role.VOLUNTEER, name, volunteer)


@pytest.fixture
def world(db: Database) -> World:
    with db.begin() as session:
        world = a_running_week(session)
    everyone_signs_in(db, world)
    return world


def publish(db: Database, world: World, week_plan_id: int, base: Any = None) -> None:
    with db.begin() as session:
        draft = planning.drafts(session, world.desk, MONDAY)[0]
        assert draft.id == week_plan_id
        publishing.publish(session, world.desk, draft.id, draft.version, base.version if base else None, NOW)


def a_draft(db: Database, world: World, shifts: Any, base: bool = True) -> int:
    with db.begin() as session:
        draft = make.a_published_week(session, shifts, world.campaign, state=WeekState.DRAFT)
        if base:
            draft.base_id, draft.base_version = world.week.id, world.week.version
        session.flush()
        return draft.id


def test_a_week_published_first_tells_each_of_their_own_shifts(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
    everyone_signs_in(db, world)
    minh, nga = world.volunteers[:2]
    both = [("mon_T", [minh, nga], world.households[:2]), ("sat_S", [minh, nga], world.households[2:])]
    publish(db, world, a_draft(db, world, both, base=False))
    assert kinds(db) == [("Minh", _K.WEEK_PUBLISHED), ("Nga", _K.WEEK_PUBLISHED)]
    slots = [{"on_date": "2026-11-23", "period": "T"}, {"on_date": "2026-11-28", "period": "S"}]
    assert told(db)[0][2] == {"monday": "2026-11-23", "shifts": 2, "slots": slots}


def test_a_week_published_again_tells_only_those_for_whom_something_is_new(db: Database, world: World) -> None:
    minh, nga, hai, yen = world.volunteers
    moved = [
        ("mon_T", [minh, nga], world.households[:3]),
        ("wed_T", [hai, yen], world.households[3:4]),
        ("sat_S", [hai, nga], world.households[4:]),
    ]
    publish(db, world, a_draft(db, world, moved), world.week)
    assert kinds(db) == [("Hải", _K.SHIFT_CHANGED), ("Nga", _K.SHIFT_CHANGED), ("Yến", _K.SHIFT_CHANGED)]
    wednesday, saturday = {"on_date": "2026-11-25", "period": "T"}, {"on_date": "2026-11-28", "period": "S"}
    facts = {name: facts for name, _, facts in told(db)}
    assert (facts["Nga"]["added"], facts["Nga"]["changed"], facts["Nga"]["removed"]) == ([saturday], [], [])
    assert (facts["Yến"]["added"], facts["Yến"]["changed"]) == ([], [wednesday])
    assert (facts["Hải"]["added"], facts["Hải"]["changed"]) == ([saturday], [wednesday])


def test_who_has_no_shift_any_more_is_told(db: Database, world: World) -> None:
    publish(db, world, a_draft(db, world, [("mon_T", world.volunteers[:2], world.households[:3])]), world.week)
    assert kinds(db) == [("Hải", _K.SHIFT_CHANGED), ("Yến", _K.SHIFT_CHANGED)]
    assert told(db)[0][2]["removed"] == [{"on_date": "2026-11-25", "period": "T"}]


def test_a_companion_who_cannot_come_is_told_to_the_crew_and_the_desk_without_the_reason(db: Database, world: World) -> None:
    with db.begin() as session:
        volunteers.mark_absent(session, world.volunteer, world.volunteers[0].id, MONDAY, Period.EVENING, "ốm", NOW)
    assert kinds(db) == [("Hoa", _K.MEMBER_CANNOT_COME), ("Nga", _K.MEMBER_CANNOT_COME)]
    assert told(db)[0][2] == {
        "volunteer": "Trần Quang Minh", "on_date": "2026-11-23", "period": "T", "hamlet": "Ấp 1", "households": 3,
        "shift_id": shift_of(db),
    }  # fmt: skip


def shift_of(db: Database) -> int:
    with db.read() as session:
        return session.scalars(select(Shift.id).order_by(Shift.id)).first() or 0


def test_saying_twice_that_one_cannot_come_tells_once_and_coming_after_all_tells_too(db: Database, world: World) -> None:
    minh = world.volunteers[0].id
    for minutes in (0, 5):
        with db.begin() as session:
            at = NOW + timedelta(minutes=minutes)
            volunteers.mark_absent(session, world.volunteer, minh, MONDAY, Period.EVENING, "", at)
    assert len(told(db)) == 2
    with db.begin() as session:
        volunteers.mark_present(session, world.volunteer, minh, MONDAY, Period.EVENING, NOW + timedelta(minutes=9))
    assert [kind for name, kind in kinds(db) if name == "Nga"] == [_K.MEMBER_CANNOT_COME, _K.MEMBER_COMES]


def test_the_desk_that_marks_someone_absent_does_not_tell_itself(db: Database, world: World) -> None:
    with db.begin() as session:
        volunteers.mark_absent(session, world.desk, world.volunteers[0].id, MONDAY, None, "", NOW)
    assert kinds(db) == [("Nga", _K.MEMBER_CANNOT_COME)]


def test_an_absence_without_a_shift_is_nobodys_news(db: Database, world: World) -> None:
    with db.begin() as session:
        volunteers.mark_absent(session, world.volunteer, world.volunteers[0].id, MONDAY, Period.MORNING, "", NOW)
    assert told(db) == []


def a_run(db: Database, world: World, by: User | None) -> int:
    with db.begin() as session:
        run = PlanRun(
            campaign_id=world.campaign.id, monday=MONDAY, kind="draft", state=RunState.RUNNING, requested_at=NOW, alive_at=NOW,
            requested_by_id=by.id if by else None,
        )  # fmt: skip
        session.add(run)
        session.flush()
        return run.id


def test_a_run_that_failed_is_told_to_who_asked_for_it(db: Database, world: World) -> None:
    with db.begin() as session:
        make.a_user(session, world.commune, Role.DESK, "Trực khác")
    run_id = a_run(db, world, world.hoa)
    assert lifecycle.end(db, run_id, RunState.FAILED, NOW, error_code="run_failed", error_facts={"error": "MemoryError"})
    assert not lifecycle.end(db, run_id, RunState.FAILED, NOW)
    assert told(db) == [
        (
            "Hoa",
            _K.DRAFT_FAILED,
            {"monday": "2026-11-23", "run_id": run_id, "error": "run_failed", "error_facts": {"error": "MemoryError"}},
        )
    ]


def test_a_run_that_got_lost_is_told_to_the_desk_where_the_clock_had_asked(db: Database, world: World) -> None:
    a_run(db, world, None)
    assert lifecycle.sweep(db, NOW + lifecycle.SILENT_AFTER + timedelta(seconds=1)) == 1
    assert [(name, kind, facts["error"]) for name, kind, facts in told(db)] == [("Hoa", _K.DRAFT_FAILED, "run_lost")]


def test_a_draft_that_is_ready_is_told_to_who_asked_for_it(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = one_alley(session)
        make.a_user(session, world.commune, Role.DESK, "Trực khác")
    drafted(sqlite_db, world.desk)
    ((name, kind, facts),) = told(sqlite_db)
    assert (name, kind, facts["visits"]) == ("Hoa", _K.DRAFT_READY, 5)
    assert facts["shifts"] > 0


def test_a_run_that_was_cancelled_is_nobodys_news(db: Database, world: World) -> None:
    assert lifecycle.end(db, a_run(db, world, world.hoa), RunState.CANCELLED, NOW)
    assert told(db) == []
