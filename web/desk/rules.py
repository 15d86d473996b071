"""Pin a household to a slot or a volunteer, or forbid; from its own page or while looking through a draft."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.bounds import iso_day
from planner.domain.calendar import monday_of
from planner.domain.errors import InvalidInput
from planner.domain.vocabulary import Role, RuleKind
from planner.services import planning, volunteers
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import period_of, whole_number
from web.desk.roster import household_page
from web.desk.routes import blueprint
from web.forms import FormErrors, refuse_unknown_fields, text_of
from web.links import safe_next

FORM_NAMES = ("household", "decide", "kind", "monday", "on_date", "period", "volunteer", "note", "next")


@blueprint.post("/rules")
@policy(Role.DESK)
def rule_add() -> Response | tuple[str, int]:
    """Write a decision about a household down; what is wrong with it is told on the household's page."""
    refuse_unknown_fields(FORM_NAMES)
    household_id = whole_number(request.form.get("household", "")) or 0
    errors = FormErrors()
    with errors.catching(), app_db().begin() as session:
        form = read_rule(household_id, volunteers.chosen(session, actor(), _given().get("volunteer", "")))
        planning.add_rule(session, actor(), form, now())
    if errors:
        return household_page(household_id, errors=errors), 422
    flash(_("Đã ghi. Lần lập kế hoạch kế tiếp sẽ theo."), "success")
    return redirect(safe_next(request.form.get("next"), url_for("desk.roster_household", household_id=household_id)))


@blueprint.post("/rules/<int:rule_id>/remove")
@policy(Role.DESK)
def rule_remove(rule_id: int) -> Response:
    """Take a decision back."""
    refuse_unknown_fields(("next",))
    with app_db().begin() as session:
        planning.remove_rule(session, actor(), rule_id, now())
    flash(_("Đã bỏ yêu cầu."), "success")
    return redirect(safe_next(request.form.get("next"), url_for("desk.planning")))


def _given() -> dict[str, str]:
    """Return the form, a decision made by one button taken apart: ``pin:2026-11-30:T:12``."""
    given = dict(request.form)
    if "decide" in given:
        parts = (given["decide"].split(":") + [""] * 4)[:4]
        given |= dict(zip(("kind", "on_date", "period", "volunteer"), parts, strict=True))
    return given


def read_rule(household_id: int, volunteer_id: int | None) -> planning.RuleForm:
    """Return what the form decides.

    Raises
    ------
    InvalidInput
        Naming the field.
    """
    given = _given()
    try:
        kind = RuleKind(given.get("kind", ""))
    except ValueError:
        raise InvalidInput("desk_choose_one", field="kind") from None
    on_date = _day("on_date", given)
    monday = _day("monday", given)
    period = period_of(given.get("period", ""))
    if kind is RuleKind.PIN and on_date is None and period is None and volunteer_id is None:
        raise InvalidInput("desk_pin_to_what", field="on_date")
    return planning.RuleForm(
        household_id=household_id,
        kind=kind,
        monday=monday or (monday_of(on_date) if on_date else None),
        on_date=on_date,
        period=period,
        volunteer_id=volunteer_id,
        note=text_of("note", 300),
    )


def _day(name: str, given: dict[str, str]) -> date | None:
    text = given.get(name, "")
    if not text:
        return None
    day = iso_day(text)
    if day is None:
        raise InvalidInput("desk_not_a_date", field=name)
    return day
