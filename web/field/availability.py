"""When I can come, and what I cannot keep after all."""

from __future__ import annotations

from datetime import date, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.calendar import local_date, monday_of, week_of
from planner.domain.vocabulary import Role
from planner.services import volunteers
from web.access import policy
from web.context import actor, app_db, now
from web.field.routes import asked_monday, blueprint
from web.forms import FormErrors, refuse_unknown_fields, text_of

IN_THE_FIELD = policy(Role.VOLUNTEER, Role.LEADER)


@blueprint.get("/availability")
@IN_THE_FIELD
def my_availability() -> str:
    """Show in which periods of a week I can come, and the shifts I am in."""
    monday, today = asked_monday(), local_date(now())
    if actor().volunteer_id is None:
        return render_template("field/no_volunteer.html")
    with app_db().read() as db:
        cells = _cells(db, monday)
        shifts = volunteers.view(db, actor(), actor().volunteer_id, now()).shifts
        closed = volunteers.is_closed(db, actor().commune_id, monday)
    return render_template(
        "field/availability.html", monday=monday, today=today, this_monday=monday_of(today),
        days=[(day, [c for c in cells if c.on_date == day]) for day in week_of(monday)],
        shifts=[s for s in shifts if monday_of(s.on_date) == monday and s.ends_at > now()],
        closed=closed, before=monday - timedelta(days=7), after=monday + timedelta(days=7),
    )  # fmt: skip


@blueprint.post("/availability")
@IN_THE_FIELD
def my_availability_post() -> Response:
    """Take over the ticked periods of a week; days gone by stay as they were."""
    refuse_unknown_fields(("free",))
    monday, today = asked_monday(), local_date(now())
    ticked = set(request.form.getlist("free"))
    with app_db().begin() as db:
        cells = _cells(db, monday)
        free = {(c.on_date, c.period) for c in cells if _key(c) in ticked or (c.on_date < today and c.available)}
        changed = volunteers.set_availability(db, actor(), monday, {_me(): free}, now())
    flash(_("Đã lưu lịch rảnh.") if changed else _("Lịch rảnh vẫn như cũ."), "success")
    return redirect(url_for("field.my_availability", monday=monday))


@blueprint.get("/shifts/<int:shift_id>/decline")
@IN_THE_FIELD
def decline(shift_id: int) -> str:
    """Say what it means that I cannot come, and ask why."""
    return render_template("field/decline.html", shift=_my_shift(shift_id), errors=FormErrors())


@blueprint.post("/shifts/<int:shift_id>/decline")
@IN_THE_FIELD
def decline_post(shift_id: int) -> tuple[str, int] | Response:
    refuse_unknown_fields(("reason",))
    shift = _my_shift(shift_id)
    errors = FormErrors()
    with errors.catching(), app_db().begin() as db:
        volunteers.mark_absent(db, actor(), _me(), shift.on_date, shift.period, text_of("reason"), now())
    if errors:
        return render_template("field/decline.html", shift=shift, errors=errors), 422
    flash(_("Đã báo trực ban. Các hộ của ca này sẽ được phân công lại."), "success")
    return redirect(url_for("field.my_availability", monday=monday_of(shift.on_date)))


@blueprint.post("/shifts/<int:shift_id>/come")
@IN_THE_FIELD
def come_after_all(shift_id: int) -> Response:
    """Take back that I cannot come."""
    refuse_unknown_fields(())
    shift = _my_shift(shift_id)
    with app_db().begin() as db:
        volunteers.mark_present(db, actor(), _me(), shift.on_date, shift.period, now())
    flash(_("Đã ghi: anh/chị đi được ca này."), "success")
    return redirect(url_for("field.my_availability", monday=monday_of(shift.on_date)))


def _cells(db: object, monday: date) -> tuple[volunteers.GridCell, ...]:
    return volunteers.availability_grid(db, actor(), monday, volunteer_ids=[_me()]).page.rows[0].cells


def _key(cell: volunteers.GridCell) -> str:
    return f"{cell.on_date}_{cell.period.value}"


def _me() -> int:
    volunteer_id = actor().volunteer_id
    if volunteer_id is None:
        abort(404)
    return volunteer_id


def _my_shift(shift_id: int) -> volunteers.VolunteerShift:
    with app_db().read() as db:
        mine = volunteers.view(db, actor(), _me(), now()).shifts
    found = next((shift for shift in mine if shift.id == shift_id and shift.ends_at > now()), None)
    if found is None:
        abort(404)
    return found
