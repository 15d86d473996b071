"""Tuần này: what is due, done and missed, and the one thing to do next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import render_template, url_for

from planner.domain.calendar import local_date
from planner.domain.vocabulary import Role, RunKind, WeekState
from planner.services import board as boards
from planner.services import calendar, campaigns, households, planning, volunteers
from planner.services.board import WeekBoard
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import WEEK, asked_day, asked_monday, this_monday
from web.desk.next_step import Situation, next_step
from web.desk.routes import blueprint


@blueprint.get("/week")
@policy(Role.DESK)
def week() -> str:
    """Show a week by day, hamlet and crew."""
    monday = asked_monday()
    with app_db().read() as session:
        found = boards.week(session, actor(), monday, now())
        settings = campaigns.active(session, actor()).settings
        situation = _situation(session, found) if monday == this_monday() else None
    by_day = dict(found.days)
    day = _shown_day(found)
    return render_template(
        "desk/week.html",
        board=found,
        step=next_step(situation) if situation else None,
        next_published=monday + WEEK if situation and situation.next_published else None,
        monday=monday,
        this_monday=this_monday(),
        today=local_date(now()),
        day=day,
        crews=[crew for crew in found.crews if crew.on_date == day],
        days=[(day, by_day.get(day)) for day in (monday + timedelta(days=n) for n in range(7))],
        holidays=calendar.holidays_of_week(monday, settings),
        hamlets=[
            (h.name, url_for("desk.board", monday=monday.isoformat(), hamlet=h.hamlet_id), h.figures) for h in found.hamlets
        ],
    )


def _shown_day(found: WeekBoard) -> date | None:
    """Return the day whose crews are listed: the one asked for, else today, else the first with crews after it."""
    days = [day for day, _figures in found.days]
    asked = asked_day() or local_date(now())
    return next((day for day in days if day >= asked), days[-1] if days else None)


def _situation(session: Any, found: WeekBoard) -> Situation:
    """Gather what the next step depends on: this week's plan and the next one's."""
    monday = found.monday
    following = monday + WEEK
    revisions = [*planning.drafts(session, actor(), monday), *planning.drafts(session, actor(), following)]
    latest = [run for week in (monday, following) for run in planning.runs(session, actor(), week, limit=5)]
    live = next((run for run in latest if run.live), None)
    drafts = {r.monday: r.id for r in reversed(revisions) if r.state is WeekState.DRAFT}
    draft_id = drafts.get(monday)
    made_by = next((run.kind for run in latest if draft_id and run.week_plan_id == draft_id), RunKind.DRAFT)
    campaign = campaigns.active(session, actor())
    slots = calendar.slots_for(monday, campaign.settings, campaign.starts_on, campaign.ends_on)
    return Situation(
        households=households.count(session, actor()),
        volunteers=volunteers.count(session, actor()),
        monday=monday,
        ends_on=campaign.ends_on,
        run_id=live.id if live else None,
        run_is_reassigning=live is not None and live.kind is RunKind.REASSIGN,
        draft_id=draft_id,
        next_draft_id=drafts.get(following),
        draft_is_reassigning=made_by is RunKind.REASSIGN,
        published=found.week_plan_id is not None,
        slots_ahead=any(slot.starts_at > now() for slot in slots),
        missed=found.figures.missed,
        next_published=any(r.monday == following and r.state is WeekState.PUBLISHED for r in revisions),
    )
