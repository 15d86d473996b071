"""Lập kế hoạch: have a week drafted and watch it being made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.errors import Conflict
from planner.domain.vocabulary import Role, RunKind, RunState, WeekState
from planner.services import campaigns, planning
from planner.services.planning import RunView
from web.access import policy
from web.context import actor, app_db, now, running
from web.desk.asking import WEEK, asked_monday, this_monday, whole_number
from web.desk.routes import blueprint
from web.forms import FormErrors, refuse_unknown_fields
from web.words import quality_words, say

LONGEST_RUN_SECONDS = 3600


@blueprint.get("/plan", endpoint="planning")
@policy(Role.DESK)
def plan_home() -> str:
    """Show what there is of a week's plan, and let a draft be asked for."""
    return _plan_page(asked_monday(_week_to_plan()), FormErrors())


def _week_to_plan() -> date:
    """Return this week where nobody has planned it yet and it is not nearly over, else the next."""
    monday = this_monday()
    with app_db().read() as session:
        published = any(d.state is WeekState.PUBLISHED for d in planning.drafts(session, actor(), monday))
    return monday if not published and now().weekday() < 4 else monday + WEEK


def _plan_page(monday: date, errors: FormErrors) -> str:
    with app_db().read() as session:
        campaign = campaigns.active(session, actor())
        revisions = planning.drafts(session, actor(), monday)
        runs = planning.runs(session, actor(), monday, limit=10)
        rules = planning.rules(session, actor(), monday)
    return render_template(
        "desk/plan.html",
        monday=monday,
        this_monday=this_monday(),
        draft=next((r for r in revisions if r.state is WeekState.DRAFT), None),
        published=next((r for r in revisions if r.state in (WeekState.PUBLISHED, WeekState.CLOSED)), None),
        runs=runs,
        live=next((r for r in runs if r.live), None),
        rules=rules,
        seconds=request.form.get("seconds") or campaign.settings.solver_seconds,
        errors=errors,
    )


@blueprint.post("/plan")
@policy(Role.DESK)
def planning_request() -> Response | tuple[str, int]:
    """Ask for a draft; it is made outside the request."""
    refuse_unknown_fields(("monday", "seconds"))
    monday = asked_monday()
    errors = FormErrors()
    seconds = None
    if "seconds" in request.form:
        seconds = whole_number(request.form["seconds"].strip())
        if seconds is None or not 1 <= seconds <= LONGEST_RUN_SECONDS:
            errors.add("seconds", _("Hãy nhập số giây từ 1 đến %(most)s.", most=LONGEST_RUN_SECONDS))
    run_id = None
    if not errors:
        wanted = {"time_limit_seconds": seconds} if seconds else {}
        run_id = start_run(lambda session: planning.request_draft(session, actor(), monday, RunKind.DRAFT, wanted, now()), errors)
    if run_id is None:
        return _plan_page(monday, errors), 422
    return redirect(url_for("desk.planning_run", run_id=run_id))


def start_run(ask: Callable[[Any], int], errors: FormErrors) -> int | None:
    """Write a run down and have it computed; one that is under way already is shown instead of a second one."""
    runner = running().runner
    if runner is None:
        abort(503)
    run_id = None
    try:
        with errors.catching(), app_db().begin() as session:
            run_id = ask(session)
    except Conflict as conflict:
        if conflict.code != "run_in_progress":
            raise
        flash(_("Tuần này đang có một lần tính chưa xong."), "info")
        return int(str(conflict.facts["run_id"]))
    if run_id is not None:
        runner.submit(run_id)
    return run_id


@blueprint.get("/plan/runs/<int:run_id>")
@policy(Role.DESK)
def planning_run(run_id: int) -> str:
    """Show how far a run is, or what became of it."""
    with app_db().read() as session:
        run = planning.run_view(session, actor(), run_id)
    template = "desk/_run.html" if "HX-Request" in request.headers else "desk/run.html"
    return render_template(template, run=run, **_run_words(run))


def _run_words(run: RunView) -> dict[str, object]:
    reassigning = run.kind is RunKind.REASSIGN
    result = ""
    if run.week_plan_id is not None:
        result = url_for("desk.missed_changes" if reassigning else "desk.planning_draft", week_plan_id=run.week_plan_id)
    return {
        "back_url": url_for("desk.missed" if reassigning else "desk.planning", monday=run.monday.isoformat()),
        "back_text": _("Bỏ lỡ") if reassigning else _("Lập kế hoạch"),
        "result_url": result,
        "stage": say(f"stage_{run.stage}"),
        # where promises are kept, points say what they are worth, not what visits bring: a percentage would mislead
        "quality": "" if reassigning else quality_words(run.better_by_percent),
        "seconds": run.parameters.get("time_limit_seconds", 60),
        "reason": _why_no_draft(run),
    }


def _why_no_draft(run: RunView) -> str:
    if run.state is RunState.CANCELLED:
        return _("Đã dừng theo yêu cầu. Chưa có bản nháp nào.")
    return say(run.error_code, **run.error_facts) if run.error_code else ""


@blueprint.post("/plan/runs/<int:run_id>/cancel")
@policy(Role.DESK)
def planning_cancel(run_id: int) -> Response:
    """Stop a run."""
    refuse_unknown_fields(())
    with app_db().begin() as session:
        planning.cancel(session, actor(), run_id, now())
    return redirect(url_for("desk.planning_run", run_id=run_id))
