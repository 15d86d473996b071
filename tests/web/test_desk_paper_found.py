"""Who was found at a door and written on the sheet comes to the desk as the report a phone would have sent."""

from __future__ import annotations

import html
import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from planner.domain.vocabulary import Role
from planner.models import Database, FieldEvent, Household, Resident, User
from tests import builders as make
from tests.builders import MONDAY
from tests.web.at_the_desk import words
from tests.web.conftest import MONDAY_EVENING, Browser, Clock, SignIn
from tests.web.phone import Phone
from tests.worlds import World

PERSON = {"name": " Lý  Thị Mai ", "birth_year": "1990", "phone": "0912 345 678", "note": "con dâu"}
HOUSE = {"head_name": "Vàng A Sử", "address": "cuối ngõ 3", "house_phone": "", "house_note": "chó dữ"}


@pytest.fixture
def hoa(world: World, signed_in: SignIn, clock: Clock) -> Browser:
    """Return Hoa's browser on Tuesday morning."""
    clock.at = MONDAY_EVENING + timedelta(hours=14)
    return signed_in(world.hoa)


@pytest.fixture
def printed(hoa: Browser) -> None:
    assert hoa.post("/desk/paper/print", {"monday": MONDAY.isoformat()}).status_code == 302


@pytest.fixture
def leader(db: Database, world: World, printed: None, signed_in: SignIn) -> Browser:
    """Return the browser of the leader of Ấp 1; the second crew is from elsewhere."""
    with db.begin() as session:
        for member in world.volunteers[2:]:
            session.merge(member).hamlet_id = None
        own = make.a_volunteer(session, world.commune, "Bác Năm", hamlet=world.hamlet)
        user = make.a_user(session, world.commune, Role.LEADER, "Bác Năm", own)
    return signed_in(user)


def ledger(db: Database) -> list[FieldEvent]:
    with db.read() as session:
        return list(session.scalars(select(FieldEvent).order_by(FieldEvent.id)))


@pytest.mark.usefixtures("printed")
def test_whoever_was_found_becomes_the_report_a_phone_would_have_sent(
    app: Flask, db: Database, world: World, hoa: Browser, clock: Clock
) -> None:
    assert hoa.post("/desk/paper/1/2/found", PERSON).status_code == 302
    assert hoa.post("/desk/paper/1/2/found-household", HOUSE).status_code == 302
    house_id = world.households[1].id
    phone = Phone(app, db, clock)
    phone.enrol(world.minh)
    person = {"household_id": house_id, "resident_uid": str(uuid.uuid4()), "name": "Lý  Thị Mai", "birth_year": 1990,
              "phone": "0912 345 678", "note": "con dâu"}  # fmt: skip
    house = {"household_uid": str(uuid.uuid4()), "near_household_id": house_id, "head_name": "Vàng A Sử",
             "address": "cuối ngõ 3", "phone": "", "lat": None, "lon": None, "note": "chó dữ"}  # fmt: skip
    for kind, body in (("found_resident", person), ("found_household", house)):
        phone.send(world.minh, [phone.event(world.minh, kind, **body)])

    def said(event: FieldEvent) -> tuple[object, ...]:
        body = {name: value for name, value in event.sent["body"].items() if not name.endswith("_uid")}
        return event.kind, event.verdict, event.code, event.household_id, event.needs_look, event.sent.keys(), body

    of_paper, of_phone = ledger(db)[:2], ledger(db)[2:]
    assert [said(event) for event in of_paper] == [said(event) for event in of_phone]
    page = words(hoa.get("/desk/phones"))
    assert "Ghi từ phiếu giấy: danh sách số 1, dòng 2" in page
    assert "Lý Thị Mai" in words(hoa.get("/desk/paper/1/2/found"))


@pytest.mark.usefixtures("printed")
def test_people_of_a_new_household_are_typed_with_it(db: Database, world: World, hoa: Browser) -> None:
    hoa.post("/desk/paper/1/2/found-household", HOUSE)
    page = hoa.get("/desk/paper/1/2/found").get_data(as_text=True)
    link = re.search(r'href="(/desk/paper/1/2/found\?household=([^"]+))"', page)
    assert link is not None
    assert "Gặp một hộ chưa có trong danh sách?" not in words(hoa.get(link[1]))
    assert hoa.post("/desk/paper/1/2/found", {**PERSON, "household": link[2]}).status_code == 302
    house, person = ledger(db)
    assert person.sent["body"]["household_uid"] == house.sent["body"]["household_uid"] == link[2]
    assert "household_id" not in person.sent["body"]
    for report in (house, person):
        assert hoa.post(f"/desk/phones/{report.id}/accept").status_code == 302
    with db.read() as session:
        mai = session.scalars(select(Resident).where(Resident.name == "Lý Thị Mai")).one()
        assert session.get_one(Household, mai.household_id).head_name == "Vàng A Sử"
    assert hoa.get(f"/desk/paper/1/3/found?household={link[2]}").status_code == 404, "of another row"
    assert hoa.post("/desk/paper/1/3/found", {**PERSON, "household": link[2]}).status_code == 404


@pytest.mark.usefixtures("printed")
def test_typed_twice_by_whomever_it_is_one_report(db: Database, hoa: Browser, leader: Browser) -> None:
    hoa.post("/desk/paper/1/2/found", PERSON)
    for browser in (hoa, leader):
        browser.post("/desk/paper/1/2/found", PERSON)
        assert "Đã được ghi đúng như vậy từ trước: Lý Thị Mai" in words(browser.get("/desk/paper/1/2/found"))
    hoa.post("/desk/paper/1/2/found", {**PERSON, "birth_year": "1960"})  # her mother has the same name
    assert len(ledger(db)) == 2


@pytest.mark.usefixtures("printed")
@pytest.mark.parametrize(
    ("address", "data", "field"),
    [
        ("found", {**PERSON, "name": " "}, "name"),
        ("found", {**PERSON, "name": "x" * 121}, "name"),
        ("found", {**PERSON, "birth_year": "90"}, "birth_year"),
        ("found", {**PERSON, "birth_year": "2199"}, "birth_year"),
        ("found", {**PERSON, "birth_year": "١٩٩٠"}, "birth_year"),
        ("found", {**PERSON, "birth_year": "9" * 5000}, "birth_year"),
        ("found", {**PERSON, "phone": "0" * 21}, "phone"),
        ("found", {**PERSON, "note": "x" * 501}, "note"),
        ("found", {**PERSON, "name": "\x07"}, "name"),
        ("found-household", {**HOUSE, "head_name": ""}, "head_name"),
        ("found-household", {**HOUSE, "address": ""}, "address"),
        ("found-household", {**HOUSE, "address": "x" * 201}, "address"),
        ("found-household", {**HOUSE, "house_note": "x" * 501}, "house_note"),
    ],
)
def test_what_is_wrong_about_somebody_found_stands_beside_its_field(
    db: Database, hoa: Browser, address: str, data: dict[str, str], field: str
) -> None:
    answer = hoa.post(f"/desk/paper/1/2/{address}", data)
    source = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{field}"' in source
    assert f'id="{field}"' in source
    kept = data.get("note") or data.get("house_note")
    assert html.escape(str(kept)) in source, "nothing need be typed twice"
    assert ledger(db) == []


@pytest.mark.usefixtures("printed")
def test_unknown_fields_rows_and_foreign_lists_add_nobody(db: Database, world: World, hoa: Browser, signed_in: SignIn) -> None:
    assert hoa.post("/desk/paper/1/2/found", {**PERSON, "household_id": "1"}).status_code == 422
    assert hoa.post("/desk/paper/1/9/found", PERSON).status_code == 404
    lan = signed_in(world.lan)
    assert lan.get("/desk/paper/1/2/found").status_code == 404
    assert lan.post("/desk/paper/1/2/found-household", HOUSE).status_code == 404
    assert ledger(db) == []


def test_a_leaders_own_figures_do_not_count_what_they_typed(app: Flask, db: Database, leader: Browser, clock: Clock) -> None:
    leader.post("/desk/paper/1/2/found", PERSON)
    (event,) = ledger(db)
    with db.read() as session:
        user = session.get_one(User, event.user_id)
    phone = Phone(app, db, clock)
    phone.enrol(user)
    phone.pull(user)
    assert phone.docs[user.id]["mine"]["body"]["stored_events"] == 0, "no phone of theirs has it"
