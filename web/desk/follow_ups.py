"""Chờ kết quả: what was sent in and not answered for long, to be asked about, and the answers to be noted."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.errors import Conflict
from planner.domain.needs import SETTLEMENTS
from planner.domain.vocabulary import NeedState, Role
from planner.services import campaigns, follow_ups, settling
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import chosen_ids
from web.desk.needs import asked_state, conflict_words
from web.desk.routes import blueprint
from web.desk.words import step_words
from web.forms import FormErrors, refuse_unknown_fields
from web.i18n import language
from web.paging import page_number, page_url
from web.words import number


@blueprint.get("/follow-ups")
@policy(Role.DESK)
def roster_follow_ups() -> str:
    """List them, the oldest first, each with the two answers that usually come."""
    return _page(FormErrors())


@blueprint.post("/follow-ups")
@policy(Role.DESK)
def roster_follow_ups_settle() -> Response | tuple[str, int]:
    """Note the same answer for all that are ticked, or for none where one of them was answered meanwhile."""
    refuse_unknown_fields(("need", "to"))
    to = asked_state("to")
    chosen = chosen_ids("need")
    errors = FormErrors()
    if not chosen:
        errors.add("which", _("Hãy chọn ít nhất một việc."))
        return _page(errors), 422
    try:
        with app_db().begin() as session:
            settling.settle_many(session, actor(), dict.fromkeys(chosen, to), now(), NeedState.SUBMITTED)
    except Conflict as conflict:
        errors.add("which", conflict_words(conflict))
        return _page(errors), 409
    count = len(set(chosen))
    flash(_("Đã ghi %(count)s việc: %(answer)s.", count=number(count), answer=step_words(NeedState.SUBMITTED, to)), "success")
    return redirect(page_url(page_number()))


def _page(errors: FormErrors) -> str:
    with app_db().read() as session:
        page = follow_ups.listed(session, actor(), now(), page_number())
        days = campaigns.active(session, actor()).settings.follow_up_days
    return render_template(
        "desk/follow_ups.html", page=page, days=days, at=now(), lang=language(), errors=errors, state=NeedState.SUBMITTED,
        answers=SETTLEMENTS[NeedState.SUBMITTED],
    )  # fmt: skip
