"""Photos of activity: once, whole, without metadata, for those they concern, until their time is over."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import select

from manage import manage
from planner.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, PlannerError, StorageFull, TooLarge
from planner.domain.vocabulary import Role, WeekState
from planner.models import AuditEntry, Database, Evidence, Shift, WeekPlan
from planner.models.schema import migrate
from planner.services import evidence
from planner.services.actors import Actor
from planner.services.evidence import files, pictures
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.services import photos
from tests.services.photos import CANARY, a_photo, form_of
from tests.worlds import World, a_running_week

LATER = NOW + timedelta(days=1, hours=7)  # Monday evening


@pytest.fixture
def world(db: Database) -> World:
    with db.begin() as session:
        return a_running_week(session)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def shift_id(db: Database, world: World) -> int:
    """Return Minh's shift of Monday evening."""
    with db.read() as session:
        return session.scalars(select(Shift.id).order_by(Shift.starts_at)).first()


def rows(db: Database) -> list[Evidence]:
    with db.read() as session:
        return list(session.scalars(select(Evidence).order_by(Evidence.id)))


def lying_in(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []


def test_a_photo_is_stored_once_with_its_row_and_its_file(db: Database, world: World, folder: Path, shift_id: int) -> None:
    content = a_photo()
    form = form_of(content, shift_id)
    first = evidence.store(db, world.volunteer, folder, form, content, LATER)
    again = evidence.store(db, world.volunteer, folder, form, content, LATER + timedelta(hours=5))
    assert (first.replayed, again.replayed) == (False, True)
    assert again.received_at == first.received_at == LATER
    (row,) = rows(db)
    assert (row.uuid, row.shift_id, row.user_id, row.consent) == (form.uuid, shift_id, world.minh.id, True)
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert lying_in(folder) == [row.file_name]
    assert (folder / row.file_name).stat().st_size == row.size_bytes
    assert (folder / row.file_name).stat().st_mode & 0o077 == 0, "nobody else on the machine reads it"


def test_another_picture_under_the_same_id_is_a_conflict(db: Database, world: World, folder: Path, shift_id: int) -> None:
    first, other = a_photo(), a_photo(colour="#a27")
    form = form_of(first, shift_id)
    evidence.store(db, world.volunteer, folder, form, first, LATER)
    with pytest.raises(Conflict, match="photo_id_taken"):
        evidence.store(db, world.volunteer, folder, form_of(other, shift_id, uuid=form.uuid), other, LATER)
    assert len(rows(db)) == len(lying_in(folder)) == 1


def test_someone_elses_id_is_taken_even_for_the_same_picture(db: Database, world: World, folder: Path, shift_id: int) -> None:
    content = a_photo()
    form = form_of(content, shift_id)
    evidence.store(db, world.volunteer, folder, form, content, LATER)
    with pytest.raises(Conflict, match="photo_id_taken"):
        evidence.store(db, world.desk, folder, form, content, LATER)


def test_the_same_photo_sent_by_four_requests_at_once_is_one(db: Database, world: World, folder: Path, shift_id: int) -> None:
    content = a_photo()
    form = form_of(content, shift_id)
    answers: list[object] = []
    ready = threading.Barrier(4)

    def send() -> None:
        ready.wait()
        try:
            answers.append(evidence.store(db, world.volunteer, folder, form, content, LATER).replayed)
        except PlannerError as error:
            answers.append(error.code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers, key=str) == [False, True, True, True]
    assert lying_in(folder) == [rows(db)[0].file_name]


def test_nothing_is_stored_without_consent(db: Database, world: World, folder: Path, shift_id: int) -> None:
    content = a_photo()
    with pytest.raises(InvalidInput, match="photo_without_consent"):
        evidence.store(db, world.volunteer, folder, form_of(content, shift_id, consent=False), content, LATER)
    assert (rows(db), lying_in(folder)) == ([], [])


def test_a_photo_that_did_not_arrive_whole_is_refused(db: Database, world: World, folder: Path, shift_id: int) -> None:
    content = a_photo()
    with pytest.raises(InvalidInput, match="photo_hash_differs") as told:
        evidence.store(db, world.volunteer, folder, form_of(content, shift_id), content + b"\x00", LATER)
    assert told.value.facts["field"] == "sha256"


@pytest.mark.parametrize("changes", [{"uuid": "../../x"}, {"taken_at": LATER.replace(tzinfo=None)}])
def test_an_id_or_time_that_is_none_is_refused(
    db: Database, world: World, folder: Path, shift_id: int, changes: dict[str, Any]
) -> None:
    content = a_photo()
    with pytest.raises(InvalidInput):
        evidence.store(db, world.volunteer, folder, form_of(content, shift_id, **changes), content, LATER)


REFUSED = {
    "an SVG with a script": (photos.SVG, "photo_not_jpeg", "SVG"),
    "a HEIC of an iPhone": (photos.HEIC, "photo_not_jpeg", "HEIC"),
    "a PNG": (photos.saved_as("PNG"), "photo_not_jpeg", "PNG"),
    "a GIF that begins a polyglot": (b"GIF89a" + a_photo(), "photo_not_jpeg", "GIF"),
    "a PDF with a photo in it": (b"%PDF-1.4\n" + a_photo(), "photo_not_jpeg", "PDF"),
    "a zip behind a photo": (photos.a_zip_behind_a_photo(), "photo_with_more", None),
    "a photo cut off": (a_photo()[:-900], "photo_broken", None),
    "a photo cut off in its header": (a_photo()[:40], "photo_broken", None),
    "a start and an end": (b"\xff\xd8\xff\xd9", "photo_broken", None),
    "thousands of millions of pixels": (photos.a_pixel_bomb(), "photo_too_many_pixels", None),
    "pixels below Pillow's own limit": (photos.a_pixel_bomb(8_000, 8_000), "photo_too_many_pixels", None),
    "hundreds of scans": (photos.a_scan_bomb(), "photo_broken", None),
    "nothing": (b"", "photo_not_jpeg", "?"),
    "words": ("không phải ảnh".encode(), "photo_not_jpeg", "?"),
}


@pytest.mark.parametrize(("content", "code", "found"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_photo_is_refused_with_its_name_and_quickly(content: bytes, code: str, found: str | None) -> None:
    began = time.process_time()
    with pytest.raises(InvalidInput) as told:
        pictures.cleaned(content)
    assert told.value.code == code
    assert found in (None, told.value.facts.get("found"))
    assert time.process_time() - began < 2


def test_a_photo_of_more_than_400_kilobytes_is_too_large() -> None:
    with pytest.raises(TooLarge, match="photo_too_large"):
        pictures.cleaned(a_photo() + b"\x00" * 400 * 1024)


def test_no_metadata_is_left_and_the_picture_stands_upright() -> None:
    sent = photos.a_photo_that_tells_too_much()
    assert CANARY in sent
    kept = pictures.cleaned(sent)
    assert CANARY not in kept
    assert b"Exif" not in kept
    picture = Image.open(io.BytesIO(kept))
    assert (picture.format, picture.size) == ("JPEG", (600, 800)), "turned as the camera said"
    assert dict(picture.getexif()) == {}
    assert {"exif", "icc_profile", "comment", "mp"} & picture.info.keys() == set()


def test_a_photo_that_cannot_be_squeezed_still_fits_into_250_kilobytes() -> None:
    sent = photos.a_noisy_photo()
    assert len(sent) > 250 * 1024
    assert len(pictures.cleaned(sent)) <= 250 * 1024


def test_a_large_photo_is_shrunk_to_1600_pixels() -> None:
    kept = Image.open(io.BytesIO(pictures.cleaned(a_photo(4000, 3000, quality=20))))
    assert max(kept.size) == 1600


def test_grey_and_print_colours_become_ordinary_ones() -> None:
    for mode in ("L", "CMYK"):
        stream = io.BytesIO()
        Image.new(mode, (50, 40)).save(stream, "JPEG")
        assert Image.open(io.BytesIO(pictures.cleaned(stream.getvalue()))).mode == "RGB"


def test_a_crew_hands_in_photos_of_its_own_shifts_only(db: Database, world: World, folder: Path, shift_id: int) -> None:
    content = a_photo()
    with db.begin() as session:
        hai = Actor.of_user(make.a_user(session, world.commune, Role.VOLUNTEER, "Hải", world.volunteers[2]))
        viewer = Actor.of_user(make.a_user(session, world.commune, Role.VIEWER, "Chủ tịch"))
    for stranger in (hai, world.stranger):
        with pytest.raises(NotFound):
            evidence.store(db, stranger, folder, form_of(content, shift_id), content, LATER)
    with pytest.raises(NotFound):
        evidence.store(db, world.volunteer, folder, form_of(content, 987_654), content, LATER)
    with pytest.raises(NotAllowed):
        evidence.store(db, viewer, folder, form_of(content, shift_id), content, LATER)
    assert lying_in(folder) == []


@pytest.mark.parametrize("state", [WeekState.CLOSED, WeekState.SUPERSEDED])
def test_a_photo_that_comes_after_the_week_is_taken(
    db: Database, world: World, folder: Path, shift_id: int, state: WeekState
) -> None:
    with db.begin() as session:
        session.get_one(WeekPlan, world.week.id).state = state
    content = a_photo()
    evidence.store(db, world.volunteer, folder, form_of(content, shift_id), content, LATER + timedelta(days=9))
    assert len(rows(db)) == 1


def test_a_stuck_phone_cannot_fill_the_disk(
    db: Database, world: World, folder: Path, shift_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.services.evidence.storing.MOST_A_SHIFT", 2)
    content = a_photo()
    for _ in range(2):
        evidence.store(db, world.volunteer, folder, form_of(content, shift_id), content, LATER)
    with pytest.raises(InvalidInput, match="photo_too_many"):
        evidence.store(db, world.volunteer, folder, form_of(content, shift_id), content, LATER)
    assert len(lying_in(folder)) == 2


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_nothing_half(
    db: Database, world: World, folder: Path, shift_id: int, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    content = a_photo()
    with monkeypatch.context() as patch:
        if step == "write":
            patch.setattr(files, "_write", lambda path, content: (path.write_bytes(content[:100]), full()))
        elif step == "fsync":
            patch.setattr(files.os, "fsync", full)
        else:
            patch.setattr(Path, "replace", full)
        with pytest.raises(StorageFull, match="disk_full"):
            evidence.store(db, world.volunteer, folder, form_of(content, shift_id), content, LATER)
        assert (rows(db), lying_in(folder)) == ([], [])
    evidence.store(db, world.volunteer, folder, form_of(content, shift_id), content, LATER)
    assert len(rows(db)) == len(lying_in(folder)) == 1, "it goes on by itself once there is room"


def test_a_full_database_is_a_full_disk_and_leaves_no_file(sqlite_db: Database, folder: Path) -> None:
    with sqlite_db.begin() as session:
        world = a_running_week(session)
    with sqlite_db.read() as session:
        shift_id = session.scalars(select(Shift.id)).first()
    with sqlite_db.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    sqlite_db.engine.dispose()
    from sqlalchemy import event

    event.listen(sqlite_db.engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count = {pages}"))
    content = a_photo()

    def send_until_the_last_page_is_full() -> None:
        for _ in range(200):
            evidence.store(sqlite_db, world.volunteer, folder, form_of(content, shift_id), content, LATER)

    with pytest.raises(StorageFull):
        send_until_the_last_page_is_full()
    assert set(lying_in(folder)) == {row.file_name for row in rows(sqlite_db)}


def test_a_commit_that_fails_leaves_no_file(
    db: Database, world: World, folder: Path, shift_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("planner.services.evidence.storing.audit.record", broken)
    content = a_photo()
    with pytest.raises(RuntimeError):
        evidence.store(db, world.volunteer, folder, form_of(content, shift_id), content, LATER)
    assert (rows(db), lying_in(folder)) == ([], [])


def test_the_check_names_what_does_not_agree_either_way(db: Database, world: World, folder: Path, shift_id: int) -> None:
    content = a_photo()
    for _ in range(2):
        evidence.store(db, world.volunteer, folder, form_of(content, shift_id), content, LATER)
    kept, lost = rows(db)
    with db.read() as session:
        assert evidence.check(session, folder, LATER).agree
    (folder / lost.file_name).unlink()
    stray, young = folder / f"{'a' * 32}.jpg", folder / f"{'b' * 32}.jpg.part"
    for path, age in ((stray, timedelta(hours=2)), (young, timedelta(minutes=5))):
        path.write_bytes(b"x")
        os.utime(path, times=((LATER - age).timestamp(),) * 2)
    with db.read() as session:
        found = evidence.check(session, folder, LATER)
    assert (found.photos, found.files_alone, found.rows_alone) == (2, (stray.name,), (lost.uuid,))
    assert evidence.tidy(folder, found) == 1
    assert lying_in(folder) == sorted([kept.file_name, young.name]), "what may be under way is left alone"


def test_a_phone_that_sends_again_brings_a_lost_file_back(db: Database, world: World, folder: Path, shift_id: int) -> None:
    content = a_photo()
    form = form_of(content, shift_id)
    evidence.store(db, world.volunteer, folder, form, content, LATER)
    files.erase(folder, rows(db)[0].file_name)
    evidence.store(db, world.volunteer, folder, form, content, LATER + timedelta(days=1))
    (row,) = rows(db)
    assert lying_in(folder) == [row.file_name]
    assert row.received_at == LATER
    with db.read() as session:
        assert evidence.check(session, folder, LATER).agree


def test_who_sees_which_photos(db: Database, world: World, folder: Path, shift_id: int) -> None:
    content = a_photo()
    form = form_of(content, shift_id)
    evidence.store(db, world.volunteer, folder, form, content, LATER)
    with db.begin() as session:
        nga = make.a_user(session, world.commune, Role.VOLUNTEER, "Nga", world.volunteers[1])
        leader = make.a_user(session, world.commune, Role.LEADER, "Hải", world.volunteers[2])
        viewer = make.a_user(session, world.commune, Role.VIEWER, "Chủ tịch")
        inspector = make.a_user(session, world.commune, Role.INSPECTOR, "Kiểm tra")
    seeing = {"hoa": world.hoa, "minh": world.minh, "chairman": viewer, "the hamlet's leader": leader}
    blind = {"nga, of the same crew": nga, "inspector": inspector, "lan": world.lan}
    with db.read() as session:
        for user in seeing.values():
            actor = Actor.of_user(user)
            assert evidence.opened(session, actor, folder, form.uuid).is_file()
            (shift,) = evidence.photos(session, actor, MONDAY)
            assert [photo.uuid for photo in shift.kept] == [form.uuid]
        for user in blind.values():
            actor = Actor.of_user(user)
            with pytest.raises(NotFound):
                evidence.opened(session, actor, folder, form.uuid)
            assert evidence.photos(session, actor, MONDAY) == ()
        with pytest.raises(NotFound):
            evidence.opened(session, world.desk, folder, str(uuid.uuid4()))


def test_deleting_erases_the_file_keeps_the_row_and_counts_it(db: Database, world: World, folder: Path, shift_id: int) -> None:
    content = a_photo()
    form = form_of(content, shift_id)
    evidence.store(db, world.volunteer, folder, form, content, LATER)
    evidence.delete(db, world.desk, folder, form.uuid, " Lộ giấy tờ ", LATER + timedelta(hours=1))
    evidence.delete(db, world.desk, folder, form.uuid, "Lần nữa", LATER + timedelta(hours=2))
    (row,) = rows(db)
    assert (row.deleted_at, row.deleted_by_id, row.deleted_reason) == (LATER + timedelta(hours=1), world.hoa.id, "Lộ giấy tờ")
    assert lying_in(folder) == []
    with db.read() as session:
        (shift,) = evidence.photos(session, world.desk, MONDAY)
        assert (len(shift.kept), len(shift.deleted), shift.deleted[0].deleted_by) == (0, 1, "Hoa")
        with pytest.raises(NotFound):
            evidence.opened(session, world.desk, folder, form.uuid)
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "evidence").order_by(AuditEntry.id)).all()
        assert evidence.check(session, folder, LATER).agree
    assert [action.value for action in actions] == ["evidence_stored", "evidence_deleted"]
    assert evidence.store(db, world.volunteer, folder, form, content, LATER).replayed, "the phone is told it may forget it"
    assert lying_in(folder) == []


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_a_deletion_needs_its_reason(db: Database, world: World, folder: Path, shift_id: int, reason: str) -> None:
    content = a_photo()
    form = form_of(content, shift_id)
    evidence.store(db, world.volunteer, folder, form, content, LATER)
    with pytest.raises(InvalidInput) as told:
        evidence.delete(db, world.desk, folder, form.uuid, reason, LATER)
    assert told.value.facts["field"] == "reason"
    assert len(lying_in(folder)) == 1


def test_only_the_desk_of_the_commune_deletes(db: Database, world: World, folder: Path, shift_id: int) -> None:
    content = a_photo()
    form = form_of(content, shift_id)
    evidence.store(db, world.volunteer, folder, form, content, LATER)
    with pytest.raises(NotAllowed):
        evidence.delete(db, world.volunteer, folder, form.uuid, "x", LATER)
    with pytest.raises(NotFound):
        evidence.delete(db, world.stranger, folder, form.uuid, "x", LATER)
    assert len(lying_in(folder)) == 1


def test_photos_go_when_the_days_after_the_campaign_are_over(db: Database, world: World, folder: Path, shift_id: int) -> None:
    content = a_photo()
    evidence.store(db, world.volunteer, folder, form_of(content, shift_id), content, LATER)
    cli = Actor.cli(world.commune.id)
    last_day = make.NOW.replace(year=2027, month=3, day=2)  # 31 January and 30 days
    assert evidence.expire(db, cli, folder, last_day) == 0
    assert evidence.expire(db, Actor.cli(world.lan.commune_id), folder, last_day + timedelta(days=1)) == 0, "another's photos"
    assert evidence.expire(db, cli, folder, last_day + timedelta(days=1)) == 1
    assert lying_in(folder) == []
    assert rows(db)[0].deleted_reason == "expired"
    assert evidence.expire(db, cli, folder, last_day + timedelta(days=2)) == 0


def test_the_days_are_a_setting(db: Database, world: World, folder: Path, shift_id: int) -> None:
    from planner.services import campaigns

    content = a_photo()
    evidence.store(db, world.volunteer, folder, form_of(content, shift_id), content, LATER)
    with db.begin() as session:
        campaigns.change_settings(session, world.desk, {"evidence_days": 0}, NOW)
    first_of_february = make.NOW.replace(year=2027, month=2, day=1)
    assert evidence.expire(db, Actor.cli(world.commune.id), folder, first_of_february) == 1


def test_a_name_that_is_not_ours_never_leaves_the_folder(folder: Path) -> None:
    for name in ("../namro.sqlite3", "/etc/passwd", "a.jpg", "", f"{'a' * 32}.jpg/../../x"):
        with pytest.raises(ValueError, match="evidence"):
            files.path_of(folder, name)


def test_the_commands_name_what_disagrees_and_erase_what_is_over(sqlite_db: Database, tmp_path: Path) -> None:
    path = tmp_path / "data" / "namro.sqlite3"
    path.parent.mkdir()
    database = Database(f"sqlite:///{path}", durable=False)
    migrate(database)
    with database.begin() as session:
        world = a_running_week(session)
    folder = evidence.folder_of(path.parent)
    with database.read() as session:
        shift_id = session.scalars(select(Shift.id).order_by(Shift.starts_at)).first()
    content = a_photo()
    for _ in range(2):
        evidence.store(database, world.volunteer, folder, form_of(content, shift_id), content, LATER)
    environ = {"NAMRO_DATA_DIR": str(path.parent), "NAMRO_ENVIRONMENT": "test"}

    def run(*arguments: str, at: str = "2026-11-24T09:00") -> tuple[int, str]:
        done = CliRunner().invoke(manage, ["--at", at, "--commune", world.commune.code, "evidence", *arguments], env=environ)
        return done.exit_code, done.output

    assert run("check") == (0, "2 ảnh / photos\n")
    stray, lost = folder / f"{'a' * 32}.jpg", rows(database)[0]
    stray.write_bytes(b"x")
    os.utime(stray, times=(LATER.timestamp(),) * 2)
    files.erase(folder, lost.file_name)
    status, output = run("check")
    assert status == 1
    assert stray.name in output
    assert lost.uuid in output
    assert json.loads(run("check", "--json")[1].split("\nTệp")[0])["rows_alone"] == [lost.uuid]
    run("check", "--tidy")
    assert not stray.exists()
    assert "Sẽ xóa 0 ảnh" in run("expire", "--dry-run")[1]
    assert "Sẽ xóa 2 ảnh" in run("expire", "--dry-run", at="2027-03-05T09:00")[1]
    assert len(lying_in(folder)) == 1
    assert run("expire", at="2027-03-05T09:00")[0] == 0
    assert lying_in(folder) == []
    database.dispose()
