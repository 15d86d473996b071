"""Cán bộ: which residents are officials, of which organisation, and what each still lacks."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.errors import InvalidInput
from planner.domain.vocabulary import Role
from planner.services import households, officials
from planner.services.officials import MOST_LINES, Marked, OfficialFilter
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import asked_text
from web.desk.roster import household_page
from web.desk.routes import blueprint
from web.forms import FormErrors, refuse_unknown_fields
from web.paging import page_number
from web.words import number

LONGEST_LIST = 100_000


@blueprint.get("/households/officials")
@policy(Role.DESK)
def roster_officials() -> str:
    """List the officials."""
    return _page(FormErrors(), {"lines": "", "organisation": ""})


def _page(errors: FormErrors, values: dict[str, str], marked: Marked | None = None) -> str:
    chosen = OfficialFilter(
        q=asked_text("q"),
        organisation=asked_text("org", 120),
        unfinished=asked_text("lack") == "yes",
        page=page_number(),
    )
    with app_db().read() as session:
        page = officials.search(session, actor(), chosen, now())
        organisations = officials.organisations(session, actor())
    return render_template(
        "desk/officials.html",
        page=page,
        chosen=chosen,
        filtered=bool(chosen.q or chosen.organisation or chosen.unfinished),
        organisations=[("", _("Tất cả")), *((name, f"{name} ({number(count)})") for name, count in organisations)],
        listed=sum(count for _name, count in organisations),
        most=MOST_LINES,
        values=values,
        errors=errors,
        marked=marked,
    )


@blueprint.post("/households/officials")
@policy(Role.DESK)
def roster_officials_mark() -> str | tuple[str, int] | Response:
    """Mark the officials of a pasted list; what leaves a doubt is shown again, to be put right."""
    refuse_unknown_fields(("lines", "organisation"))
    values = {name: request.form.get(name, "") for name in ("lines", "organisation")}
    errors = FormErrors()
    marked = None
    with errors.catching(), app_db().begin() as session:
        if len(values["lines"]) > LONGEST_LIST:
            raise InvalidInput("value_too_long", field="lines", longest=LONGEST_LIST)
        marked = officials.mark_listed(session, actor(), values["lines"], values["organisation"], now())
    if marked is None:
        return _page(errors, values), 422
    if marked.left:
        return _page(errors, values | {"lines": "\n".join(one.line for one in marked.left)}, marked)
    flash(_("Đã đánh dấu %(count)s cán bộ.", count=number(marked.marked)), "success")
    return redirect(url_for("desk.roster_officials"))


@blueprint.post("/households/<int:household_id>/officials")
@policy(Role.DESK)
def roster_official(household_id: int) -> Response | tuple[str, int]:
    """Say which organisation one of a household serves; an empty one takes the mark away."""
    refuse_unknown_fields(("resident", "organisation", "remove"))
    errors = FormErrors()
    organisation = "" if "remove" in request.form else request.form.get("organisation", "")
    resident = request.form.get("resident", "")
    with errors.catching(), app_db().begin() as session:
        view = households.view(session, actor(), household_id, now())
        person = next((r for r in view.residents if str(r.id) == resident), None)
        if person is None:
            raise InvalidInput("desk_choose_one", field="resident")
        if not organisation.strip() and "remove" not in request.form:
            raise InvalidInput("value_empty", field="organisation")
        officials.mark(session, actor(), person.id, organisation, now())
    if errors:
        return household_page(household_id, errors=errors), 422
    flash(_("Đã lưu."), "success")
    return redirect(url_for("desk.roster_household", household_id=household_id))
