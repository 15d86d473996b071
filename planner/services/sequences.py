"""Long lists in the parts that a database takes, and how many rows a statement changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Table, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from planner.models import Base

T = TypeVar("T")
# SQLite before 3.32 takes 999 parameters a statement.
MOST_PARAMETERS = 900


def in_parts(values: Sequence[T], size: int = MOST_PARAMETERS) -> Iterator[Sequence[T]]:
    """Yield consecutive parts of at most `size` values."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def insert_new(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert rows, but for those whose `event_id` is there already, and return how many were new: the database decides.

    One small statement, sent many times at once: a single one with hundreds of places takes the driver of PostgreSQL longer to
    read than the database to carry out.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(cast(Table, model.__table__)).on_conflict_do_nothing(index_elements=["event_id"])
    return session.connection().execute(new, rows, execution_options={"preserve_rowcount": True}).rowcount


def changed_rows(session: Session, statement: Update) -> int:
    """Run an update by condition and return how many rows met it: 0 means that another was faster."""
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
