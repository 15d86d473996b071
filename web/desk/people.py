"""Tình nguyện viên: the list, one person's page, who is absent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.bounds import iso_day
from planner.domain.calendar import PERIODS, WEEKDAYS, local_date, monday_of
from planner.domain.errors import InvalidInput
from planner.domain.vocabulary import Role
from planner.services import volunteers as people
from planner.services.volunteers import VolunteerFilter, VolunteerForm, VolunteerView
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import asked_number, asked_text, period_of, this_monday, whole_number
from web.desk.choices import hamlet_choices
from web.desk.routes import blueprint
from web.desk.words import period_choices
from web.forms import FormErrors, refuse_unknown_fields, text_of
from web.paging import page_number
from web.words import day, number

ROWS = 50
FORM_NAMES = ("org", "phone", "hamlet", "can_lead", "max_shifts", "languages", "usual")


@blueprint.get("/volunteers")
@policy(Role.DESK)
def volunteers() -> str:
    """List the volunteers."""
    chosen = VolunteerFilter(q=asked_text("q"), hamlet_id=asked_number("hamlet"), page=page_number(), size=ROWS)
    with app_db().read() as session:
        page = people.search(session, actor(), chosen, now())
        hamlets = hamlet_choices(session)
    filtered = bool(chosen.q or chosen.hamlet_id)
    return render_template("desk/volunteers.html", page=page, chosen=chosen, hamlets=hamlets, filtered=filtered)


@blueprint.get("/volunteers/<int:volunteer_id>")
@policy(Role.DESK)
def volunteers_one(volunteer_id: int) -> str:
    """Show one volunteer: shifts, usual slots, what is known."""
    return _page(volunteer_id, FormErrors())


def _page(volunteer_id: int, errors: FormErrors, typed: dict[str, Any] | None = None) -> str:
    with app_db().read() as session:
        view = people.view(session, actor(), volunteer_id, now())
        hamlets = hamlet_choices(session)
    hamlets[0] = ("", _("Chưa rõ"))
    today = local_date(now())
    return render_template(
        "desk/volunteer.html",
        view=view,
        values=typed or _values(view),
        hamlets=hamlets,
        errors=errors,
        weekdays=[(this_monday() + timedelta(days=n), WEEKDAYS[n]) for n in range(7)],
        day_periods=PERIODS,
        absence_days=[(d.isoformat(), day(d)) for d in (today + timedelta(days=n) for n in range(28))],
        periods=period_choices(),
    )


def _values(view: VolunteerView) -> dict[str, Any]:
    return {
        "org": view.org,
        "phone": view.phone,
        "hamlet": view.hamlet_id or "",
        "can_lead": view.can_lead,
        "max_shifts": "" if view.max_shifts is None else view.max_shifts,
        "languages": ", ".join(view.languages),
        "usual": view.usual,
    }


@blueprint.post("/volunteers/<int:volunteer_id>")
@policy(Role.DESK)
def volunteers_change(volunteer_id: int) -> Response | tuple[str, int]:
    """Save what is known of a volunteer, and when they usually can come."""
    refuse_unknown_fields(FORM_NAMES)
    errors = FormErrors()
    most = request.form.get("max_shifts", "").strip()
    max_shifts = whole_number(most) if most else None
    if most and max_shifts is None:
        errors.add("max_shifts", _("Hãy nhập một số nguyên."))
    if not errors:
        with errors.catching(), app_db().begin() as session:
            form = VolunteerForm(
                org=text_of("org"),
                phone=text_of("phone"),
                hamlet_id=whole_number(request.form.get("hamlet", "")),
                can_lead="can_lead" in request.form,
                max_shifts=max_shifts,
                languages=tuple(filter(None, (part.strip() for part in text_of("languages").split(",")))),
                usual=frozenset(request.form.getlist("usual")),
            )
            people.change(session, actor(), volunteer_id, form, now())
    if errors:
        typed: dict[str, Any] = {name: request.form.get(name, "") for name in FORM_NAMES}
        return _page(volunteer_id, errors, typed | {"usual": frozenset(request.form.getlist("usual"))}), 422
    flash(_("Đã lưu."), "success")
    return redirect(url_for("desk.volunteers_one", volunteer_id=volunteer_id))


@blueprint.post("/volunteers/<int:volunteer_id>/absent")
@policy(Role.DESK)
def volunteers_absent(volunteer_id: int) -> Response:
    """Mark someone absent: the visits nobody is left for are missed at once."""
    refuse_unknown_fields(("on_date", "period", "reason"))
    on_date = _date()
    with app_db().begin() as session:
        absence = people.mark_absent(
            session, actor(), volunteer_id, on_date, period_of(request.form.get("period", "")), text_of("reason"), now()
        )
    if absence.visits_at_risk:
        flash(
            _(
                "Đã báo vắng. %(count)s lượt thăm của người này cần xem lại ở trang Bỏ lỡ.",
                count=number(absence.visits_at_risk),
            ),
            "warning",
        )
        return redirect(url_for("desk.missed", monday=monday_of(on_date).isoformat()))
    flash(_("Đã báo vắng. Không lượt thăm nào bị ảnh hưởng."), "success")
    return redirect(url_for("desk.volunteers_one", volunteer_id=volunteer_id))


@blueprint.post("/volunteers/<int:volunteer_id>/present")
@policy(Role.DESK)
def volunteers_present(volunteer_id: int) -> Response:
    """Take an absence back."""
    refuse_unknown_fields(("on_date", "period"))
    with app_db().begin() as session:
        people.mark_present(session, actor(), volunteer_id, _date(), period_of(request.form.get("period", "")), now())
    flash(_("Đã bỏ báo vắng."), "success")
    return redirect(url_for("desk.volunteers_one", volunteer_id=volunteer_id))


def _date() -> date:
    day = iso_day(request.form.get("on_date", ""))
    if day is None:
        raise InvalidInput("desk_not_a_date", field="on_date")
    return day
