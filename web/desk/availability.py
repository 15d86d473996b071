"""Lịch rảnh trong tuần: who can come when in a very week, in one grid."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.calendar import PERIODS, week_of
from planner.domain.vocabulary import Period, Role
from planner.services import volunteers as people
from planner.services.volunteers import VolunteerFilter
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import WEEK, asked_monday, asked_number, asked_text, chosen_ids, this_monday, whole_number
from web.desk.choices import hamlet_choices
from web.desk.routes import blueprint
from web.forms import refuse_unknown_fields
from web.links import safe_next
from web.paging import page_number
from web.words import number

ROWS = 25


@blueprint.get("/volunteers/availability")
@policy(Role.DESK)
def volunteers_grid() -> str:
    """Show the grid of a week: the coming one unless asked otherwise."""
    monday = asked_monday(this_monday() + WEEK)
    chosen = VolunteerFilter(q=asked_text("q"), hamlet_id=asked_number("hamlet"), page=page_number(), size=ROWS)
    with app_db().read() as session:
        grid = people.availability_grid(session, actor(), monday, chosen)
        hamlets = hamlet_choices(session)
    return render_template(
        "desk/grid.html",
        monday=monday,
        this_monday=this_monday(),
        page=grid.page,
        chosen=chosen,
        filtered=bool(chosen.q or chosen.hamlet_id),
        hamlets=hamlets,
        days=week_of(monday),
        periods=PERIODS,
        here=request.full_path.rstrip("?"),
    )


@blueprint.post("/volunteers/availability")
@policy(Role.DESK)
def volunteers_grid_save() -> Response:
    """Save the people on this page of the grid; the others stay as they are."""
    refuse_unknown_fields(("monday", "volunteer", "free", "next"))
    monday = asked_monday()
    free: dict[int, set[tuple[date, Period]]] = defaultdict(set)
    for cell in request.form.getlist("free"):
        volunteer_id, moment = _cell(cell)
        if volunteer_id is not None:
            free[volunteer_id].add(moment)
    listed = {volunteer_id: free[volunteer_id] for volunteer_id in chosen_ids("volunteer")}
    with app_db().begin() as session:
        changed = people.set_availability(session, actor(), monday, listed, now())
    if changed:
        flash(_("Đã lưu %(count)s thay đổi.", count=number(changed)), "success")
    else:
        flash(_("Không có gì thay đổi."), "info")
    return redirect(safe_next(request.form.get("next"), url_for("desk.volunteers_grid", monday=monday.isoformat())))


def _cell(text: str) -> tuple[int | None, tuple[date, Period]]:
    """Read ``12:2026-11-24:T``; anything else is no cell."""
    try:
        volunteer, day, period = text.split(":")
        return whole_number(volunteer), (date.fromisoformat(day), Period(period))
    except ValueError:
        return None, (date.min, Period.MORNING)
