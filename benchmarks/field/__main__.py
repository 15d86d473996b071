"""`python -m benchmarks.field chaos|kill|peak|burst`: on a database of its own; see docs/field-benchmarks.md."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from planner.models import Base, Database


@contextmanager
def a_database(url: str | None) -> Iterator[tuple[Database, Path]]:
    """Yield an empty database and a data folder: a new SQLite file, or the PostgreSQL database named, emptied."""
    with tempfile.TemporaryDirectory(prefix="namro-field-") as folder:
        database = Database(url or f"sqlite:///{folder}/namro.sqlite3")
        if not database.is_sqlite:
            Base.metadata.drop_all(database.engine)
        Base.metadata.create_all(database.engine)
        try:
            yield database, Path(folder)
        finally:
            database.dispose()


database_option = click.option(
    "--database", metavar="URL", help="An empty PostgreSQL database to use; a new SQLite file otherwise."
)


@click.group()
def field() -> None:
    """Measure phones and server on bad days."""


@field.command()
@database_option
@click.option("--events", default=10_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
def chaos(database: str | None, events: int, seed: int) -> None:
    """Send reports through every misfortune, then compare phones and server."""
    from .misfortunes import bad_days

    began = time.monotonic()
    with a_database(database) as (db, folder):
        done = bad_days(db, folder, events, seed)
    made = sum(map(len, done.made.values()))
    click.echo(f"{made} reports in {time.monotonic() - began:.0f} s, each stored once, phone totals = server totals")
    click.echo(", ".join(f"{name} {count}" for name, count in sorted(done.happened.items())))


@field.command()
@database_option
@click.option("--points", default=1000, show_default=True)
@click.option("--seed", default=1, show_default=True)
def kill(database: str | None, points: int, seed: int) -> None:
    """Kill the server with signal 9 at random points while phones send."""
    from .killing import kill_often

    with a_database(database) as (db, folder):
        done = kill_often(db, folder, points, seed)
    click.echo(str(done))
    if done.lost or done.twice:
        raise SystemExit(1)


@field.command()
@database_option
@click.option("--phones", default=500, show_default=True)
@click.option("--outcomes", default=20, show_default=True)
@click.option("--seconds", default=60.0, show_default=True, help="Within which the phones begin; 5 is the burst.")
@click.option("--batch", default=50, show_default=True, help="Reports a transmission.")
def peak(database: str | None, phones: int, outcomes: int, seconds: float, batch: int) -> None:
    """Let phones hand in a shift's outcomes within so many seconds."""
    from .peak import evening_peak

    with a_database(database) as (db, folder):
        done = evening_peak(db, folder, phones, outcomes, seconds, batch)
    click.echo(str(done))
    if done.stored != phones * outcomes or done.visits != done.stored:
        raise SystemExit(1)


if __name__ == "__main__":
    field()
