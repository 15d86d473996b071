"""Some minutes after the draft was asked for: is it there? What a crash or a fault took away is asked for again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.calendar import local_date, monday_of
from planner.domain.vocabulary import RunKind, RunState
from planner.jobs import draft_next_week
from planner.jobs.job import Job, Result
from planner.services import drafting, planning
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView

AFTER_MINUTES = (5, 30, 180)  # on top of the search's own time


def due_slots(campaign: CampaignView, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the hours at which to look after each draft."""
    for minutes in AFTER_MINUTES:
        later = timedelta(minutes=minutes, seconds=campaign.settings.solver_seconds)
        for asked_at in draft_next_week.due_slots(campaign, after - later, until - later):
            yield asked_at + later


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Tell the desk of the draft, once; where the run was lost or failed and nobody planned the week, ask again."""
    monday = monday_of(local_date(_asked_at(campaign, due_at))) + timedelta(days=7)
    if monday + timedelta(days=7) <= local_date(at):
        return {"monday": monday.isoformat(), "skipped": "week_over"}
    runs = drafting.asked_by_clock(session, actor, monday, RunKind.DRAFT)
    if not runs:
        return {"monday": monday.isoformat(), "skipped": "none_asked_for"}
    became = drafting.settle(session, actor, campaign, runs[0].id, at)
    again = runs[0].state in (RunState.FAILED, RunState.LOST) and len(runs) < drafting.MOST_DRAFTS
    if not again or planning.is_planned(session, actor, monday):
        return {"monday": monday.isoformat(), "became": became}
    run_id = planning.request_draft(session, actor, monday, RunKind.DRAFT, {}, at)
    return {"monday": monday.isoformat(), "became": became, "plan_run": run_id}


def _asked_at(campaign: CampaignView, due_at: datetime) -> datetime:
    """Return the drafting hour that a slot looks after; where the settings have changed since, one shortly before the slot."""
    for minutes in AFTER_MINUTES:
        asked_at = due_at - timedelta(minutes=minutes, seconds=campaign.settings.solver_seconds)
        if list(draft_next_week.due_slots(campaign, asked_at - timedelta(seconds=1), asked_at)):
            return asked_at
    return due_at - timedelta(minutes=AFTER_MINUTES[0])


JOB = Job(
    "draft_ready",
    due_slots,
    act,
    draft_next_week.compute,
    title=("Kiểm tra bản nháp tuần sau", "Look after next week's draft"),
)
