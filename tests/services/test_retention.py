"""After a campaign residents' data go for good: what names somebody, wherever it stands, and in every copy there is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlalchemy import func, select, text

from planner.domain.calendar import local_date
from planner.domain.errors import Conflict, NotAllowed
from planner.domain.vocabulary import AuditAction, Role
from planner.models import (
    AuditEntry,
    Campaign,
    Database,
    Erasure,
    FieldDecision,
    FieldEvent,
    Household,
    ImportBatch,
    Need,
    Resident,
    Visit,
)
from planner.models.schema import migrate
from planner.services import backups, campaigns, retention, targets
from planner.services.actors import Actor
from planner.services.restoring import restore
from planner.services.retention import deciding
from tests import builders as make
from tests.jobs.clockwork import ticked
from tests.worlds import World, a_full_week

CANARIES = ("Nguyễn Văn An", "nguyen van an", "Bùi Văn Giang", "canary")


@pytest.fixture
def world(db: Database) -> World:
    """Return a full week with words of residents wherever somebody can write any."""
    with db.begin() as session:
        made = a_full_week(session)
        for house in session.scalars(select(Household).where(Household.commune_id == made.commune.id)):
            house.note, house.address, house.lane = "canary", "canary", "canary"
        for resident in session.scalars(select(Resident).where(Resident.commune_id == made.commune.id)):
            resident.phone = "canary"
        session.scalars(select(Visit)).first().note = "canary"
        event = session.scalars(select(FieldEvent)).one()
        event.sent, event.effect = {"body": {"note": "canary"}}, {"facts": "canary"}
        session.scalars(select(FieldDecision)).one().effect = {"facts": "canary"}
        return made


@pytest.fixture
def chairman(db: Database, world: World) -> Actor:
    with db.begin() as session:
        return Actor.of_user(make.a_user(session, world.commune, Role.VIEWER, "Sơn"))


def after(world: World) -> object:
    return make.NOW + timedelta(days=110)


def erased(db: Database, world: World, chairman: Actor, folder: Path) -> None:
    with db.begin() as session:
        erasure_id = retention.propose(session, world.desk, folder, after(world))
    retention.approve(db, chairman, erasure_id, folder, after(world))


def everything(db: Database) -> str:
    """Return every value of every row of the commune's tables, as text."""
    from planner.models import Base

    with db.read() as session:
        names = {table.name for table in Base.metadata.sorted_tables} - {"commune", "hamlet", "volunteer", "user_account"}
        return " ".join(str(row) for name in sorted(names) for row in session.execute(text(f'SELECT * FROM "{name}"')))


def test_nothing_is_left_that_names_a_resident(db: Database, world: World, chairman: Actor, tmp_path: Path) -> None:
    before = everything(db)
    assert all(canary in before for canary in CANARIES)
    erased(db, world, chairman, tmp_path)
    left = everything(db)
    assert [canary for canary in CANARIES if canary in left] == []


def test_what_is_counted_stays(db: Database, world: World, chairman: Actor, tmp_path: Path) -> None:
    def figures() -> list[object]:
        with db.read() as session:
            counted = [session.scalar(select(func.count()).select_from(table)) for table in (Visit, Need, AuditEntry)]
            return [*counted[:2], [t.measured for t in targets.standing(session, world.desk, make.NOW).targets]]

    before = figures()
    erased(db, world, chairman, tmp_path)
    assert figures() == before
    with db.read() as session:
        row = session.scalars(select(Erasure).where(Erasure.erased_at.is_not(None))).one()
        entries = session.scalars(select(AuditEntry.action)).all()
    assert row.erased["found"]["residents"] == row.found["residents"] > 0
    assert row.erased["figures"].keys() >= {"a1", "a2"}
    assert {AuditAction.ERASURE_PROPOSED, AuditAction.DATA_ERASED} <= set(entries)


def test_the_dry_run_changes_nothing(db: Database, world: World, tmp_path: Path) -> None:
    before = everything(db)
    with db.begin() as session:
        found = retention.count(session, world.commune.id, tmp_path)
    assert (found.residents, found.phone_reports, found.photos, found.notes) == (10, 1, 1, 1)
    assert everything(db) == before


def test_another_commune_is_left_alone(db: Database, world: World, chairman: Actor, tmp_path: Path) -> None:
    erased(db, world, chairman, tmp_path)
    assert "Hoàng Văn Xa" in everything(db)


def test_it_takes_two_people_and_the_right_time(db: Database, world: World, chairman: Actor, tmp_path: Path) -> None:
    with db.begin() as session:
        with pytest.raises(Conflict, match="erasure_too_early"):
            retention.propose(session, world.desk, tmp_path, make.NOW)
        with pytest.raises(NotAllowed, match="erasure_needs_a_person"):
            retention.propose(session, Actor.cli(world.commune.id), tmp_path, after(world))
        erasure_id = retention.propose(session, world.desk, tmp_path, after(world))
        with pytest.raises(Conflict, match="erasure_open_already"):
            retention.propose(session, world.desk, tmp_path, after(world))
    with pytest.raises(NotAllowed, match="erasure_needs_another_person"):
        retention.approve(db, world.desk, erasure_id, tmp_path, after(world))
    with pytest.raises(NotAllowed):
        retention.approve(db, world.volunteer, erasure_id, tmp_path, after(world))
    assert "Nguyễn Văn An" in everything(db)


def test_a_proposal_that_was_cancelled_cannot_be_approved(db: Database, world: World, chairman: Actor, tmp_path: Path) -> None:
    with db.begin() as session:
        erasure_id = retention.propose(session, world.desk, tmp_path, after(world))
        retention.cancel(session, chairman, erasure_id, after(world))
    with pytest.raises(Conflict, match="erasure_not_open"):
        retention.approve(db, chairman, erasure_id, tmp_path, after(world))
    assert "Nguyễn Văn An" in everything(db)


def test_while_a_new_campaign_runs_nothing_is_erased(db: Database, world: World, chairman: Actor, tmp_path: Path) -> None:
    with db.begin() as session:
        erasure_id = retention.propose(session, world.desk, tmp_path, after(world))
        starts_on = after(world).date()
        campaigns.create_campaign(session, world.desk, "plan_a", "", starts_on, starts_on + timedelta(days=70), make.NOW)
    with pytest.raises(Conflict, match="erasure_too_early"):
        retention.approve(db, chairman, erasure_id, tmp_path, after(world))


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[Database, World, Actor]]:
    """Return an installation with its files: a full week, and a second person to approve."""
    database = Database(f"sqlite:///{tmp_path / 'live.sqlite3'}", durable=False)
    migrate(database)
    with database.begin() as session:
        world = a_full_week(session)
        chairman = Actor.of_user(make.a_user(session, world.commune, Role.VIEWER, "Sơn"))
    yield database, world, chairman
    database.dispose()


def names_in(folder: Path) -> list[str]:
    """Return the files that hold a name of An's household, or of Lan's commune's."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            found += [f"{path.relative_to(folder)}: {name}" for name in ("Văn An", "Văn Xa") if name.encode() in content]
    return found


def photo_of(folder: Path, name: str) -> Path:
    (folder / "evidence").mkdir(exist_ok=True)
    path = folder / "evidence" / name
    path.write_bytes(b"a picture")
    return path


Live = tuple[Database, World, Actor]


def test_nightly_copies_stay_but_without_those_who_were_erased(live: Live, tmp_path: Path) -> None:
    db, world, chairman = live
    mine, anothers = photo_of(tmp_path, f"{'4' * 32}.jpg"), photo_of(tmp_path, f"{'5' * 32}.jpg")
    nights = [backups.make(db, world.desk, tmp_path, make.MONDAY + timedelta(days=n), make.NOW).path for n in range(3)]
    kept_for_safety = tmp_path / "live.sqlite3.before-restore-20260101-000000"
    kept_for_safety.write_bytes((nights[0] / "namro.sqlite3").read_bytes())
    erased(db, world, chairman, tmp_path)
    assert backups.listed(tmp_path) == sorted(nights, reverse=True)
    db.dispose()
    for path in (*(night / "namro.sqlite3" for night in nights), kept_for_safety):
        with closing(sqlite3.connect(path)) as connection:
            heads = {name for (name,) in connection.execute("SELECT head_name FROM household")}
            assert heads == {"", "Hoàng Văn Xa"}
            assert connection.execute("SELECT count(*) FROM visit").fetchone() == (1,)
        assert "Văn An".encode() not in path.read_bytes(), "a freed page holds what was erased"
    assert [night for night in nights if (night / "evidence" / mine.name).exists()] == []
    assert all((night / "evidence" / anothers.name).exists() for night in nights)
    assert not mine.exists()
    assert not [path for path in tmp_path.rglob("*") if "cleans" in path.name]


def test_a_copy_that_cannot_be_rewritten_goes_once_a_fresh_one_is_there(live: Live, tmp_path: Path) -> None:
    db, world, chairman = live
    good = backups.make(db, world.desk, tmp_path, make.MONDAY, make.NOW).path
    today = local_date(after(world))
    for night in (make.MONDAY + timedelta(days=1), today):
        broken = tmp_path / "backups" / night.isoformat()
        broken.mkdir()
        (broken / "namro.sqlite3").write_bytes(b"no database: Nguyen Van An")
    (tmp_path / "before-restore-20260101-000000.dump").write_bytes(b"PGDMP")
    erased(db, world, chairman, tmp_path)
    fresh = tmp_path / "backups" / today.isoformat()
    assert backups.listed(tmp_path) == [fresh, good]
    with closing(sqlite3.connect(fresh / "namro.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM household WHERE head_name = ''").fetchone()[0] > 0
    assert list(tmp_path.glob("*.dump")) == []


def test_what_a_crash_left_of_it_is_done_by_the_next_night(live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db, world, chairman = live
    night = backups.make(db, world.desk, tmp_path, make.MONDAY, make.NOW).path
    with db.begin() as session:
        erasure_id = retention.propose(session, world.desk, tmp_path, after(world))
    with monkeypatch.context() as patch:
        patch.setattr(deciding, "note_missing", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            retention.approve(db, chairman, erasure_id, tmp_path, after(world))
    assert "Văn An".encode() in (night / "namro.sqlite3").read_bytes()
    ticked(db, after(world) + timedelta(days=1), "back_up", folder=tmp_path)
    assert "Văn An".encode() not in (night / "namro.sqlite3").read_bytes()
    before = (night / "namro.sqlite3").stat().st_mtime_ns
    ticked(db, after(world) + timedelta(days=2), "back_up", folder=tmp_path)
    assert (night / "namro.sqlite3").stat().st_mtime_ns == before, "what is clean is left alone"


def test_another_communes_waiting_lists_stay(live: Live, tmp_path: Path) -> None:
    db, world, chairman = live
    (tmp_path / "imports").mkdir()
    with db.begin() as session:
        session.scalars(select(ImportBatch)).one().stored_name = "mine.xlsx"
    for name in ("mine.xlsx", "anothers.xlsx"):
        (tmp_path / "imports" / name).write_bytes(b"a list")
    erased(db, world, chairman, tmp_path)
    assert [path.name for path in (tmp_path / "imports").iterdir()] == ["anothers.xlsx"]


def test_an_older_copy_from_elsewhere_that_is_restored_is_erased_again(live: Live, tmp_path: Path) -> None:
    db, world, chairman = live
    elsewhere = tmp_path / "usb"
    backups.make(db, world.desk, tmp_path, make.MONDAY, make.NOW).path.rename(elsewhere)
    backups.make(db, world.desk, tmp_path, make.MONDAY, make.NOW)
    erased(db, world, chairman, tmp_path)
    for days in (1, 2):
        assert restore(db, elsewhere, tmp_path, after(world) + timedelta(days=days)).erased_again == 1
        assert "Nguyễn Văn An" not in everything(db)
    with closing(sqlite3.connect(tmp_path / "live.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM visit").fetchone() == (1,)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert len(list(tmp_path.glob("*.before-restore-*"))) == 2
    assert [line for line in names_in(tmp_path) if "Văn An" in line] == ["usb/namro.sqlite3: Văn An"]


def test_a_copy_older_than_the_campaign_is_no_way_back_either(live: Live, tmp_path: Path) -> None:
    """Its people were the commune's before."""
    db, world, chairman = live
    elsewhere = tmp_path / "usb"
    backups.make(db, world.desk, tmp_path, make.MONDAY, make.NOW).path.rename(elsewhere)
    with db.begin() as session:
        session.get_one(Campaign, world.campaign.id).code = "a-later-one"
    erased(db, world, chairman, tmp_path)
    assert restore(db, elsewhere, tmp_path, after(world) + timedelta(days=1)).erased_again == 1
    assert "Nguyễn Văn An" not in everything(db)
