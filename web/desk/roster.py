"""Hộ dân: find a household, know its people and history, say how it wants to be visited, or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.calendar import local_date
from planner.domain.vocabulary import OutreachGroup, Role, RuleKind, StopReason, WeekState
from planner.services import campaigns, households, officials, planning
from planner.services import roster_export as export
from planner.services.households import HouseholdFilter, HouseholdForm
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import WEEK, asked_number, asked_text, this_monday
from web.desk.choices import hamlet_choices, volunteer_field
from web.desk.downloads import workbook, written
from web.desk.routes import blueprint
from web.desk.words import group_words, period_choices
from web.forms import FormErrors, refuse_unknown_fields, text_of
from web.i18n import language
from web.paging import page_number
from web.words import day, label

ROWS = 50
WEEKS_AHEAD = 4


@blueprint.get("/households")
@policy(Role.DESK)
def roster() -> str:
    """List the households, by what is searched for."""
    group = asked_number("group")
    chosen = HouseholdFilter(
        q=asked_text("q"),
        hamlet_id=asked_number("hamlet"),
        group=OutreachGroup(group) if group in set(OutreachGroup) else None,
        service_code=asked_text("need", 40),
        page=page_number(),
        size=ROWS,
    )
    with app_db().read() as session:
        page = households.search(session, actor(), chosen)
        hamlets = hamlet_choices(session)
        services = campaigns.active(session, actor()).offered
    return render_template(
        "desk/roster.html",
        page=page,
        chosen=chosen,
        filtered=bool(chosen.q or chosen.hamlet_id or chosen.group is not None or chosen.service_code),
        hamlets=hamlets,
        groups=[("", _("Tất cả")), *((int(g), group_words(g)) for g in OutreachGroup)],
        needs=[("", _("Tất cả")), *((s.code, s.name(language())) for s in services)],
    )


@blueprint.get("/households/<int:household_id>")
@policy(Role.DESK)
def roster_household(household_id: int) -> str:
    """Show a household: its people and needs, its promises and visits, how it wants to be visited."""
    return household_page(household_id)


def household_page(household_id: int, phones: dict[int, str] | None = None, errors: FormErrors | None = None) -> str:
    """Return a household's page; `errors` are those of the form on it that was sent."""
    with app_db().read() as session:
        view = households.view(session, actor(), household_id, now())
        rules = planning.rules(session, actor(), household_id=household_id)
        volunteer = volunteer_field(session)
        organisations = officials.organisations(session, actor())
        asked = [(monday, _answering(session, monday)) for monday in (this_monday(), this_monday() + WEEK)]
    return render_template(
        "desk/household.html",
        weeks=[(monday, week_plan_id) for monday, week_plan_id in asked if week_plan_id is not None],
        view=view,
        rules=rules,
        phones=phones or {},
        errors=errors or FormErrors(),
        typed=request.form,
        stop_reasons=[(r.value, label(r)) for r in (StopReason.DO_NOT_CONTACT, StopReason.REFUSED, StopReason.MOVED)],
        residents={r.id: r.name for r in view.residents},
        rule_kinds=[(RuleKind.PIN.value, _("Ghim vào")), (RuleKind.FORBID.value, _("Không xếp vào"))],
        dates=[("", _("Ngày nào cũng được")), *((d.isoformat(), day(d)) for d in _days_ahead())],
        periods=period_choices(),
        volunteer=volunteer,
        organisations=organisations,
    )


def _answering(session: Any, monday: date) -> int | None:
    """Return the revision of a week that says why a household is in it or not: the one in force, else the draft."""
    revisions = planning.drafts(session, actor(), monday)
    states = (WeekState.PUBLISHED, WeekState.DRAFT)
    return next((r.id for state in states for r in revisions if r.state is state), None)


def _days_ahead() -> list[date]:
    return [this_monday() + timedelta(days=n) for n in range(7 * WEEKS_AHEAD)]


@blueprint.get("/households/<int:household_id>/edit")
@policy(Role.DESK)
def roster_edit(household_id: int) -> str:
    """Show what the desk may change of a household."""
    with app_db().read() as session:
        view = households.view(session, actor(), household_id, now())
    values = {
        "note": view.note,
        "languages": ", ".join(view.languages),
        "needs_woman": view.needs_woman,
        "lat": "" if view.lat is None else view.lat,
        "lon": "" if view.lon is None else view.lon,
    }
    return render_template("desk/household_edit.html", view=view, values=values, errors=FormErrors())


@blueprint.post("/households/<int:household_id>/edit")
@policy(Role.DESK)
def roster_change(household_id: int) -> Response | tuple[str, int]:
    """Save it."""
    names = ("note", "languages", "needs_woman", "lat", "lon")
    refuse_unknown_fields(names)
    errors = FormErrors()
    lat, lon = (_coordinate(name, errors) for name in ("lat", "lon"))
    if not errors:
        with errors.catching(), app_db().begin() as session:
            form = HouseholdForm(
                note=text_of("note", 1000),
                languages=tuple(filter(None, (part.strip() for part in text_of("languages").split(",")))),
                needs_woman="needs_woman" in request.form,
                lat=lat,
                lon=lon,
            )
            households.change(session, actor(), household_id, form, now())
    if errors:
        with app_db().read() as session:
            view = households.view(session, actor(), household_id, now())
        values: dict[str, Any] = {name: request.form.get(name, "") for name in names}
        return render_template("desk/household_edit.html", view=view, values=values, errors=errors), 422
    flash(_("Đã lưu."), "success")
    return redirect(url_for("desk.roster_household", household_id=household_id))


def _coordinate(name: str, errors: FormErrors) -> float | None:
    text = request.form.get(name, "").strip().replace(",", ".")
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        errors.add(name, _("Hãy nhập số, ví dụ 11.8401."))
        return None


@blueprint.post("/households/<int:household_id>/stop")
@policy(Role.DESK)
def roster_stop(household_id: int) -> Response:
    """Nobody calls on this household from now on."""
    refuse_unknown_fields(("reason",))
    reason = request.form.get("reason", "")
    with app_db().begin() as session:
        stop = StopReason(reason) if reason in set(StopReason) else StopReason.DO_NOT_CONTACT
        households.stop_contact(session, actor(), household_id, stop, now())
    flash(_("Đã ghi. Mọi lượt thăm sắp tới của hộ này đã được rút."), "success")
    return redirect(url_for("desk.roster_household", household_id=household_id))


@blueprint.post("/households/<int:household_id>/stops/<int:stop_id>/lift")
@policy(Role.DESK)
def roster_resume(household_id: int, stop_id: int) -> Response:
    """The household itself asked to be visited again."""
    refuse_unknown_fields(("because",))
    with app_db().begin() as session:
        households.resume_contact(session, actor(), stop_id, text_of("because", 300), now())
    flash(_("Hộ này lại được xếp khi lập kế hoạch."), "success")
    return redirect(url_for("desk.roster_household", household_id=household_id))


@blueprint.post("/households/<int:household_id>/residents/<int:resident_id>/phone")
@policy(Role.DESK)
def roster_phone(household_id: int, resident_id: int) -> str:
    """Show a resident's phone number; who looked is remembered."""
    refuse_unknown_fields(())
    with app_db().begin() as session:
        households.view(session, actor(), household_id, now())
        number = households.reveal_phone(session, actor(), resident_id, now())
    return household_page(household_id, {resident_id: number})


@blueprint.post("/households/export")
@policy(Role.DESK)
def roster_export() -> Response:
    """Give the whole roster as a workbook; that it left the house is remembered."""
    refuse_unknown_fields(())
    with app_db().begin() as session:
        content = written(lambda path: export.export(session, actor(), path, now()))
    return workbook(content, f"danh-sach-ho-{local_date(now()):%Y-%m-%d}.xlsx")
