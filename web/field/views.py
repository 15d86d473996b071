"""My week, the visit card, and what happened at the door."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.calendar import local_date, monday_of
from planner.domain.fiveclear import render_five_clear
from planner.domain.vocabulary import AssignmentState, Outcome, Role
from planner.services import fields, outcomes
from web.access import policy
from web.context import actor, app_db, now
from web.field.outcome_form import COMMON, RARE, OutcomeForm
from web.field.routes import asked_monday, blueprint
from web.forms import FormErrors
from web.i18n import language
from web.words import label

AT_THE_DOOR = policy(Role.VOLUNTEER, Role.LEADER, Role.DESK)
CALLBACK_DAYS = 10  # the days offered as buttons; further ones can be typed


@blueprint.get("/week")
@policy(Role.VOLUNTEER, Role.LEADER)
def my_week() -> str:
    """Show the shifts of a week with their visits in order, the next one always in reach."""
    monday = asked_monday()
    with app_db().read() as db:
        week = fields.my_week(db, actor(), monday, now())
    ahead = [(shift, v) for shift in week.shifts if shift.ends_at > now() for v in shift.visits if _is_ahead(v, now())]
    next_shift, upcoming = ahead[0] if ahead else (week.shifts[0] if week.shifts else None, None)
    return render_template(
        "field/my_week.html", week=week, upcoming=upcoming, open_shift=next_shift and next_shift.id,
        this_monday=monday_of(local_date(now())), at=now(),
        before=monday - timedelta(days=7), after=monday + timedelta(days=7),
    )  # fmt: skip


@blueprint.get("/visits/<uid>")
@AT_THE_DOOR
def visit(uid: str) -> str:
    """Show the card of one visit: who lives there, what is to be done, the five clears, the buttons."""
    with app_db().read() as db:
        stop = fields.my_visit(db, actor(), uid, now())
    clears = render_five_clear(stop.five_clear, language())
    return render_template("field/visit.html", stop=stop, clears=clears, common=COMMON, rare=RARE)


@blueprint.get("/visits/<uid>/record/<outcome>")
@AT_THE_DOOR
def record(uid: str, outcome: str) -> str:
    """Ask what that outcome needs to be told; nothing but a press of the button for most."""
    with app_db().read() as db:
        stop = fields.my_visit(db, actor(), uid, now())
    return _record_page(stop, _outcome(outcome), FormErrors())


@blueprint.post("/visits/<uid>/record/<outcome>")
@AT_THE_DOOR
def record_post(uid: str, outcome: str) -> tuple[str, int] | Response:
    with app_db().read() as db:
        stop = fields.my_visit(db, actor(), uid, now())
    chosen = _outcome(outcome)
    errors = FormErrors()
    form = OutcomeForm(chosen, stop.household_id, uid, _residents_of_needs(stop))
    with errors.catching(form.field_of):
        report = form.read(errors)
        if report is not None:
            with app_db().begin() as db:
                outcomes.record_visit(db, actor(), report, now())
    if errors:
        return _record_page(stop, chosen, errors), 422
    flash(_("Đã ghi: %(outcome)s – %(name)s.", outcome=label(chosen), name=stop.head_name), "success")
    return redirect(_after(uid))


def _is_ahead(stop: fields.VisitStop, at: datetime) -> bool:
    """Return whether a crew is still to go there: past its hour a reserve door is left out."""
    return stop.state in (AssignmentState.PLANNED, AssignmentState.DUE) and not (stop.reserve and stop.starts_at < at)


def _outcome(text: str) -> Outcome:
    try:
        return Outcome(text)
    except ValueError:
        abort(404)


def _residents_of_needs(stop: fields.VisitStop) -> dict[int, int]:
    return {need.id: resident.id for resident in stop.residents for need in resident.needs}


def _record_page(stop: fields.VisitStop, outcome: Outcome, errors: FormErrors) -> str:
    """Render the form; sent back with errors it keeps its id, so that the report stays one event."""
    corrects = request.form.get("corrects") or request.args.get("corrects", "")
    corrected = stop.visit if stop.visit and stop.visit.event_id == corrects else None
    # A correction is about the same moment at the door, and begins with what was said of it.
    happened_at = corrected.occurred_at if corrected else now()
    today = local_date(now())
    sent = request.form or _said(corrected, _residents_of_needs(stop))
    return render_template(
        "field/record.html", stop=stop, outcome=outcome, errors=errors, sent=sent,
        event_id=request.form.get("event_id") or str(uuid.uuid4()),
        opened_at=request.form.get("opened_at") or happened_at.isoformat(), corrects=corrects,
        days=[today + timedelta(days=i) for i in range(CALLBACK_DAYS)], today=today, outcomes=(*COMMON, *RARE),
    )  # fmt: skip


def _said(visit: outcomes.VisitView | None, residents: dict[int, int]) -> dict[str, str]:
    """Return what a recorded visit said, as its form had it."""
    said = {"note": visit.note} if visit else {}
    if visit and visit.stopped:
        said["stop"] = "1"
    for line in visit.results if visit else ():
        said |= {f"result-{line.need_id}": line.result.value, f"reason-{line.need_id}": line.reason}
        if line.own_device is not None and line.need_id in residents:
            said[f"device-{residents[line.need_id]}"] = "own" if line.own_device else "other"
    return said


def _after(uid: str) -> str:
    """Lead a crew on to its list, the desk back to the card."""
    return url_for("field.visit", uid=uid) if actor().role is Role.DESK else url_for("field.my_week")
