"""Alembic's environment: runs the migrations on the database of the settings, or on the one a caller passes in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from alembic import context
from sqlalchemy import Connection, text

from planner.models import Base, Database, UtcDateTime, watch


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our type into a migration as the plain one: an old migration must not depend on today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def migrate(connection: Connection) -> None:
    """Run the migrations on an open connection.

    On SQLite a table is changed by copying it, and dropping the old one would delete every child row while foreign
    keys are on: they are off meanwhile, on this connection only, and checked before it goes on. So are the triggers of
    `models.watch`, which a copied table would lose.
    """
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=sqlite,
        compare_type=True,
        render_item=render_item,
        transaction_per_migration=True,
    )
    with parents_unwatched(connection) if sqlite else nullcontext(), watch.out_of_the_way(connection):
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


@contextmanager
def parents_unwatched(connection: Connection) -> Iterator[None]:
    """Switch SQLite's foreign keys off, and on again whatever happens; then look for rows without their parents."""
    watch_parents(connection, False)
    try:
        yield
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    finally:
        connection.rollback()
        watch_parents(connection, True)
    if broken:
        raise RuntimeError(f"the migration left {len(broken)} rows without their parents, first: {tuple(broken[0])}")


def watch_parents(connection: Connection, on: bool) -> None:
    """Switch foreign keys on or off.

    On the driver's own connection: SQLAlchemy begins a transaction with each statement, and within one SQLite ignores the
    switch without a word.
    """
    connection.commit()
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")
    if driver.execute("PRAGMA foreign_keys").fetchone() != (int(on),):
        raise RuntimeError("SQLite did not switch its foreign keys: a transaction is open")


def run() -> None:
    """Use the caller's connection if there is one, else the installation's database."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    from config import Settings

    database = Database(Settings.from_environ().database_url)
    with database.engine.connect() as connection:
        migrate(connection)
    database.dispose()


run()
