"""What phones report is stored once, each with a verdict, whatever it is."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from structlog.testing import capture_logs

from planner.domain.vocabulary import NeedState, Outcome, Role, WeekState, Work
from planner.models import (
    Appointment,
    Assignment,
    AuditEntry,
    AvailabilityChange,
    Database,
    FieldDecision,
    FieldEvent,
    Need,
    Resident,
    VisitResult,
    WeekPlan,
)
from tests import builders as make
from tests.web.at_the_door import need_of, visits
from tests.web.conftest import MONDAY_EVENING, Clock
from tests.web.phone import Phone, absent, stripped
from tests.worlds import World


@pytest.fixture
def phone(app: Flask, db: Database, clock: Clock, world: World) -> Phone:
    """Minh's phone on Monday evening."""
    clock.at = MONDAY_EVENING
    found = Phone(app, db, clock)
    found.enrol(world.minh)
    return found


def ledger(db: Database) -> list[FieldEvent]:
    with db.read() as session:
        return list(session.scalars(select(FieldEvent).order_by(FieldEvent.id)))


def test_a_visit_is_stored_with_its_effects_and_accepted(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    need = need_of(db, world.households[1].id)
    made = phone.record(
        world.minh, "visit", household_id=promised[1].household_id, assignment_uid=promised[1].uid, outcome="met",
        results=[{"need_id": need.id, "result": "done", "reason": "", "own_device": True, "teach_back": True}],
        note="Bác rất vui.", callback=None, police_appointment=None, corrects_event_id=None, stop_whole_household=False,
    )  # fmt: skip
    (verdict,) = phone.send(world.minh, [made])
    assert (verdict["verdict"], verdict["status"], verdict["code"], verdict["flags"]) == ("accepted", 201, "stored", [])
    assert verdict["message_vi"] != verdict["message_en"]
    (visit,) = visits(db)
    assert (visit.event_id, visit.outcome, visit.volunteer_id) == (made["event_id"], Outcome.MET, world.volunteers[0].id)
    with db.read() as session:
        line = session.scalars(select(VisitResult)).one()
        assert (line.own_device, line.teach_back) == (True, True)
        assert session.get_one(Need, need.id).state is NeedState.DONE
    (row,) = ledger(db)
    assert (row.visit_id, row.user_id, row.counter, row.offset_minutes) == (visit.id, world.minh.id, 1, 420)


def test_the_same_report_again_gets_the_same_answer_and_does_nothing(
    phone: Phone, world: World, promised: list[Assignment], db: Database, clock: Clock
) -> None:
    made = phone.event(world.minh, "visit", **absent(promised[0]))
    (first,) = phone.send(world.minh, [made])
    clock.go(days=7)
    again = phone.send(world.minh, [made, made])
    for verdict in again:
        assert (verdict["verdict"], verdict["status"]) == ("duplicate", 200)
        assert {k: verdict[k] for k in ("code", "flags", "hash", "received_at")} == {
            k: first[k] for k in ("code", "flags", "hash", "received_at")
        }
    assert len(visits(db)) == len(ledger(db)) == 1


def test_the_same_id_with_another_body_is_a_conflict_and_both_are_kept(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    made = phone.event(world.minh, "visit", **absent(promised[0]))
    other = {**made, "body": absent(promised[1])}
    phone.send(world.minh, [made])
    for _ in range(2):
        (verdict,) = phone.send(world.minh, [other])
        assert (verdict["verdict"], verdict["status"], verdict["event_id"]) == ("conflict", 409, made["event_id"])
    assert [row.verdict for row in ledger(db)] == ["accepted", "conflict"]
    assert len(visits(db)) == 1
    (renamed,) = phone.send(world.minh, [{**other, "event_id": str(uuid.uuid4())}])
    assert renamed["verdict"] == "accepted"
    assert len(visits(db)) == 2
    with db.read() as session:
        assert [d.reason for d in session.scalars(select(FieldDecision))] == ["sent_again"]


def test_one_report_nobody_can_read_blocks_no_other(phone: Phone, world: World, promised: list[Assignment], db: Database) -> None:
    good = [phone.event(world.minh, "visit", **absent(promise)) for promise in promised]
    poison: list[Any] = [
        None,
        7,
        "x" * 500,
        [],
        {},
        {"event_id": "nonsense\u0000\ud800", "kind": "visit"},
        {**phone.event(world.minh, "visit", household_id=10**30, outcome="absent")},
        {**phone.event(world.minh, "dance")},
        {**phone.event(world.minh, "visit", **absent(promised[0])), "surplus": 1},
        {**phone.event(world.minh, "visit", **absent(promised[0])), "occurred_at": "yesterday"},
        {**phone.event(world.minh, "visit", **absent(promised[0])), "occurred_at": "2026-11-23T18:00:00"},
        {**phone.event(world.minh, "visit", **absent(promised[0])), "counter": 10**40},
        phone.event(world.minh, "visit", **absent(promised[0], note="\u0000\ud800 chó dữ")),
        phone.event(world.minh, "visit", **absent(promised[0], results=[{"need_id": 1, "result": "done"}])),
        phone.event(world.minh, "facts", resident_id=1, changes={"phone": {"from": 3, "to": "1"}}),
        phone.event(world.minh, "availability", monday="2026-13-45", free=[]),
        phone.event(world.minh, "visit", household_id=1, outcome="callback", callback={"on_date": "2026-02-31"}),
        phone.event(world.minh, "visit", **absent(promised[0], callback={"on_date": "2026-11-25", "starts": "18:3\u0660"})),
        phone.event(world.minh, "visit", **absent(promised[0], callback={"on_date": "2026-11-25", "starts": "18:30\n"})),
    ]  # fmt: skip
    verdicts = phone.send(world.minh, [good[0], *poison, *good[1:]])
    assert len(verdicts) == len(good) + len(poison)
    told = [v["verdict"] for v in verdicts]
    assert [told[0], *told[-2:]] == ["accepted"] * 3
    note = next(v for v in verdicts if v["event_id"] == poison[12]["event_id"])
    assert note["verdict"] in ("accepted", "off_assignment"), "letters no database takes are left out, the visit stands"
    others = [v for v in verdicts[1:-2] if v is not note]
    assert {v["verdict"] for v in others} == {"quarantined"}
    assert all(v["status"] == 202 and v["message_vi"] and not v["message_vi"].startswith("Lỗi:") for v in others)
    assert len(ledger(db)) == len(verdicts)
    again = phone.send(world.minh, [good[0], *poison, *good[1:]])
    assert {v["verdict"] for v in again} == {"duplicate"}
    assert len(ledger(db)) == len(verdicts)


def reassign_to_others(db: Database, world: World) -> None:
    """Give Minh's first household to Hải and Yến."""
    with db.begin() as session:
        old = make.assignments_of(session, world.households[0])[0]
        old.withdrawn_at, old.withdrawn_reason = make.NOW, "reassigned"
        shift_id = make.assignments_of(session, world.households[3])[0].shift_id
        shift = session.get_one(type(old).shift.property.mapper.class_, shift_id)
        make.an_assignment(session, shift, world.households[0], 3)


def test_a_former_assignee_is_credited_and_the_desk_sees_it(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    reassign_to_others(db, world)
    (verdict,) = phone.send(world.minh, [phone.event(world.minh, "visit", **absent(promised[0]))])
    assert (verdict["verdict"], verdict["status"], verdict["code"]) == ("off_assignment", 202, "reassigned")
    assert visits(db)[0].volunteer_id == world.volunteers[0].id
    assert ledger(db)[0].needs_look


def test_a_withdrawn_visit_and_one_outside_the_plan_are_credited(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    with db.begin() as session:
        session.get_one(Assignment, promised[1].id).withdrawn_at = make.NOW
    events = [
        phone.event(world.minh, "visit", **absent(promised[1])),
        phone.event(world.minh, "visit", household_id=promised[0].household_id, outcome="absent"),
        phone.event(world.minh, "visit", **{**absent(promised[2]), "assignment_uid": str(uuid.uuid4())}),
    ]
    codes = [(v["verdict"], v["code"]) for v in phone.send(world.minh, events)]
    assert codes == [("off_assignment", "withdrawn"), ("off_assignment", "no_assignment"), ("off_assignment", "no_assignment")]
    assert len(visits(db)) == 3


def test_a_household_that_was_never_theirs_waits_for_the_desk(phone: Phone, world: World, db: Database) -> None:
    with db.read() as session:
        foreign = session.scalars(select(Resident.household_id).where(Resident.commune_id != world.commune.id)).first()
    events = [
        phone.event(world.minh, "visit", household_id=world.households[3].id, outcome="absent"),
        phone.event(world.minh, "visit", household_id=987654, outcome="absent"),
        phone.event(world.minh, "visit", household_id=foreign, outcome="absent"),
    ]
    verdicts = phone.send(world.minh, events)
    assert {v["code"] for v in verdicts} == {"household_never_yours"}, "which ids there are cannot be found out by asking"
    assert len({(v["message_vi"], v["verdict"], v["status"], tuple(v["flags"])) for v in verdicts}) == 1
    assert visits(db) == []
    assert [row.code for row in ledger(db)] == ["household_never_yours", "unknown_household", "unknown_household"]
    assert [row.household_id for row in ledger(db)] == [world.households[3].id, None, None], "a foreign row is never named"


def test_a_closed_week_is_stored_late(phone: Phone, world: World, promised: list[Assignment], db: Database, clock: Clock) -> None:
    made = phone.event(world.minh, "visit", **absent(promised[0]))
    with db.begin() as session:
        session.scalars(select(WeekPlan)).one().state = WeekState.CLOSED
    clock.go(days=7)
    (verdict,) = phone.send(world.minh, [made])
    assert (verdict["verdict"], verdict["flags"]) == ("accepted", ["late", "week_closed"])
    assert visits(db)[0].occurred_at == MONDAY_EVENING


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize("days", [3, -3, 3650, -3650])
def test_a_wrong_clock_is_stored_and_flagged(
    phone: Phone, world: World, promised: list[Assignment], db: Database, days: int, tells: bool
) -> None:
    phone.skew, phone.tells_its_clock = timedelta(days=days), tells
    (verdict,) = phone.send(world.minh, [phone.event(world.minh, "visit", **absent(promised[0]))])
    assert verdict["verdict"] == "accepted"
    assert verdict["flags"] == ["clock_ahead" if days > 0 else "clock_behind"]
    assert visits(db)[0].occurred_at == MONDAY_EVENING, "the rest goes by the best that is known"
    assert ledger(db)[0].occurred_at == MONDAY_EVENING + timedelta(days=days), "the ledger keeps what the phone said"


def test_a_callback_from_a_phone_ten_years_ahead_still_stands(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    phone.skew = timedelta(days=3650)
    callback = {"on_date": "2026-11-25", "period": "evening"}
    made = phone.event(world.minh, "visit", **{**absent(promised[0]), "outcome": "callback", "callback": callback})
    assert phone.send(world.minh, [made])[0]["verdict"] == "accepted"
    with db.read() as session:
        assert session.scalars(select(Appointment.starts_at)).one() == datetime(2026, 11, 25, 11, 30, tzinfo=UTC)


def test_what_contradicts_itself_waits_for_the_desk(phone: Phone, world: World, promised: list[Assignment], db: Database) -> None:
    need = need_of(db, world.households[1].id)
    events = [
        phone.event(world.minh, "visit", **absent(promised[1], results=[{"need_id": need.id, "result": "done"}])),
        phone.event(world.minh, "visit", **{**absent(promised[1]), "outcome": "callback"}),
        phone.event(world.minh, "visit", **{**absent(promised[1]), "household_id": promised[0].household_id}),
    ]
    codes = [v["code"] for v in phone.send(world.minh, events)]
    assert codes == ["results_without_meeting", "callback_without_time", "assignment_of_another_household"]
    assert visits(db) == []


def test_a_correction_takes_the_place_of_what_it_corrects(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    first = phone.event(world.minh, "visit", **absent(promised[0]))
    second = phone.event(
        world.minh, "visit", **{**absent(promised[0]), "outcome": "unsafe", "corrects_event_id": first["event_id"]}
    )
    verdicts = phone.send(world.minh, [second, first])  # the phone's counting puts them in order
    assert [v["verdict"] for v in verdicts] == ["accepted", "accepted"]
    recorded = visits(db)
    assert [v.outcome for v in recorded] == [Outcome.ABSENT, Outcome.UNSAFE]
    assert recorded[1].corrects_id == recorded[0].id


def test_a_correction_that_comes_first_counts_once_the_original_is_there(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    first = phone.event(world.minh, "visit", **absent(promised[0]))
    second = phone.event(
        world.minh, "visit", **{**absent(promised[0]), "outcome": "unsafe", "corrects_event_id": first["event_id"]}
    )
    assert phone.send(world.minh, [second])[0]["code"] == "corrects_unknown"
    assert phone.send(world.minh, [first])[0]["verdict"] == "accepted"
    assert [v.outcome for v in visits(db)] == [Outcome.ABSENT, Outcome.UNSAFE]
    with db.read() as session:
        assert [d.reason for d in session.scalars(select(FieldDecision))] == ["original_came"]


def test_a_correction_of_a_correction_that_waits_waits_with_it(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    reports = [phone.event(world.minh, "visit", **absent(promised[0]))]
    for outcome in ("unsafe", "not_reached"):
        corrects = reports[-1]["event_id"]
        body = {**absent(promised[0]), "outcome": outcome, "corrects_event_id": corrects}
        reports.append(phone.event(world.minh, "visit", **body))
    first, second, third = reports
    for early in (second, third):
        assert phone.send(world.minh, [early])[0]["code"] == "corrects_unknown"
    assert visits(db) == []
    phone.send(world.minh, [first])
    recorded = visits(db)
    assert [v.outcome for v in recorded] == [Outcome.ABSENT, Outcome.UNSAFE, Outcome.NOT_REACHED]
    assert [v.corrects_id for v in recorded] == [None, recorded[0].id, recorded[1].id]


def test_putting_right_what_was_quarantined_needs_no_desk(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    wrong = phone.event(world.minh, "visit", **{**absent(promised[0]), "outcome": "callback"})
    right = phone.event(world.minh, "visit", **absent(promised[0], corrects_event_id=wrong["event_id"]))
    assert [v["verdict"] for v in phone.send(world.minh, [wrong, right])] == ["quarantined", "accepted"]
    with db.read() as session:
        assert [d.reason for d in session.scalars(select(FieldDecision))] == ["corrected"]


def test_facts_merge_field_by_field_and_feed_the_groups(phone: Phone, world: World, db: Database) -> None:
    with db.begin() as session:
        resident = session.scalars(select(Resident).where(Resident.household_id == world.households[1].id)).one()
        resident.phone = "0900000009"
    changes = {
        "phone": {"from": "", "to": "0911111111"},
        "smartphone": {"from": None, "to": False},
        "working_pattern": {"from": "home", "to": "worker"},
    }
    (verdict,) = phone.send(world.minh, [phone.event(world.minh, "facts", resident_id=resident.id, changes=changes)])
    assert (verdict["verdict"], verdict["code"]) == ("quarantined", "fact_changed_elsewhere")
    with db.read() as session:
        now = session.get_one(Resident, resident.id)
        assert (now.phone, now.smartphone, now.work) == ("0900000009", False, Work.WORKER)
        assert now.household.outreach_group == 4
    (row,) = ledger(db)
    assert row.effect == {"changed": ["smartphone", "working_pattern"], "clashing": ["phone"]}


def test_who_was_found_waits_for_the_desk(phone: Phone, world: World, db: Database) -> None:
    person = {"household_id": world.households[0].id, "resident_uid": str(uuid.uuid4()), "name": "Lý Thị Mai", "birth_year": 1990,
              "phone": "", "note": ""}  # fmt: skip
    house = {"household_uid": str(uuid.uuid4()), "near_household_id": world.households[0].id, "head_name": "Vàng A Sử",
             "address": "cuối ngõ", "phone": "", "lat": 11.84, "lon": 106.61, "note": ""}  # fmt: skip
    events = [phone.event(world.minh, "found_resident", **person), phone.event(world.minh, "found_household", **house)]
    assert [(v["verdict"], v["code"]) for v in phone.send(world.minh, events)] == [("accepted", "found")] * 2
    assert all(row.needs_look for row in ledger(db))


def test_plain_visits_of_a_transmission_are_stored_together(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    """Whatever does not fit is taken one by one and ends the same: only its cost would tell."""
    events = [phone.event(world.minh, "visit", **absent(promise)) for promise in promised[:3]]
    with capture_logs() as told:
        verdicts = phone.send(world.minh, events)
    assert [v["verdict"] for v in verdicts] == ["accepted"] * 3
    assert [line["event"] for line in told if line["event"] == "not_together"] == []


def somebody(**home: Any) -> dict[str, Any]:
    return {**home, "resident_uid": str(uuid.uuid4()), "name": "Lý Thị Mai", "birth_year": 1990, "phone": "", "note": ""}


@pytest.mark.parametrize("first", [0, 1], ids=["household first", "person first"])
def test_people_of_a_household_just_found_need_not_wait_for_it(phone: Phone, world: World, db: Database, first: int) -> None:
    uid = str(uuid.uuid4())
    events = [
        phone.event(world.minh, "found_household", household_uid=uid, head_name="Vàng A Sử", address="cuối ngõ"),
        phone.event(world.minh, "found_resident", **somebody(household_uid=uid.upper())),
    ]
    for event in (events[first], events[1 - first]):
        (verdict,) = phone.send(world.minh, [event])
        assert (verdict["verdict"], verdict["code"]) == ("accepted", "found")
    assert {row.subject for row in ledger(db)} == {f"household:{uid}"}


def test_somebody_found_lives_in_one_household_of_the_list_or_in_a_new_one(phone: Phone, world: World) -> None:
    house = world.households[0].id
    events = [
        phone.event(world.minh, "found_resident", **somebody()),
        phone.event(world.minh, "found_resident", **somebody(household_id=house, household_uid=str(uuid.uuid4()))),
        phone.event(world.minh, "found_resident", **somebody(household_id=house, household_uid=None)),
    ]
    assert [(v["verdict"], v["code"]) for v in phone.send(world.minh, events)] == [
        ("quarantined", "field_missing"), ("quarantined", "value_of_wrong_kind"), ("accepted", "found"),
    ]  # fmt: skip


def test_availability_counts_until_the_week_is_planned(phone: Phone, world: World, db: Database) -> None:
    free = ["2026-12-01_evening", "2026-12-05_morning"]
    ahead = phone.event(world.minh, "availability", monday="2026-11-30", free=free)
    planned = phone.event(world.minh, "availability", monday="2026-11-23", free=[])
    verdicts = phone.send(world.minh, [ahead, planned])
    assert [(v["verdict"], v["code"]) for v in verdicts] == [("accepted", "stored"), ("quarantined", "availability_closed")]
    phone.pull(world.minh)
    cells = phone.docs[world.minh.id]["availability:2026-11-30"]["body"]["cells"]
    assert [f"{c['on_date']}_{c['period']}" for c in cells if c["available"]] == free


def test_the_latest_word_counts_by_the_phones_own_counting(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    shift_id = promised[0].shift_id
    decline = phone.event(world.minh, "decline", shift_id=shift_id, reason="ốm")
    undecline = phone.event(world.minh, "undecline", shift_id=shift_id)
    assert phone.send(world.minh, [undecline])[0]["verdict"] == "accepted"
    assert phone.send(world.minh, [decline])[0]["code"] == "overtaken"
    with db.read() as session:
        assert session.scalars(select(AvailabilityChange)).all() == []


def test_a_declined_shift_is_told_to_the_desk(phone: Phone, world: World, promised: list[Assignment], db: Database) -> None:
    decline = phone.event(world.minh, "decline", shift_id=promised[0].shift_id, reason="ốm")
    assert phone.send(world.minh, [decline])[0]["code"] == "declined"
    with db.read() as session:
        change = session.scalars(select(AvailabilityChange)).one()
    assert (change.on_date, change.available, change.reason) == (date(2026, 11, 23), False, "ốm")
    with db.read() as session:
        other = make.assignments_of(session, world.households[3])[0].shift_id
    events = [phone.event(world.minh, "decline", shift_id=shift, reason="") for shift in (other, 987654)]
    assert [v["code"] for v in phone.send(world.minh, events)] == ["unknown_shift"] * 2


def test_receipts_of_what_a_restored_backup_lost_are_stored(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    kept = phone.event(world.minh, "visit", **absent(promised[0], note="chó dữ"))
    lost = phone.event(world.minh, "visit", **absent(promised[1], note="hẹn lại"))
    (told,) = phone.send(world.minh, [kept])
    receipts = [stripped(kept) | {"receipt": told["hash"]}, stripped(lost) | {"receipt": "5" * 64}]
    verdicts = phone.send(world.minh, receipts)
    assert [(v["verdict"], v["flags"]) for v in verdicts] == [("duplicate", []), ("accepted", ["from_receipt"])]
    assert [v.note for v in visits(db)] == ["chó dữ", ""]
    # A receipt is of one report: with another's hash it is none.
    assert phone.send(world.minh, [stripped(kept) | {"receipt": "6" * 64}])[0]["verdict"] == "conflict"


def test_a_report_is_never_taken_for_another_persons(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    with db.begin() as session:
        nga = make.a_user(session, world.commune, Role.VOLUNTEER, "Nga", world.volunteers[1])
    phone.enrol(nga)
    made = phone.event(world.minh, "visit", **absent(promised[0]))
    phone.send(world.minh, [made])
    assert phone.send(nga, [made])[0]["verdict"] == "conflict"


def test_phone_totals_are_server_totals_after_one_sync(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    for promise in promised:
        phone.record(world.minh, "visit", **absent(promise))
    assert phone.drain(world.minh.id) == 200
    phone.pull(world.minh)
    mine = phone.docs[world.minh.id]["mine"]["body"]
    assert (mine["week"], mine["stored_events"]) == ({"visits": 3, "met": 0, "needs_done": 0}, 3)


def test_a_defect_in_what_follows_keeps_the_report(
    phone: Phone, world: World, promised: list[Assignment], db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("planner.services.outcomes.record_visit", broken)
    (verdict,) = phone.send(world.minh, [phone.event(world.minh, "visit", **absent(promised[0]))])
    assert (verdict["verdict"], verdict["code"]) == ("quarantined", "report_failed")
    assert len(ledger(db)) == 1


def test_an_hour_at_the_police_desk_that_is_full_is_kept_and_told(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    with db.begin() as session:
        campaign = session.merge(world.campaign)
        campaign.settings = {**campaign.settings, "police_places": 0}
    need = need_of(db, world.households[2].id)
    body = {
        **absent(promised[2]), "outcome": "met", "results": [{"need_id": need.id, "result": "referred"}],
        "police_appointment": {"on_date": "2026-11-26", "starts": "08:00", "resident_id": need.resident_id},
    }  # fmt: skip
    (verdict,) = phone.send(world.minh, [phone.event(world.minh, "visit", **body)])
    assert (verdict["verdict"], verdict["flags"]) == ("accepted", ["desk_full"])
    assert ledger(db)[0].needs_look
    with db.read() as session:
        assert session.scalars(select(Appointment)).one().at_police


def test_several_plain_visits_have_each_the_effects_of_one(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    """Taken together they must leave what each by itself would: needs, accounts, audit, promises."""
    needs = [need_of(db, house.id) for house in world.households[:3]]
    events = [
        phone.event(
            world.minh, "visit", **{**absent(p), "outcome": "met", "results": [{"need_id": n.id, "result": "not_done"}]}
        )
        for p, n in zip(promised, needs, strict=True)
    ]  # fmt: skip
    assert {v["verdict"] for v in phone.send(world.minh, events)} == {"accepted"}
    with db.read() as session:
        assert session.scalars(select(VisitResult.need_id).order_by(VisitResult.id)).all() == [n.id for n in needs]
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == "visit")).all()
    assert [entry.after["outcome"] for entry in entries] == ["met"] * 3
    assert {entry.subject_id for entry in entries} == {v.id for v in visits(db)}
    assert [v.body_hash for v in visits(db)] != [row.body_hash for row in ledger(db)]


def test_of_visits_taken_together_one_that_contradicts_itself_spoils_no_other(
    phone: Phone, world: World, promised: list[Assignment], db: Database
) -> None:
    foreign = need_of(db, world.households[4].id)
    wrong = {**absent(promised[1]), "outcome": "met", "results": [{"need_id": foreign.id, "result": "done"}]}
    events = [phone.event(world.minh, "visit", **body) for body in (absent(promised[0]), wrong, absent(promised[2]))]
    assert [v["code"] for v in phone.send(world.minh, events)] == ["stored", "need_of_another_household", "stored"]
    assert len(visits(db)) == 2
