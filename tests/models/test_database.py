"""What the database promises to those who read while somebody writes."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from planner.domain.errors import Busy
from planner.models import Database, Hamlet
from planner.models.base import BUSY_TIMEOUT_MS
from tests import builders as make

CACHE_BYTES = 2_000 * 1_024  # what SQLite holds of a transaction before it would spill


def test_sqlite_keeps_a_transaction_in_memory_until_its_commit(sqlite_db: Database) -> None:
    with sqlite_db.read() as session:
        assert session.scalar(text("PRAGMA cache_spill")) == 0


def test_a_large_import_under_way_stops_nobody_from_reading(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        commune_id = make.a_commune(session).id
    with sqlite_db.begin() as writing:
        for number in range(40):
            aliases = ["x" * 100_000]
            writing.add(Hamlet(commune_id=commune_id, name=f"{number}", name_key=f"{number}", position=number, aliases=aliases))
        writing.flush()
        written = writing.scalar(select(func.sum(func.length(Hamlet.aliases))))
        assert written is not None
        assert written > 1.5 * CACHE_BYTES
        with sqlite_db.read() as reading:
            reading.execute(text("PRAGMA busy_timeout = 0"))
            assert reading.scalar(select(func.count(Hamlet.id))) == 0


def test_a_writer_who_does_not_get_the_lock_is_told_so_and_may_try_again(sqlite_db: Database) -> None:
    with sqlite_db.begin(), pytest.raises(Busy, match="database_busy"), sqlite_db.begin(wait=False):
        pass
    with sqlite_db.begin(wait=False) as session:
        assert make.a_commune(session).id
        assert session.scalar(text("PRAGMA busy_timeout")) == BUSY_TIMEOUT_MS, "the next transaction waits again"


def test_the_text_of_a_databases_error_quotes_no_value_it_was_given(db: Database) -> None:
    with pytest.raises(IntegrityError) as refused, db.begin() as session:
        session.execute(text("INSERT INTO hamlet (name, name_key) VALUES (:name, NULL)"), {"name": "Ấp Bí Mật"})
    assert "[SQL parameters hidden" in str(refused.value)
