"""Giờ nào có người ở nhà, and the hours promised to households: what the desk sees and what it may change."""

from __future__ import annotations

import re
from datetime import time, timedelta

import pytest

from planner.domain.calendar import instant
from planner.domain.vocabulary import MeetKind, Outcome, SlotClass
from planner.models import Appointment, Database
from planner.services import learning
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.web.at_the_desk import words
from tests.web.conftest import Browser, SignIn
from tests.worlds import World

CELL = "/desk/chances/usual/weekday_evening"


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """What the pages say does not depend on the database: services are tested on both."""
    return sqlite_db


@pytest.fixture
def hoa(world: World, signed_in: SignIn) -> Browser:
    return signed_in(world.hoa)


def test_before_the_first_visit_the_page_says_that_figures_are_assumed(hoa: Browser) -> None:
    said = words(hoa.get("/desk/chances"))
    assert "Chưa có lượt thăm nào để rút kinh nghiệm" in said
    assert "65 % , Những người còn lại, buổi tối trong tuần: xem từ đâu ra" in said


def test_each_figure_says_from_how_many_knocks_how_sure_and_what_was_assumed(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        house = world.households[0]
        make.a_visit(session, house, Outcome.ABSENT, instant(MONDAY, time(19)), make.assignments_of(session, house)[0])
        learning.refresh(session, world.desk, NOW)
    for address in ("/desk/chances", f"/desk/chances?hamlet={world.hamlet.id}"):
        said = words(hoa.get(address))
        assert "rút ra từ 1 lần gõ cửa" in said
        assert "gặp 0/1 lần · giả định 65 %" in said
        assert re.search(r"bốn phần năm khả năng: \d+–\d+ %", said), "an interval of 80 %, and called so"
    assert "Ở cả xã gặp 0/1 lần" in words(hoa.get(CELL + f"?hamlet={world.hamlet.id}"))


def test_the_desk_sets_a_figure_by_hand_and_takes_it_back(db: Database, world: World, hoa: Browser) -> None:
    assert hoa.post(CELL, {"percent": "20", "note": "Mùa gặt", "hamlet": ""}).status_code == 302
    assert "sửa tay; máy tính ra 65 %" in words(hoa.get("/desk/chances"))
    page = words(hoa.get(CELL))
    assert "Hoa sửa thành 20 %" in page
    assert "Mùa gặt" in page
    with db.read() as session:
        cell = learning.heat_map(session, world.desk).cells[MeetKind.USUAL, SlotClass.WEEKDAY_EVENING]
    assert cell.overruled is not None
    assert hoa.post(f"/desk/chances/overrules/{cell.overruled.id}/remove", {"hamlet": ""}).status_code == 302
    assert "sửa tay; máy" not in words(hoa.get("/desk/chances"))
    assert "Sửa tay khả năng gặp người" in words(hoa.get("/desk/journal"))


@pytest.mark.parametrize("typed", ["", "nhiều", "101", "-5", "6.5"])
def test_a_figure_that_is_none_is_refused_with_the_cure(hoa: Browser, typed: str) -> None:
    answer = hoa.post(CELL, {"percent": typed, "note": "", "hamlet": ""})
    assert answer.status_code == 422
    assert "phải là số nguyên từ 0 đến 100" in words(answer)


def test_cells_and_hamlets_that_do_not_exist_have_no_page(world: World, hoa: Browser) -> None:
    for address in ("/desk/chances/usual/never", "/desk/chances/nobody/weekend_day", "/desk/chances?hamlet=987654"):
        assert hoa.get(address).status_code == 404
    assert hoa.post(CELL, {"percent": "20", "note": "", "hamlet": "987654"}).status_code == 404


def test_promises_are_listed_with_what_the_plan_makes_of_them(db: Database, world: World, hoa: Browser) -> None:
    assert "Không có lời hẹn nào phía trước" in words(hoa.get("/desk/promises"))
    with db.begin() as session:
        for number, days in ((0, 2), (1, 9)):
            starts = instant(MONDAY + timedelta(days=days), time(19))
            session.add(
                Appointment(
                    household_id=world.households[number].id, starts_at=starts, ends_at=starts + timedelta(hours=1), made_at=NOW
                )
            )
    said = words(hoa.get("/desk/promises"))
    assert "1 lời hẹn chưa có trong kế hoạch nào." in said
    assert "Hẹn sau khi tuần ấy đã lập kế hoạch. Hãy lập lại tuần ấy." in said
    assert "Tuần đó chưa lập kế hoạch" in said
