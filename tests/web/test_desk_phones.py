"""Từ điện thoại: the desk sees what needs a look, decides, and can take it back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from planner.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from planner.domain.vocabulary import FieldDecisionKind, FieldVerdict, Outcome, Work
from planner.models import AuditEntry, Database, FieldEvent, Household, Need, Resident, Visit
from planner.services.sync import deciding, reviewing
from tests import builders as make
from tests.web.at_the_door import need_of, text_of, visits
from tests.web.conftest import MONDAY_EVENING, Browser, Clock, SignIn
from tests.web.phone import Phone, absent
from tests.worlds import World


@pytest.fixture
def phone(app: Flask, db: Database, clock: Clock, world: World) -> Phone:
    clock.at = MONDAY_EVENING
    found = Phone(app, db, clock)
    found.enrol(world.minh)
    return found


Send = Callable[..., reviewing.Report]


@pytest.fixture
def waiting(phone: Phone, world: World, db: Database) -> Send:
    """Return a function that sends a report which then waits for the desk, and returns it as the desk sees it."""

    def send(kind: str, **body: Any) -> reviewing.Report:
        (verdict,) = phone.send(world.minh, [phone.event(world.minh, kind, **body)])
        with db.read() as session:
            found = reviewing.reports(session, world.desk, size=200).rows
        assert found, verdict
        return found[-1]

    return send


def test_a_visit_that_was_never_theirs_is_recorded_for_whoever_made_it(
    waiting: Send, world: World, db: Database, clock: Clock
) -> None:
    house = world.households[3]
    need = need_of(db, house.id)
    results = [{"need_id": need.id, "result": "not_done"}]
    report = waiting("visit", household_id=house.id, outcome="met", results=results, note="gặp bà")
    assert (report.code, report.head_name, report.can_be_accepted) == ("household_never_yours", house.head_name, True)
    clock.go(days=1)
    with db.begin() as session:
        deciding.accept(session, world.desk, report.id, clock())
    (visit,) = visits(db)
    assert (visit.recorded_by_id, visit.volunteer_id) == (world.minh.id, world.volunteers[0].id)
    assert (visit.occurred_at, visit.received_at) == (MONDAY_EVENING, MONDAY_EVENING)
    with db.read() as session:
        assert reviewing.open_count(session, world.desk) == 0
    with db.begin() as session, pytest.raises(Conflict, match="decision_made"):
        deciding.accept(session, world.desk, report.id, clock())
    with db.begin() as session, pytest.raises(Conflict, match="decision_final"):
        deciding.reopen(session, world.desk, report.id, clock())


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ({"outcome": "absent", "results": "done"}, Outcome.ABSENT),
        ({"outcome": "callback"}, Outcome.MET),
        ({"outcome": "met", "results": "foreign"}, Outcome.MET),
        ({"outcome": "met", "police_appointment": {"on_date": "2026-11-26", "starts": "08:00"}}, Outcome.MET),
        ({"outcome": "met", "callback": {"on_date": "2026-11-25", "starts": "22:00", "ends": "22:30"}}, Outcome.MET),
    ],
)
def test_what_contradicts_itself_is_recorded_without_the_part_that_does_not_fit(
    waiting: Send, world: World, promised: list[Any], db: Database, clock: Clock, body: dict[str, Any], outcome: Outcome
) -> None:
    need = need_of(db, world.households[4 if body.get("results") == "foreign" else 1].id)
    if body.get("results"):
        body = {**body, "results": [{"need_id": need.id, "result": "done"}]}
    report = waiting("visit", **{**absent(promised[1]), **body})
    with db.begin() as session:
        deciding.accept(session, world.desk, report.id, clock())
    (visit,) = visits(db)
    assert (visit.outcome, visit.assignment_id) == (outcome, promised[1].id)


def test_both_sides_of_a_conflict_can_stand(phone: Phone, world: World, promised: list[Any], db: Database, clock: Clock) -> None:
    made = phone.event(world.minh, "visit", **absent(promised[0]))
    phone.send(world.minh, [made, {**made, "body": absent(promised[1])}])
    with db.begin() as session:
        (report,) = reviewing.reports(session, world.desk).rows
        assert report.verdict is FieldVerdict.CONFLICT
        deciding.accept(session, world.desk, report.id, clock())
    assert [v.household_id for v in visits(db)] == [promised[0].household_id, promised[1].household_id]


def test_clashing_facts_are_chosen_and_given_back(waiting: Send, world: World, db: Database, clock: Clock) -> None:
    with db.begin() as session:
        resident = session.scalars(select(Resident).where(Resident.household_id == world.households[1].id)).one()
        resident.work = Work.SHIFT
    report = waiting("facts", resident_id=resident.id, changes={"working_pattern": {"from": "home", "to": "worker"}})
    assert (report.resident, report.known["working_pattern"]) == (resident.name, Work.SHIFT)
    with db.begin() as session:
        deciding.accept(session, world.desk, report.id, clock())
        assert session.get_one(Resident, resident.id).work is Work.WORKER
        deciding.reopen(session, world.desk, report.id, clock())
        assert session.get_one(Resident, resident.id).work is Work.SHIFT
        assert reviewing.open_count(session, world.desk) == 1


def test_who_was_found_is_added_to_the_roster_and_taken_back(waiting: Send, world: World, db: Database, clock: Clock) -> None:
    person = waiting(
        "found_resident", household_id=world.households[0].id, resident_uid=str(uuid.uuid4()), name="  Lý  Thị Mai ",
        birth_year=1990,
        phone="0912 345 678", note="",
    )  # fmt: skip
    house = waiting(
        "found_household", household_uid=str(uuid.uuid4()), near_household_id=world.households[0].id, head_name="Vàng A Sử",
        address="cuối ngõ", phone="", lat=11.84, lon=106.61, note="chó dữ",
    )  # fmt: skip
    with db.begin() as session:
        deciding.accept(session, world.desk, person.id, clock())
        deciding.accept(session, world.desk, house.id, clock())
        mai = session.scalars(select(Resident).where(Resident.name == "Lý Thị Mai")).one()
        assert (mai.household_id, mai.birth, mai.phone, mai.left_at) == (world.households[0].id, "1990", "0912345678", None)
        assert session.scalars(select(Need.id).where(Need.resident_id == mai.id)).first() is not None
        new = session.scalars(select(Household).where(Household.head_name == "Vàng A Sử")).one()
        assert (new.hamlet_id, new.note, new.left_at) == (world.hamlet.id, "chó dữ", None)
        deciding.reopen(session, world.desk, person.id, clock())
        deciding.reopen(session, world.desk, house.id, clock())
        assert mai.left_at == new.left_at == clock()
        assert reviewing.open_count(session, world.desk) == 2


def a_new_household(waiting: Send, world: World) -> tuple[reviewing.Report, reviewing.Report]:
    """Return a household that was found, and somebody of it who was noted before the desk has seen it."""
    uid = str(uuid.uuid4())
    house = waiting("found_household", household_uid=uid, near_household_id=world.households[0].id, head_name="Vàng A Sử")
    person = waiting("found_resident", household_uid=uid, resident_uid=str(uuid.uuid4()), name="Vàng Thị Mai", phone="", note="")
    return house, person


def test_people_of_a_new_household_are_added_once_it_is(waiting: Send, world: World, db: Database, clock: Clock) -> None:
    house, person = a_new_household(waiting, world)
    assert (person.waits_for_household, person.can_be_accepted) == (True, False)
    assert person.new_household is not None
    assert person.new_household.head_name == "Vàng A Sử"
    with db.begin() as session, pytest.raises(InvalidInput, match="found_household_first"):
        deciding.accept(session, world.desk, person.id, clock())
    with db.begin() as session:
        deciding.accept(session, world.desk, house.id, clock())
        seen = reviewing.report(session, world.desk, person.id)
        assert (seen.head_name, seen.waits_for_household, seen.can_be_accepted) == ("Vàng A Sử", False, True)
        deciding.accept(session, world.desk, person.id, clock())
        mai = session.scalars(select(Resident).where(Resident.name == "Vàng Thị Mai")).one()
        assert session.get_one(Household, mai.household_id).head_name == "Vàng A Sử"


def test_a_new_household_taken_back_lets_its_people_wait_again(waiting: Send, world: World, db: Database, clock: Clock) -> None:
    house, person = a_new_household(waiting, world)
    with db.begin() as session:
        for report in (house, person):
            deciding.accept(session, world.desk, report.id, clock())
        deciding.reopen(session, world.desk, house.id, clock())
        assert session.scalars(select(Resident).where(Resident.name == "Vàng Thị Mai")).one().left_at == clock()
        assert reviewing.report(session, world.desk, person.id).waits_for_household
        assert reviewing.open_count(session, world.desk) == 2
        for report in (house, person):
            deciding.accept(session, world.desk, report.id, clock())
        there = select(Resident).where(Resident.name == "Vàng Thị Mai", Resident.left_at.is_(None))
        assert len(session.scalars(there).all()) == 1


def test_the_page_says_which_new_household_somebody_belongs_to(hoa: Browser, waiting: Send, world: World) -> None:
    house, person = a_new_household(waiting, world)
    assert "Ở hộ mới: Vàng A Sử. Ghi hộ ấy trước, rồi ghi người này." in text_of(hoa.get("/desk/phones"))
    answer = hoa.post(f"/desk/phones/{person.id}/accept")
    assert answer.status_code == 422
    assert "Người này ở hộ mới cũng đang chờ" in text_of(answer)
    for report in (house, person):
        assert hoa.post(f"/desk/phones/{report.id}/accept").status_code == 302


@pytest.mark.parametrize("hamlet", ["9" * 20, "9" * 5000])
def test_a_hamlets_number_that_is_none_counts_as_none_given(waiting: Send, world: World, signed_in: SignIn, hamlet: str) -> None:
    report = waiting("found_household", household_uid=str(uuid.uuid4()), near_household_id=None, head_name="Vàng A Sử")
    answer = signed_in(world.hoa).post(f"/desk/phones/{report.id}/accept", {"hamlet": hamlet})
    assert answer.status_code == 422


def test_a_household_found_nowhere_near_one_needs_its_hamlet(waiting: Send, world: World, db: Database, clock: Clock) -> None:
    report = waiting("found_household", household_uid=str(uuid.uuid4()), head_name="Vàng A Sử")
    with db.begin() as session, pytest.raises(InvalidInput, match="desk_choose_one"):
        deciding.accept(session, world.desk, report.id, clock())
    with db.begin() as session:
        deciding.accept(session, world.desk, report.id, clock(), hamlet_id=world.hamlet.id)


def test_late_availability_is_taken_over_by_the_desk(waiting: Send, world: World, db: Database, clock: Clock) -> None:
    report = waiting("availability", monday="2026-11-23", free=["2026-11-27_evening"])
    with db.begin() as session:
        deciding.accept(session, world.desk, report.id, clock())
        from planner.services import volunteers

        (row,) = volunteers.availability_grid(session, world.desk, make.MONDAY, volunteer_ids=[world.volunteers[0].id]).page.rows
        assert [str(c.on_date) for c in row.cells if c.available and c.on_date >= make.MONDAY] == ["2026-11-27"]


def test_dismissing_needs_a_reason_and_can_be_taken_back(waiting: Send, world: World, db: Database, clock: Clock) -> None:
    report = waiting("visit", household_id=987654, outcome="absent")
    assert not report.can_be_accepted
    with db.begin() as session, pytest.raises(InvalidInput, match="unknown_household"):
        deciding.accept(session, world.desk, report.id, clock())
    with db.begin() as session, pytest.raises(InvalidInput, match="dismiss_needs_reason"):
        deciding.dismiss(session, world.desk, report.id, "  ", clock())
    with db.begin() as session:
        deciding.dismiss(session, world.desk, report.id, "gõ nhầm", clock())
        (decided,) = reviewing.reports(session, world.desk, decided=True).rows
        assert (decided.decision.kind, decided.decision.reason, decided.decision.by) == (
            FieldDecisionKind.DISMISSED, "gõ nhầm", "Hoa",
        )  # fmt: skip
        deciding.reopen(session, world.desk, report.id, clock())
        assert reviewing.open_count(session, world.desk) == 1
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "field_event")).all()
    assert actions == ["phone_report_decided", "phone_report_decided"]


def test_only_the_desk_of_the_commune_decides(waiting: Send, world: World, db: Database, clock: Clock) -> None:
    report = waiting("visit", household_id=world.households[3].id, outcome="absent")
    with db.begin() as session, pytest.raises(NotFound):
        deciding.accept(session, world.stranger, report.id, clock())
    with db.begin() as session, pytest.raises(NotAllowed):
        deciding.accept(session, world.volunteer, report.id, clock())
    with db.read() as session:
        assert reviewing.open_count(session, world.stranger) == 0
        assert reviewing.phones(session, world.stranger) == ()


def test_the_ledger_itself_never_changes(waiting: Send, world: World, db: Database, clock: Clock) -> None:
    report = waiting("visit", household_id=world.households[3].id, outcome="absent")

    def row() -> dict[str, Any]:
        with db.read() as session:
            found = session.get_one(FieldEvent, report.id)
            return {column.name: getattr(found, column.name) for column in FieldEvent.__table__.columns}

    before = row()
    with db.begin() as session:
        deciding.accept(session, world.desk, report.id, clock())
    assert row() == before
    with db.read() as session:
        assert session.scalars(select(Visit.event_id)).all() == [before["event_id"]]


@pytest.fixture
def hoa(phone: Phone, world: World, signed_in: SignIn) -> Browser:
    return signed_in(world.hoa)


def test_the_page_shows_what_waits_and_the_menu_how_many(
    hoa: Browser, waiting: Send, phone: Phone, world: World, db: Database
) -> None:
    page = text_of(hoa.get("/desk/phones"))
    assert "Không có gì chờ" in page
    assert "Từ điện thoại (" not in page
    phone.pull(world.minh)
    report = waiting("visit", household_id=world.households[3].id, outcome="absent", note="<b>chó</b>")
    raw = hoa.get("/desk/phones").get_data(as_text=True)
    page = text_of(hoa.get("/desk/phones"))
    assert "Từ điện thoại (1)" in page
    assert "&lt;b&gt;chó&lt;/b&gt;" in raw
    assert "Minh báo, máy chủ nhận lúc 18:45" in page
    assert "Chrome, Android" in page
    assert hoa.post(f"/desk/phones/{report.id}/accept").status_code == 302
    assert len(visits(db)) == 1
    assert "Đã chấp nhận" in text_of(hoa.get("/desk/phones?show=decided"))


def test_the_page_dismisses_with_a_reason_and_opens_again(hoa: Browser, waiting: Send, db: Database) -> None:
    report = waiting("visit", household_id=987654, outcome="absent")
    answer = hoa.post(f"/desk/phones/{report.id}/dismiss", {"reason": ""})
    assert answer.status_code == 422
    assert "Hãy ghi vì sao bỏ qua" in text_of(answer)
    assert hoa.post(f"/desk/phones/{report.id}/dismiss", {"reason": "gõ nhầm"}).status_code == 302
    assert "gõ nhầm" in text_of(hoa.get("/desk/phones?show=decided"))
    assert hoa.post(f"/desk/phones/{report.id}/reopen").status_code == 302
    assert "Từ điện thoại (1)" in text_of(hoa.get("/desk/phones"))


def test_a_visit_that_was_recorded_is_not_opened_again_but_leads_to_where_it_is_corrected(
    hoa: Browser, waiting: Send, world: World
) -> None:
    house = world.households[3]
    report = waiting("visit", household_id=house.id, outcome="absent")
    hoa.post(f"/desk/phones/{report.id}/accept")
    page = hoa.get("/desk/phones?show=decided").get_data(as_text=True)
    assert "Mở lại" not in page
    assert f'<a href="/desk/households/{house.id}">Sửa ở trang của hộ</a>' in page
    answer = hoa.post(f"/desk/phones/{report.id}/reopen")
    assert answer.status_code == 409
    assert "Hãy sửa trên trang của hộ." in text_of(answer)


def test_hours_that_were_recorded_lead_to_the_grid_they_are_corrected_in(hoa: Browser, waiting: Send) -> None:
    report = waiting("availability", monday="2026-11-23", free=[])
    hoa.post(f"/desk/phones/{report.id}/accept")
    page = hoa.get("/desk/phones?show=decided").get_data(as_text=True)
    assert '<a href="/desk/volunteers/availability?monday=2026-11-23">Sửa ở lịch rảnh</a>' in page
    answer = hoa.post(f"/desk/phones/{report.id}/reopen")
    assert answer.status_code == 409
    assert "Hãy sửa ở Tình nguyện viên, trang Lịch rảnh." in text_of(answer)


def test_every_kind_of_report_can_be_read_on_the_page(
    hoa: Browser, waiting: Send, phone: Phone, world: World, promised: list[Any]
) -> None:
    waiting("decline", shift_id=promised[0].shift_id, reason="ốm")
    waiting("facts", resident_id=1, changes={"phone": {"from": "1", "to": "2"}})
    waiting("availability", monday="2026-11-23", free=[])
    waiting("found_household", household_uid=str(uuid.uuid4()), head_name="Vàng A Sử", phone="0912345678")
    waiting("visit", **absent(promised[0]), callback={"on_date": "2026-11-25", "period": "evening"})
    waiting("found_household", household_uid=str(uuid.uuid4()), head_name="A\ud800", address="ngõ\ud800", phone="09\ud800")
    odd = {"outcome": ["met"], "results": [{"result": {}, "reason": "\ud800"}], "note": "\ud800"}
    phone.send(world.minh, [None, {"kind": "visit", "body": 7}, {"kind": "visit", "body": {"results": 3, "callback": "x"}}])
    phone.send(
        world.minh,
        [{"kind": "visit", "body": odd}, {"kind": "facts", "body": {"changes": {"phone": {"from": [], "to": "\ud800"}}}}],
    )
    page = text_of(hoa.get("/desk/phones"))
    for words in ("Không đi được", "Lý do: ốm", "Vàng A Sử", "Không đọc được", "Lịch rảnh gửi từ điện thoại"):
        assert words in page
    assert hoa.get("/desk/phones", headers={"Cookie": "namro_lang=en"}).status_code in (200, 302)
