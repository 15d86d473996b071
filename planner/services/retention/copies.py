"""No copy outlives an erasure: in each the same people are erased, or it goes and a fresh one takes its place.

Other communes of the installation keep their nights: an SQLite copy is rewritten without the erased people. A dump of
PostgreSQL, or a file that cannot be opened, is removed once a fresh copy is there.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from planner.domain.calendar import local_date
from planner.domain.defects import log_defect
from planner.models import Database, Evidence
from planner.models.schema import connection_revision, is_known, migrate
from planner.services import backups
from planner.services.actors import Actor
from planner.services.evidence import files
from planner.services.retention.ledger import FILE, replay

log = logging.getLogger(__name__)
DRAFTS = (".cleansing", ".cleansed")


class Fate(Enum):
    """What became of a copy: rewritten; beyond that (a dump, no database, a schema we do not know); to be tried another night."""

    REWRITTEN = auto()
    HOPELESS = auto()
    LATER = auto()


@dataclass(frozen=True)
class Cleansed:
    """How many copies were rewritten, how many removed because they could not be, how many are left for another try."""

    rewritten: int = 0
    removed: int = 0
    left: int = 0


def cleanse(db: Database, commune_id: int, folder: Path, at: datetime, kept: Path | None = None) -> Cleansed:
    """Erase in every copy what was erased since it was made. May be done again; what is done already costs a look at its date.

    Parameters
    ----------
    commune_id
        In whose journal a fresh copy is noted.
    kept
        What a restore has just put aside: looked into, whatever its date.
    """
    ledger = folder / FILE
    if not ledger.exists():
        return Cleansed()
    noted_at = ledger.stat().st_mtime_ns
    fates: list[Fate] = []
    hopeless: list[Path] = []
    nights = [(path, backups.database_in(path), path / backups.PHOTOS) for path in backups.listed(folder)]
    for path, copy, photos in (*nights, *((path, path, None) for path in _put_aside(db, folder))):
        if path != kept and not _is_older(copy, noted_at):
            continue
        fates.append(_rewrite(copy, photos, folder, at))
        if fates[-1] is Fate.HOPELESS:
            hopeless.append(path)
    _replace(db, Actor.for_job(commune_id, "retention"), folder, at, hopeless)
    return Cleansed(*(fates.count(fate) for fate in Fate))


def _replace(db: Database, actor: Actor, folder: Path, at: datetime, hopeless: Sequence[Path]) -> None:
    """Remove copies; where nights are among them, a fresh one first: at no instant is there none."""
    today = local_date(at)
    nights = [path for path in hopeless if path.is_dir()]
    if nights:
        backups.make(db, actor, folder, today, at, anew=any(path.name == today.isoformat() for path in nights))
    for path in hopeless:
        if path not in nights:
            path.unlink(missing_ok=True)
        elif path.name != today.isoformat():
            shutil.rmtree(path, ignore_errors=True)


def _is_older(copy: Path, noted_at: int) -> bool:
    """Tell whether a copy is from before the latest erasure was noted; one without its database is of no use to anybody."""
    return not copy.exists() or copy.stat().st_mtime_ns <= noted_at


def _put_aside(db: Database, folder: Path) -> Iterator[Path]:
    """Yield what restores kept of the database there was."""
    yield from folder.glob("before-restore-*.dump")
    if db.is_sqlite:
        live = Path(str(db.url.database))
        yield from (
            path
            for path in live.parent.glob(f"{live.name}.before-restore-*")
            if not path.name.endswith((*DRAFTS, "-wal", "-shm"))
        )


def _rewrite(copy: Path, photos: Path | None, folder: Path, at: datetime) -> Fate:
    """Write an SQLite copy anew without the people erased since."""
    if copy.suffix == ".dump" or not copy.exists():
        return Fate.HOPELESS
    first, clean = (copy.with_name(copy.name + ending) for ending in DRAFTS)
    try:
        _remove(first)
        _remove(clean)
        with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("VACUUM INTO ?", (str(first),))
        erased = _erased_in(first, folder, at)
        if erased is None:
            return Fate.HOPELESS
        with closing(sqlite3.connect(str(first))) as connection:  # a file of its own: freed pages still hold the names
            connection.execute("VACUUM INTO ?", (str(clean),))
        if photos is not None:
            for name in erased:
                files.erase(photos, name)
        backups.to_disk(clean)
        clean.replace(copy)
    except (sqlite3.OperationalError, SQLAlchemyError, OSError) as fault:  # no room on the disk, another process is at it
        log_defect(log, f"copy_not_cleansed copy={copy.name}", fault)
        return Fate.LATER
    except sqlite3.DatabaseError:
        return Fate.HOPELESS
    finally:
        _remove(first)
        _remove(clean)
    return Fate.REWRITTEN


def _erased_in(path: Path, folder: Path, at: datetime) -> tuple[str, ...] | None:
    """Erase in a database what the ledger says; return the names of photos it knows as erased, None where we do not know it."""
    database = Database(f"sqlite:///{path}")
    try:
        if not is_known(connection_revision(database)):
            return None
        migrate(database)
        replay(database, folder, at)
        with database.read() as session:
            return tuple(session.scalars(select(Evidence.file_name).where(Evidence.deleted_at.is_not(None))))
    finally:
        database.dispose()


def _remove(draft: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + ending).unlink(missing_ok=True)
