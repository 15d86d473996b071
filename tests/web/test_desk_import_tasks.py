"""A long import goes on outside the request: its progress is shown, its end told once, and nobody else sees either."""

# ruff: noqa: F811 - the fixtures of test_desk_imports: the same desk
from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from planner.models import Commune, Database, ImportBatch, User
from planner.services import intake
from tests import builders as make
from tests.web.at_the_desk import Held, all_ended, words
from tests.web.conftest import Browser, Clock, SignIn
from tests.web.test_desk_imports import FAULTY, GOOD, hoa, households, upload, user  # noqa: F401 - the same desk
from web.desk import import_tasks, imports

SCRIPT = {"HX-Request": "true"}
GONE = "Không còn theo dõi được việc này"


@pytest.fixture(autouse=True)
def no_patience(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Show the progress of even the smallest file."""
    monkeypatch.setattr(import_tasks, "PATIENCE_SECONDS", 0)
    yield
    assert all_ended(app)


@pytest.fixture
def held(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """Hold every import of a roster until the test lets it go on."""
    service = Held(intake)
    monkeypatch.setattr(imports, "intake", service)
    yield service
    service.go.set()
    assert all_ended(app)


def previewed(app: Flask, browser: Browser, content: bytes = GOOD) -> str:
    """Upload a file and wait; return the address of its import."""
    task = upload(browser, content).headers["Location"]
    assert all_ended(app)
    return browser.get(task).headers["Location"]


def test_a_long_reading_shows_how_far_it_is_and_leads_to_its_preview(app: Flask, db: Database, hoa: Browser, held: Held) -> None:
    task = upload(hoa, GOOD).headers["Location"]
    assert held.begun.acquire(timeout=60)
    page = hoa.get(task)
    assert page.status_code == 200
    assert 'max="100" value="40"' in page.get_data(as_text=True)
    assert "Đang kiểm tra từng dòng" in words(page)
    assert "danh sách.xlsx" in words(page)
    assert '<noscript><meta http-equiv="refresh"' in page.get_data(as_text=True)
    held.go.set()
    assert all_ended(app)
    where = hoa.get(task).headers["Location"]
    assert "Thêm mới 1" in words(hoa.get(where))
    assert households(db) == 0


def test_a_script_fetches_the_bar_alone_and_at_the_end_the_page_anew(app: Flask, hoa: Browser, held: Held) -> None:
    task = upload(hoa, GOOD).headers["Location"]
    assert held.begun.acquire(timeout=60)
    part = hoa.get(task, headers=SCRIPT)
    assert part.get_data(as_text=True).lstrip().startswith('<div id="task"')
    assert "HX-Refresh" not in part.headers
    held.go.set()
    assert all_ended(app)
    assert hoa.get(task, headers=SCRIPT).headers["HX-Refresh"] == "true"


def test_work_that_goes_on_is_found_again_until_its_end_was_seen(app: Flask, hoa: Browser, held: Held) -> None:
    task = upload(hoa, GOOD).headers["Location"]
    assert f'href="{task}">Xem tiến độ' in hoa.get("/desk/imports").get_data(as_text=True)
    held.go.set()
    assert all_ended(app)
    assert f'href="{task}">Xem kết quả' in hoa.get("/desk/imports").get_data(as_text=True)
    hoa.get(task)
    assert task not in hoa.get("/desk/imports").get_data(as_text=True)


def test_a_task_is_shown_to_nobody_but_who_asked_for_it(
    db: Database,
    hoa: Browser,
    user: User,
    signed_in: SignIn,
    held: Held,
) -> None:
    task = upload(hoa, GOOD).headers["Location"]
    with db.begin() as session:
        colleague = make.a_user(session, session.get_one(Commune, user.commune_id), name="Lan")
    lan = signed_in(colleague)
    answer = lan.get(task)
    assert answer.status_code == 404
    assert GONE in words(answer)
    assert task not in lan.get("/desk/imports").get_data(as_text=True)
    assert hoa.get(task).status_code == 200


def test_after_a_restart_the_page_says_what_became_of_the_work(hoa: Browser) -> None:
    answer = hoa.get("/desk/imports/tasks/of-the-server-before")
    assert answer.status_code == 404
    assert GONE in words(answer)
    assert "Chưa có gì thay đổi, trừ khi danh sách những lần nhập ghi" in words(answer)
    assert 'href="/desk/imports"' in answer.get_data(as_text=True)
    assert hoa.get("/desk/imports/tasks/of-the-server-before", headers=SCRIPT).headers["HX-Refresh"] == "true"


def test_an_end_is_forgotten_after_a_while_but_work_never_is(app: Flask, hoa: Browser, held: Held, clock: Clock) -> None:
    task = upload(hoa, GOOD).headers["Location"]
    clock.go(hours=2)
    assert hoa.get(task).status_code == 200
    held.go.set()
    assert all_ended(app)
    assert hoa.get(task).status_code == 404


def test_a_file_refused_outside_the_request_is_told_beside_its_field(app: Flask, db: Database, hoa: Browser) -> None:
    task = upload(hoa, b"PK\x03\x04 cut short", "cụt.xlsx").headers["Location"]
    assert all_ended(app)
    answer = hoa.get(task)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert page.count('href="#file"') == 1
    assert 'action="/desk/imports/new/roster"' in page
    with db.read() as session:
        assert session.scalars(select(ImportBatch)).all() == []


def test_a_defect_outside_the_request_is_a_page_with_a_number(
    app: Flask,
    hoa: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(intake, "preview", broken)
    task = upload(hoa, GOOD).headers["Location"]
    assert all_ended(app)
    answer = hoa.get(task)
    assert answer.status_code == 500
    assert "mã số" in words(answer)


def test_a_roster_is_taken_in_and_undone_outside_the_request(app: Flask, db: Database, hoa: Browser) -> None:
    where = previewed(app, hoa)
    task = hoa.post(f"{where}/apply").headers["Location"]
    assert all_ended(app)
    assert households(db) == 1
    assert hoa.get(task).headers["Location"] == where
    assert "Đã nhập xong." in words(hoa.get(where))
    hoa.get(task)
    assert "Đã nhập xong." not in words(hoa.get(where)), "said once, however often the page of the progress is opened"
    task = hoa.post(f"{where}/undo").headers["Location"]
    assert all_ended(app)
    assert households(db) == 0
    assert hoa.get(task).headers["Location"] == where
    assert "Đã hoàn tác lần nhập này." in words(hoa.get(where))


def test_a_second_click_leads_to_the_work_under_way(app: Flask, db: Database, hoa: Browser, held: Held) -> None:
    held.go.set()
    where = previewed(app, hoa)
    held.go.clear()
    first = hoa.post(f"{where}/apply").headers["Location"]
    assert hoa.post(f"{where}/apply").headers["Location"] == first
    assert households(db) == 0
    held.go.set()
    assert all_ended(app)
    assert hoa.get(first).headers["Location"] == where
    assert households(db) == 1


def test_a_file_with_errors_still_changes_nothing_unless_told_so(app: Flask, db: Database, hoa: Browser) -> None:
    where = previewed(app, hoa, FAULTY)
    task = hoa.post(f"{where}/apply").headers["Location"]
    assert all_ended(app)
    answer = hoa.get(task)
    assert answer.status_code == 422
    assert "Tệp còn lỗi" in words(answer)
    assert f'href="{where}?severity=error#issues"' in answer.get_data(as_text=True)
    assert hoa.get(task).headers["Location"] == where
    assert households(db) == 0


def test_an_import_someone_else_applied_first_is_a_conflict(app: Flask, hoa: Browser) -> None:
    where = previewed(app, hoa)
    hoa.post(f"{where}/apply")
    assert all_ended(app)
    task = hoa.post(f"{where}/apply").headers["Location"]
    assert all_ended(app)
    assert hoa.get(task).status_code == 409
    assert "Xem kết quả" in words(hoa.get("/desk/imports")), "the first was never looked at"


@pytest.mark.parametrize("job", ["answers", "undo"])
def test_reading_again_and_undoing_show_how_far_they_are(app: Flask, hoa: Browser, held: Held, job: str) -> None:
    held.go.set()
    where = previewed(app, hoa)
    if job == "undo":
        hoa.get(hoa.post(f"{where}/apply").headers["Location"])
        assert all_ended(app)
    while held.begun.acquire(blocking=False):
        pass
    held.go.clear()
    task = hoa.post(f"{where}/{job}").headers["Location"]
    assert held.begun.acquire(timeout=60)
    assert 'max="100" value="40"' in hoa.get(task).get_data(as_text=True)


def test_answers_are_read_outside_the_request(app: Flask, hoa: Browser) -> None:
    where = previewed(app, hoa)
    task = hoa.post(f"{where}/answers").headers["Location"]
    assert all_ended(app)
    again = hoa.get(task).headers["Location"]
    assert again != where
    assert "Đã đọc lại tệp" in words(hoa.get(again))


def test_two_are_at_work_and_the_third_waits_its_turn(app: Flask, db: Database, hoa: Browser, held: Held) -> None:
    tasks = [upload(hoa, GOOD).headers["Location"] for _ in range(3)]
    for _ in range(2):
        assert held.begun.acquire(timeout=60)
    assert "Đang chờ đến lượt" in words(hoa.get(tasks[2]))
    assert not held.begun.acquire(blocking=False)
    held.go.set()
    assert all_ended(app)
    assert len({hoa.get(task).headers["Location"] for task in tasks}) == 3


@pytest.mark.parametrize("content", [GOOD, b"PK\x03\x04 cut short"])
def test_the_copy_of_an_upload_is_removed(
    app: Flask,
    hoa: Browser,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    upload(hoa, content)
    assert all_ended(app)
    assert list(folder.iterdir()) == []
