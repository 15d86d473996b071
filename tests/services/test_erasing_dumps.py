"""What is erased is in no copy of a PostgreSQL database either: copies made and put back by its own programs."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from planner.domain.calendar import local_date
from planner.domain.vocabulary import Role
from planner.models import Database, Household, Visit
from planner.services import backups
from planner.services.actors import Actor
from planner.services.restoring import restore
from tests import builders as make
from tests.scratch import postgresql_installation, postgresql_programs
from tests.services.test_retention import Live, after, erased
from tests.worlds import a_full_week

pytestmark = pytest.mark.postgresql
HERS, ANOTHERS = "Nguyễn Văn An", "Hoàng Văn Xa"


@pytest.fixture
def live(postgresql_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """Return an installation with residents of two communes, and a second person to approve."""
    postgresql_programs(postgresql_server, monkeypatch)
    with postgresql_installation(postgresql_server, "namro_erasing") as database:
        with database.begin() as session:
            world = a_full_week(session)
            chairman = Actor.of_user(make.a_user(session, world.commune, Role.VIEWER, "Sơn"))
        yield database, world, chairman


def statements_in(dump: Path) -> str:
    """Return all that a dump would write into a database."""
    program = shutil.which("pg_restore")
    assert program is not None
    return subprocess.run([program, "--file=-", str(dump)], capture_output=True, check=True).stdout.decode()


def heads(db: Database) -> set[str]:
    with db.read() as session:
        return set(session.scalars(select(Household.head_name)))


def dump_of(night: Path) -> Path:
    return night / "namro.dump"


def test_after_an_erasure_no_dump_holds_the_erased_and_the_fresh_one_brings_back_the_others_alone(
    live: Live, tmp_path: Path
) -> None:
    db, world, chairman = live
    nights = [backups.make(db, world.desk, tmp_path, make.MONDAY + timedelta(days=n), make.NOW).path for n in range(2)]
    assert all(HERS in statements_in(dump_of(night)) for night in nights)
    erased(db, world, chairman, tmp_path)
    fresh = tmp_path / "backups" / local_date(after(world)).isoformat()
    assert backups.listed(tmp_path) == [fresh], "a dump cannot be rewritten: it goes once a fresh one is there"
    written = statements_in(dump_of(fresh))
    assert HERS not in written
    assert ANOTHERS in written
    with db.begin() as session:
        for house in session.scalars(select(Household)):
            house.head_name = "lost"
    done = restore(db, fresh, tmp_path, after(world) + timedelta(days=1))
    assert done.erased_again == 0
    assert heads(db) == {"", ANOTHERS}
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Visit)) == 1


def test_an_older_dump_from_elsewhere_is_erased_again_once_it_is_restored(live: Live, tmp_path: Path) -> None:
    db, world, chairman = live
    elsewhere = tmp_path / "usb"
    backups.make(db, world.desk, tmp_path, make.MONDAY, make.NOW).path.rename(elsewhere)
    erased(db, world, chairman, tmp_path)
    for days in (1, 2):
        done = restore(db, elsewhere, tmp_path, after(world) + timedelta(days=days))
        assert done.erased_again == 1
        assert heads(db) == {"", ANOTHERS}
        assert done.kept is not None
        assert HERS not in statements_in(done.kept), "what there was is kept, without the erased"
        assert ANOTHERS in statements_in(done.kept)
    left = [path for path in tmp_path.rglob("*.dump") if elsewhere not in path.parents]
    assert [path for path in left if HERS in statements_in(path)] == []


def test_what_there_was_is_not_kept_where_it_may_hold_the_erased_and_cannot_be_looked_through(live: Live, tmp_path: Path) -> None:
    """A database that an older program left: nothing in it is erased before it is brought up to date."""
    db, world, chairman = live
    elsewhere = tmp_path / "usb"
    backups.make(db, world.desk, tmp_path, make.MONDAY, make.NOW).path.rename(elsewhere)
    erased(db, world, chairman, tmp_path)
    with db.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    done = restore(db, elsewhere, tmp_path, after(world) + timedelta(days=1))
    assert done.kept is None, "nobody is told of a copy that is not there"
    assert list(tmp_path.glob("before-restore-*")) == []
    assert heads(db) == {"", ANOTHERS}
