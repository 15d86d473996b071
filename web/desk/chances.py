"""Giờ nào có người ở nhà: what visits taught, where each figure comes from, and the desk's own word on it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.learning.table import APPOINTMENT
from planner.domain.vocabulary import MeetKind, Role, SlotClass
from planner.services import campaigns, learning
from planner.services.learning import HeatMap, OverruleForm, RateView
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import asked_number, whole_number
from web.desk.routes import blueprint
from web.forms import FormErrors, refuse_unknown_fields, text_of
from web.i18n import language
from web.words import say

STEPS = 5  # of shade: 0–19 %, 20–39 % …


@blueprint.get("/chances")
@policy(Role.DESK)
def chances() -> str:
    """Show the table of all hamlets, or of one."""
    with app_db().read() as session:
        found = learning.heat_map(session, actor(), asked_number("hamlet"))
        services = {s.code: s.name(language()) for s in campaigns.active(session, actor()).services}
    return render_template(
        "desk/chances.html", map=found, kinds=list(MeetKind), classes=list(SlotClass), step=step, whole=whole,
        hamlets=[("", _("Cả xã")), *found.hamlets], services=_services(found, services),
    )  # fmt: skip


@blueprint.get("/chances/<kind>/<slot_class>")
@policy(Role.DESK)
def chances_cell(kind: str, slot_class: str) -> str:
    """Show where a figure comes from, and let it be set by hand."""
    return _cell_page(kind, slot_class, asked_number("hamlet"), FormErrors())


@blueprint.post("/chances/<kind>/<slot_class>")
@policy(Role.DESK)
def chances_overrule(kind: str, slot_class: str) -> Response | tuple[str, int]:
    """Set a figure by hand."""
    refuse_unknown_fields(("percent", "note", "hamlet"))
    hamlet_id = whole_number(request.form.get("hamlet", ""))
    if hamlet_id is None and request.form.get("hamlet"):
        abort(404)
    errors = FormErrors()
    percent = whole_number(request.form.get("percent", "").strip().removesuffix("%").strip())
    if percent is None:
        errors.add("percent", say("chance_out_of_range"))
    else:
        with errors.catching(), app_db().begin() as session:
            form = OverruleForm(*_cell(kind, slot_class), hamlet_id, percent, text_of("note", 300))
            learning.overrule(session, actor(), form, now())
    if errors:
        return _cell_page(kind, slot_class, hamlet_id, errors), 422
    flash(_("Đã lưu. Lần lập kế hoạch kế tiếp dùng số này."), "success")
    return redirect(url_for("desk.chances", hamlet=hamlet_id))


@blueprint.post("/chances/overrules/<int:overrule_id>/remove")
@policy(Role.DESK)
def chances_restore(overrule_id: int) -> Response:
    """Take a figure set by hand back."""
    refuse_unknown_fields(("hamlet",))
    hamlet_id = whole_number(request.form.get("hamlet", ""))
    with app_db().begin() as session:
        learning.remove_overrule(session, actor(), overrule_id, now())
    flash(_("Đã bỏ số sửa tay. Kế hoạch lại theo những gì các lượt thăm cho thấy."), "success")
    return redirect(url_for("desk.chances", hamlet=hamlet_id))


def _cell(kind: str, slot_class: str) -> tuple[MeetKind, SlotClass]:
    if kind not in set(MeetKind) or slot_class not in set(SlotClass):
        abort(404)
    return MeetKind(kind), SlotClass(slot_class)


def _cell_page(kind: str, slot_class: str, hamlet_id: int | None, errors: FormErrors) -> str:
    cell = _cell(kind, slot_class)
    with app_db().read() as session:
        found = learning.heat_map(session, actor(), hamlet_id)
    return render_template(
        "desk/chances_cell.html", map=found, cell=found.cells[cell], hamlet=dict(found.hamlets).get(hamlet_id or 0, ""),
        errors=errors, whole=whole, values={name: request.form.get(name, "") for name in ("percent", "note")},
    )  # fmt: skip


def _services(found: HeatMap, names: dict[str, str]) -> list[tuple[str, RateView]]:
    """Return the chances of success of the campaign's services in their order, activation in its three kinds."""
    rows = []
    for code, name in names.items():
        titles = {code: name}
        if code == "activate":
            titles["activate.low_tech"] = _("%(service)s, người cao tuổi, ít dùng công nghệ", service=name)
            titles["activate.no_phone"] = _("%(service)s, hộ không có điện thoại thông minh", service=name)
        rows += [(title, found.services[key]) for key, title in titles.items() if key in found.services]
    if APPOINTMENT in found.services:
        rows.append((_("Đến Công an theo lịch hẹn"), found.services[APPOINTMENT]))
    return rows


def step(chance: float) -> int:
    """Return the shade of a chance, 1 to 5."""
    return min(int(chance * STEPS) + 1, STEPS)


def whole(chance: float) -> int:
    """Return a chance as whole percent."""
    return round(100 * chance)
