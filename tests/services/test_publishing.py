"""Publishing puts a draft in force as a whole, keeps what did not change, and never goes over another planner's head."""

from __future__ import annotations

import threading
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from planner.domain.calendar import instant
from planner.domain.errors import Conflict, NotAllowed, NotFound
from planner.domain.vocabulary import AuditAction, Outcome, Period, RuleKind, WeekState
from planner.models import Assignment, AuditEntry, ContactStop, Database, Shift, WeekPlan
from planner.services import differences, outcomes, planning, publishing
from planner.services.planning import RuleForm
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.services.plans import drafted, promised, published
from tests.worlds import World, a_running_week, one_alley

MONDAY_EVENING = instant(MONDAY, time(18, 30))


@pytest.fixture
def world(db: Database) -> World:
    with db.begin() as session:
        return one_alley(session)


def uids(db: Database, week_plan_id: int) -> dict[int, str]:
    with db.read() as session:
        rows = session.execute(
            select(Assignment.household_id, Assignment.uid).where(
                Assignment.week_plan_id == week_plan_id, Assignment.withdrawn_at.is_(None)
            )
        )
        return {row.household_id: row.uid for row in rows}


def pinned_to_saturday(db: Database, world: World, index: int = 0) -> None:
    with db.begin() as session:
        form = RuleForm(world.households[index].id, RuleKind.PIN, MONDAY, MONDAY + timedelta(days=5), Period.MORNING)
        planning.add_rule(session, world.desk, form, NOW)


def test_the_first_publication_puts_every_promise_in_force(db: Database, world: World) -> None:
    done = published(db, world.desk, drafted(db, world.desk))
    assert (done.revision, done.added, done.kept, done.moved, done.withdrawn) == (1, 5, 0, 0, 0)
    with db.read() as session:
        week = session.get_one(WeekPlan, done.week_plan_id)
        assert (week.state, week.published_by_id) == (WeekState.PUBLISHED, world.hoa.id)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.WEEK_PUBLISHED)).one()
    assert entry.after is not None
    assert entry.after["assignments"] == 5


def test_unchanged_promises_keep_their_row_and_uid(db: Database, world: World) -> None:
    first = published(db, world.desk, drafted(db, world.desk))
    before = uids(db, first.week_plan_id)
    second = published(db, world.desk, drafted(db, world.desk))
    assert uids(db, second.week_plan_id) == before
    assert (second.kept, second.moved, second.added, second.withdrawn) == (5, 0, 0, 0)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Assignment)) == 5
        states = session.scalars(select(WeekPlan.state).order_by(WeekPlan.revision)).all()
    assert list(states) == [WeekState.SUPERSEDED, WeekState.PUBLISHED]


def test_a_moved_promise_is_withdrawn_with_its_reason_and_replaced_by_one_that_points_back(db: Database, world: World) -> None:
    first = published(db, world.desk, drafted(db, world.desk))
    old_uid = uids(db, first.week_plan_id)[world.households[0].id]
    pinned_to_saturday(db, world)
    second = published(db, world.desk, drafted(db, world.desk))
    assert (second.kept, second.moved) == (4, 1)
    with db.read() as session:
        old, new = make.assignments_of(session, world.households[0])
    assert (old.uid, old.withdrawn_at, old.withdrawn_reason) == (old_uid, NOW, "rule")
    assert (new.replaces_id, new.withdrawn_at, new.week_plan_id) == (old.id, None, second.week_plan_id)


def test_the_difference_is_what_publishing_then_does(db: Database, world: World) -> None:
    published(db, world.desk, drafted(db, world.desk))
    pinned_to_saturday(db, world)
    with db.begin() as session:
        session.add(ContactStop(household_id=world.households[1].id, reason="refused", since_at=NOW))
    run = drafted(db, world.desk)
    with db.read() as session:
        shown = differences.of_draft(session, world.desk, run.week_plan_id or 0)
    done = published(db, world.desk, run)
    assert (shown.kept, shown.moved, shown.added, shown.withdrawn) == (done.kept, done.moved, done.added, done.withdrawn)
    assert {(line.household_id, line.kind, line.reason) for line in shown.lines} == {
        (world.households[0].id, "moved", "rule"),
        (world.households[1].id, "withdrawn", "contact_stopped"),
    }


def test_the_second_of_two_planners_is_told_the_difference(db: Database, world: World) -> None:
    one, other = drafted(db, world.desk), drafted(db, world.desk)
    published(db, world.desk, one)
    with db.begin() as session:
        # the other draft was put away with the publication; even brought back it is from an older week
        draft = session.get_one(WeekPlan, other.week_plan_id)
        assert draft.state is WeekState.DISCARDED
        draft.state = WeekState.DRAFT
    with db.begin() as session, pytest.raises(Conflict) as refused:
        publishing.publish(session, world.desk, draft.id, draft.version, None, NOW)
    assert refused.value.code == "week_changed"
    difference = refused.value.facts["difference"]
    assert isinstance(difference, differences.Difference)
    assert difference.kept == 5


def test_of_two_planners_at_once_one_wins(db: Database, world: World) -> None:
    drafts = [drafted(db, world.desk), drafted(db, world.desk)]
    ready = threading.Barrier(2)
    told: list[str] = []

    def publish(week_plan_id: int) -> None:
        ready.wait()
        try:
            with db.begin() as session:
                publishing.publish(session, world.desk, week_plan_id, 1, None, NOW)
            told.append("published")
        except Conflict as conflict:
            told.append(conflict.code)

    threads = [threading.Thread(target=publish, args=(run.week_plan_id,)) for run in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.remove("published")
    assert told[0] in ("draft_not_open", "week_changed")
    with db.read() as session:
        assert session.scalar(select(func.count()).where(WeekPlan.state == WeekState.PUBLISHED)) == 1


def test_a_draft_that_changed_since_it_was_looked_at_is_not_published(db: Database, world: World) -> None:
    run = drafted(db, world.desk)
    with db.begin() as session, pytest.raises(Conflict, match="draft_changed"):
        publishing.publish(session, world.desk, run.week_plan_id or 0, 99, None, NOW)


def test_a_discarded_draft_cannot_be_published(db: Database, world: World) -> None:
    run = drafted(db, world.desk)
    with db.begin() as session:
        planning.discard_draft(session, world.desk, run.week_plan_id or 0, NOW)
    with db.begin() as session, pytest.raises(Conflict, match="draft_not_open"):
        publishing.publish(session, world.desk, run.week_plan_id or 0, 2, None, NOW)


def test_whoever_refused_while_the_draft_was_looked_through_is_not_promised_a_visit(db: Database, world: World) -> None:
    run = drafted(db, world.desk)
    later = NOW + timedelta(hours=1)
    with db.begin() as session:
        session.add(ContactStop(household_id=world.households[0].id, reason="refused", since_at=later))
        make.a_visit(session, world.households[1], Outcome.ABSENT, later)
    done = published(db, world.desk, run, NOW + timedelta(hours=2))
    assert done.dropped == {"contact_stopped": 1, "visited_meanwhile": 1}
    assert set(uids(db, done.week_plan_id)) == {household.id for household in world.households[2:]}


def test_a_draft_whose_slots_have_begun_must_be_made_anew(db: Database, world: World) -> None:
    run = drafted(db, world.desk)
    with db.begin() as session, pytest.raises(Conflict, match="draft_outdated"):
        publishing.publish(session, world.desk, run.week_plan_id or 0, 1, None, MONDAY_EVENING + timedelta(days=6))
    with db.begin() as session, pytest.raises(Conflict, match="week_over"):
        publishing.publish(session, world.desk, run.week_plan_id or 0, 1, None, NOW + timedelta(days=8))


def test_what_has_begun_stays_as_it_is_with_its_visits(db: Database) -> None:
    at = MONDAY_EVENING + timedelta(minutes=10)
    with db.begin() as session:
        world = a_running_week(session)
        done_by = make.assignments_of(session, world.households[0])[0]
        make.a_visit(session, world.households[0], Outcome.MET, at, done_by)
    done = published(db, world.desk, drafted(db, world.desk, at), at)
    with db.read() as session:
        for household in world.households[:3]:
            assignment = make.assignments_of(session, household)[0]
            assert assignment.week_plan_id == done.week_plan_id
            assert assignment.withdrawn_at is None
            assert session.get_one(Shift, assignment.shift_id).week_plan_id == done.week_plan_id


def test_an_old_draft_that_changes_nothing_of_the_begun_shifts_can_still_be_published(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
    run = drafted(db, world.desk)
    with db.read() as session:
        kept = promised(session, run.week_plan_id or 0)
        standing = promised(session, world.week.id if world.week else 0)
    assert kept == standing  # there is nothing to gain by a change
    before = uids(db, world.week.id if world.week else 0)
    done = published(db, world.desk, run, MONDAY_EVENING + timedelta(minutes=1))
    assert uids(db, done.week_plan_id) == before


def test_a_refusal_at_the_door_ends_the_promise_of_the_draft_in_hand_as_well(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        minh = world.volunteer
        uid = make.assignments_of(session, world.households[0])[0].uid
    run = drafted(db, world.desk)
    with db.begin() as session:
        form = outcomes.VisitForm(
            event_id="6d3b3f0e-6c8e-4d7f-9b1e-0a1f5f1c2d3e",
            household_id=world.households[0].id,
            outcome=Outcome.REFUSED,
            occurred_at=NOW + timedelta(minutes=1),
            assignment_uid=uid,
        )
        outcomes.record_visit(session, minh, form, NOW + timedelta(minutes=1))
    done = published(db, world.desk, run, NOW + timedelta(minutes=2))
    assert world.households[0].id not in uids(db, done.week_plan_id)


def test_only_the_desk_publishes_and_only_its_own_weeks(db: Database, world: World) -> None:
    run = drafted(db, world.desk)
    with db.begin() as session:
        with pytest.raises((NotAllowed, NotFound)):
            publishing.publish(session, world.volunteer, run.week_plan_id or 0, 1, None, NOW)
        with pytest.raises(NotFound):
            publishing.publish(session, world.stranger, run.week_plan_id or 0, 1, None, NOW)


def test_a_failure_in_the_midst_leaves_the_week_as_it_was(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.begin() as session:
        world = a_running_week(session)
    before = uids(db, world.week.id if world.week else 0)
    pinned_to_saturday(db, world)
    run = drafted(db, world.desk)

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(publishing.audit, "record", fail)
    with pytest.raises(ZeroDivisionError), db.begin() as session:
        publishing.publish(session, world.desk, run.week_plan_id or 0, 1, 1, datetime.fromisoformat("2026-11-22T06:00:00+00:00"))
    assert uids(db, world.week.id if world.week else 0) == before
