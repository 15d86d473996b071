"""Telling whoever waits for a draft that it is ready, or why there is none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.notices import NoticeKind
from planner.domain.vocabulary import RunKind
from planner.models import Assignment, Campaign, PlanRun, Shift
from planner.services.notices.recipients import desk
from planner.services.notices.telling import tell


def ready(session: Session, run: PlanRun, at: datetime) -> None:
    """Tell of a run that made a draft. A re-plan the clock asked for is told as a proposal, by the job that asked."""
    if run.kind is RunKind.REASSIGN and run.requested_by_id is None:
        return
    counted = [
        session.scalar(select(func.count()).select_from(model).where(model.week_plan_id == run.week_plan_id))
        for model in (Shift, Assignment)
    ]
    facts = {"monday": run.monday, "run_id": run.id, "shifts": counted[0], "visits": counted[1]}
    tell(session, _who_waits(session, run), NoticeKind.DRAFT_READY, facts, f"draft-ready:{run.id}", at)


def failed(session: Session, run_id: int, at: datetime) -> None:
    """Tell of a run that ended without a draft, in the transaction that ended it."""
    run = session.get_one(PlanRun, run_id, populate_existing=True)
    facts = {"monday": run.monday, "run_id": run.id, "error": run.error_code, "error_facts": dict(run.error_facts)}
    tell(session, _who_waits(session, run), NoticeKind.DRAFT_FAILED, facts, f"draft-failed:{run.id}", at)


def _who_waits(session: Session, run: PlanRun) -> list[int]:
    """Return the person who asked for the run; where the clock did, the desk."""
    if run.requested_by_id is not None:
        return [run.requested_by_id]
    return desk(session, session.get_one(Campaign, run.campaign_id).commune_id)
