"""Việc và chỉ tiêu: which services the campaign offers, which indicators it reports, how far each is to go, over what."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.errors import Conflict, InvalidInput
from planner.domain.vocabulary import Role
from planner.services import goals, targets
from web.access import policy
from web.context import actor, app_db, now
from web.desk import goals_form
from web.desk.routes import blueprint
from web.desk.settings import asked_version
from web.forms import FormErrors, refuse_unknown_fields
from web.links import safe_next
from web.words import say


@blueprint.get("/settings/goals")
@policy(Role.DESK)
def settings_goals() -> str:
    """Show the goals, ready to be changed."""
    return _page(FormErrors())


def _page(errors: FormErrors, typed: dict[str, str] | None = None, overtaken: list[goals_form.Difference] | None = None) -> str:
    with app_db().read() as session:
        found = goals.goals(session, actor())
        counts = targets.counts(session, actor(), now())
        standing = targets.standing(session, actor(), now(), counts)
    return render_template(
        "desk/goals.html",
        goals=found,
        values=typed if typed is not None else goals_form.shown(found),
        counted={line.code: counts.get(line.denominator) for line in found.indicators},
        standing={target.code: target for target in standing.targets},
        errors=errors,
        overtaken=overtaken,
        path_words=goals_form.path_words(found),
    )


@blueprint.post("/settings/goals")
@policy(Role.DESK)
def settings_goals_save() -> Response | tuple[str, int]:
    """Save all goals, or none of them; where somebody was faster, show both."""
    with app_db().read() as session:
        before = goals.goals(session, actor())
    refuse_unknown_fields({"version", *goals_form.names(before)})
    errors = FormErrors()
    given = goals_form.read(before, request.form, errors)
    if not errors:
        try:
            with app_db().begin() as session:
                goals.change(session, actor(), given, now(), asked_version())
        except InvalidInput as error:
            field = str(error.facts.get("field", ""))
            errors.add(goals_form.input_of(field), say(error.code, **{**error.facts, "field": _("Ô này")}))
        except Conflict:
            return _page(errors, goals_form.typed(before, request.form), goals_form.differences(before, given)), 409
    if errors:
        return _page(errors, goals_form.typed(before, request.form)), 422
    flash(_("Đã lưu. Việc và chỉ tiêu mới dùng ngay từ bây giờ."), "success")
    return redirect(url_for("desk.settings_goals"))


@blueprint.post("/settings/undo")
@policy(Role.DESK)
def settings_undo() -> Response:
    """Take the latest change of name, dates or goals back."""
    refuse_unknown_fields(("version", "next"))
    with app_db().begin() as session:
        goals.undo(session, actor(), asked_version(), now())
    flash(_("Đã hoàn tác lần sửa gần nhất. Bấm lần nữa để lấy lại."), "success")
    return redirect(safe_next(request.form.get("next"), url_for("desk.settings_goals")))
