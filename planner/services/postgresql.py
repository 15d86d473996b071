"""A PostgreSQL database copied and put back by its own programs, which must be of the server's version or newer."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from planner.domain.errors import InvalidInput, PlannerError
from planner.models import Base, Database

MOST_MINUTES = 30  # a dump takes seconds: one that hangs on a lock or a dead line must not hold up all long work for ever


def dump(db: Database, target: Path) -> None:
    """Write a copy of a database.

    Raises
    ------
    PlannerError
        ``pg_dump_missing``, ``pg_dump_failed``, ``pg_dump_too_slow``.
    """
    command = [_program("pg_dump"), "--format=custom", f"--file={target}", f"--dbname={_address(db)}"]
    try:
        done = subprocess.run(command, env=_environ(db), capture_output=True, check=False, timeout=60 * MOST_MINUTES)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise PlannerError("pg_dump_too_slow", minutes=MOST_MINUTES) from None
    if done.returncode:
        raise PlannerError("pg_dump_failed", status=done.returncode)


def revision_in(source: Path) -> str:
    """Return the schema's revision that a dump was made at.

    Raises
    ------
    InvalidInput
        ``backup_unreadable``: it is no dump, or none of ours.
    PlannerError
        ``pg_restore_missing``.
    """
    command = [_program("pg_restore"), "--data-only", "--table=alembic_version", "--file=-", str(source)]
    told = subprocess.run(command, capture_output=True, check=False).stdout.decode(errors="replace")  # noqa: S603
    _before, copied, rows = told.partition("COPY public.alembic_version (version_num) FROM stdin;\n")
    revision = rows.partition("\n")[0]
    if not copied or revision in ("", "\\."):
        raise InvalidInput("backup_unreadable", field="source")
    return revision


def put_back(db: Database, source: Path) -> None:
    """Put a dump in the place of a database, in one transaction: whatever fails, nothing was changed.

    Our tables go first. `pg_restore --clean` alone drops what the dump knows, and a later version's tables hold on to those.

    Raises
    ------
    PlannerError
        ``pg_restore_missing``, ``psql_missing``, ``pg_restore_failed``.
    """
    reading = [_program("pg_restore"), "--clean", "--if-exists", "--no-owner", "--file=-", str(source)]
    writing = [_program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={_address(db)}"]
    tables = ", ".join(f'"{name}"' for name in Base.metadata.tables)
    quiet = subprocess.DEVNULL
    with (
        subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=quiet) as dumped,  # noqa: S603
        subprocess.Popen(writing, env=_environ(db), stdin=subprocess.PIPE, stdout=quiet, stderr=quiet) as told,  # noqa: S603
    ):
        assert dumped.stdout is not None
        assert told.stdin is not None
        with suppress(BrokenPipeError):  # it stopped at an error: its status says so
            told.stdin.write(f"BEGIN;\nDROP TABLE IF EXISTS {tables} CASCADE;\n".encode())
            shutil.copyfileobj(dumped.stdout, told.stdin)
            if dumped.wait() == 0:  # a torn dump must not be committed
                told.stdin.write(b"\nCOMMIT;\n")
        dumped.stdout.close()  # so that it ends where nobody reads on
        with suppress(BrokenPipeError):
            told.stdin.close()
    if status := dumped.returncode or told.returncode:
        raise PlannerError("pg_restore_failed", status=status)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise PlannerError(f"{name}_missing")
    return found


def _address(db: Database) -> str:
    return db.url.set(drivername="postgresql", password=None).render_as_string()


def _environ(db: Database) -> dict[str, str]:
    return {**os.environ, **({"PGPASSWORD": str(db.url.password)} if db.url.password else {})}  # never on a command line
