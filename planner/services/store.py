"""Opening the database and bringing it up to date, for those who may not know the models."""

from planner.models.base import Database
from planner.models.schema import is_current as schema_is_current
from planner.models.schema import migrate

__all__ = ["Database", "migrate", "open_database", "schema_is_current"]


def open_database(url: str) -> Database:
    """Return the database at a URL; nothing is connected before the first use."""
    return Database(url)
