"""The blueprint of the notices; each module of the package adds its own routes to it."""

from __future__ import annotations

from flask import Blueprint, g

from planner.services.notices import inbox
from web.context import app_db

blueprint = Blueprint("notices", __name__, template_folder="templates")


@blueprint.app_context_processor
def _bell() -> dict[str, object]:
    """Let the head of every page show how many notices are unread."""
    return {"unread_notices": unread_notices}


def unread_notices() -> int:
    """Return how many notices the reader has not read; asked once a page."""
    if "unread_notices" not in g:
        g.unread_notices = 0  # should counting fail, the page that tells of it does not count again
        with app_db().read() as session:
            g.unread_notices = inbox.unread(session, g.actor)
    return g.unread_notices
