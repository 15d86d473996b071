"""The database itself notes which households' figures changed: by triggers, so that no write, in bulk or by hand, is missed.

Each household has a row in `household_tally`; whatever changes what is counted of it marks that row as no longer fresh, in
the transaction of the change.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, inspect, text

TABLE = "household_tally"
# What is counted, or is a dimension of the count; a change of anything else leaves a share as it is.
_WATCHED = {
    "household": ("commune_id", "hamlet_id", "left_at", "outreach_group"),
    "resident": ("commune_id", "household_id", "account", "birth", "documents", "official_of", "left_at"),
    "need": ("resident_id", "service_id", "state"),
    "visit": ("household_id", "outcome", "corrects_id"),
    "visit_result": ("need_id", "result"),
    "contact_stop": ("household_id", "resident_id", "lifted_at"),
}
# The household of a row that is called %s.
_HOME = {
    "household": "%s.id",
    "resident": "%s.household_id",
    "need": "(SELECT household_id FROM resident WHERE id = %s.resident_id)",
    "visit": "%s.household_id",
    "visit_result": "(SELECT r.household_id FROM need n JOIN resident r ON r.id = n.resident_id WHERE n.id = %s.need_id)",
    "contact_stop": "%s.household_id",
}
# The households of all rows a statement made or deleted, called `changed`.
_HOMES = {
    "resident": "SELECT household_id FROM changed",
    "need": "SELECT r.household_id FROM changed c JOIN resident r ON r.id = c.resident_id",
    "visit": "SELECT household_id FROM changed",
    "visit_result": (
        "SELECT r.household_id FROM changed c JOIN need n ON n.id = c.need_id JOIN resident r ON r.id = n.resident_id"
    ),
    "contact_stop": "SELECT household_id FROM changed",
}


def install(connection: Connection) -> None:
    """Make the triggers, in place of those that are there."""
    remove(connection)
    for statement in _for_sqlite() if connection.dialect.name == "sqlite" else _for_postgresql():
        connection.execute(text(statement))


def remove(connection: Connection) -> None:
    """Drop the triggers."""
    for name, table in installed(connection):
        connection.execute(text(f"DROP TRIGGER {name}" + ("" if connection.dialect.name == "sqlite" else f' ON "{table}"')))


@contextmanager
def out_of_the_way(connection: Connection) -> Iterator[None]:
    """Take the triggers away for a migration and bring them back after it: a table copied anew would lose or trip over them."""
    had_table = inspect(connection).has_table(TABLE)
    watched = bool(installed(connection))
    remove(connection)
    connection.commit()
    yield
    if inspect(connection).has_table(TABLE):
        install(connection)
        if had_table and not watched:  # a migration was killed half-way: nobody knows what was written since
            connection.execute(text("UPDATE household_tally SET fresh = false"))
    connection.commit()


def installed(connection: Connection) -> list[tuple[str, str]]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'tally_%'"
    else:
        query = (
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgname LIKE 'tally_%' AND NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
        )
    return [(name, table) for name, table in connection.execute(text(query))]


def _for_sqlite() -> Iterator[str]:
    """Once a row: SQLite knows no other."""
    yield (
        "CREATE TRIGGER tally_household_made AFTER INSERT ON household BEGIN"
        " INSERT INTO household_tally (household_id, commune_id, hamlet_id) VALUES (NEW.id, NEW.commune_id, NEW.hamlet_id); END"
    )
    for table, columns in _WATCHED.items():
        differs = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)
        stale = f"UPDATE household_tally SET fresh = false WHERE fresh AND household_id = {_HOME[table]};"  # noqa: S608 - ours
        yield (
            f"CREATE TRIGGER tally_{table}_changed AFTER UPDATE ON {table} WHEN {differs}"
            f" BEGIN {stale % 'NEW'} {stale % 'OLD'} END"
        )
        if table != "household":  # made: see above; gone: its row goes with it
            yield f"CREATE TRIGGER tally_{table}_made AFTER INSERT ON {table} BEGIN {stale % 'NEW'} END"
            yield f"CREATE TRIGGER tally_{table}_gone AFTER DELETE ON {table} BEGIN {stale % 'OLD'} END"


def _for_postgresql() -> Iterator[str]:
    """Once a statement where rows come or go in bulk, once a row where they change.

    Without a look at `fresh`: who is counting a household holds its row, and the change must wait for them (`services.tallies`).
    """
    rows = "INSERT INTO household_tally (household_id, commune_id, hamlet_id) SELECT id, commune_id, hamlet_id FROM changed;"
    yield from _trigger("household_made", "household", "INSERT", rows)
    for table, columns in _WATCHED.items():
        differs = " OR ".join(f"OLD.{name}::text IS DISTINCT FROM NEW.{name}::text" for name in columns)
        homes = f"{_HOME[table] % 'OLD'}, {_HOME[table] % 'NEW'}"
        stale = "UPDATE household_tally SET fresh = false WHERE household_id IN (%s);"
        yield from _trigger(f"{table}_changed", table, "UPDATE", stale % homes, f"FOR EACH ROW WHEN ({differs})")
        if table != "household":
            yield from _trigger(f"{table}_made", table, "INSERT", stale % _HOMES[table])
            yield from _trigger(f"{table}_gone", table, "DELETE", stale % _HOMES[table])


def _trigger(name: str, table: str, change: str, action: str, each: str = "") -> tuple[str, str]:
    side = "OLD" if change == "DELETE" else "NEW"
    return (
        f"CREATE OR REPLACE FUNCTION tally_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {action} RETURN NULL; END $$",
        f"CREATE TRIGGER tally_{name} AFTER {change} ON {table} "
        + (each or f"REFERENCING {side} TABLE AS changed FOR EACH STATEMENT")
        + f" EXECUTE FUNCTION tally_{name}()",
    )
