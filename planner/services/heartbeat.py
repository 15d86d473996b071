"""Does the clock tick, and can the database be written? Each process of the clock notes its ticks; the latest of all counts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from planner.domain.errors import Busy
from planner.models import ClockProcess, Database

Unreadable = SQLAlchemyError  # for those who may not know the database's library
STILL_AFTER = timedelta(minutes=2)
FIRST_MINUTES = timedelta(minutes=3)  # what was just started compiles, migrates, and has its clock start after it
REMEMBERED_FOR = timedelta(days=8)  # rows of processes that are no more


@dataclass(frozen=True)
class ClockState:
    """How the clock stands. `ticked_at` None: no clock was ever started here; `silent` since then, or since the start."""

    ticked_at: datetime | None
    silent: timedelta
    still: bool


@dataclass(frozen=True)
class ProcessLine:
    """A process of the clock."""

    owner: str
    started_at: datetime
    ticked_at: datetime
    stopped_at: datetime | None


def beat(db: Database, owner: str, at: datetime) -> timedelta | None:
    """Note a tick; return how long no clock had ticked before it, None where none ever had, or this is not worth a wait."""
    with db.read() as session:
        before = _latest(session)
        old = session.scalar(select(ClockProcess.id).where(ClockProcess.ticked_at < at - REMEMBERED_FOR).limit(1))
    try:
        with db.begin(wait=False) as session:
            _note(session, owner, at)
            if old is not None:
                session.execute(delete(ClockProcess).where(ClockProcess.ticked_at < at - REMEMBERED_FOR))
    except Busy:
        return None  # somebody writes something large: the next tick will do
    return None if before is None else max(timedelta(), at - before)


def _note(session: Session, owner: str, at: datetime) -> None:
    dialect = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = dialect(ClockProcess).values(owner=owner, started_at=at, ticked_at=at)
    session.execute(statement.on_conflict_do_update(index_elements=["owner"], set_={"ticked_at": at, "stopped_at": None}))


def end(db: Database, owner: str, at: datetime) -> None:
    """Note that a process of the clock ended politely."""
    with suppress(Busy, SQLAlchemyError), db.begin() as session:
        session.execute(update(ClockProcess).where(ClockProcess.owner == owner).values(stopped_at=at))


def state(session: Session, at: datetime, up_since_at: datetime) -> ClockState:
    """Return how the clock stands.

    Parameters
    ----------
    up_since_at
        When whoever asks was started: an installation just started is given its first minutes.
    """
    ticked_at = _latest(session)
    silent = max(timedelta(), at - (ticked_at or up_since_at))
    young = at - up_since_at < FIRST_MINUTES
    return ClockState(ticked_at, silent, silent >= STILL_AFTER and not young)


def processes(session: Session) -> tuple[ProcessLine, ...]:
    """Return the clock's processes, the latest heard of first."""
    rows = session.scalars(select(ClockProcess).order_by(ClockProcess.ticked_at.desc(), ClockProcess.id.desc()).limit(20))
    return tuple(ProcessLine(row.owner, row.started_at, row.ticked_at, row.stopped_at) for row in rows)


def can_write(db: Database, at: datetime) -> bool:
    """Tell whether the database takes a write: it is tried, and taken back. Somebody else writing just now is an answer too."""
    try:
        with db.begin(wait=False) as session:
            session.execute(insert(ClockProcess).values(owner=f"probe:{at.isoformat()}", started_at=at, ticked_at=at))
            session.rollback()
    except Busy:
        return True
    except SQLAlchemyError:
        return False
    return True


def _latest(session: Session) -> datetime | None:
    return session.scalar(select(func.max(ClockProcess.ticked_at)))
