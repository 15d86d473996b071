"""What the desk hears of a resident's need away from the door: from the register, the police, or the resident."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from planner.domain.errors import Conflict, InvalidInput
from planner.domain.vocabulary import NeedState, Role
from planner.services import settling
from web.access import policy
from web.context import actor, app_db, now
from web.desk.roster import household_page
from web.desk.routes import blueprint
from web.errors import page_words
from web.forms import FormErrors, refuse_unknown_fields
from web.links import safe_next
from web.words import say


@blueprint.post("/households/<int:household_id>/needs/<int:need_id>")
@policy(Role.DESK)
def need_settle(household_id: int, need_id: int) -> Response | tuple[str, int]:
    """Note what was heard of one need; where it changed since it was shown, show what it is now."""
    refuse_unknown_fields(("seen", "to", "next"))
    seen, to = asked_state("seen"), asked_state("to")
    errors = FormErrors()
    try:
        with app_db().begin() as session:
            need = settling.settle(session, actor(), need_id, to, now(), seen)
            if need.household_id != household_id:
                abort(404)
    except Conflict as conflict:
        errors.add(f"need-{need_id}", conflict_words(conflict))
        return household_page(household_id, errors=errors), 409
    then = safe_next(request.form.get("next"), url_for("desk.roster_household", household_id=household_id))
    told = render_template("desk/_settled.html", need=need, then=then)
    flash(Markup(told), "success")  # noqa: S704 - a template has escaped what is in it
    return redirect(then)


def asked_state(name: str) -> NeedState:
    """Return the state a form names.

    Raises
    ------
    InvalidInput
        There is no such state: no page of ours has sent that.
    """
    try:
        return NeedState(request.form.get(name, ""))
    except ValueError:
        raise InvalidInput("value_of_wrong_kind", field=name) from None


def conflict_words(conflict: Conflict) -> str:
    """Return the usual words of a conflict on one line, for the page that shows what is there now."""
    title, advice = page_words(409)
    return f"{title}. {say(conflict.code, **conflict.facts)} {advice}"
