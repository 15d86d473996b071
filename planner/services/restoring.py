"""A backup put back. The database then begins another life, so that phones send again what they hold receipts for."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from planner.domain.errors import InvalidInput
from planner.domain.vocabulary import AuditAction
from planner.models import Commune, Database, Installation
from planner.models.base import BUSY_TIMEOUT_MS
from planner.models.schema import connection_revision, is_current, is_known, migrate
from planner.services import audit, backups, postgresql, retention
from planner.services.actors import Actor
from planner.services.sync import epoch as epochs


@dataclass(frozen=True)
class Restored:
    """What restoring did. `kept` is the copy of what there was before; None where nothing could be read any more, or where it
    held people who were erased and could not be rewritten.

    `photos` were brought back; `erased_again` counts erasures that the backup did not know of.
    """

    epoch: str
    kept: Path | None
    photos: int = 0
    erased_again: int = 0


def restore(db: Database, source: Path, folder: Path, at: datetime) -> Restored:
    """Put a backup, or a night's folder of `backups.make`, in the place of the present database; servers may keep running.

    What there was before is kept beside it. A backup of an older version of the program is brought up to date, and what was
    erased since it was made is erased again.

    Parameters
    ----------
    folder
        The data folder.

    Raises
    ------
    InvalidInput
        ``backup_missing``, ``backup_unreadable``, ``backup_newer``: nothing was changed.
    PlannerError
        What `planner.services.postgresql` raises where one of its programs is missing or fails: nothing was changed either.
    """
    database = backups.database_in(source)
    if not database.is_file():
        raise InvalidInput("backup_missing", field="source")
    if not db.is_sqlite:
        _refuse_newer(postgresql.revision_in(database))  # before anything is changed, as is done with a draft of SQLite's
    lived = _lives(db, folder)
    clean = not db.is_sqlite and _erased_before_it_is_kept(db, folder, at)
    done = _restore_sqlite(db, database, lived, at) if db.is_sqlite else _restore_postgresql(db, database, lived, folder, at)
    photos = backups.put_photos_back(source, folder)
    erased_again, erased = retention.replay(db, folder, at)
    retention.erase_files(folder, erased)
    _cleanse_copies(db, folder, at, None if clean else done.kept)
    kept = done.kept if done.kept is not None and done.kept.exists() else None
    return replace(done, kept=kept, photos=photos, erased_again=erased_again)


def _erased_before_it_is_kept(db: Database, folder: Path, at: datetime) -> bool:
    """Erase in the present database what was erased: a dump of it cannot be rewritten, and would be lost for holding that.

    Return whether it could be done.
    """
    if not is_current(db):
        return False
    retention.replay(db, folder, at)
    return True


def _cleanse_copies(db: Database, folder: Path, at: datetime, kept: Path | None) -> None:
    with db.read() as session:
        commune_id = session.scalar(select(func.min(Commune.id)))
    if commune_id is not None:
        retention.cleanse(db, commune_id, folder, at, kept)


def _restore_postgresql(db: Database, source: Path, lived: Sequence[str], folder: Path, at: datetime) -> Restored:
    kept = folder / f"before-restore-{at:%Y%m%d-%H%M%S}.dump"
    postgresql.dump(db, kept)
    postgresql.put_back(db, source)
    migrate(db)
    return Restored(_begin_anew(db, lived, at), kept)


def _refuse_newer(revision: str | None) -> None:
    if not is_known(revision):
        raise InvalidInput("backup_newer", field="source")


def _lives(db: Database, folder: Path) -> list[str]:
    """Return the epochs there were, as far as the present database and the data folder know."""
    lived: list[str] = []
    with suppress(SQLAlchemyError), db.read() as session:
        lived += session.scalars(select(Installation.epoch).order_by(Installation.id))
    noted = epochs.noted(folder)
    return [*lived, noted] if noted and noted not in lived else lived


def _restore_sqlite(db: Database, source: Path, lived: Sequence[str], at: datetime) -> Restored:
    live = Path(str(db.url.database))
    draft = live.with_name(f"{live.name}.restoring")
    _remove(draft)
    try:
        _copy(source, draft)
        made = Database(db.url.set(database=str(draft)))
        try:
            _refuse_newer(connection_revision(made))
            migrate(made)
            epoch = _begin_anew(made, lived, at)
        finally:
            made.dispose()
        kept = _keep(live, at)
        _replace(draft, live)
    finally:
        _remove(draft)
    return Restored(epoch, kept)


def _copy(source: Path, target: Path) -> None:
    """Write a whole, sound copy of a backup, or refuse it."""
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ours = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone() == (1,)
            if sound and ours:
                connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.DatabaseError:
        sound = ours = False
    if not (sound and ours):
        raise InvalidInput("backup_unreadable", field="source")


def _keep(live: Path, at: datetime) -> Path | None:
    """Keep a copy of the present database beside it; one that cannot be read is moved there as it is."""
    if not live.exists():
        return None
    kept = live.with_name(f"{live.name}.before-restore-{at:%Y%m%d-%H%M%S}")
    number = 1
    while kept.exists():
        number += 1
        kept = kept.with_name(f"{live.name}.before-restore-{at:%Y%m%d-%H%M%S}-{number}")
    try:
        with closing(sqlite3.connect(str(live), timeout=BUSY_TIMEOUT_MS / 1000)) as connection:
            connection.execute("VACUUM INTO ?", (str(kept),))
    except sqlite3.DatabaseError:
        kept.unlink(missing_ok=True)
        live.replace(kept)
        for ending in ("-wal", "-shm", "-journal"):
            live.with_name(live.name + ending).unlink(missing_ok=True)
    return kept


def _replace(draft: Path, live: Path) -> None:
    """Write the draft over the live database, as one transaction of it: whoever has it open sees the one or the other."""
    with (
        closing(sqlite3.connect(str(draft))) as made,
        closing(sqlite3.connect(str(live), timeout=BUSY_TIMEOUT_MS / 1000)) as present,
    ):
        present.execute("PRAGMA synchronous = FULL")
        made.backup(present)


def _remove(draft: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + ending).unlink(missing_ok=True)


def _begin_anew(db: Database, lived: Sequence[str], at: datetime) -> str:
    """Begin a new life that remembers those before it, also the ones from after the backup."""
    with db.begin() as session:
        known = set(session.scalars(select(Installation.epoch)))
        session.add_all(Installation(epoch=e, since_at=at, reason="before_restore") for e in lived if e not in known)
        session.flush()
        epoch = epochs.begin(session, "restored", at)
        _tell(session, at)
    return epoch


def _tell(session: Session, at: datetime) -> None:
    for commune_id in session.scalars(select(Commune.id)).all():
        audit.record(session, Actor.cli(commune_id), AuditAction.BACKUP_RESTORED, "commune", commune_id, at)
