"""A copy of the whole database while it is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from planner.domain.errors import InvalidInput
from planner.domain.vocabulary import AuditAction
from planner.models import Database
from planner.models.base import BUSY_TIMEOUT_MS
from planner.services import audit, postgresql
from planner.services.actors import Actor


def back_up(db: Database, actor: Actor, target: Path, at: datetime) -> int:
    """Write a consistent copy to `target`, which must not exist. Returns its size in bytes.

    Raises
    ------
    InvalidInput
        ``backup_exists``: nothing is ever overwritten.
    PlannerError
        ``pg_dump_missing``, ``pg_dump_failed``, ``pg_dump_too_slow``.
    """
    actor.require_desk()
    if target.exists():
        raise InvalidInput("backup_exists", field="target")
    draft = target.with_name(target.name + ".part")  # half a copy must never look like a whole one
    draft.unlink(missing_ok=True)
    try:
        if db.is_sqlite:
            # VACUUM INTO: one step under writers. The backup API in pages starts anew with each write and may never end.
            # On a connection of its own: the engine's begin every statement with a transaction, in which VACUUM cannot run.
            with closing(sqlite3.connect(str(db.url.database), timeout=BUSY_TIMEOUT_MS / 1000)) as connection:
                connection.execute("VACUUM INTO ?", (str(draft),))
        else:
            postgresql.dump(db, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    size = target.stat().st_size
    with db.begin() as session:
        audit.record(session, actor, AuditAction.BACKUP_MADE, "commune", actor.commune_id, at, after={"bytes": size})
    return size
