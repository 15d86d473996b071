"""Nhật ký: who did what, when."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _

from planner.domain.vocabulary import AuditAction, Role
from planner.services import journal
from planner.services.journal import JournalFilter
from web.access import policy
from web.context import actor, app_db
from web.desk.asking import asked_day, asked_text
from web.desk.routes import blueprint
from web.paging import page_number
from web.words import label


@blueprint.get("/journal")
@policy(Role.DESK)
def settings_audit() -> str:
    """List what people and jobs did."""
    action = asked_text("action", 40)
    chosen = JournalFilter(
        action=AuditAction(action) if action in set(AuditAction) else None, on_date=asked_day("on"), page=page_number()
    )
    with app_db().read() as session:
        page = journal.entries(session, actor(), chosen)
    actions = sorted(((a.value, label(a)) for a in AuditAction), key=lambda pair: pair[1])
    return render_template("desk/journal.html", page=page, chosen=chosen, actions=[("", _("Tất cả")), *actions])
