"""Opening the database and bringing it up to date, for those who may not know the models."""

from planner.models.base import Database
from planner.models.schema import connection_revision, migrate
from planner.models.schema import is_current as schema_is_current

__all__ = ["Database", "migrate", "open_database", "schema_is_current", "schema_is_missing"]


def open_database(url: str) -> Database:
    """Return the database at a URL; nothing is connected before the first use."""
    return Database(url)


def schema_is_missing(database: Database) -> bool:
    """Tell whether nothing has been made in the database yet."""
    return connection_revision(database) is None
