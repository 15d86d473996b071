"""A week that is over is closed: its plan stays as the record of what was promised."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.domain.vocabulary import AuditAction, WeekState
from planner.models import WeekPlan
from planner.services import audit
from planner.services.actors import Actor


def close_weeks_before(session: Session, actor: Actor, campaign_id: int, monday: date, at: datetime) -> tuple[date, ...]:
    """Close the published weeks before `monday` and drop the drafts left of them. Returns the Mondays closed."""
    actor.require_desk()
    before = (WeekPlan.campaign_id == campaign_id, WeekPlan.monday < monday)
    session.execute(update(WeekPlan).where(*before, WeekPlan.state == WeekState.DRAFT).values(state=WeekState.DISCARDED))
    closed = []
    for week in session.scalars(select(WeekPlan).where(*before, WeekPlan.state == WeekState.PUBLISHED).order_by(WeekPlan.monday)):
        week.state = WeekState.CLOSED
        week.closed_at = at
        audit.record(session, actor, AuditAction.WEEK_CLOSED, "week_plan", week.id, at, after={"monday": week.monday.isoformat()})
        closed.append(week.monday)
    session.flush()
    return tuple(closed)
