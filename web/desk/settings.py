"""Đợt cao điểm: the campaign's dates and settings."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.errors import Conflict, InvalidInput
from planner.domain.vocabulary import Role
from planner.services import campaigns, goals
from planner.services.campaigns import CampaignView
from web.access import policy
from web.context import actor, app_db, now
from web.desk import goals_form, settings_form
from web.desk.asking import whole_number
from web.desk.routes import blueprint
from web.forms import FormErrors, refuse_unknown_fields
from web.words import say


@blueprint.get("/settings")
@policy(Role.DESK)
def settings() -> str:
    """Show the campaign's settings, ready to be changed."""
    return _page(None, FormErrors())


def _stored(campaign: CampaignView) -> dict[str, Any]:
    return {
        "name": campaign.name,
        "starts_on": f"{campaign.starts_on:%d/%m/%Y}",
        "ends_on": f"{campaign.ends_on:%d/%m/%Y}",
        **settings_form.shown(campaign.settings),
    }


@blueprint.post("/settings")
@policy(Role.DESK)
def settings_save() -> Response | tuple[str, int]:
    """Save all settings, or none of them."""
    refuse_unknown_fields(settings_form.FORM_NAMES | {"version"})
    errors = FormErrors()
    given = settings_form.read(request.form, errors)
    starts_on, ends_on = (_day(name, errors) for name in ("starts_on", "ends_on"))
    if not errors and starts_on and ends_on:
        try:
            with app_db().begin() as session:
                campaigns.change(session, actor(), request.form.get("name", ""), starts_on, ends_on, now(), asked_version())
                campaigns.change_settings(session, actor(), given, now())
        except InvalidInput as error:
            _tell(error, errors)
        except Conflict:
            return _page(_typed(), errors, overtaken=True), 409
    if errors:
        return _page(_typed(), errors), 422
    flash(_("Đã lưu. Thiết lập mới dùng từ lần lập kế hoạch kế tiếp."), "success")
    return redirect(url_for("desk.settings"))


def asked_version() -> int:
    """Return what version of the campaign a form was filled in over; one that is none never holds."""
    number = whole_number(request.form.get("version", ""))
    return -1 if number is None else number


def _page(typed: dict[str, Any] | None, errors: FormErrors, *, overtaken: bool = False) -> str:
    """Return the form; `overtaken`: somebody saved other settings while it was being filled in."""
    with app_db().read() as session:
        campaign = campaigns.active(session, actor())
        found = goals.goals(session, actor())
    stored = _stored(campaign)
    return render_template(
        "desk/settings.html",
        sections=settings_form.SECTIONS,
        values=typed or stored,
        errors=errors,
        overtaken=settings_form.differing(stored, typed) if overtaken and typed else None,
        goals=found,
        path_words=goals_form.path_words(found),
    )


def _day(name: str, errors: FormErrors) -> Any:
    try:
        return settings_form.day_of(request.form.get(name, "").strip())
    except ValueError:
        errors.add(name, _("Hãy nhập ngày, ví dụ 31/12/2026."))
        return None


def _tell(error: InvalidInput, errors: FormErrors) -> None:
    """Put a setting's error beside its input, and call the setting by its label, not by its path."""
    path = str(error.facts.get("field", ""))
    place = path if path in ("name", "starts_on", "ends_on") else settings_form.input_of(path)
    errors.add(place, say(error.code, **{**error.facts, "field": settings_form.label_of(path)}))


def _typed() -> dict[str, Any]:
    """Return what was typed, so that nobody types it twice."""
    values: dict[str, Any] = {name: request.form.get(name, "") for name in settings_form.FORM_NAMES}
    for field in settings_form.FIELDS:
        if field.kind == "yes_no":
            values[field.name] = values[field.name] == "yes"
    return values
