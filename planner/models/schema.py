"""The schema over time: bring a database to its newest form, or say that it is not there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from planner.models.base import Database

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the database to `revision` (``head``, ``base`` or a revision id); does nothing where it is there already."""
    config = _config()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        if revision == "base" or revision in _older(connection_revision(database)):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)


def connection_revision(database: Database) -> str | None:
    """Return the revision the database is at; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(database: Database) -> bool:
    """Is the database at the newest revision?"""
    return connection_revision(database) == ScriptDirectory.from_config(_config()).get_current_head()


def is_known(revision: str | None) -> bool:
    """Tell whether this program knows a revision: one of a newer program it does not."""
    script = ScriptDirectory.from_config(_config())
    return revision in {r.revision for r in script.walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _older(current: str | None) -> set[str]:
    """Return the revisions that stand before `current`."""
    if current is None:
        return set()
    script = ScriptDirectory.from_config(_config())
    return {r.revision for r in script.iterate_revisions(current, "base")} - {current}
