"""Long lists in the parts that a database takes, and how many rows a statement changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import CursorResult, Update
from sqlalchemy.orm import Session

T = TypeVar("T")
# SQLite before 3.32 takes 999 parameters a statement.
MOST_PARAMETERS = 900


def in_parts(values: Sequence[T], size: int = MOST_PARAMETERS) -> Iterator[Sequence[T]]:
    """Yield consecutive parts of at most `size` values."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def changed_rows(session: Session, statement: Update) -> int:
    """Run an update by condition and return how many rows met it: 0 means that another was faster."""
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
