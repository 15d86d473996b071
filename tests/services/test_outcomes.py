"""A visit is recorded once, whole, and with all that follows from it."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, PlannerError
from planner.domain.vocabulary import (
    AccountState,
    AuditAction,
    NeedResult,
    NeedState,
    Outcome,
    Period,
    Role,
    StopReason,
    WeekState,
)
from planner.models import (
    Appointment,
    Assignment,
    AuditEntry,
    ContactStop,
    Database,
    Household,
    Need,
    Resident,
    Visit,
    VisitResult,
)
from planner.services import outcomes
from planner.services.actors import Actor
from planner.services.outcomes import Callback, PoliceAppointment, ResultLine, VisitForm
from tests import builders as make
from tests import worlds
from tests.worlds import World

# Monday evening of the builders' week: 18:45 in Việt Nam.
DOOR = datetime(2026, 11, 23, 11, 45, tzinfo=UTC)


def form(household: Household, outcome: Outcome = Outcome.MET, **fields: Any) -> VisitForm:
    given = {"event_id": str(uuid.uuid4()), "household_id": household.id, "outcome": outcome, "occurred_at": DOOR}
    return VisitForm(**(given | fields))


def need(session: Session, household: Household, code: str) -> Need:
    return make.needs_of(session, household)[code]


def live(session: Session, household: Household) -> list[Assignment]:
    session.expire_all()
    return [a for a in make.assignments_of(session, household) if a.withdrawn_at is None]


def test_a_done_activation_makes_the_account_activated_and_the_need_done(db: Database) -> None:
    with db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[1]
        (assignment,) = make.assignments_of(session, household)
        activate = need(session, household, "activate")
        view = outcomes.record_visit(
            session, world.volunteer,
            form(household, assignment_uid=assignment.uid, results=(ResultLine(activate.id, NeedResult.DONE, "", True),)), DOOR,
        )  # fmt: skip
        assert view.outcome is Outcome.MET
        assert view.recorded_by == "Minh"
        assert [line.result for line in view.results] == [NeedResult.DONE]
        session.expire_all()
        assert activate.state is NeedState.DONE
        assert activate.resident.account is AccountState.ACTIVATED
        assert session.get_one(Household, household.id).open_needs == 0
        assert session.get_one(Household, household.id).outreach_group is None


def test_the_same_report_twice_is_one_visit(db: Database) -> None:
    with db.begin() as session:
        world = worlds.a_running_week(session)
        report = form(world.households[1], Outcome.ABSENT)
        first = outcomes.record_visit(session, world.volunteer, report, DOOR)
        again = outcomes.record_visit(session, world.volunteer, report, DOOR + timedelta(days=3))
        assert not first.replayed
        assert again.replayed
        assert again.id == first.id
        assert again.received_at == first.received_at
        assert session.scalar(select(func.count()).select_from(Visit)) == 1


def test_another_report_under_the_same_id_is_a_conflict_and_changes_nothing(db: Database) -> None:
    with db.begin() as session:
        world = worlds.a_running_week(session)
        report = form(world.households[1], Outcome.ABSENT)
        outcomes.record_visit(session, world.volunteer, report, DOOR)
    with pytest.raises(Conflict) as caught, db.begin() as session:
        outcomes.record_visit(session, world.volunteer, replace(report, outcome=Outcome.REFUSED), DOOR)
    assert caught.value.code == "event_id_reused"
    with db.read() as session:
        assert session.scalars(select(Visit.outcome)).all() == [Outcome.ABSENT]
        assert session.scalar(select(func.count()).select_from(ContactStop)) == 0


def test_the_same_report_from_two_connections_at_once_is_one_visit(db: Database) -> None:
    with db.begin() as session:
        world = worlds.a_running_week(session)
    report = form(world.households[1], Outcome.ABSENT)
    seen: list[int] = []
    faults: list[BaseException] = []
    start = threading.Barrier(4)

    def send() -> None:
        try:
            start.wait()
            with db.begin() as session:
                seen.append(outcomes.record_visit(session, world.volunteer, report, DOOR).id)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(set(seen)) == 1
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Visit)) == 1


def test_a_refusal_removes_all_future_visits_and_stops_contact(db: Database) -> None:
    with db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[0]
        thursday = make.a_published_week(session, [("thu_T", world.volunteers[:2], [household])], state=WeekState.DRAFT)
        today = make.assignments_of(session, household)[0]
        outcomes.record_visit(session, world.volunteer, form(household, Outcome.REFUSED, assignment_uid=today.uid), DOOR)
        session.expire_all()
        later = next(a for a in make.assignments_of(session, household) if a.week_plan_id == thursday.id)
        assert (later.withdrawn_at, later.withdrawn_reason) == (DOOR, "refused")
        assert today.withdrawn_at is None  # it was kept: someone was there
        (stop,) = session.scalars(select(ContactStop)).all()
        assert (stop.reason, stop.household_id, stop.lifted_at) == (StopReason.REFUSED, household.id, None)


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome.REFUSED, StopReason.REFUSED),
        (Outcome.MOVED, StopReason.MOVED),
        (Outcome.WRONG_ADDRESS, StopReason.WRONG_ADDRESS),
        (Outcome.ABSENT, None),
        (Outcome.UNSAFE, None),
        (Outcome.NOT_REACHED, None),
    ],
)
def test_which_outcomes_stop_contact(sqlite_db: Database, outcome: Outcome, reason: StopReason | None) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        outcomes.record_visit(session, world.volunteer, form(world.households[0], outcome), DOOR)
        assert session.scalars(select(ContactStop.reason)).all() == ([reason] if reason else [])


def test_someone_met_may_ask_that_nobody_come_again(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        outcomes.record_visit(session, world.volunteer, form(world.households[0], stop_whole_household=True), DOOR)
        assert session.scalars(select(ContactStop.reason)).all() == [StopReason.DO_NOT_CONTACT]


def test_an_unanswered_call_withdraws_what_would_come_within_48_hours(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        household = world.households[0]
        make.a_published_week(session, [(s, world.volunteers[:2], [household]) for s in ("mon_T", "wed_S", "thu_T")])
        monday, wednesday, thursday = make.assignments_of(session, household)
        outcomes.record_visit(session, world.volunteer, form(household, Outcome.ABSENT, assignment_uid=monday.uid), DOOR)
        session.expire_all()
        assert wednesday.withdrawn_reason == "too_soon"
        assert thursday.withdrawn_at is None


def test_the_third_unanswered_call_is_the_last(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        household = world.households[0]
        make.a_visit(session, household, Outcome.ABSENT, DOOR - timedelta(days=8))
        make.a_visit(session, household, Outcome.ABSENT, DOOR - timedelta(days=4))
        make.a_published_week(session, [(s, world.volunteers[:2], [household]) for s in ("mon_T", "sun_S")])
        outcomes.record_visit(session, world.volunteer, form(household, Outcome.ABSENT), DOOR)
        session.expire_all()
        assert make.assignments_of(session, household)[1].withdrawn_reason == "max_attempts"


def test_once_everything_is_done_nobody_comes_again(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        household = world.households[1]
        make.a_published_week(session, [(s, world.volunteers[:2], [household]) for s in ("mon_T", "sun_S")])
        activate = need(session, household, "activate")
        outcomes.record_visit(
            session, world.volunteer, form(household, results=(ResultLine(activate.id, NeedResult.DONE),)), DOOR
        )
        session.expire_all()
        assert make.assignments_of(session, household)[1].withdrawn_reason == "nothing_left"


def test_a_callback_is_a_promised_hour_and_clears_the_way_to_it(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        household = world.households[0]
        make.a_published_week(session, [(s, world.volunteers[:2], [household]) for s in ("mon_T", "sat_S", "sun_S")])
        promise = Callback(date(2026, 11, 29), Period.MORNING)
        outcomes.record_visit(session, world.volunteer, form(household, Outcome.CALLBACK, callback=promise), DOOR)
        session.expire_all()
        (appointment,) = session.scalars(select(Appointment)).all()
        assert appointment.starts_at == datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
        assert appointment.ends_at == datetime(2026, 11, 29, 4, 0, tzinfo=UTC)
        assert not appointment.at_police
        _, saturday, sunday = make.assignments_of(session, household)
        assert saturday.withdrawn_reason == "promised_other_hour"
        assert sunday.withdrawn_at is None


def test_a_newer_promise_replaces_the_older(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[0]
        for day in (28, 29):
            promise = Callback(date(2026, 11, day), None, time(9), time(10))
            outcomes.record_visit(session, world.volunteer, form(household, Outcome.CALLBACK, callback=promise), DOOR)
        first, second = session.scalars(select(Appointment).order_by(Appointment.id)).all()
        assert first.cancelled_at == DOOR
        assert second.cancelled_at is None


def test_no_account_ends_in_an_appointment_with_the_police(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[2]
        register = need(session, household, "register")
        visit = form(
            household, results=(ResultLine(register.id, NeedResult.REFERRED),),
            police_appointment=PoliceAppointment(date(2026, 11, 26), time(8), time(9)),
        )  # fmt: skip
        outcomes.record_visit(session, world.volunteer, visit, DOOR)
        session.expire_all()
        (appointment,) = session.scalars(select(Appointment)).all()
        assert (appointment.at_police, appointment.resident_id) == (True, register.resident_id)
        assert register.state is NeedState.REFERRED
        assert register.resident.account is AccountState.NONE  # only the police makes it issued


def test_integration_is_asynchronous(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[0]
        card = need(session, household, "bhyt")
        outcomes.record_visit(
            session, world.volunteer, form(household, results=(ResultLine(card.id, NeedResult.SUBMITTED),)), DOOR
        )
        session.expire_all()
        assert card.state is NeedState.SUBMITTED
        assert card.resident.documents["bhyt"] == "owned"
        assert session.get_one(Household, household.id).open_needs == 0


def test_a_late_report_of_a_closed_week_counts_all_the_same(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        assert world.week is not None
        world.week.state = WeekState.CLOSED
        (assignment,) = make.assignments_of(session, world.households[0])
        report = form(world.households[0], Outcome.ABSENT, assignment_uid=assignment.uid)
        view = outcomes.record_visit(session, world.volunteer, report, DOOR + timedelta(days=10))
        assert view.late
        assert view.assignment_uid == assignment.uid


def test_a_visit_of_a_withdrawn_assignment_is_credited(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        (assignment,) = make.assignments_of(session, world.households[0])
        assignment.withdrawn_at, assignment.withdrawn_reason = make.NOW, "reassigned"
        report = form(world.households[0], Outcome.ABSENT, assignment_uid=assignment.uid)
        assert outcomes.record_visit(session, world.volunteer, report, DOOR).assignment_uid == assignment.uid


def test_a_visit_outside_the_plan_is_taken(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        view = outcomes.record_visit(session, world.desk, form(world.households[4], Outcome.ABSENT), DOOR)
        assert view.off_assignment


def test_what_the_desk_types_in_is_credited_to_the_crews_lead(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        (assignment,) = make.assignments_of(session, world.households[0])
        report = form(world.households[0], Outcome.ABSENT, assignment_uid=assignment.uid)
        view = outcomes.record_visit(session, world.desk, report, DOOR)
        assert (view.recorded_by, view.visited_by) == ("Hoa", "Trần Quang Minh")


def test_a_phone_ahead_of_its_time_is_believed_only_up_to_now_and_flagged(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        report = form(world.households[0], Outcome.ABSENT, occurred_at=DOOR + timedelta(days=365))
        view = outcomes.record_visit(session, world.volunteer, report, DOOR)
        assert view.happened_at == DOOR
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.VISIT_RECORDED)).one()
        assert entry.after is not None
        assert entry.after["clock_ahead_seconds"] == 365 * 86400


def test_the_audit_entry_tells_what_changed_without_a_name(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[1]
        activate = need(session, household, "activate")
        report = form(household, results=(ResultLine(activate.id, NeedResult.DONE),), note="bà Bình hẹn con gái")
        outcomes.record_visit(session, world.volunteer, report, DOOR)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.VISIT_RECORDED)).one()
        assert entry.actor == f"user:{world.minh.id}"
        assert entry.before == {
            "needs": {str(activate.id): "open"},
            "accounts": {str(activate.resident_id): "issued"},
            "documents": {},
        }
        assert entry.after is not None
        assert entry.after["accounts"] == {str(activate.resident_id): "activated"}
        assert "Bình" not in str(entry.before) + str(entry.after)


def test_a_correction_takes_back_what_the_visit_did_and_keeps_both(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[1]
        activate = need(session, household, "activate")
        wrong = form(household, results=(ResultLine(activate.id, NeedResult.DONE),))
        outcomes.record_visit(session, world.volunteer, wrong, DOOR)
        right = form(household, Outcome.ABSENT, corrects_event_id=wrong.event_id)
        outcomes.record_visit(session, world.volunteer, right, DOOR + timedelta(hours=1))
        session.expire_all()
        assert activate.state is NeedState.OPEN
        assert activate.resident.account is AccountState.ISSUED
        assert session.scalar(select(func.count()).select_from(Visit)) == 2
        newest, oldest = sorted(outcomes.history(session, world.desk, household.id), key=lambda v: -v.id)
        assert (oldest.corrected, newest.corrected, newest.corrects_event_id) == (True, False, wrong.event_id)


def test_a_report_is_corrected_once(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[1]
        wrong = form(household, Outcome.ABSENT)
        outcomes.record_visit(session, world.volunteer, wrong, DOOR)
        outcomes.record_visit(session, world.volunteer, form(household, corrects_event_id=wrong.event_id), DOOR)
        with pytest.raises(Conflict) as caught:
            outcomes.record_visit(session, world.volunteer, form(household, corrects_event_id=wrong.event_id), DOOR)
        assert caught.value.code == "visit_already_corrected"


def test_only_the_desk_corrects_a_refusal_and_the_promises_are_back(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        household = world.households[0]
        make.a_published_week(session, [(s, world.volunteers[:2], [household]) for s in ("mon_T", "sun_S")])
        mistake = form(household, Outcome.REFUSED)
        outcomes.record_visit(session, world.volunteer, mistake, DOOR)
        assert len(live(session, household)) == 1
        correction = form(household, Outcome.MET, corrects_event_id=mistake.event_id)
        with pytest.raises(NotAllowed):
            outcomes.record_visit(session, world.volunteer, correction, DOOR)
        outcomes.record_visit(session, world.desk, correction, DOOR + timedelta(minutes=5))
        assert len(live(session, household)) == 2
        assert session.scalars(select(ContactStop.lifted_because)).all() == ["corrected"]


@pytest.mark.parametrize("told", [True, False])
def test_a_correction_from_the_field_never_lifts_a_stop_and_one_of_the_desk_does(sqlite_db: Database, told: bool) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[0]
        first = form(household, Outcome.ABSENT, stop_whole_household=True)
        outcomes.record_visit(session, world.volunteer, first, DOOR)
        second = form(household, Outcome.MET, corrects_event_id=first.event_id, stop_whole_household=told)
        outcomes.record_visit(session, world.volunteer, second, DOOR)
        third = form(household, Outcome.UNSAFE, corrects_event_id=second.event_id)
        outcomes.record_visit(session, world.volunteer, third, DOOR)
        (stop,) = session.scalars(select(ContactStop)).all()
        assert (stop.reason, stop.lifted_at) == (StopReason.DO_NOT_CONTACT, None)
        outcomes.record_visit(session, world.desk, form(household, Outcome.ABSENT, corrects_event_id=third.event_id), DOOR)
        assert stop.lifted_because == "corrected"


@pytest.mark.parametrize(
    ("correction", "stands"),
    [
        (lambda n: {"results": (ResultLine(n.id, NeedResult.REFERRED),)}, True),
        (lambda n: {"outcome": Outcome.CALLBACK, "callback": Callback(date(2026, 11, 24), Period.EVENING)}, True),
        (lambda n: {"results": (ResultLine(n.id, NeedResult.DECLINED),)}, False),
        (lambda n: {"outcome": Outcome.ABSENT}, False),
    ],
)
def test_an_appointment_with_the_police_outlives_a_correction_that_says_nothing_of_it(
    sqlite_db: Database, correction: Any, stands: bool
) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[2]
        register = need(session, household, "register")
        referred = (ResultLine(register.id, NeedResult.REFERRED),)
        hour = PoliceAppointment(date(2026, 11, 26), time(8), time(9))
        first = form(household, results=referred, police_appointment=hour)
        outcomes.record_visit(session, world.volunteer, first, DOOR)
        second = form(household, **{"corrects_event_id": first.event_id, **correction(register)})
        outcomes.record_visit(session, world.volunteer, second, DOOR)
        at_police = [a for a in session.scalars(select(Appointment)) if a.at_police]
        assert [a.cancelled_at is None for a in at_police] == [stands]
        third = form(household, results=referred, police_appointment=hour, corrects_event_id=second.event_id)
        outcomes.record_visit(session, world.volunteer, third, DOOR)
        standing = select(func.count()).where(Appointment.at_police, Appointment.cancelled_at.is_(None))
        assert session.scalar(standing) == 1, "an hour that is named takes the place of the former"


def test_a_correction_leaves_alone_what_newer_facts_say(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[0]
        card = need(session, household, "bhyt")
        sent = form(household, results=(ResultLine(card.id, NeedResult.SUBMITTED),))
        outcomes.record_visit(session, world.volunteer, sent, DOOR)
        card.state = NeedState.DONE
        card.resident.documents = {"bhyt": "integrated"}
        session.flush()
        outcomes.record_visit(session, world.desk, form(household, Outcome.MET, corrects_event_id=sent.event_id), DOOR)
        session.expire_all()
        assert card.state is NeedState.DONE


BAD: list[tuple[str, Any]] = [
    ("results_without_meeting", lambda w, n: {"outcome": Outcome.ABSENT, "results": (ResultLine(n.id, NeedResult.DONE),)}),
    ("need_twice", lambda w, n: {"results": (ResultLine(n.id, NeedResult.DONE), ResultLine(n.id, NeedResult.DECLINED))}),
    (
        "need_of_another_household",
        lambda w, n: {"household_id": w.households[0].id, "results": (ResultLine(n.id, NeedResult.DONE),)},
    ),
    ("need_of_another_household", lambda w, n: {"results": (ResultLine(999_999, NeedResult.DONE),)}),
    ("result_not_possible", lambda w, n: {"results": (ResultLine(n.id, NeedResult.SUBMITTED),)}),
    ("callback_without_time", lambda w, n: {"outcome": Outcome.CALLBACK}),
    (
        "callback_without_time",
        lambda w, n: {"outcome": Outcome.CALLBACK, "callback": Callback(date(2026, 11, 29), None, time(9))},
    ),
    (
        "callback_without_meeting",
        lambda w, n: {"outcome": Outcome.ABSENT, "callback": Callback(date(2026, 11, 29), Period.MORNING)},
    ),
    (
        "callback_in_the_past",
        lambda w, n: {"outcome": Outcome.CALLBACK, "callback": Callback(date(2026, 11, 22), Period.MORNING)},
    ),
    (
        "callback_in_the_past",
        lambda w, n: {"outcome": Outcome.CALLBACK, "callback": Callback(date(2026, 11, 23), Period.MORNING)},
    ),
    (
        "callback_in_quiet_hours",
        lambda w, n: {"outcome": Outcome.CALLBACK, "callback": Callback(date(2026, 11, 29), None, time(21), time(22))},
    ),
    (
        "span_reversed",
        lambda w, n: {"outcome": Outcome.CALLBACK, "callback": Callback(date(2026, 11, 29), None, time(11), time(10))},
    ),
    (
        "appointment_without_referral",
        lambda w, n: {"police_appointment": PoliceAppointment(date(2026, 11, 26), time(8), time(9))},
    ),
    ("time_without_zone", lambda w, n: {"occurred_at": datetime(2026, 11, 23, 18, 45)}),
    ("not_an_id", lambda w, n: {"event_id": "1"}),
    ("not_an_id", lambda w, n: {"assignment_uid": "../etc"}),
    ("value_too_long", lambda w, n: {"note": "x" * 1001}),
    ("value_too_long", lambda w, n: {"results": (ResultLine(n.id, NeedResult.DONE, "x" * 201),)}),
]


@pytest.mark.parametrize(("code", "fields"), BAD, ids=[f"{i}-{code}" for i, (code, _) in enumerate(BAD)])
def test_a_report_that_contradicts_itself_is_refused_with_its_place(sqlite_db: Database, code: str, fields: Any) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        activate = need(session, world.households[1], "activate")
    given = form(world.households[1], **fields(world, activate))
    with pytest.raises(InvalidInput) as caught, sqlite_db.begin() as session:
        outcomes.record_visit(session, world.desk, given, DOOR)
    assert caught.value.code == code
    assert caught.value.facts["field"]
    with sqlite_db.read() as session:
        assert session.scalar(select(func.count()).select_from(Visit)) == 0
        assert session.scalar(select(func.count()).select_from(VisitResult)) == 0


def _stranger(world: World) -> Actor:
    return world.stranger


def _idle(world: World) -> Actor:
    return Actor(None, world.commune.id, Role.VOLUNTEER, world.volunteers[3].id, "Yến", "user:0")


@pytest.mark.parametrize("who", [_stranger, _idle], ids=["another commune's desk", "a volunteer of another shift"])
def test_nobody_reports_on_a_household_that_never_was_theirs(sqlite_db: Database, who: Any) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        with pytest.raises(NotFound):
            outcomes.record_visit(session, who(world), form(world.households[0], Outcome.REFUSED), DOOR)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.INSPECTOR])
def test_who_only_looks_reports_nothing(sqlite_db: Database, role: Role) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        actor = Actor(None, world.commune.id, role, None, "Chủ tịch", "user:0")
        with pytest.raises(NotAllowed):
            outcomes.record_visit(session, actor, form(world.households[0], Outcome.ABSENT), DOOR)


def test_a_replay_by_a_stranger_tells_nothing(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        report = form(world.households[0], Outcome.ABSENT)
        outcomes.record_visit(session, world.volunteer, report, DOOR)
        with pytest.raises(PlannerError) as caught:
            outcomes.record_visit(session, world.stranger, report, DOOR)
        assert isinstance(caught.value, NotFound)


def test_an_assignment_of_another_household_is_named(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        (other,) = make.assignments_of(session, world.households[1])
        with pytest.raises(InvalidInput) as caught:
            outcomes.record_visit(
                session, world.volunteer, form(world.households[0], Outcome.ABSENT, assignment_uid=other.uid), DOOR
            )
        assert caught.value.code == "assignment_of_another_household"


def test_what_the_police_finished_is_reported_at_the_next_visit(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[2]
        register = need(session, household, "register")
        register.state = NeedState.REFERRED
        outcomes.record_visit(session, world.desk, form(household, results=(ResultLine(register.id, NeedResult.DONE),)), DOOR)
        session.expire_all()
        assert session.scalars(select(Resident.account).where(Resident.id == register.resident_id)).one() is AccountState.ISSUED
        assert need(session, household, "activate").state is NeedState.OPEN  # what was issued is to be activated


def test_a_late_report_does_not_excuse_what_was_missed_meanwhile(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        household = world.households[0]
        make.a_published_week(session, [(s, world.volunteers[:2], [household]) for s in ("mon_T", "tue_T", "sun_S")])
        written_down = DOOR + timedelta(days=3)
        outcomes.record_visit(session, world.volunteer, form(household, Outcome.REFUSED), written_down)
        session.expire_all()
        _, missed, ahead = make.assignments_of(session, household)
        assert missed.withdrawn_at is None
        assert (ahead.withdrawn_at, ahead.withdrawn_reason) == (written_down, "refused")


def test_two_different_reports_of_one_household_at_once_both_count(db: Database) -> None:
    with db.begin() as session:
        world = worlds.one_alley(session)
        household = make.a_household(session, world.hamlet)
        for name in ("Lê Thị Hà", "Lê Văn Tư"):
            make.a_resident(session, household, name, AccountState.ISSUED)
        make.rebuild(session, household)
        both = session.scalars(select(Need.id).where(Need.household_id == household.id).order_by(Need.id)).all()
        assert len(both) == 2
    start = threading.Barrier(2)

    def send(need_id: int) -> None:
        start.wait()
        with db.begin() as session:
            outcomes.record_visit(session, world.desk, form(household, results=(ResultLine(need_id, NeedResult.DONE),)), DOOR)

    threads = [threading.Thread(target=send, args=(need_id,)) for need_id in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as session:
        assert session.scalars(select(Need.state).where(Need.household_id == household.id)).all() == [NeedState.DONE] * 2
        assert session.get_one(Household, household.id).open_needs == 0


def test_texts_lose_control_characters_and_nothing_else(db: Database) -> None:
    with db.begin() as session:
        world = worlds.a_running_week(session)
        written = "Nhà có chó\x00 dữ\n=HYPERLINK() <script>alert(1)</script> 🙂"
        view = outcomes.record_visit(session, world.desk, form(world.households[0], Outcome.ABSENT, note=written), DOOR)
        assert view.note == written.replace("\x00", "")
