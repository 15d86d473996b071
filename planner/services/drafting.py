"""What becomes of a plan that the clock asked for: the desk is told, and where the campaign says so it is published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.errors import PlannerError
from planner.domain.notices import NoticeKind
from planner.domain.vocabulary import RunKind, RunState, WeekState
from planner.models import Assignment, Campaign, Database, PlanRun, Shift, WeekPlan
from planner.services import campaigns, notices, planning, publishing
from planner.services.actors import Actor
from planner.services.planning import RunView
from planner.services.solving import Engine

MOST_DRAFTS = 3  # of one week by the clock itself: a problem that fails so often needs a person


def asked_by_clock(session: Session, actor: Actor, monday: date, kind: RunKind) -> list[RunView]:
    """Return the runs of a week that a job asked for, newest first."""
    return [
        run for run in planning.runs(session, actor, monday)
        if run.kind is kind and str(run.parameters.get("asked_by", "")).startswith("job:")
    ]  # fmt: skip


def compute(db: Database, run_id: int, clock: Callable[[], datetime], engine: Engine) -> None:
    """Compute a run that a job asked for, and say what became of it."""
    planning.run_now(db, run_id, clock, engine=engine)
    with db.begin() as session:
        run = session.get_one(PlanRun, run_id)
        campaign = campaigns.view(session.get_one(Campaign, run.campaign_id))
        settle(session, Actor.for_job(campaign.commune_id, "draft_ready"), campaign, run_id, clock())


def settle(session: Session, actor: Actor, campaign: campaigns.CampaignView, run_id: int, at: datetime) -> str:
    """Do what follows from a run, once however often asked: propose a reassignment, publish a week where that is set.

    That a draft is ready, or could not be made, is told by the run itself (`notices.drafts`).

    Returns ``waits``, ``failed``, ``proposed``, ``ready`` or ``published``.
    """
    run = planning.run_view(session, actor, run_id)
    if run.live:
        return "waits"
    if run.state is not RunState.DONE or run.week_plan_id is None:
        return "failed"
    if run.kind is RunKind.REASSIGN:
        _propose(session, notices.desk(session, campaign.commune_id), run, at)
        return "proposed"
    by_itself = campaign.settings.publish_by_itself and not faults(session, run.week_plan_id)
    return "published" if by_itself and _publish(session, actor, campaign, run, at) else "ready"


def _propose(session: Session, desk: list[int], run: RunView, at: datetime) -> None:
    wanted = run.parameters.get("household_ids") or []
    left = session.get_one(WeekPlan, run.week_plan_id).unplaced
    unplaced = {row["household_id"] for row in left if "household_id" in row} & set(wanted)
    facts = {"monday": run.monday, "missed": len(wanted), "placed": len(wanted) - len(unplaced)}
    notices.tell(session, desk, NoticeKind.REPLAN_PROPOSED, facts, f"replan-proposed:{run.id}", at)


def faults(session: Session, week_plan_id: int) -> list[str]:
    """Return what a person should look at before this draft is published, as codes; none: it may go out by itself.

    The rules of the plan were checked before it was stored; this is about what no rule forbids.
    """
    draft = session.get_one(WeekPlan, week_plan_id)
    found = []
    if draft.state is not WeekState.DRAFT:
        found.append("draft_not_open")
    if draft.base_id is not None:
        found.append("week_published_before")
    if not _size(session, week_plan_id)["visits"]:
        found.append("draft_empty")
    left = [row for row in draft.unplaced if "household_id" in row]
    if any(row.get("pin") for row in left):
        found.append("pinned_unplaced")
    if any(row.get("promised") for row in left):
        found.append("promise_unplaced")
    return found


def _publish(session: Session, actor: Actor, campaign: campaigns.CampaignView, run: RunView, at: datetime) -> bool:
    assert run.week_plan_id is not None
    head = planning.draft_head(session, actor, run.week_plan_id)
    try:
        with session.begin_nested():
            done = publishing.publish(session, actor, head.id, head.version, head.base_version, at)
    except PlannerError:
        return False  # something came between: the desk looks at the draft
    people = [*notices.desk(session, campaign.commune_id), *notices.viewers(session, campaign.commune_id)]
    facts = {"monday": run.monday, "shifts": done.shifts, "visits": done.assignments}
    notices.tell(session, people, NoticeKind.WEEK_PUBLISHED_BY_ITSELF, facts, f"published-by-itself:{run.id}", at)
    return True


def _size(session: Session, week_plan_id: int) -> dict[str, object]:
    shifts = session.scalar(select(func.count()).where(Shift.week_plan_id == week_plan_id)) or 0
    visits = session.scalar(select(func.count()).where(Assignment.week_plan_id == week_plan_id)) or 0
    return {"shifts": shifts, "visits": visits}
