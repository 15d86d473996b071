"""The desk's paper pages: number and print lists, find one by number or code, enter rows by keyboard, correct."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from planner.domain.paper import row_code
from planner.domain.vocabulary import NeedResult, Outcome, Role
from planner.models import Database, PaperList, Visit
from tests import builders as make
from tests.builders import MONDAY
from tests.web.at_the_desk import words
from tests.web.conftest import MONDAY_EVENING, Browser, Clock, SignIn
from tests.worlds import World

WEEK = MONDAY.isoformat()


@pytest.fixture
def hoa(world: World, signed_in: SignIn, clock: Clock) -> Browser:
    """Return Hoa's browser on Tuesday morning."""
    clock.at = MONDAY_EVENING + timedelta(hours=14)
    return signed_in(world.hoa)


@pytest.fixture
def printed(hoa: Browser) -> None:
    answer = hoa.post("/desk/paper/print", {"monday": WEEK})
    assert answer.status_code == 302


def visits(db: Database) -> list[Visit]:
    with db.read() as session:
        rows = list(session.scalars(select(Visit).order_by(Visit.id)))
        for row in rows:
            assert row.results is not None
        return rows


# ---- printing ----


def test_printing_numbers_the_lists_and_shows_them(db: Database, hoa: Browser) -> None:
    answer = hoa.post("/desk/paper/print", {"monday": WEEK, "size": "a5"})
    assert answer.headers["Location"] == f"/desk/paper/print?monday={WEEK}&size=a5"
    page = hoa.get(answer.headers["Location"])
    said, source = words(page), page.get_data(as_text=True)
    for expected in (
        "Danh sách số 1", "Danh sách số 2", "Trần Quang Minh", "090 000 0001".replace(" ", ""), "Rõ người", "Rõ việc",
        "Rõ tiến độ", "Rõ kết quả", "Rõ trách nhiệm", "3 hộ ở Ấp 1", row_code(1, 3), "Nguyễn Văn An", "G Gặp được",
    ):  # fmt: skip
        assert expected in said, expected
    assert source.count('class="qr"') == 5
    assert source.count("paper--a5") == 2
    assert "style=" not in source


def test_a_printed_list_says_until_when_to_go_to_a_reserve_door(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        spare = make.assignments_of(session, world.households[2])[0]
        spare.reserve = True
        until = f"{spare.starts_at + timedelta(hours=7):%H:%M}"
    said = words(hoa.get(hoa.post("/desk/paper/print", {"monday": WEEK}).headers["Location"]))
    assert "1 hộ là dự phòng, không kịp thì bỏ qua" in said
    assert f"Dòng 3 trước {until}" in said
    assert f"Hộ dự phòng: quá {until} thì bỏ qua, không tính bỏ lỡ" in said
    assert f"trước {until}" in words(hoa.get(f"/desk/board/print?monday={WEEK}"))


def test_a_day_or_a_crew_is_printed_alone(db: Database, hoa: Browser) -> None:
    wednesday = (MONDAY + timedelta(days=2)).isoformat()
    answer = hoa.post("/desk/paper/print", {"monday": WEEK, "day": wednesday})
    said = words(hoa.get(answer.headers["Location"]))
    assert "Phạm Thị Dung" in said
    assert "Nguyễn Văn An" not in said
    with db.read() as session:
        (only,) = session.scalars(select(PaperList))
    answer = hoa.post("/desk/paper/print", {"monday": WEEK, "shift": only.shift_id})
    assert "Phạm Thị Dung" in words(hoa.get(answer.headers["Location"]))


def test_nothing_to_print_says_why(hoa: Browser) -> None:
    answer = hoa.post("/desk/paper/print", {"monday": "2026-12-14"})
    assert answer.status_code == 422
    assert "Không có lượt thăm nào để in" in words(answer)
    assert "Tuần này chưa có gì để in" in words(hoa.get("/desk/paper?monday=2026-12-14"))
    assert "chưa có danh sách nào được đánh số" in words(hoa.get(f"/desk/paper/print?monday={WEEK}"))


def test_looking_at_the_page_numbers_nothing(db: Database, hoa: Browser) -> None:
    hoa.get(f"/desk/paper?monday={WEEK}")
    hoa.get(f"/desk/paper/print?monday={WEEK}")
    with db.read() as session:
        assert session.scalars(select(PaperList)).all() == []


# ---- finding ----


@pytest.mark.usefixtures("printed")
@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [("2", "/desk/paper/2"), (row_code(1, 3), "/desk/paper/1/3"), (row_code(1, 3).lower(), "/desk/paper/1/3")],
)
def test_a_number_or_a_scanned_code_leads_there(hoa: Browser, typed: str, leads_to: str) -> None:
    answer = hoa.get("/desk/paper/find", query_string={"code": typed})
    assert (answer.status_code, answer.headers["Location"]) == (302, leads_to)


@pytest.mark.usefixtures("printed")
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Gõ số danh sách ở đầu tờ giấy"),
        ("abc", "Gõ số danh sách ở đầu tờ giấy"),
        ("NR-1-3-BB", "Mã bị gõ nhầm"),
        ("99", "Không có danh sách số 99"),
        (row_code(1, 9), "Danh sách số 1 không có dòng 9: các dòng từ 1 đến 3"),
        ("<script>", "Gõ số danh sách ở đầu tờ giấy"),
    ],
)
def test_a_wrong_code_names_its_cure(hoa: Browser, typed: str, told: str) -> None:
    answer = hoa.get("/desk/paper/find", query_string={"code": typed})
    assert answer.status_code == 422
    assert told in words(answer)


@pytest.mark.usefixtures("printed")
def test_a_list_of_another_commune_reads_as_one_that_is_not_there(db: Database, world: World, signed_in: SignIn) -> None:
    lan = signed_in(world.lan)
    pages = set()
    for address in ("/desk/paper/1", "/desk/paper/77"):
        answer = lan.get(address)
        assert answer.status_code == 404
        pages.add(re.sub(r"\d+", "", words(answer)))
    assert len(pages) == 1


# ---- quick entry ----


def quick(browser: Browser, line: str, number: int = 1) -> object:
    return browser.post(f"/desk/paper/{number}", {"line": line})


@pytest.mark.usefixtures("printed")
def test_a_row_is_entered_in_one_line(db: Database, world: World, hoa: Browser) -> None:
    for line in ("1 v", f"{row_code(1, 2)} c @19:20", "3 g 5 @19h40"):
        answer = quick(hoa, line)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/paper/1")
    assert [visit.outcome for visit in visits(db)] == [Outcome.ABSENT, Outcome.MOVED, Outcome.MET]
    said = words(hoa.get("/desk/paper/1"))
    assert "Đã nhập 3 trên 3 dòng" in said
    assert "Mọi dòng đã được ghi" in said
    assert all(visit.volunteer_id == world.volunteers[0].id for visit in visits(db))


@pytest.mark.usefixtures("printed")
def test_the_same_line_twice_is_harmless(db: Database, hoa: Browser) -> None:
    quick(hoa, "1 v")
    quick(hoa, "1 v")
    assert "đã được ghi đúng như vậy từ trước" in words(hoa.get("/desk/paper/1"))
    assert len(visits(db)) == 1


@pytest.mark.usefixtures("printed")
def test_another_line_for_a_row_asks_whether_to_correct(db: Database, hoa: Browser) -> None:
    quick(hoa, "1 v")
    asked = quick(hoa, "1 c")
    assert asked.status_code == 409
    assert "Dòng này đã được ghi: Vắng nhà" in words(asked)
    assert len(visits(db)) == 1
    source = asked.get_data(as_text=True)
    assert re.search(r'value="moved"[^>]* checked', source), "nothing need be typed twice"
    corrects = re.search(r'name="corrects" value="([^"]+)"', source).group(1)
    answer = hoa.post("/desk/paper/1/1", {"outcome": "moved", "corrects": corrects, "then": ""})
    assert answer.status_code == 302
    first, second = visits(db)
    assert (second.outcome, second.corrects_id) == (Outcome.MOVED, first.id)


@pytest.mark.usefixtures("printed")
def test_a_row_alone_or_a_rejected_need_opens_the_form(db: Database, hoa: Browser) -> None:
    for line in ("3", "3 g 3"):
        answer = quick(hoa, line)
        assert answer.status_code == 200
        assert "Lê Văn Cường" in words(answer)
    assert 'value="met"' in quick(hoa, "3 g 3").get_data(as_text=True)
    assert visits(db) == []


@pytest.mark.usefixtures("printed")
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "Gõ số dòng rồi chữ kết quả"),
        ("1 q", "Không hiểu «Q»"),
        ("9 v", "không có dòng 9"),
        ("1 h", "Hẹn lại thì phải ghi ngày"),
        ("1 v 1", "Chỉ ghi kết quả từng việc khi đã gặp người dân"),
        ("1 g 111111111", "không có việc số"),
        ("1 v @23:59", "Giờ đến ở sau bây giờ"),
        (f"{row_code(2, 1)} v", "Mã này thuộc danh sách số 2"),
        ("1 v <b>", "Không hiểu «<B>»"),
    ],
)
def test_a_line_that_cannot_be_is_told_at_its_field_and_kept(
    db: Database, hoa: Browser, clock: Clock, line: str, told: str
) -> None:
    clock.at = MONDAY_EVENING
    answer = quick(hoa, line)
    assert answer.status_code == 422
    assert told in words(answer)
    assert f'value="{html.escape(line)}"' in answer.get_data(as_text=True)
    assert visits(db) == []


# ---- the form of a row ----


@pytest.mark.usefixtures("printed")
def test_the_form_of_a_row_records_all_that_is_on_paper(db: Database, world: World, hoa: Browser) -> None:
    with db.read() as session:
        need = make.needs_of(session, world.households[1])
        resident = next(iter(need.values())).resident_id
    answer = hoa.post(
        "/desk/paper/1/2",
        {
            "outcome": "met", "result-1": "done", f"device-{resident}": "yes", f"shown-{resident}": "yes", "happened_at": "19h05",
            "callback_on": "25/11", "callback_period": "T", "note": "Hẹn làm nốt", "then": "next",
        },
    )  # fmt: skip
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/paper/1/3")
    (visit,) = visits(db)
    assert (visit.outcome, visit.note) == (Outcome.MET, "Hẹn làm nốt")
    assert f"{visit.occurred_at:%H:%M}" == "12:05", "19:05 in Việt Nam"
    assert [(r.result, r.own_device, r.teach_back) for r in visit.results] == [(NeedResult.DONE, True, True)]


@pytest.mark.usefixtures("printed")
@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "outcome"),
        ({"outcome": "made up"}, "outcome"),
        ({"outcome": "callback"}, "callback_on"),
        ({"outcome": "callback", "callback_on": "hôm nay"}, "callback_on"),
        ({"outcome": "callback", "callback_period": "T"}, "callback_on"),
        ({"outcome": "callback", "callback_on": "25/11", "callback_from": "7 giờ"}, "callback_from"),
        ({"outcome": "callback", "callback_on": "25/11", "callback_from": "20:00", "callback_to": "19:00"}, "callback_on"),
        ({"outcome": "met", "result-1": "made up"}, "result-1"),
        ({"outcome": "met", "result-1": "rejected"}, "reason-1"),
        ({"outcome": "met", "result-1": "referred", "police_at": "8:00"}, "police_on"),
        ({"outcome": "absent", "happened_at": "25:00"}, "happened_at"),
        ({"outcome": "absent", "happened_on": "31/2"}, "happened_on"),
        ({"outcome": "absent", "happened_on": "30/11", "happened_at": "8:00"}, "happened_at"),
        ({"outcome": "absent", "happened_on": "1/1/0001"}, "happened_on"),
        ({"outcome": "absent", "happened_on": "22/11/2006"}, "happened_on"),
        ({"outcome": "callback", "callback_on": "31/12/9999", "callback_period": "T"}, "callback_on"),
        ({"outcome": "absent", "note": "x" * 1001}, "note"),
    ],
)
def test_what_is_wrong_in_the_form_stands_beside_its_field(db: Database, hoa: Browser, data: dict[str, str], field: str) -> None:
    answer = hoa.post("/desk/paper/1/2", data)
    source = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{field}"' in source
    assert f'id="{field}"' in source
    assert visits(db) == []


@pytest.mark.usefixtures("printed")
def test_unknown_fields_and_rows_are_refused(db: Database, hoa: Browser) -> None:
    assert hoa.post("/desk/paper/1/2", {"outcome": "absent", "volunteer_id": "1"}).status_code == 422
    assert hoa.post("/desk/paper/1/2", {"outcome": "met", "result-99": "done"}).status_code == 422
    assert hoa.get("/desk/paper/1/9").status_code == 404
    assert hoa.post("/desk/paper/1/9", {"outcome": "absent"}).status_code == 404
    assert visits(db) == []


@pytest.mark.usefixtures("printed")
def test_a_correction_begins_with_what_was_said(db: Database, hoa: Browser) -> None:
    hoa.post("/desk/paper/1/2", {"outcome": "met", "result-1": "not_done", "note": "Mai làm"})
    source = hoa.get("/desk/paper/1/2").get_data(as_text=True)
    assert re.search(r'value="met"[^>]* checked', source)
    assert re.search(r'value="not_done" selected', source)
    assert "Mai làm" in source
    assert "Sửa theo giấy" in source


# ---- leaders ----


@pytest.fixture
def leader(db: Database, world: World, printed: None, signed_in: SignIn) -> Browser:
    """Return the browser of the leader of Ấp 1; the second crew is from elsewhere."""
    with db.begin() as session:
        for member in world.volunteers[2:]:
            session.merge(member).hamlet_id = None
        own = make.a_volunteer(session, world.commune, "Bác Năm", hamlet=world.hamlet)
        user = make.a_user(session, world.commune, Role.LEADER, "Bác Năm", own)
    return signed_in(user)


def test_a_leader_enters_the_sheets_of_their_own_crews(db: Database, leader: Browser) -> None:
    said = words(leader.get(f"/desk/paper?monday={WEEK}"))
    assert "Trần Quang Minh" in said
    assert "Phạm Văn Hải" not in said
    assert "In danh sách" not in said, "printing is the desk's"
    assert leader.post("/desk/paper/1", {"line": "1 v @19:05"}).status_code == 302
    assert [visit.outcome for visit in visits(db)] == [Outcome.ABSENT]


def test_a_list_of_another_crew_reads_like_none_to_a_leader(db: Database, leader: Browser) -> None:
    for number in (2, 99):
        assert leader.get(f"/desk/paper/{number}").status_code == 404
        assert leader.post(f"/desk/paper/{number}", {"line": "1 v"}).status_code == 404
        assert leader.get("/desk/paper/find", query_string={"code": str(number)}).status_code == 422
    assert visits(db) == []


def test_a_leader_whose_crews_have_no_sheets_is_told_so(leader: Browser) -> None:
    assert "Tuần này chưa in danh sách nào" in words(leader.get("/desk/paper?monday=2026-12-14"))
