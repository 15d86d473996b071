"""Nhập dữ liệu: uploaded, previewed, confirmed, undone; nothing changes before the yes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from planner.models import Database, Household, ImportBatch, User, Volunteer
from tests import builders as make
from tests.web.at_the_desk import words
from tests.web.conftest import Browser, SignIn
from web.desk import import_tasks

ROSTERS = Path(__file__).parents[1] / "data" / "rosters"
HEAD = ("STT", "Số hộ", "Chủ hộ", "Họ và tên", "Ngày sinh", "Giới tính", "Thôn", "Tài khoản định danh")


def a_workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    book.active.append(HEAD)
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


AN = (1, "01", "Nguyễn Văn An", "Nguyễn Văn An", "02/03/1985", "Nam", "Thôn 1", "Đã kích hoạt")
BINH = (2, "02", "Trần Thị Bình", "Trần Thị Bình", "31/02/1980", "Nữ", "Thôn 1", "Đã kích hoạt")
GOOD = a_workbook(AN)
FAULTY = a_workbook(AN, BINH)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer within the request however busy the computer is."""
    monkeypatch.setattr(import_tasks, "PATIENCE_SECONDS", 60)


@pytest.fixture
def user(db: Database) -> User:
    with db.begin() as session:
        commune = make.a_commune(session)
        make.a_campaign(session, commune)
        return make.a_user(session, commune)


@pytest.fixture
def hoa(user: User, signed_in: SignIn) -> Browser:
    return signed_in(user)


def upload(browser: Browser, content: bytes, name: str = "danh sách.xlsx", kind: str = "roster") -> TestResponse:
    return browser.post(f"/desk/imports/new/{kind}", {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def households(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count(Household.id)).where(Household.left_at.is_(None))) or 0


def test_a_preview_changes_nothing_until_it_is_confirmed(db: Database, hoa: Browser) -> None:
    answer = upload(hoa, GOOD)
    assert answer.status_code == 302
    said = words(hoa.get(answer.headers["Location"]))
    assert "Thêm mới 1" in said
    assert "Tệp không có lỗi" in said
    assert households(db) == 0
    assert hoa.post(f"{answer.headers['Location']}/apply").status_code == 302
    assert households(db) == 1


def test_an_import_is_undone_as_a_whole(db: Database, hoa: Browser) -> None:
    where = upload(hoa, GOOD).headers["Location"]
    hoa.post(f"{where}/apply")
    assert "Hoàn tác cả lần nhập" in words(hoa.get(where))
    hoa.post(f"{where}/undo")
    assert households(db) == 0
    assert "đã được hoàn tác" in words(hoa.get(where))


def test_the_same_file_again_changes_nothing(db: Database, hoa: Browser) -> None:
    hoa.post(f"{upload(hoa, GOOD).headers['Location']}/apply")
    said = words(hoa.get(upload(hoa, GOOD).headers["Location"]))
    assert "Thêm mới 0" in said
    assert "Giữ nguyên 1" in said


def test_an_error_names_sheet_row_column_and_cure(hoa: Browser) -> None:
    said = words(hoa.get(upload(hoa, FAULTY).headers["Location"]))
    assert "Lỗi Sheet 3 E" in said
    assert "Không có ngày này trong lịch" in said
    assert "31/02/1980" not in said  # masked: it is someone's birth


def test_a_file_with_errors_changes_nothing_unless_told_so(db: Database, hoa: Browser) -> None:
    where = upload(hoa, FAULTY).headers["Location"]
    answer = hoa.post(f"{where}/apply")
    assert answer.status_code == 422
    assert "Tệp còn lỗi" in words(answer)
    assert households(db) == 0
    assert hoa.post(f"{where}/apply", {"skip_faulty": "1"}).status_code == 302
    assert households(db) == 2


def test_a_copy_with_the_errors_marked_can_be_taken_away(hoa: Browser) -> None:
    where = upload(hoa, FAULTY).headers["Location"]
    answer = hoa.get(f"{where}/marked")
    assert "filename*=UTF-8''danh%20s%C3%A1ch-danh-dau.xlsx" in answer.headers["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(answer.data))["Sheet"]
    assert sheet["E3"].comment is not None


def test_a_question_of_the_reader_is_answered_on_the_page(hoa: Browser) -> None:
    book = Workbook()
    book.active.append(HEAD)
    book.active.append(AN)
    hidden = book.create_sheet("Sheet cũ")
    hidden.append(HEAD)
    hidden.append((1, "09", "Lê Văn Cũ", "Lê Văn Cũ", "02/03/1985", "Nam", "Thôn 9", "Đã kích hoạt"))
    hidden.sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    where = upload(hoa, content.getvalue()).headers["Location"]
    page = hoa.get(where).get_data(as_text=True)
    assert "Cần anh/chị cho biết" in page
    name = page.split('name="answer:')[1].split('"')[0]
    again = hoa.post(f"{where}/answers", {f"answer:{name}": "yes"})
    assert "Người trong tệp 2" in words(hoa.get(again.headers["Location"]))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "rỗng.xlsx"),
        (b"<html><table></table></html>", "trang.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "cũ.xls"),
        (b"PK\x03\x04 cut short", "cụt.xlsx"),
        (b"\x89PNG\r\n\x1a\n", "ảnh.png"),
        (b"", ""),
    ],
)
def test_a_file_that_is_no_list_is_refused_beside_its_field(db: Database, hoa: Browser, content: bytes, name: str) -> None:
    answer = upload(hoa, content, name)
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count('href="#file"') == 1
    with db.read() as session:
        assert session.scalars(select(ImportBatch)).all() == []


def test_a_name_with_folders_in_it_stays_a_name(db: Database, hoa: Browser) -> None:
    assert upload(hoa, GOOD, "../../etc/<b>danh sách</b>.xlsx").status_code == 302
    with db.read() as session:
        batch = session.scalars(select(ImportBatch)).one()
        assert "/" not in batch.file_name
        assert "danh" not in batch.stored_name


def test_volunteers_come_in_the_same_way(db: Database, hoa: Browser) -> None:
    content = (ROSTERS / "lon-xon-mau.tinh-nguyen-vien.xlsx").read_bytes()
    where = upload(hoa, content, "tinh nguyen vien.xlsx", "volunteers").headers["Location"]
    assert "Buổi rảnh" in words(hoa.get(where))
    assert hoa.post(f"{where}/apply", {"skip_faulty": "1"}).status_code == 302
    with db.read() as session:
        assert (session.scalar(select(func.count(Volunteer.id))) or 0) > 10


def test_a_file_with_all_traps_is_shown_page_by_page(hoa: Browser) -> None:
    where = upload(hoa, (ROSTERS / "lon-xon-mau.xlsx").read_bytes()).headers["Location"]
    assert "Lỗi (13)" in words(hoa.get(where))
    said = words(hoa.get(f"{where}?severity=error"))
    assert "Cảnh báo Thôn" not in said


def test_another_communes_import_is_not_there(db: Database, hoa: Browser, signed_in: SignIn) -> None:
    where = upload(hoa, GOOD).headers["Location"]
    with db.begin() as session:
        elsewhere = make.a_commune(session, name="Bình Lương")
        make.a_campaign(session, elsewhere)
        lan = make.a_user(session, elsewhere, name="Lan")
    stranger = signed_in(lan)
    for address in (where, f"{where}/marked"):
        assert stranger.get(address).status_code == 404
    for address in (f"{where}/apply", f"{where}/undo", f"{where}/answers"):
        assert stranger.post(address).status_code == 404
    assert households(db) == 0


def test_an_unknown_kind_is_no_page(hoa: Browser) -> None:
    assert hoa.get("/desk/imports/new/photos").status_code == 404
