"""What one person reported: the figures of "Của tôi" on the phone, by the rules of all other figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import NeedResult, Outcome
from planner.models import Visit, VisitResult
from planner.services.actors import Actor
from planner.services.progress.work import stands


@dataclass(frozen=True)
class Mine:
    """Visits that nothing corrects, people met, needs done at the door."""

    visits: int
    met: int
    needs_done: int


def of_person(session: Session, actor: Actor, since_at: datetime) -> Mine:
    """Count what a person reported since an instant."""
    mine = (Visit.recorded_by_id == actor.user_id, Visit.occurred_at >= since_at, stands())
    outcomes: dict[Outcome, int] = dict(
        session.execute(select(Visit.outcome, func.count()).where(*mine).group_by(Visit.outcome)).all()
    )
    done = session.scalar(
        select(func.count())
        .select_from(VisitResult)
        .join(Visit, Visit.id == VisitResult.visit_id)
        .where(*mine, VisitResult.result == NeedResult.DONE)
    )
    return Mine(sum(outcomes.values()), outcomes.get(Outcome.MET, 0), done or 0)
