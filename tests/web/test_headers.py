"""Headers that hold on every answer, and templates that need nothing the policy refuses."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from planner.models import Database
from tests.web.conftest import Browser, Clock, SignIn
from tests.worlds import World
from web import create_app
from web.i18n import ROOT

TEMPLATES = sorted(ROOT.rglob("*.html"))


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    return sqlite_db


@pytest.mark.parametrize("address", ["/sign-in", "/me", "/nowhere", "/enter/x", "/"])
def test_every_answer_forbids_frames_sniffing_and_foreign_scripts(anyone: Browser, address: str) -> None:
    headers = anyone.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_a_page_with_names_on_it_is_never_stored(world: World, signed_in: SignIn) -> None:
    assert signed_in(world.minh).get("/my/week?monday=2026-11-23").headers["Cache-Control"] == "no-store"


def test_static_files_are_kept_for_good_and_offered_to_no_other_site(app: Flask, anyone: Browser) -> None:
    address = app.extensions["assets"].url("css/namro.css")
    answer = anyone.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_files_beside_the_static_ones_are_not_served(anyone: Browser) -> None:
    for address in ("/static/../config.py", "/static/vendor/manifest.json", "/static/css/namro.css", "/static/"):
        assert anyone.get(address).status_code == 404


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_template_needs_nothing_inline(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"<[^>]*\son[a-z]+=", text)
    assert "|safe" not in text.replace(" ", "")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_form_that_writes_carries_its_token(template: Path) -> None:
    for form in re.findall(r"<form\b.*?</form>", template.read_text(encoding="utf-8"), re.DOTALL):
        if 'method="post"' in form.split(">", 1)[0]:
            assert "ui.csrf()" in form


def test_behind_https_cookies_are_secure_and_held_to_the_host(db: Database, settings: Settings, clock: Clock) -> None:
    app = create_app(replace(settings, public_url="https://namro.example.vn"), db=db, clock=clock)
    answer = app.test_client().get("/sign-in", base_url="https://namro.example.vn")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-namro=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_a_forwarded_address_counts_only_behind_named_proxies(
    db: Database, settings: Settings, clock: Clock, proxies: int, seen: str
) -> None:
    app = create_app(replace(settings, trusted_proxies=proxies), db=db, clock=clock)
    addresses = []
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: addresses.append(_client_address()))
    app.test_client().get("/sign-in", headers={"X-Forwarded-For": "203.0.113.9"})
    assert addresses == [(seen, None)]


def _client_address() -> tuple[str | None, str | None]:
    from flask import request

    return request.remote_addr, request.headers.get("X-Forwarded-For")
