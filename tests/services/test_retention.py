"""After a campaign residents' data go for good: what names somebody, wherever it stands, and in every copy there is."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from planner.domain.errors import Conflict, NotAllowed
from planner.domain.vocabulary import AuditAction, Role
from planner.models import AuditEntry, Database, Erasure, FieldDecision, FieldEvent, Household, Need, Resident, Visit
from planner.services import backups, campaigns, retention, targets
from planner.services.actors import Actor
from planner.services.restoring import restore
from tests import builders as make
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


def test_the_nightly_copies_go_too_and_an_older_copy_that_is_restored_is_erased_again(
    sqlite_db: Database, tmp_path: Path
) -> None:
    from planner.models.schema import migrate

    live = Database(f"sqlite:///{tmp_path / 'live.sqlite3'}", durable=False)
    try:
        migrate(live)
        with live.begin() as session:
            world = a_full_week(session)
            chairman = Actor.of_user(make.a_user(session, world.commune, Role.VIEWER, "Sơn"))
        night = make.MONDAY
        kept = backups.make(live, world.desk, tmp_path, night, make.NOW).path
        elsewhere = tmp_path / "usb"
        kept.rename(elsewhere)
        backups.make(live, world.desk, tmp_path, night, make.NOW)
        erased(live, world, chairman, tmp_path)
        assert backups.listed(tmp_path) == []
        done = restore(live, elsewhere, tmp_path, after(world) + timedelta(days=1))
        assert done.erased_again == 1
        assert "Nguyễn Văn An" not in everything(live)
        assert restore(live, elsewhere, tmp_path, after(world) + timedelta(days=2)).erased_again == 1
        assert list(tmp_path.glob("*.before-restore-*")) == [], "what was there before holds the names again"
        with sqlite3.connect(tmp_path / "live.sqlite3") as connection:
            assert connection.execute("SELECT count(*) FROM visit").fetchone() == (1,)
    finally:
        live.dispose()
