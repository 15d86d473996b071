"""The page of the photos: by shift, for those they concern; a foreign photo and a missing one read the same."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from config import Settings
from planner.domain.vocabulary import Role
from planner.models import Database, Evidence, Shift
from planner.services import evidence
from tests import builders as make
from tests.services.photos import a_photo, form_of
from tests.web.at_the_desk import words
from tests.web.conftest import MONDAY_EVENING, Browser, Clock, SignIn
from tests.worlds import World

MONDAY = "2026-11-23"


@pytest.fixture
def settings(tmp_path: Path, data_dir: Path) -> Settings:
    """Return settings whose photos are this test's alone; the static files are written anew for it."""
    return Settings(database_url="", data_dir=tmp_path, secret_key="a key only tests know, of 32 letters", environment="test")


@pytest.fixture
def photo(db: Database, world: World, settings: Settings, clock: Clock) -> str:
    """Return the id of a photo Minh took on Monday evening; the clock stands at the next morning."""
    with db.read() as session:
        shift_id = session.scalars(select(Shift.id).order_by(Shift.starts_at)).first()
    content = a_photo()
    form = form_of(content, shift_id)
    evidence.store(db, world.volunteer, evidence.folder_of(settings.data_dir), form, content, MONDAY_EVENING)
    clock.at = MONDAY_EVENING + timedelta(hours=14)
    return form.uuid


@pytest.fixture
def hoa(world: World, signed_in: SignIn) -> Browser:
    return signed_in(world.hoa)


def test_the_desk_sees_the_photos_of_a_week_by_shift(hoa: Browser, photo: str) -> None:
    page = hoa.get(f"/photos?monday={MONDAY}")
    said = words(page)
    assert "Tổ 1" in said
    assert "1 ảnh" in said
    assert "Trần Quang Minh" in said
    answer = hoa.get(f"/photos/{photo}.jpg")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.data.startswith(b"\xff\xd8\xff")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_a_week_without_photos_says_how_they_come(hoa: Browser, photo: str) -> None:
    assert "Tuần này chưa có ảnh nào" in words(hoa.get("/photos?monday=2026-12-14"))


def test_a_volunteer_sees_their_own_and_cannot_delete(world: World, signed_in: SignIn, photo: str) -> None:
    minh = signed_in(world.minh)
    page = minh.get(f"/photos?monday={MONDAY}").get_data(as_text=True)
    assert f"/photos/{photo}.jpg" in page
    assert "/delete" not in page
    assert minh.post(f"/photos/{photo}/delete", {"why": "mistake"}).status_code == 403


def test_a_foreign_photo_and_a_missing_one_read_the_same(db: Database, world: World, signed_in: SignIn, photo: str) -> None:
    with db.begin() as session:
        nga = make.a_user(session, world.commune, Role.VOLUNTEER, "Nga", world.volunteers[1])
    for user in (nga, world.lan):
        browser = signed_in(user)
        assert photo not in browser.get(f"/photos?monday={MONDAY}").get_data(as_text=True)
        seen = set()
        for address in (
            f"/photos/{photo}.jpg",
            f"/photos/{uuid.uuid4()}.jpg",
            "/photos/x.jpg",
            "/photos/..%2f..%2fsecret.key.jpg",
        ):
            answer = browser.get(address)
            assert answer.status_code == 404
            seen.add(answer.get_data(as_text=True).split('id="main"')[1].split("</main>")[0])
        assert len(seen) == 1


def test_nobody_sees_a_photo_without_signing_in(anyone: Browser, photo: str) -> None:
    assert anyone.get(f"/photos/{photo}.jpg").status_code == 302


def test_the_desk_deletes_with_a_reason_and_the_count_stays(
    db: Database, hoa: Browser, world: World, signed_in: SignIn, settings: Settings, photo: str
) -> None:
    assert hoa.post(f"/photos/{photo}/delete", {"monday": MONDAY, "why": "papers"}).status_code == 302
    said = words(hoa.get(f"/photos?monday={MONDAY}"))
    assert "0 ảnh, 1 đã xóa" in said
    assert "Lộ giấy tờ, màn hình hoặc số định danh" in said
    assert hoa.get(f"/photos/{photo}.jpg").status_code == 404
    assert list(evidence.folder_of(settings.data_dir).iterdir()) == []
    with db.read() as session:
        assert session.scalars(select(Evidence.deleted_reason)).all() == ["papers"]


def test_a_reason_in_own_words_is_needed_where_no_other_fits(db: Database, hoa: Browser, photo: str) -> None:
    for data in ({"why": "other"}, {"why": "made up"}, {}):
        answer = hoa.post(f"/photos/{photo}/delete", {"monday": MONDAY, **data})
        assert answer.status_code == 422
        assert "Hãy ghi vì sao xóa ảnh này" in words(answer)
    assert hoa.post(f"/photos/{photo}/delete", {"monday": MONDAY, "why": "other", "reason": "Mờ quá"}).status_code == 302
    assert "Mờ quá" in words(hoa.get(f"/photos?monday={MONDAY}"))


def test_an_unknown_field_or_photo_changes_nothing(
    db: Database, hoa: Browser, world: World, signed_in: SignIn, photo: str
) -> None:
    assert hoa.post(f"/photos/{photo}/delete", {"why": "papers", "uuid": "x"}).status_code == 422
    assert hoa.post(f"/photos/{uuid.uuid4()}/delete", {"why": "papers"}).status_code == 404
    assert signed_in(world.lan).post(f"/photos/{photo}/delete", {"why": "papers"}).status_code == 404
    with db.read() as session:
        assert session.scalars(select(Evidence.deleted_at)).all() == [None]
