"""On the campaign's day and hour: draft the next week, for the desk to look at and publish."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.calendar import instant, local_date, monday_of
from planner.domain.vocabulary import RunKind
from planner.jobs.job import Job, Result, days_between
from planner.models import Database
from planner.services import drafting, planning
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.solving import Engine


def due_slots(campaign: CampaignView, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the drafting hour of every week."""
    for day in days_between(after, until):
        due_at = instant(day, campaign.settings.draft_at)
        if day.weekday() == campaign.settings.draft_weekday and after < due_at <= until:
            yield due_at


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Ask for a draft of the week after the slot's, unless there is one or the campaign has no days there."""
    monday = monday_of(local_date(due_at)) + timedelta(days=7)
    if monday > campaign.ends_on or monday + timedelta(days=6) < campaign.starts_on:
        return {"monday": monday.isoformat(), "skipped": "outside_campaign"}
    if monday + timedelta(days=7) <= local_date(at):
        return {"monday": monday.isoformat(), "skipped": "week_over"}
    if planning.is_planned(session, actor, monday):
        return {"monday": monday.isoformat(), "skipped": "already_planned"}
    run_id = planning.request_draft(session, actor, monday, RunKind.DRAFT, {}, at)
    return {"monday": monday.isoformat(), "plan_run": run_id}


def compute(db: Database, result: Result, clock: Callable[[], datetime], engine: Engine) -> None:
    """Compute the draft that was asked for; what becomes of it stands in its own row, and is told."""
    if "plan_run" in result:
        drafting.compute(db, result["plan_run"], clock, engine)


JOB = Job("draft_next_week", due_slots, act, compute, title=("Lập bản nháp tuần sau", "Draft next week"))
