"""What a crew sees: its own shifts, visits in order, the five clears of each; and nothing of anyone else."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from planner.domain.errors import NotAllowed, NotFound
from planner.domain.fiveclear import render_five_clear
from planner.domain.vocabulary import AssignmentState, NeedResult, NeedState, Outcome, Role, WeekState
from planner.models import Database
from planner.services import fields, outcomes
from planner.services.actors import Actor
from planner.services.outcomes import ResultLine, VisitForm
from tests import builders as make
from tests import worlds
from tests.builders import MONDAY, NOW

DOOR = datetime(2026, 11, 23, 11, 45, tzinfo=UTC)


def report(world: worlds.World, index: int, outcome: Outcome, *results: ResultLine, uid: str | None = None) -> VisitForm:
    return VisitForm(str(uuid.uuid4()), world.households[index].id, outcome, DOOR, uid, results)


def test_my_week_is_my_shifts_with_crew_and_visits_in_order(db: Database) -> None:
    with db.begin() as session:
        world = worlds.a_running_week(session)
    with db.read() as session:
        week = fields.my_week(session, world.volunteer, MONDAY, NOW)
        (shift,) = week.shifts
        assert [m.name for m in shift.crew] == ["Trần Quang Minh", "Lê Thu Nga"]
        assert shift.crew[1].phone == "0900000002"
        assert shift.hamlet == "Ấp 1"
        assert [(v.position, v.head_name, v.state) for v in shift.visits] == [
            (1, "Nguyễn Văn An", AssignmentState.PLANNED),
            (2, "Trần Thị Bình", AssignmentState.PLANNED),
            (3, "Lê Văn Cường", AssignmentState.PLANNED),
        ]


def test_a_visit_tells_whom_to_meet_and_what_may_come_of_it(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        child = make.a_resident(session, world.households[2], "Lê Bé Ba", "na", "2019")
        session.flush()
        stop = fields.my_visit(session, world.volunteer, make.assignments_of(session, world.households[2])[0].uid, NOW)
        (person,) = stop.residents
        assert person.name == "Lê Văn Cường"
        assert child.id not in {r.id for r in stop.residents}  # nothing to do for them: not shown
        (need,) = person.needs
        assert (need.code, need.service("vi")) == ("register", "Đăng ký tài khoản định danh mức 2")
        assert NeedResult.DONE not in need.results
        clears = render_five_clear(stop.five_clear, "vi")
        assert [c.label for c in clears] == ["Rõ người", "Rõ việc", "Rõ tiến độ", "Rõ kết quả", "Rõ trách nhiệm"]
        assert all(c.text for c in clears)


def test_after_its_record_a_visit_shows_it_and_what_was_reported_can_still_be_corrected(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[1]
        uid = make.assignments_of(session, household)[0].uid
        activate = make.needs_of(session, household)["activate"].id
        outcomes.record_visit(
            session, world.volunteer, report(world, 1, Outcome.MET, ResultLine(activate, NeedResult.DONE), uid=uid), DOOR
        )
        stop = fields.my_visit(session, world.volunteer, uid, DOOR + timedelta(minutes=5))
        assert stop.state is AssignmentState.DONE
        assert stop.visit is not None
        assert stop.visit.outcome is Outcome.MET
        assert stop.can_correct
        assert [(n.id, n.state) for r in stop.residents for n in r.needs] == [(activate, NeedState.DONE)]


def test_only_who_wrote_it_or_the_desk_may_correct_and_a_refusal_only_the_desk(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        nga = Actor.of_user(make.a_user(session, world.commune, Role.VOLUNTEER, "Nga", world.volunteers[1]))
        uids = [make.assignments_of(session, h)[0].uid for h in world.households[:2]]
        outcomes.record_visit(session, world.volunteer, report(world, 0, Outcome.ABSENT, uid=uids[0]), DOOR)
        outcomes.record_visit(session, world.volunteer, report(world, 1, Outcome.REFUSED, uid=uids[1]), DOOR)
        may = {
            (actor.name, number): fields.my_visit(session, actor, uid, DOOR).can_correct
            for actor in (world.volunteer, nga, world.desk)
            for number, uid in enumerate(uids)
        }
        assert may == {
            ("Minh", 0): True, ("Minh", 1): False, ("Nga", 0): False, ("Nga", 1): False, ("Hoa", 0): True, ("Hoa", 1): True,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (NOW, AssignmentState.PLANNED),
        (DOOR, AssignmentState.DUE),
        (datetime(2026, 11, 23, 15, 59, tzinfo=UTC), AssignmentState.DUE),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), AssignmentState.MISSED),  # 21:00 and two hours of grace
    ],
)
def test_the_state_follows_the_clock(sqlite_db: Database, at: datetime, state: AssignmentState) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        week = fields.my_week(session, world.volunteer, MONDAY, at)
        assert {v.state for s in week.shifts for v in s.visits} == {state}


def test_the_other_crews_visits_are_not_mine(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        foreign = make.assignments_of(session, world.households[3])[0].uid
        for actor in (world.volunteer, world.stranger):
            with pytest.raises(NotFound):
                fields.my_visit(session, actor, foreign, NOW)
        assert fields.my_visit(session, world.desk, foreign, NOW).head_name == "Phạm Thị Dung"


def test_a_withdrawn_visit_is_off_the_list_unless_it_was_made(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        made, gone = (make.assignments_of(session, h)[0] for h in world.households[:2])
        outcomes.record_visit(session, world.volunteer, report(world, 0, Outcome.ABSENT, uid=made.uid), DOOR)
        for row in (made, gone):
            row.withdrawn_at, row.withdrawn_reason = DOOR, "reassigned"
        session.flush()
        (shift,) = fields.my_week(session, world.volunteer, MONDAY, DOOR).shifts
        assert [v.head_name for v in shift.visits] == ["Nguyễn Văn An", "Lê Văn Cường"]
        assert shift.visits[0].state is AssignmentState.DONE


@pytest.mark.parametrize("state", [WeekState.DRAFT, WeekState.SUPERSEDED, WeekState.CLOSED, WeekState.DISCARDED])
def test_only_the_week_in_force_is_shown(sqlite_db: Database, state: WeekState) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        assert world.week is not None
        world.week.state = state
        session.flush()
        assert fields.my_week(session, world.volunteer, MONDAY, NOW).shifts == ()


def test_a_leader_opens_the_hamlets_visits_but_my_week_is_their_own(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        leader = Actor.of_user(make.a_user(session, world.commune, Role.LEADER, "Yến", world.volunteers[3]))
        monday_visit = make.assignments_of(session, world.households[0])[0].uid
        assert fields.my_visit(session, leader, monday_visit, NOW).head_name == "Nguyễn Văn An"
        (shift,) = fields.my_week(session, leader, MONDAY, NOW).shifts
        assert [v.head_name for v in shift.visits] == ["Phạm Thị Dung", "Đỗ Văn Đức"]


def test_the_desk_has_no_week_of_its_own(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        with pytest.raises(NotAllowed):
            fields.my_week(session, world.desk, MONDAY, NOW)


def test_a_long_list_takes_no_more_queries_than_a_short_one(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        many = [make.a_household(session, world.hamlet, f"Lê Văn {n}", 1) for n in range(12)]
        make.a_published_week(session, [("mon_T", world.volunteers[:2], many[:2])], world.campaign)
        make.a_published_week(session, [("mon_T", world.volunteers[:2], many)], world.campaign, MONDAY + timedelta(days=7))
    asked: list[str] = []
    event.listen(sqlite_db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = []
    with sqlite_db.read() as session:
        fields.my_week(session, world.volunteer, MONDAY, NOW)
    for monday in (MONDAY, MONDAY + timedelta(days=7)):
        asked.clear()
        with sqlite_db.read() as session:
            fields.my_week(session, world.volunteer, monday, NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1] < 40
