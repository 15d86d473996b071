"""Chờ kết quả: what was sent in and not answered for long, to be asked about."""

from __future__ import annotations

from flask import render_template

from planner.domain.vocabulary import Role
from planner.services import campaigns, follow_ups
from web.access import policy
from web.context import actor, app_db, now
from web.desk.routes import blueprint
from web.i18n import language
from web.paging import page_number


@blueprint.get("/follow-ups")
@policy(Role.DESK)
def roster_follow_ups() -> str:
    """List them, the oldest first; each is settled on its household's page."""
    with app_db().read() as session:
        page = follow_ups.listed(session, actor(), now(), page_number())
        days = campaigns.active(session, actor()).settings.follow_up_days
    return render_template("desk/follow_ups.html", page=page, days=days, at=now(), lang=language())
