"""What one person reported: the figures of "Của tôi" on the phone, by the rules of all other figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import distinct, func
from sqlalchemy.orm import Session

from planner.domain.vocabulary import Outcome
from planner.models import Need, Visit
from planner.services import campaigns
from planner.services.actors import Actor
from planner.services.credit import attempts, results


@dataclass(frozen=True)
class Mine:
    """Attempts, those at which somebody was met, and needs done by now that one of the visits led to."""

    visits: int
    met: int
    needs_done: int


def of_person(session: Session, actor: Actor, since_at: datetime) -> Mine:
    """Count what a person reported since an instant."""
    campaign = campaigns.active(session, actor)
    mine = (Visit.recorded_by_id == actor.user_id, Visit.occurred_at >= since_at)
    outcomes: dict[Outcome, int] = dict(
        session.execute(attempts(campaign, Visit.outcome, func.count()).where(*mine).group_by(Visit.outcome)).all()
    )
    done = session.scalar(results(campaign, func.count(distinct(Need.id))).where(*mine))
    return Mine(sum(outcomes.values()), outcomes.get(Outcome.MET, 0), done or 0)
