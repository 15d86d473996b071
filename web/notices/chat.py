"""Chép cho nhóm chat: a week and each crew's part of it as text, with nothing about residents in it."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request

from planner.domain.calendar import local_date, monday_of
from planner.domain.vocabulary import Role
from planner.services.notices import chat
from web.access import policy
from web.context import actor, app_db, now
from web.i18n import language
from web.notices.routes import blueprint


@blueprint.get("/notices/chat")
@policy(Role.DESK)
def chat_texts() -> str:
    """Show the texts of a week, to be copied."""
    monday = _asked_monday()
    with app_db().read() as session:
        texts = chat.texts(session, actor(), monday, language())
    return render_template(
        "notices/chat.html", texts=texts, monday=monday, before=monday - timedelta(days=7), after=monday + timedelta(days=7),
    )  # fmt: skip


def _asked_monday() -> date:
    """Return the Monday of the week asked for, the running one's where nothing usable is named."""
    try:
        asked = date.fromisoformat(request.args.get("monday", ""))
    except ValueError:
        asked = local_date(now())
    return monday_of(asked if 2000 <= asked.year <= 2100 else local_date(now()))
