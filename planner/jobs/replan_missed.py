"""Each morning: propose other hours of the week for what was missed. Only a proposal; the desk accepts it or not."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.calendar import local_date, monday_of, slots_of_week
from planner.domain.vocabulary import RunKind, WeekState
from planner.jobs.draft_next_week import compute
from planner.jobs.job import Job, Result, daily, first_day
from planner.services import drafting, planning, reassigning
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.differences import in_force

SOONEST = timedelta(hours=3)  # a crew that is sent elsewhere must hear of it in time


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Ask for a reassignment of the running week, where something is missed and slots are left."""
    monday = monday_of(local_date(at))
    skipped = _why_not(session, actor, campaign, monday, at)
    if skipped:
        return {"monday": monday.isoformat(), "skipped": skipped}
    base = in_force(session, campaign.id, monday)
    assert base is not None
    missed = sorted({visit.household_id for visit in reassigning.missed_visits(session, actor, base, at)})
    if not missed:
        return {"monday": monday.isoformat(), "skipped": "nothing_missed"}
    if not _clear(session, actor, monday, missed, at):
        return {"monday": monday.isoformat(), "skipped": "proposed_already", "missed": len(missed)}
    run_id = reassigning.request(session, actor, monday, missed, at)
    return {"monday": monday.isoformat(), "missed": len(missed), "plan_run": run_id}


def _why_not(session: Session, actor: Actor, campaign: CampaignView, monday: date, at: datetime) -> str:
    if not campaign.settings.replan_by_itself:
        return "not_wanted"
    if in_force(session, campaign.id, monday) is None:
        return "week_not_published"
    if not any(slot.starts_at > at + SOONEST for slot in slots_of_week(monday, campaign.settings)):
        return "no_slots_left"
    if any(run.live for run in planning.runs(session, actor, monday)):
        return "run_in_progress"
    return ""


def _clear(session: Session, actor: Actor, monday: date, missed: list[int], at: datetime) -> bool:
    """Make room for a new proposal; False where a person's draft, or a proposal about the same households, stands."""
    asked = drafting.asked_by_clock(session, actor, monday, RunKind.REASSIGN)
    drafts = {line.id: line for line in planning.drafts(session, actor, monday)}
    latest = drafts.get(asked[0].week_plan_id or 0) if asked else None
    if latest is not None and latest.state is WeekState.DISCARDED and set(missed) <= set(asked[0].parameters["household_ids"]):
        return False  # a person said no to it
    mine = {run.week_plan_id for run in asked}
    open_now = [line for line in drafts.values() if line.state is WeekState.DRAFT]
    if any(line.id not in mine or local_date(line.made_at) == local_date(at) for line in open_now):
        return False
    for line in open_now:
        planning.discard_draft(session, actor, line.id, at)  # yesterday's: hours it names have gone by
    return True


JOB = Job(
    "replan_missed",
    daily(lambda settings: settings.replan_at),
    act,
    compute,
    since=first_day,
    title=("Đề nghị xếp lại lượt bỏ lỡ", "Propose hours for the missed"),
    until=lambda campaign: campaign.ends_on,
)
