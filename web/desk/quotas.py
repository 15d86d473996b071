"""Chỉ tiêu của lực lượng, tổ thôn: how many residents each team is asked to guide."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.errors import Conflict, InvalidInput
from planner.domain.vocabulary import Role
from planner.services import team_quotas
from web.access import policy
from web.context import actor, app_db, now
from web.desk.routes import blueprint
from web.desk.settings import asked_version
from web.forms import WHOLE_PAGE, FormErrors, refuse_unknown_fields
from web.words import say

MOST_TEAMS = 1000
LONGEST_NUMBER = 9
LONGEST_ID = 200
FIELDS = frozenset({"version", *(f"{kind}-{number}" for kind in ("team", "quota") for number in range(MOST_TEAMS))})


@blueprint.get("/settings/quotas")
@policy(Role.DESK)
def settings_quotas() -> str:
    """Show every team with its quota, ready to be changed."""
    return _page({}, FormErrors())


def _page(typed: Mapping[str, str], errors: FormErrors, *, overtaken: bool = False) -> str:
    """Return the form; `typed`: what was written in it, by the team's id."""
    with app_db().read() as session:
        found = team_quotas.quotas(session, actor())
    stored = {team.id: "" if team.quota is None else str(team.quota) for team in found.teams}
    values = {f"quota-{number}": {**stored, **typed}[team.id] for number, team in enumerate(found.teams)}
    return render_template(
        "desk/quotas.html", version=found.version, teams=list(enumerate(found.teams)), values=values, errors=errors,
        overtaken=overtaken,
    )  # fmt: skip


@blueprint.post("/settings/quotas")
@policy(Role.DESK)
def settings_quotas_save() -> Response | tuple[str, int]:
    """Save all quotas, or none of them."""
    refuse_unknown_fields(FIELDS)
    typed = _typed()
    errors = FormErrors()
    given = {team_id: _read(text, field, errors) for team_id, (text, field) in typed.items()}
    texts = {team_id: text for team_id, (text, _field) in typed.items()}
    if not errors:
        try:
            with app_db().begin() as session:
                team_quotas.change(session, actor(), given, now(), asked_version())
        except InvalidInput as error:
            field = typed.get(str(error.facts.get("field", "")), ("", WHOLE_PAGE))[1]
            errors.add(field, say(error.code, **{**error.facts, "field": _("Ô này")}))
        except Conflict:
            return _page(texts, errors, overtaken=True), 409
    if errors:
        return _page(texts, errors), 422
    flash(_("Đã lưu chỉ tiêu của các đơn vị."), "success")
    return redirect(url_for("reports.breakdown", by="organisation"))


def _typed() -> dict[str, tuple[str, str]]:
    """Return what was written and in which field, by the team's id."""
    found = {}
    for number in range(MOST_TEAMS):
        team_id = request.form.get(f"team-{number}", "")[:LONGEST_ID]
        if team_id:
            found[team_id] = (request.form.get(f"quota-{number}", "").strip(), f"quota-{number}")
    return found


def _read(text: str, field: str, errors: FormErrors) -> int | None:
    """Read ``1200``, ``1.200`` or nothing: no quota."""
    plain = text.replace(".", "").replace(",", "").replace(" ", "")
    if not plain:
        return None
    if plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_NUMBER:
        return int(plain)
    errors.add(field, _("Hãy nhập một số nguyên."))
    return None
