"""PUT evidence: a photo from a phone's seat, once, with consent, or an error in JSON that says what to do."""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from config import Settings
from planner.domain.vocabulary import Role
from planner.models import Database, Evidence, Shift
from planner.services.evidence import files
from tests import builders as make
from tests.services import photos
from tests.services.photos import a_photo
from tests.web.conftest import MONDAY_EVENING, Clock
from tests.web.phone import API, Phone
from tests.worlds import World
from web.field.api import photos as api_photos


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings whose photos are this test's alone."""
    return Settings(database_url="", data_dir=tmp_path, secret_key="a key only tests know, of 32 letters", environment="test")


@pytest.fixture
def phone(app: Flask, db: Database, world: World, clock: Clock) -> Phone:
    """Return Minh's phone on Monday evening."""
    clock.at = MONDAY_EVENING
    made = Phone(app, db, clock)
    made.enrol(world.minh)
    return made


@pytest.fixture
def shift_id(db: Database, world: World) -> int:
    with db.read() as session:
        return session.scalars(select(Shift.id).order_by(Shift.starts_at)).first()


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.data_dir / "evidence"


def put(
    phone: Phone, user_id: int, shift_id: int, content: bytes, photo_id: str = "", headers: dict[str, str] | None = None,
    kind: str = "image/jpeg", **query: Any,
) -> TestResponse:  # fmt: skip
    said = {"shift_id": shift_id, "taken_at": "2026-11-23T18:50:00+07:00", "consent": 1}
    said |= {"sha256": hashlib.sha256(content).hexdigest()} | query
    given = {"X-Namro-Client": "1", "X-Namro-Person": str(user_id)} | (headers or {})
    return phone.browser.client.put(
        f"{API}/evidence/{photo_id or uuid.uuid4()}", data=content, content_type=kind, headers=given,
        query_string={k: v for k, v in said.items() if v is not None},
    )  # fmt: skip


def rows(db: Database) -> list[Evidence]:
    with db.read() as session:
        return list(session.scalars(select(Evidence)))


def test_a_photo_is_stored_and_the_same_again_gets_the_same_answer(
    phone: Phone, world: World, db: Database, shift_id: int, folder: Path, clock: Clock
) -> None:
    photo_id, content = str(uuid.uuid4()), a_photo()
    first = put(phone, world.minh.id, shift_id, content, photo_id)
    assert (first.status_code, first.mimetype) == (201, "application/json")
    assert first.get_json() == {"uuid": photo_id, "verdict": "accepted", "received_at": MONDAY_EVENING.isoformat()}
    clock.go(hours=3)
    again = put(phone, world.minh.id, shift_id, content, photo_id)
    assert again.status_code == 200
    assert again.get_json() == first.get_json() | {"verdict": "duplicate"}
    assert len(rows(db)) == len(list(folder.iterdir())) == 1
    other = put(phone, world.minh.id, shift_id, a_photo(colour="red"), photo_id)
    assert (other.status_code, other.get_json()["error"]["code"]) == (409, "photo_id_taken")


@pytest.mark.parametrize("year", ["0001", "1970", "2107", "9999"])
def test_a_photo_of_a_clock_that_was_reset_is_from_when_it_came(
    phone: Phone, world: World, db: Database, shift_id: int, year: str
) -> None:
    answer = put(phone, world.minh.id, shift_id, a_photo(), taken_at=f"{year}-01-01T00:00:09+07:00")
    assert answer.status_code == 201
    assert [row.taken_at for row in rows(db)] == [MONDAY_EVENING]


REFUSED: dict[str, tuple[bytes, dict[str, Any], int, str, str]] = {
    "without consent": (a_photo(), {"consent": None}, 422, "photo_without_consent", "consent"),
    "with a consent of no": (a_photo(), {"consent": 0}, 422, "photo_without_consent", "consent"),
    "with another's hash": (a_photo(), {"sha256": "0" * 64}, 422, "photo_hash_differs", "sha256"),
    "without a hash": (a_photo(), {"sha256": None}, 422, "photo_hash_differs", "sha256"),
    "without a time": (a_photo(), {"taken_at": None}, 422, "value_of_wrong_kind", "taken_at"),
    "with a time of nowhere": (a_photo(), {"taken_at": "2026-11-23T18:50:00"}, 422, "time_without_zone", "taken_at"),
    "of a shift that is no number": (a_photo(), {"shift_id": "½"}, 422, "value_of_wrong_kind", "shift_id"),
    "of a shift beyond any": (a_photo(), {"shift_id": 9_999_999_999}, 422, "value_of_wrong_kind", "shift_id"),
    "of a shift nobody has": (a_photo(), {"shift_id": 987_654}, 404, "not_found", ""),
    "with a field of its own": (a_photo(), {"role": "desk"}, 422, "unknown_field", "role"),
    "an SVG": (photos.SVG, {}, 422, "photo_not_jpeg", "body"),
    "a HEIC": (photos.HEIC, {}, 422, "photo_not_jpeg", "body"),
    "a pixel bomb": (photos.a_pixel_bomb(), {}, 422, "photo_too_many_pixels", "body"),
    "cut off": (a_photo()[:-500], {}, 422, "photo_broken", "body"),
    "a polyglot": (photos.a_zip_behind_a_photo(), {}, 422, "photo_with_more", "body"),
    "nothing": (b"", {}, 422, "photo_not_jpeg", "body"),
    "too large": (a_photo() + b"\x00" * 410_000, {}, 413, "request_entity_too_large", ""),
}


@pytest.mark.parametrize(("content", "query", "status", "code", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_taken_is_told_in_json_and_leaves_nothing(
    phone: Phone, world: World, db: Database, shift_id: int, folder: Path, content: bytes, query: dict[str, Any], status: int,
    code: str, field: str,
) -> None:  # fmt: skip
    answer = put(phone, world.minh.id, content=content, **{"shift_id": shift_id, **query})
    error = answer.get_json()["error"]
    assert (answer.status_code, error["code"], error.get("field", "")) == (status, code, field)
    assert error["message"]
    assert rows(db) == []
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_body_that_does_not_say_it_is_a_jpeg_is_refused(phone: Phone, world: World, shift_id: int) -> None:
    answer = put(phone, world.minh.id, shift_id, a_photo(), kind="text/html")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (422, "photo_not_jpeg")


def test_the_gate_of_the_api_stands_before_photos_too(phone: Phone, world: World, shift_id: int) -> None:
    content = a_photo()
    for headers, status, code in (
        ({"X-Namro-Client": ""}, 403, "client_header_missing"),
        ({"Origin": "https://elsewhere.example"}, 403, "foreign_origin"),
        ({"X-Namro-Person": str(world.hoa.id)}, 401, "not_enrolled"),
    ):
        answer = put(phone, world.minh.id, shift_id, content, headers=headers)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)


def test_a_photo_of_another_crews_shift_reads_as_one_of_no_shift(
    app: Flask, db: Database, world: World, clock: Clock, shift_id: int
) -> None:
    with db.begin() as session:
        hai = make.a_user(session, world.commune, Role.VOLUNTEER, "Hải", world.volunteers[2])
    clock.at = MONDAY_EVENING
    other = Phone(app, db, clock)
    other.enrol(hai)
    foreign, missing = (put(other, hai.id, number, a_photo()) for number in (shift_id, 987_654))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.get_json() == missing.get_json()


def test_a_full_disk_is_507_and_nothing_is_left_half(
    phone: Phone, world: World, db: Database, shift_id: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    photo_id, content = str(uuid.uuid4()), a_photo()
    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", full)
        answer = put(phone, world.minh.id, shift_id, content, photo_id)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (507, "disk_full")
    assert (rows(db), list(folder.iterdir())) == ([], [])
    assert put(phone, world.minh.id, shift_id, content, photo_id).status_code == 201


def test_more_photos_at_once_than_the_server_draws_are_told_to_come_again(
    phone: Phone, world: World, db: Database, shift_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_photos, "WAIT_SECONDS", 0.01)
    for _ in range(api_photos.AT_ONCE):
        assert api_photos._turn.acquire(blocking=False)
    try:
        answer = put(phone, world.minh.id, shift_id, a_photo())
    finally:
        for _ in range(api_photos.AT_ONCE):
            api_photos._turn.release()
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (503, "server_busy")
    assert int(answer.headers["Retry-After"]) > 0
    assert rows(db) == []
    assert put(phone, world.minh.id, shift_id, a_photo()).status_code == 201
