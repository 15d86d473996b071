"""Lời hẹn: the hours households asked for, and those that no plan keeps, with the reason."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _

from planner.domain.vocabulary import Role
from planner.services.promised_visits import PromiseLine, promised_visits
from web.access import policy
from web.context import actor, app_db, now
from web.desk.routes import blueprint
from web.desk.words import unplaced_words
from web.words import moment


@blueprint.get("/promises")
@policy(Role.DESK)
def promises() -> str:
    """List the promised visits not over yet, those in danger first."""
    with app_db().read() as session:
        lines = promised_visits(session, actor(), now())
    return render_template(
        "desk/promises.html",
        broken=[line for line in lines if not line.kept],
        kept=[line for line in lines if line.kept],
        standing_words=standing_words,
    )


def standing_words(line: PromiseLine) -> str:
    """Return what the plans make of a promise."""
    if line.visit_at is not None:
        coming = _("Có tổ đến khoảng %(when)s", when=moment(line.visit_at))
        return coming if line.standing == "planned" else coming + _(" (bản nháp, chưa công bố)")
    return {
        "ahead": _("Tuần đó chưa lập kế hoạch; khi lập máy sẽ giữ giờ này"),
        "not_in_plan": _("Hẹn sau khi tuần ấy đã lập kế hoạch. Hãy lập lại tuần ấy."),
        "after_campaign": _("Ngày hẹn nằm sau ngày kết thúc đợt"),
    }.get(line.standing) or unplaced_words(line.standing)
