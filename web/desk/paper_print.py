"""A crew's list on paper, A4 or A5, in large type: one row a visit, with boxes to tick and a code to scan."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.domain.fiveclear import ClearText, FiveClear, render_five_clear
from planner.domain.paper import KEY_OF_OUTCOME
from planner.domain.vocabulary import Clear, Role
from planner.services import campaigns
from planner.services import paper as lists
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import asked_day, asked_monday, asked_number, day_or_404, whole_number
from web.desk.paper import _home
from web.desk.routes import blueprint
from web.forms import FormErrors, refuse_unknown_fields
from web.i18n import language
from web.qr import qr_picture

SIZES = ("a4", "a5")


@blueprint.post("/paper/print")
@policy(Role.DESK)
def paper_print_make() -> tuple[str, int] | Response:
    """Give the lists asked for their numbers, then show them. What is printed can be entered, so it is numbered first."""
    refuse_unknown_fields(("monday", "day", "shift", "size"))
    monday = asked_monday()
    on_date = day_or_404(request.form["day"]) if request.form.get("day") else None
    shift_id = whole_number(request.form.get("shift", ""))
    errors = FormErrors()
    with errors.catching(), app_db().begin() as session:
        lists.make_lists(session, actor(), monday, now(), on_date, shift_id)
    if errors:
        return _home(errors), 422
    asked = {"monday": monday.isoformat(), "day": on_date, "shift": shift_id, "size": _size(request.form.get("size", ""))}
    return redirect(url_for("desk.paper_print", **{key: value for key, value in asked.items() if value}))


def _size(text: str) -> str:
    return text if text in SIZES else SIZES[0]


@blueprint.get("/paper/print")
@policy(Role.DESK)
def paper_print() -> str:
    """Show the numbered lists of a week, a day or a crew, each from a page of its own."""
    monday, on_date, shift_id = asked_monday(), asked_day(), asked_number("shift")
    with app_db().read() as session:
        numbers = [
            line.number
            for line in lists.lists_of_week(session, actor(), monday)
            if on_date in (None, line.on_date) and shift_id in (None, line.shift_id)
        ]
        sheets = lists.sheets(session, actor(), numbers)
        commune = campaigns.commune(session, actor())
        campaign = campaigns.active(session, actor())
    return render_template(
        "desk/paper_print.html", monday=monday, sheets=sheets, size=_size(request.args.get("size", "")), sizes=SIZES,
        commune=commune, campaign=campaign, clears=_header_clears, outcomes=list(KEY_OF_OUTCOME), qr=qr_picture,
        on_date=on_date, shift_id=shift_id,
    )  # fmt: skip


def _header_clears(clear: FiveClear) -> list[ClearText]:
    """Return the clears of a whole list; its tasks and hours stand in its rows, so they are told in sum."""
    return [c for c in render_five_clear(clear, language()) if c.clear not in (Clear.TASK, Clear.SCHEDULE)]
