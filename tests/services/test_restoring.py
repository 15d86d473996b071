"""A backup put back begins another life of the database; one put back by hand is noticed."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from planner.domain.errors import InvalidInput, PlannerError
from planner.domain.vocabulary import AuditAction, FieldKind, FieldVerdict
from planner.models import AuditEntry, Database, FieldEvent, Household, Installation
from planner.models.schema import connection_revision, is_current, migrate
from planner.services import postgresql
from planner.services.actors import Actor
from planner.services.backup import back_up
from planner.services.restoring import restore
from planner.services.sync.epoch import Life
from planner.services.sync.receiving import Sender, receive_events
from tests import builders as make
from tests.scratch import postgresql_installation, postgresql_programs
from tests.worlds import World, a_running_week

AT = make.NOW
LATER = AT + timedelta(hours=1)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'live.sqlite3'}", durable=False)
    migrate(database)
    yield database
    database.dispose()


@pytest.fixture
def world(live: Database) -> World:
    with live.begin() as session:
        return a_running_week(session)


def a_report(db: Database, world: World, number: int) -> None:
    with db.begin() as session:
        session.add(
            FieldEvent(
                event_id=f"00000000-0000-4000-8000-{number:012}", sent_id="", body_hash="0" * 64, kind=FieldKind.VISIT, sent={},
                commune_id=world.commune.id, user_id=world.minh.id, client=1, occurred_at=AT, offset_minutes=420, received_at=AT,
                verdict=FieldVerdict.ACCEPTED,
            )
        )  # fmt: skip


def reports(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(FieldEvent)) or 0


def noted(life: Life, epoch: str, db: Database) -> None:
    """Note what is stored, as a transmission does after its commit."""
    life.note(epoch, reports(db))


def test_a_restored_backup_is_what_it_was_and_begins_a_new_life(live: Database, world: World, tmp_path: Path) -> None:
    life = Life(live, tmp_path)
    before = life.epoch(AT)
    a_report(live, world, 1)
    back_up(live, Actor.cli(world.commune.id), tmp_path / "yesterday.sqlite3", AT)
    a_report(live, world, 2)
    noted(life, before, live)
    done = restore(live, tmp_path / "yesterday.sqlite3", tmp_path, LATER)
    assert reports(live) == 1
    assert life.epoch(LATER) == done.epoch != before
    assert Life(live, tmp_path).epoch(LATER) == done.epoch, "and so it stays over restarts"
    assert done.kept is not None
    with closing(sqlite3.connect(done.kept)) as kept:
        assert kept.execute("SELECT count(*) FROM field_event").fetchone() == (2,)
    with live.read() as session:
        assert session.scalars(select(AuditEntry.action)).all()[-1] is AuditAction.BACKUP_RESTORED
        assert session.scalars(select(Installation.reason).order_by(Installation.id)).all() == ["first", "restored"]
    assert not list(tmp_path.glob("*.restoring*"))


def test_whoever_has_the_database_open_sees_the_backup_and_goes_on(live: Database, world: World, tmp_path: Path) -> None:
    with live.read() as session:
        assert session.scalar(select(func.count()).select_from(Household))
    back_up(live, Actor.cli(world.commune.id), tmp_path / "b.sqlite3", AT)
    other = Database(live.url, durable=False)
    with other.read() as session:
        session.scalar(select(func.count()).select_from(Household))
    restore(live, tmp_path / "b.sqlite3", tmp_path, LATER)
    a_report(other, world, 7)
    assert reports(live) == 1
    other.dispose()


def test_a_file_put_back_by_hand_is_noticed(live: Database, world: World, tmp_path: Path) -> None:
    life = Life(live, tmp_path)
    before = life.epoch(AT)
    a_report(live, world, 1)
    noted(life, before, live)
    back_up(live, Actor.cli(world.commune.id), tmp_path / "b.sqlite3", AT)
    a_report(live, world, 2)
    noted(life, before, live)
    live.dispose()
    Path(str(live.url.database)).write_bytes((tmp_path / "b.sqlite3").read_bytes())
    for watcher in (life, Life(live, tmp_path)):
        after = watcher.epoch(LATER)
        assert after != before
    with live.read() as session:
        assert session.scalars(select(Installation.reason).order_by(Installation.id)).all() == ["first", "went_back"]
    a_report(live, world, 3)
    noted(life, after, live)
    assert life.epoch(LATER) == after, "once is enough"


def test_a_backup_of_an_earlier_life_put_back_by_hand_is_noticed(live: Database, world: World, tmp_path: Path) -> None:
    """Its own epoch is one that phones have seen before: they would take it for the present."""
    life = Life(live, tmp_path)
    first = life.epoch(AT)
    back_up(live, Actor.cli(world.commune.id), tmp_path / "first.sqlite3", AT)
    restored = restore(live, tmp_path / "first.sqlite3", tmp_path, AT).epoch
    assert life.epoch(AT) == restored
    live.dispose()
    Path(str(live.url.database)).write_bytes((tmp_path / "first.sqlite3").read_bytes())
    assert life.epoch(LATER) not in (first, restored)


def test_nothing_new_means_no_new_life(live: Database, world: World, tmp_path: Path) -> None:
    epoch = Life(live, tmp_path).epoch(AT)
    a_report(live, world, 1)
    life = Life(live, tmp_path)
    noted(life, epoch, live)
    assert life.epoch(LATER) == Life(live, tmp_path).epoch(LATER) == epoch


def test_threads_that_store_and_ask_at_once_begin_no_new_life(live: Database, world: World, tmp_path: Path) -> None:
    """What one has read may be older than what another has noted since."""
    life = Life(live, tmp_path)
    before = life.epoch(AT)
    a_report(live, world, 1)
    stale = life._look()
    a_report(live, world, 2)
    noted(life, before, live)
    looks = iter([stale])
    fresh = life._look
    life._look = lambda: next(looks, None) or fresh()  # type: ignore[method-assign]
    assert life.epoch(LATER) == before


def test_a_data_folder_that_cannot_be_written_keeps_no_phone_waiting(live: Database, world: World, tmp_path: Path) -> None:
    life = Life(live, tmp_path / "gone")
    epoch = life.epoch(AT)
    a_report(live, world, 1)
    noted(life, epoch, live)
    assert life.epoch(LATER) == epoch


def test_a_late_note_from_a_former_life_is_no_sign_of_going_back(live: Database, world: World, tmp_path: Path) -> None:
    life = Life(live, tmp_path)
    former = life.epoch(AT)
    back_up(live, Actor.cli(world.commune.id), tmp_path / "b.sqlite3", AT)
    a_report(live, world, 1)
    restored = restore(live, tmp_path / "b.sqlite3", tmp_path, LATER).epoch
    assert life.epoch(LATER) == restored
    life.note(former, 1)  # it had committed before the backup was put back
    assert life.epoch(LATER) == restored


def test_reports_that_meet_a_database_that_went_back_are_stored_in_a_new_life(
    live: Database, world: World, tmp_path: Path
) -> None:
    """… so that their own number never hides that others are gone."""
    life = Life(live, tmp_path)
    before = life.epoch(AT)
    back_up(live, Actor.cli(world.commune.id), tmp_path / "b.sqlite3", AT)
    a_report(live, world, 1)
    noted(life, before, live)
    live.dispose()
    Path(str(live.url.database)).write_bytes((tmp_path / "b.sqlite3").read_bytes())
    sender = Sender(world.volunteer, None, 1)
    report = {"event_id": str(uuid.uuid4()), "counter": 1, "kind": "visit", "occurred_at": AT.isoformat(), "body": {}}
    received = receive_events(live, life, sender, [report], LATER)
    assert received.epoch == life.epoch(LATER) != before
    assert len(received.verdicts) == reports(live) == 1


def test_a_broken_database_is_kept_aside_and_replaced(live: Database, world: World, tmp_path: Path) -> None:
    back_up(live, Actor.cli(world.commune.id), tmp_path / "b.sqlite3", AT)
    live.dispose()
    file = Path(str(live.url.database))
    for ending in ("-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
    file.write_bytes(b"no database any more" * 500)
    done = restore(live, tmp_path / "b.sqlite3", tmp_path, LATER)
    assert done.kept is not None
    assert done.kept.read_bytes().startswith(b"no database")
    assert is_current(live)


@pytest.mark.parametrize("what", ["missing", "text", "foreign", "newer", "torn"])
def test_what_is_no_backup_changes_nothing(live: Database, world: World, tmp_path: Path, what: str) -> None:
    source = tmp_path / "source.sqlite3"
    if what == "text":
        source.write_text("xin chào " * 1000, encoding="utf-8")
    elif what in ("foreign", "newer", "torn"):
        back_up(live, Actor.cli(world.commune.id), source, AT)
        with closing(sqlite3.connect(source)) as file:
            file.execute("DROP TABLE alembic_version" if what == "foreign" else "UPDATE alembic_version SET version_num = '9999'")
            file.commit()
        if what == "torn":
            source.write_bytes(source.read_bytes()[:40_000])
    a_report(live, world, 1)
    with pytest.raises(InvalidInput) as refused:
        restore(live, source, tmp_path, LATER)
    assert refused.value.code == {"missing": "backup_missing", "newer": "backup_newer"}.get(what, "backup_unreadable")
    assert reports(live) == 1


@pytest.mark.postgresql
def test_a_backup_of_postgresql_is_put_back(postgresql_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    postgresql_programs(postgresql_server, monkeypatch)
    with postgresql_installation(postgresql_server, "namro_restore") as database:
        with database.begin() as session:
            world = a_running_week(session)
        life = Life(database, tmp_path)
        before = life.epoch(AT)
        back_up(database, Actor.cli(world.commune.id), tmp_path / "b.dump", AT)
        a_report(database, world, 1)
        noted(life, before, database)
        done = restore(database, tmp_path / "b.dump", tmp_path, LATER)
        assert reports(database) == 0
        assert life.epoch(LATER) == done.epoch != before
        assert done.kept is not None
        assert done.kept.stat().st_size > 1000
        (tmp_path / "no.dump").write_text("no backup", encoding="utf-8")
        with pytest.raises(InvalidInput, match="backup_unreadable"):
            restore(database, tmp_path / "no.dump", tmp_path, LATER + timedelta(minutes=1))
        assert life.epoch(LATER) == done.epoch


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_a_dump_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = tmp_path / "pg_dump"
    hanging.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    hanging.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(postgresql, "MOST_MINUTES", 0.001)
    with pytest.raises(PlannerError, match="pg_dump_too_slow"):
        postgresql.dump(Database("postgresql://nowhere/namro"), tmp_path / "b.dump")


@pytest.mark.postgresql
def test_a_dump_of_another_version_of_the_program_is_brought_up_to_date_or_changes_nothing(
    postgresql_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgresql_programs(postgresql_server, monkeypatch)
    with postgresql_installation(postgresql_server, "namro_versions") as database:
        with database.begin() as session:
            world = a_running_week(session)
        migrate(database, "0005")  # notices, phones' clock, learning and progress came later, with keys to older tables
        postgresql.dump(database, tmp_path / "older.dump")
        migrate(database)
        head = connection_revision(database)
        with database.begin() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        postgresql.dump(database, tmp_path / "newer.dump")
        with database.begin() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head})
        a_report(database, world, 1)
        (tmp_path / "torn.dump").write_bytes((tmp_path / "older.dump").read_bytes()[:-20_000])
        with pytest.raises(InvalidInput, match="backup_newer"):
            restore(database, tmp_path / "newer.dump", tmp_path, LATER)
        with pytest.raises(PlannerError):
            restore(database, tmp_path / "torn.dump", tmp_path, LATER)
        assert reports(database) == 1
        restore(database, tmp_path / "older.dump", tmp_path, LATER)
        assert is_current(database)
        assert reports(database) == 0
        with database.read() as session:
            assert session.scalar(select(func.count()).select_from(Household))
