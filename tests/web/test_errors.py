"""Whatever comes in, the answer is a page that says what to do, in both languages, and never a bare 500."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import structlog
from flask import Flask

from config import Settings
from planner.domain.errors import Busy, Conflict, InvalidInput, NotAllowed, NotFound, PlannerError
from planner.models import Database
from tests.web.conftest import Browser, Clock, SignIn
from tests.worlds import World
from web import create_app
from web.access import public
from web.forms import FormErrors


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    return sqlite_db


@pytest.fixture
def raising(settings: Settings, db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Return an application with a page that fails as `error` says."""
    app = create_app(settings, db=db, clock=clock)
    app.error = None  # type: ignore[attr-defined]

    @public
    def fail() -> str:
        raise app.error  # type: ignore[attr-defined]

    app.view_functions["fail"] = fail
    from werkzeug.routing import Rule

    app.url_map.add(Rule("/fail", endpoint="fail"))
    return app


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (NotFound("not_found", what="household"), 404, "Không tìm thấy"),
        (NotAllowed("not_allowed"), 403, "Không có quyền"),
        (InvalidInput("value_empty", field="name"), 422, "Ô này không được để trống."),
        (Conflict("visit_already_corrected"), 409, "Kết quả này đã được sửa một lần."),
        (Busy("database_busy"), 503, "Máy chủ đang ghi một danh sách lớn"),
        (PlannerError("code_nobody_wrote_words_for"), 422, "code_nobody_wrote_words_for"),
    ],
)
def test_an_error_of_the_planner_becomes_a_page_with_its_words(
    raising: Flask, error: PlannerError, status: int, words: str
) -> None:
    raising.error = error  # type: ignore[attr-defined]
    answer = raising.test_client().get("/fail")
    assert answer.status_code == status
    assert words in answer.get_data(as_text=True)


def test_a_program_that_asks_for_json_gets_the_same_words_as_json(raising: Flask) -> None:
    raising.error = Conflict("visit_already_corrected")  # type: ignore[attr-defined]
    answer = raising.test_client().get("/fail", headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["error"]["code"] == "visit_already_corrected"
    assert "đã được sửa" in answer.json["error"]["message"]


def test_a_defect_says_a_number_and_its_log_names_no_person(raising: Flask) -> None:
    raising.error = RuntimeError("duplicate key (Nguyễn Thị Bí Mật, 0912345678)")  # type: ignore[attr-defined]
    with structlog.testing.capture_logs() as logs:
        answer = raising.test_client().get("/fail")
    assert answer.status_code == 500
    assert logs[0]["reference"] in answer.get_data(as_text=True)
    assert "Bí Mật" not in answer.get_data(as_text=True) + json.dumps(logs, ensure_ascii=False)
    assert any("test_errors.py" in place for place in logs[0]["places"])


def test_an_error_of_no_field_leads_to_the_pages_contents(anyone: Browser) -> None:
    errors = FormErrors()
    with anyone.client.application.test_request_context(), errors.catching():
        raise InvalidInput("database_busy")
    (error,) = errors
    assert f'id="{error.field}"' in anyone.get("/no-such-page").get_data(as_text=True)


def test_errors_speak_english_where_the_reader_does(raising: Flask) -> None:
    client = raising.test_client()
    client.set_cookie("namro_lang", "en")
    raising.error = NotFound("not_found")  # type: ignore[attr-defined]
    assert "Not found" in client.get("/fail").get_data(as_text=True)


def test_a_form_without_its_token_changes_nothing_and_says_why(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.minh)
    answer = browser.client.post("/language", data={"language": "en"})
    assert answer.status_code == 400
    assert "tải lại trang" in answer.get_data(as_text=True)
    assert 'lang="vi"' in browser.get("/me").get_data(as_text=True)


def test_a_form_from_another_site_is_refused(settings: Settings, db: Database, clock: Clock) -> None:
    site = "https://namro.example.vn"
    app = create_app(replace(settings, public_url=site), db=db, clock=clock)
    browser = Browser(app.test_client())
    data = {"login": "a", "passphrase": "b", "csrf_token": "x"}
    for referrer in ("https://evil.example/form", None):
        headers = {"Referer": referrer} if referrer else {}
        answer = browser.client.post("/sign-in", data=data, base_url=site, headers=headers)
        assert answer.status_code == 400


def test_a_body_beyond_the_limit_is_refused_as_too_large(settings: Settings, db: Database, clock: Clock) -> None:
    app = create_app(replace(settings, max_upload_mb=1), db=db, clock=clock)
    answer = app.test_client().post("/sign-in", data={"login": "x" * 1_200_000})
    assert answer.status_code == 413
    assert "quá lớn" in answer.get_data(as_text=True)


def test_a_wrong_method_names_the_right_ones(anyone: Browser) -> None:
    answer = anyone.post("/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "address",
    ["/my/week?monday=31-02", "/my/week?monday=0001-01-01", "/my/week?monday=9999-12-31", "/my/week?monday=%00", "/me?x=%ff"],
)
def test_a_senseless_address_is_no_defect(world: World, signed_in: SignIn, address: str) -> None:
    assert signed_in(world.minh).get(address).status_code == 200
