"""Bỏ lỡ: what nobody kept; find it another hour with the fewest changes, look at them, publish."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.vocabulary import Role
from planner.services import board as boards
from planner.services import planning, reassigning
from planner.services.pages import page_of
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import asked_monday, chosen_ids, this_monday
from web.desk.plan import start_run
from web.desk.routes import blueprint
from web.desk.why_words import because_words
from web.forms import FormErrors, refuse_unknown_fields
from web.paging import page_number

ROWS = 100


@blueprint.get("/missed")
@policy(Role.DESK)
def missed() -> str:
    """List the missed of a week, and why."""
    return _missed_page(asked_monday(), FormErrors())


def _missed_page(monday: date, errors: FormErrors) -> str:
    with app_db().read() as session:
        rows = boards.missed(session, actor(), monday, now())
        runs = planning.runs(session, actor(), monday, limit=1)
        proposal_id = planning.latest_draft(session, actor(), monday)
    return render_template(
        "desk/missed.html",
        monday=monday,
        this_monday=this_monday(),
        page=page_of(rows, page_number(), ROWS),
        live=next((run for run in runs if run.live), None),
        can_reassign=monday >= this_monday(),
        proposal_id=proposal_id,
        errors=errors,
    )


@blueprint.post("/missed")
@policy(Role.DESK)
def missed_request() -> Response | tuple[str, int]:
    """Have the chosen, or all, re-planned with the fewest changes."""
    refuse_unknown_fields(("monday", "household", "which"))
    monday = asked_monday()
    chosen = None if request.form.get("which") == "all" else chosen_ids("household")
    errors = FormErrors()
    run_id = None
    if chosen == []:
        errors.add("which", _("Hãy chọn ít nhất một lượt."))
    else:
        run_id = start_run(lambda session: reassigning.request(session, actor(), monday, chosen, now()), errors)
    if run_id is None:
        return _missed_page(monday, errors), 422
    return redirect(url_for("desk.planning_run", run_id=run_id))


@blueprint.get("/missed/drafts/<int:week_plan_id>")
@policy(Role.DESK)
def missed_changes(week_plan_id: int) -> str:
    """Show what a reassignment would change: from whom to whom, when, and why."""
    with app_db().read() as session:
        draft = planning.draft_view(session, actor(), week_plan_id, size=1)
        changes = reassigning.changes(session, actor(), week_plan_id, now())
    return render_template("desk/changes.html", draft=draft, monday=draft.monday, changes=changes, because_words=because_words)
