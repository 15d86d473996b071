"""A draft: look through it crew by crew, publish it or put it away."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.errors import Conflict
from planner.domain.vocabulary import Role, RunKind
from planner.services import differences, planning, publishing, reassigning
from planner.services.publishing import Published
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import asked_day, asked_monday, asked_number, asked_text, whole_number
from web.desk.choices import hamlet_choices
from web.desk.routes import blueprint
from web.desk.why_words import because_words
from web.desk.words import input_words
from web.forms import refuse_unknown_fields
from web.paging import page_number
from web.words import day, number, quality_words, say

SHIFTS = 12  # a page: about a hundred visits


@blueprint.get("/plan/drafts/<int:week_plan_id>")
@policy(Role.DESK)
def planning_draft(week_plan_id: int) -> str:
    """Look through a draft (or any revision of a week), crew by crew."""
    chosen = planning.DraftFilter(on_date=asked_day(), hamlet_id=asked_number("hamlet"))
    with app_db().read() as session:
        draft = planning.draft_view(session, actor(), week_plan_id, page=page_number(), size=SHIFTS, filters=chosen)
        difference = differences.of_draft(session, actor(), week_plan_id, shown=0)
        hamlets = hamlet_choices(session)
        broken = planning.broken_promises(session, actor(), week_plan_id)
        made_by = next((run for run in planning.runs(session, actor(), draft.monday) if run.week_plan_id == week_plan_id), None)
    days = [draft.monday + timedelta(days=i) for i in range(7)]
    return render_template(
        "desk/draft.html",
        draft=draft,
        difference=difference,
        chosen=chosen,
        hamlets=hamlets,
        broken_promises=broken,
        notes=input_words(made_by.notes) if made_by else [],
        quality=quality_words(draft.figures.better_by_percent) if made_by and made_by.kind is RunKind.DRAFT else "",
        days=[("", _("Cả tuần")), *((d.isoformat(), day(d)) for d in days)],
        here=request.full_path.rstrip("?"),
    )


@blueprint.get("/plan/drafts/<int:week_plan_id>/unplaced")
@policy(Role.DESK)
def planning_unplaced(week_plan_id: int) -> str:
    """List who has no visit in this week, and why."""
    reason = asked_text("reason", 40) or None
    with app_db().read() as session:
        page = planning.unplaced_view(session, actor(), week_plan_id, reason, page_number())
        monday = planning.draft_head(session, actor(), week_plan_id).monday
    return render_template("desk/unplaced.html", page=page, week_plan_id=week_plan_id, monday=monday, reason=reason)


@blueprint.post("/plan/drafts/<int:week_plan_id>/publish")
@policy(Role.DESK)
def planning_publish(week_plan_id: int) -> Response | tuple[str, int]:
    """Put a draft in force; where another planner was faster, show what would differ now."""
    refuse_unknown_fields(("version", "base_version"))
    version = whole_number(request.form.get("version", "")) or 0
    base_version = whole_number(request.form.get("base_version", ""))
    try:
        with app_db().begin() as session:
            done = publishing.publish(session, actor(), week_plan_id, version, base_version, now())
    except Conflict as conflict:
        return _conflict_page(week_plan_id, conflict), 409
    flash(published_words(done), "success")
    return redirect(url_for("desk.week", monday=done.monday.isoformat()))


def published_words(done: Published) -> str:
    """Return what publishing did."""
    text = _("Đã công bố: %(shifts)s ca, %(visits)s lượt thăm.", shifts=number(done.shifts), visits=number(done.assignments))
    if done.dropped:
        text += " " + _(
            "%(count)s lượt được bỏ ra vì hộ vừa từ chối hoặc vừa có người đến.", count=number(sum(done.dropped.values()))
        )
    return text


def _conflict_page(week_plan_id: int, conflict: Conflict) -> str:
    """Tell what would change of the week now in force, without touching it."""
    with app_db().read() as session:
        draft = planning.draft_view(session, actor(), week_plan_id, size=1)
        changes = reassigning.changes(session, actor(), week_plan_id, now())
    facts = {key: value for key, value in conflict.facts.items() if key != "difference"}
    return render_template(
        "desk/conflict.html",
        monday=draft.monday,
        reason=say(conflict.code, **facts),
        changes=changes,
        code=conflict.code,
        because_words=because_words,
    )


@blueprint.post("/plan/drafts/<int:week_plan_id>/discard")
@policy(Role.DESK)
def planning_discard(week_plan_id: int) -> Response:
    """Put a draft away."""
    refuse_unknown_fields(("monday",))
    monday = asked_monday()
    with app_db().begin() as session:
        planning.discard_draft(session, actor(), week_plan_id, now())
    flash(_("Đã bỏ bản nháp. Kế hoạch đang công bố không đổi."), "success")
    return redirect(url_for("desk.planning", monday=monday.isoformat()))
