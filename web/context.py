"""What a view needs from the running application: its database, its clock, its settings, who is asking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import current_app, g

from config import Settings
from planner.services.actors import Actor

if TYPE_CHECKING:
    from planner.services.store import Database

STORE = "namro"


class Running:
    """The parts one application runs with; kept in ``app.extensions``."""

    def __init__(self, settings: Settings, db: Database, clock: Callable[[], datetime], runner: Any) -> None:
        self.settings = settings
        self.db = db
        self.clock = clock
        self.runner = runner


def running() -> Running:
    return current_app.extensions[STORE]


def app_db() -> Database:
    """Return the database: ``with app_db().begin() as session`` to write, ``.read()`` to read."""
    return running().db


def now() -> datetime:
    """Return the instant of this request: read once, so that one page never disagrees with itself."""
    if "now" not in g:
        g.now = running().clock()
    return g.now


def actor() -> Actor:
    """Return who is asking; only in views whose policy asks for someone signed in."""
    return g.actor
