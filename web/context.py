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
QUEUE = "namro_queue"  # how many requests wait for a thread: asked by what can just as well come again later


class Running:
    """The parts one application runs with; kept in ``app.extensions``."""

    def __init__(self, settings: Settings, db: Database, clock: Callable[[], datetime], runner: Any) -> None:
        self.settings = settings
        self.db = db
        self.clock = clock
        self.runner = runner
        self.started_at = clock()


def running() -> Running:
    return current_app.extensions[STORE]


def requests_waiting() -> int:
    """Return how many requests wait for a thread of this server; 0 where the server does not tell."""
    return current_app.extensions.get(QUEUE, int)()


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
