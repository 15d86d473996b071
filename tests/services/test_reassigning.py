"""What was missed finds another hour with the fewest changes, and each change says from whom to whom, when, and why."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import instant
from planner.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from planner.domain.vocabulary import AssignmentState, Outcome, Period, RuleKind, RunState
from planner.models import Assignment, AvailabilityChange, Database, HouseholdRule, Volunteer
from planner.services import board, planning, reassigning
from planner.services.reassigning import Changes
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.services.plans import computed, files_of, promised, published
from tests.solver.judge.check_plan import judge
from tests.worlds import World, a_running_week

TUESDAY = instant(MONDAY + timedelta(days=1), time(8, 0))  # Monday evening is over, Wednesday evening is ahead


def reassigned(db: Database, world: World, at: datetime = TUESDAY, household_ids: list[int] | None = None) -> planning.RunView:
    with db.begin() as session:
        run_id = reassigning.request(session, world.desk, MONDAY, household_ids, at, {"iterations": 40})
    run = computed(db, run_id, at)
    assert run.state is RunState.DONE, run
    return run


def changes_of(db: Database, world: World, run: planning.RunView, at: datetime = TUESDAY) -> Changes:
    with db.read() as session:
        return reassigning.changes(session, world.desk, run.week_plan_id or 0, at)


def absent(session: Session, volunteer: Volunteer, days: int, period: Period = Period.EVENING) -> None:
    session.add(
        AvailabilityChange(
            volunteer_id=volunteer.id,
            on_date=MONDAY + timedelta(days=days),
            period=period,
            available=False,
            reason="ốm",
            changed_at=NOW,
        )
    )
    session.flush()


@pytest.fixture
def world(db: Database) -> World:
    """Return a week whose Monday evening met the first household, found nobody at the second, and never got to the third."""
    with db.begin() as session:
        world = a_running_week(session)
        for household, outcome in zip(world.households[:2], (Outcome.MET, Outcome.ABSENT), strict=True):
            (assignment,) = make.assignments_of(session, household)
            make.a_visit(session, household, outcome, instant(MONDAY, time(19, 0)), assignment)
        return world


def test_only_what_was_missed_moves(db: Database, world: World) -> None:
    run = reassigned(db, world)
    changes = changes_of(db, world, run)
    assert [(c.household_id, c.reason) for c in changes.moved] == [(world.households[2].id, "missed")]
    assert (changes.kept, changes.added, changes.withdrawn, changes.unplaced) == (2, (), (), ())


def test_a_change_names_from_whom_to_whom_and_when(db: Database, world: World) -> None:
    (change,) = changes_of(db, world, reassigned(db, world)).moved
    assert change.head_name == "Lê Văn Cường"
    assert change.before is not None
    assert change.after is not None
    assert change.before.crew == ("Trần Quang Minh", "Lê Thu Nga")
    assert change.before.on_date == MONDAY
    assert len(change.after.crew) == 2
    assert change.after.on_date > MONDAY


def test_the_judge_accepts_the_files_of_a_reassignment(db: Database, world: World) -> None:
    run = reassigned(db, world)
    with db.read() as session:
        problem, plan = files_of(session, run.id)
    assert judge(problem, plan)[0] == []
    assert {slot["id"].split("_")[0] for slot in problem["slots"]} <= {"wed", "thu", "fri", "sat", "sun"}
    assert problem["max_changes"] == 1


def test_a_crew_that_keeps_its_households_keeps_its_order_and_hours(db: Database, world: World) -> None:
    """The solver would start them a minute earlier or the other way round; nobody is told new hours for that."""
    with db.begin() as session:
        session.add(
            HouseholdRule(
                campaign_id=world.campaign.id,
                household_id=world.households[2].id,
                kind=RuleKind.PIN,
                monday=MONDAY,
                on_date=MONDAY + timedelta(days=5),
                period=Period.MORNING,
                made_at=NOW,
            )
        )
        before = [(a.position, a.starts_at) for h in world.households[3:] for a in make.assignments_of(session, h)]
    run = reassigned(db, world)
    assert changes_of(db, world, run).retimed == ()
    with db.read() as session:
        drafted = {
            a.household_id: (a.position, a.starts_at)
            for a in session.scalars(select(Assignment).where(Assignment.week_plan_id == run.week_plan_id))
        }
    assert [drafted[h.id] for h in world.households[3:]] == before


def test_publishing_it_replaces_the_missed_promise_and_leaves_the_others_alone(db: Database, world: World) -> None:
    with db.read() as session:
        before = {h.id: make.assignments_of(session, h)[0].uid for h in world.households}
    done = published(db, world.desk, reassigned(db, world), TUESDAY)
    assert (done.kept, done.moved, done.withdrawn) == (2, 1, 0)
    with db.read() as session:
        old, new = make.assignments_of(session, world.households[2])
        assert (old.withdrawn_reason, new.replaces_id) == ("missed", old.id)
        after = {h.id: make.assignments_of(session, h)[0].uid for h in world.households}
        figures = board.week(session, world.desk, MONDAY, TUESDAY).figures
        assert board.missed(session, world.desk, MONDAY, TUESDAY) == ()
    assert after == before
    assert (figures.done, figures.missed, figures.planned, figures.withdrawn) == (2, 0, 3, 1)


def test_a_late_report_of_the_missed_visit_keeps_it_from_being_promised_twice(db: Database, world: World) -> None:
    run = reassigned(db, world)
    with db.begin() as session:
        (old,) = [
            a
            for a in make.assignments_of(session, world.households[2])
            if a.withdrawn_at is None and a.week_plan_id != run.week_plan_id
        ]
        visit = make.a_visit(session, world.households[2], Outcome.MET, instant(MONDAY, time(20, 0)), old)
        visit.received_at = TUESDAY + timedelta(minutes=5)
    done = published(db, world.desk, run, TUESDAY + timedelta(minutes=10))
    assert done.dropped == {"visited_meanwhile": 1}
    with db.read() as session:
        assert board.week(session, world.desk, MONDAY, TUESDAY).figures.done == 3


def test_when_a_member_falls_ill_the_crew_s_visits_find_another_crew(db: Database, world: World) -> None:
    with db.begin() as session:
        absent(session, world.volunteers[2], 2)
    with db.read() as session:
        rows = board.missed(session, world.desk, MONDAY, TUESDAY)
    assert {(row.household_id, row.why, row.absent) for row in rows} == {
        (world.households[2].id, "shift_over", ()),
        (world.households[3].id, "member_absent", ("Phạm Văn Hải",)),
        (world.households[4].id, "member_absent", ("Phạm Văn Hải",)),
    }
    run = reassigned(db, world)
    changes = changes_of(db, world, run)
    assert {(c.household_id, c.reason) for c in changes.moved} == {
        (world.households[2].id, "missed"),
        (world.households[3].id, "member_absent"),
        (world.households[4].id, "member_absent"),
    }
    with db.read() as session:
        crews = {crew for slot, crew in promised(session, run.week_plan_id or 0).values() if slot == "Wed_T"}
    assert all(world.volunteers[2].id not in crew for crew in crews)


def test_what_finds_no_place_is_told_with_its_reason(db: Database, world: World) -> None:
    with db.begin() as session:
        for volunteer in world.volunteers:
            for days, period in ((2, Period.EVENING), (5, Period.MORNING)):
                absent(session, volunteer, days, period)
    changes = changes_of(db, world, reassigned(db, world))
    assert changes.moved == ()
    assert {(u.household_id, u.reason) for u in changes.unplaced} == {(h.id, "nobody_available") for h in world.households[2:]}
    assert {(c.household_id, c.reason) for c in changes.withdrawn} == {(h.id, "member_absent") for h in world.households[3:]}
    unplaced = {u.household_id: u for u in changes.unplaced}
    assert unplaced[world.households[2].id].before is not None


def test_a_missed_promise_nothing_makes_up_for_stays_missed(db: Database, world: World) -> None:
    with db.begin() as session:
        for volunteer in world.volunteers:
            for days, period in ((2, Period.EVENING), (5, Period.MORNING)):
                absent(session, volunteer, days, period)
    published(db, world.desk, reassigned(db, world), TUESDAY)
    with db.read() as session:
        rows = board.missed(session, world.desk, MONDAY, TUESDAY)
    assert [row.household_id for row in rows] == [world.households[2].id]


def test_some_of_the_missed_can_be_chosen(db: Database, world: World) -> None:
    with db.begin() as session:
        absent(session, world.volunteers[0], 0)
    run = reassigned(db, world, household_ids=[world.households[2].id])
    assert run.parameters["household_ids"] == [world.households[2].id]


def test_there_must_be_something_to_reassign(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        for wrong, code in (((MONDAY, None), "nothing_missed"), ((MONDAY + timedelta(days=7), None), "week_not_published")):
            with pytest.raises(Conflict) as refused:
                reassigning.request(session, world.desk, *wrong, NOW)
            assert refused.value.code == code
        with pytest.raises(InvalidInput, match="nothing_chosen"):
            reassigning.request(session, world.desk, MONDAY, [], NOW)


def test_nobody_reassigns_another_commune_s_households(db: Database, world: World) -> None:
    with db.begin() as session:
        foreign = session.scalars(make.select(make.Household).where(make.Household.head_name == "Hoàng Văn Xa")).one()
        with pytest.raises(NotFound):
            reassigning.request(session, world.desk, MONDAY, [foreign.id], TUESDAY)
        with pytest.raises(NotAllowed):
            reassigning.request(session, world.volunteer, MONDAY, None, TUESDAY)


def test_a_reassignment_looked_at_too_late_says_that_it_is_outdated(db: Database, world: World) -> None:
    run = reassigned(db, world)
    assert not changes_of(db, world, run).outdated
    too_late: Any = instant(MONDAY + timedelta(days=6), time(23, 0))
    assert changes_of(db, world, run, too_late).outdated


def test_the_state_of_a_replaced_promise_is_withdrawn_and_a_late_visit_for_it_still_counts(db: Database, world: World) -> None:
    published(db, world.desk, reassigned(db, world), TUESDAY)
    with db.begin() as session:
        old, _new = make.assignments_of(session, world.households[2])
        make.a_visit(session, world.households[2], Outcome.MET, instant(MONDAY, time(20, 0)), old)
    with db.read() as session:
        rows = board.five_clear(session, world.desk, MONDAY, board.BoardFilter(state=AssignmentState.DONE), 1, TUESDAY)
    assert old.uid in {row.assignment_uid for row in rows.rows}


def test_nobody_loses_a_promised_visit_for_the_sake_of_a_missed_one(db: Database) -> None:
    """Wednesday's one crew has half an hour, its list ten minutes more: enough for two visits, not for a third worth more."""
    with db.begin() as session:
        world = a_running_week(session)
        session.get_one(make.Campaign, world.campaign.id).settings = {
            "periods": {"T": ["18:30", "19:00"]},
            "expected_lengths": False,
            "group_weight": {"2": 50},
        }
        missed = world.households[2]
        for volunteer in world.volunteers[:2]:
            absent(session, volunteer, 2)
        for volunteer in world.volunteers:
            absent(session, volunteer, 5, Period.MORNING)
    run = reassigned(db, world, household_ids=[missed.id])
    changes = changes_of(db, world, run)
    assert (changes.kept, changes.moved, changes.withdrawn) == (2, (), ())
    assert [u.household_id for u in changes.unplaced] == [missed.id]
    assert changes.unplaced[0].reason == "displaced"


def test_who_makes_room_for_a_missed_household_is_not_put_off_for_it(db: Database) -> None:
    """Wednesday's list has room for a third visit, though with it its crew may well be late."""
    with db.begin() as session:
        world = a_running_week(session)
        session.get_one(make.Campaign, world.campaign.id).settings = {
            "periods": {"T": ["18:30", "19:10"]},
            "expected_lengths": False,
        }
        for volunteer in world.volunteers[:2]:
            absent(session, volunteer, 2)
        for volunteer in world.volunteers:
            absent(session, volunteer, 5, Period.MORNING)
    run = reassigned(db, world, household_ids=[world.households[2].id])
    with db.read() as session:
        rows = session.scalars(select(Assignment).where(Assignment.week_plan_id == run.week_plan_id)).all()
        ahead = {row.household_id: row.reserve for row in rows if row.withdrawn_at is None}
    assert {household.id: False for household in world.households[2:5]}.items() <= ahead.items()


def test_a_promise_is_worth_more_to_the_solver_than_two_visits_to_the_missed(db: Database, world: World) -> None:
    run = reassigned(db, world)
    with db.read() as session:
        problem, _ = files_of(session, run.id)
    best = {house["id"]: max(house["reward"].values()) for house in problem["households"]}
    least = {house["id"]: min(house["reward"].values()) for house in problem["households"]}
    promised_ids = {visit["household"] for visit in problem["base"]["visits"]}
    assert promised_ids == {f"h{household.id}" for household in world.households[3:]}
    missed = f"h{world.households[2].id}"
    assert all(least[promised_id] > 2 * best[missed] for promised_id in promised_ids)
