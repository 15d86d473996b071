"""The database as the rest of the planner sees it: one declarative base, one way to begin a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Enum, MetaData, create_engine, event
from sqlalchemy.engine import URL, Dialect, Engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import SingletonThreadPool
from sqlalchemy.types import TypeDecorator

from planner.domain.errors import Busy

# Named constraints, so that a migration can drop what another made on either database.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Several connections in write-ahead mode can corrupt the file on older SQLite (WAL-reset defect, fixed in 3.51.3).
WAL_IS_SAFE = sqlite3.sqlite_version_info >= (3, 51, 3)
BUSY_TIMEOUT_MS = 15_000
OPTIONS: dict[str, Any] = {
    "hide_parameters": True
}  # an error's text goes far, e.g. to a terminal: it must not quote a row's values


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. SQLite gives stored instants back without a zone: this keeps all of them in UTC, and aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all records."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy's own protocol


def word(enum: type[StrEnum], name: str) -> Enum:
    """Return the column type of a closed word list: text with a named check, alike on both databases."""
    return Enum(
        enum, name=name, native_enum=False, create_constraint=True, length=24, values_callable=lambda e: [m.value for m in e]
    )


class Database:
    """An engine and the two ways to use it.

    Parameters
    ----------
    url
        ``sqlite:///path`` or ``postgresql://…``.
    durable
        False only in tests: SQLite then does not wait for the disk.
    """

    def __init__(self, url: str | URL, *, durable: bool = True) -> None:
        parsed = make_url(url)
        if parsed.drivername in ("postgres", "postgresql"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.url = parsed
        self.engine = (
            _sqlite_engine(parsed, durable)
            if self.is_sqlite
            else create_engine(parsed, pool_pre_ping=True, pool_size=10, **OPTIONS)
        )
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def begin(self, *, wait: bool = True) -> Iterator[Session]:
        """Yield a session in a transaction that may write: committed at the end, rolled back on any error.

        Parameters
        ----------
        wait
            False: on SQLite give up at once while another writes, for what may just as well be noted another time.

        Raises
        ------
        Busy
            ``database_busy``: SQLite takes one writer at a time, and another did not end within `BUSY_TIMEOUT_MS`.
        """
        with self._sessions() as session, session.begin():
            if self.is_sqlite:
                _take_the_lock(session, wait)
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session for reading; nothing it changes is kept."""
        with self._sessions() as session:  # closing rolls back, and leaves what was read readable
            yield session

    def dispose(self) -> None:
        self.engine.dispose()


def _take_the_lock(session: Session, wait: bool) -> None:
    try:
        session.connection(execution_options={"namro_write": True, "namro_wait": wait})
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise Busy("database_busy") from error
        raise


def _sqlite_engine(url: URL, durable: bool) -> Engine:
    in_memory = (
        {"poolclass": SingletonThreadPool} if url.query.get("mode") == "memory" else {}
    )  # it lives as long as its connection
    waiting = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}
    engine = create_engine(url, connect_args=waiting, **OPTIONS, **in_memory)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions: we say which kind
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        # A transaction larger than the cache (2 MB) would else go into the file before its commit, and lock all readers out until
        # then: a page waited 3.4 to 11.6 s for an import of 8,500 households, 0.3 s with this, for 2 MB more memory.
        cursor.execute("PRAGMA cache_spill = OFF")
        cursor.execute(f"PRAGMA journal_mode = {'WAL' if WAL_IS_SAFE else 'DELETE'}")
        # A phone deletes its copy when we acknowledge: a power cut must not lose a commit.
        cursor.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A writer takes its lock at once: a transaction that reads first and writes later loses updates or fails.
        options = connection.get_execution_options()
        if options.get("namro_wait", True):
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("namro_write", False) else "BEGIN")
            return
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")

    return engine
