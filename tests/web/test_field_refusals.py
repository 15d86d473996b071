"""What the form at the door refuses: each mistake beside its field, nothing recorded."""

from __future__ import annotations

import uuid

import pytest

from planner.models import Assignment, Database
from tests.web.at_the_door import form_of, need_of, record, visits
from tests.web.conftest import Browser
from tests.worlds import World


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """What the form refuses never reaches a database."""
    return sqlite_db


def test_met_without_any_result_asks_for_one_beside_the_need(
    minh: Browser, promised: list[Assignment], world: World, db: Database
) -> None:
    need = need_of(db, world.households[1].id)
    answer = record(minh, promised[1], "met", note="Đã nói chuyện.")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#result-{need.id}"' in page
    assert "Đã nói chuyện." in page, "what was typed is still there"
    assert visits(db) == []


def test_a_form_sent_back_with_errors_keeps_its_id(minh: Browser, promised: list[Assignment]) -> None:
    address = f"/my/visits/{promised[1].uid}/record/met"
    form = form_of(minh, address)
    page = minh.post(address, form).get_data(as_text=True)
    assert form["event_id"] in page


def test_a_rejection_needs_its_reason(minh: Browser, promised: list[Assignment], world: World, db: Database) -> None:
    need = need_of(db, world.households[0].id)  # an insurance card to integrate
    answer = record(minh, promised[0], "met", **{f"result-{need.id}": "rejected"})
    assert answer.status_code == 422
    assert f'href="#reason-{need.id}"' in answer.get_data(as_text=True)
    fields = {f"result-{need.id}": "rejected", f"reason-{need.id}": "thẻ còn số CMND cũ"}
    assert record(minh, promised[0], "met", **fields).status_code == 302


def test_a_result_this_service_cannot_have_is_refused_at_its_need(
    minh: Browser, promised: list[Assignment], world: World, db: Database
) -> None:
    need = need_of(db, world.households[2].id)  # level 2 can only be had at the police
    answer = record(minh, promised[2], "met", **{f"result-{need.id}": "done"})
    assert answer.status_code == 422
    assert f'href="#result-{need.id}"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "callback_on"),
        ({"callback_on": "2026-11-25"}, "callback_period"),
        ({"callback_period": "T"}, "callback_on"),
        ({"callback_on": "2026-11-20", "callback_period": "T"}, "callback_on"),
        ({"callback_on": "2026-11-25", "callback_from": "20:00", "callback_to": "19:00"}, "callback_on"),
        ({"callback_on": "2026-11-25", "callback_from": "22:00", "callback_to": "23:00"}, "callback_on"),
        ({"callback_on": "2026-11-25", "callback_from": "8 giờ", "callback_to": "09:00"}, "callback_from"),
        ({"callback_on": "9999-12-31", "callback_period": "T"}, "callback_on"),
    ],
)
def test_a_callback_needs_a_day_and_hours_that_can_be_kept(
    minh: Browser, promised: list[Assignment], db: Database, fields: dict[str, str], field: str
) -> None:
    answer = record(minh, promised[0], "callback", **fields)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.get_data(as_text=True)
    assert visits(db) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"event_id": "not a uuid"},
        {"event_id": ""},
        {"opened_at": "yesterday"},
        {"opened_at": "2026-11-23T18:00:00"},
        {"opened_at": "0001-01-01T00:00:00+14:00"},
        {"happened_on": "2026-02-31", "happened_at": "10:00"},
        {"happened_on": "2026-11-23"},
        {"note": "x" * 1001},
        {"corrects": "x"},
        {"result-999999": "done"},
        {"outcome": "met"},
        {"volunteer_id": "1"},
    ],
    ids=str,
)
def test_a_form_that_makes_no_sense_is_refused_whole(
    minh: Browser, promised: list[Assignment], db: Database, fields: dict[str, str]
) -> None:
    assert record(minh, promised[0], "absent", **fields).status_code in (404, 422)
    assert visits(db) == []


@pytest.mark.parametrize("value", ["nan", "1e999", "", "DONE", "done\x00"])
def test_a_result_that_is_no_word_of_the_list_is_refused(
    minh: Browser, promised: list[Assignment], world: World, db: Database, value: str
) -> None:
    need = need_of(db, world.households[1].id)
    assert record(minh, promised[1], "met", **{f"result-{need.id}": value}).status_code == 422
    assert visits(db) == []


@pytest.mark.parametrize("outcome", ["MET", "done", "x", "met%00"])
def test_an_outcome_nobody_knows_is_no_page(minh: Browser, promised: list[Assignment], outcome: str) -> None:
    assert minh.get(f"/my/visits/{promised[0].uid}/record/{outcome}").status_code == 404


def test_a_household_nobody_was_sent_to_is_not_found(minh: Browser, db: Database) -> None:
    address = f"/my/visits/{uuid.uuid4()}/record/absent"
    assert minh.post(address, {"event_id": str(uuid.uuid4())}).status_code == 404
    assert visits(db) == []
