"""What becomes of needs away from the door: the desk hears from the register, the police, or the resident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain import needs as rules
from planner.domain.vocabulary import AuditAction, NeedState
from planner.models import Need
from planner.services import audit, campaigns, facts, needs, scope
from planner.services.actors import Actor
from planner.services.campaigns import ServiceView
from planner.services.outcome_effects import withdraw_promises


@dataclass(frozen=True)
class NeedView:
    """A need after it was settled."""

    id: int
    resident_id: int
    service: ServiceView
    state: NeedState
    state_since_at: datetime

    @property
    def is_open(self) -> bool:
        return rules.is_open(self.state)


def settle(session: Session, actor: Actor, need_id: int, to: NeedState, at: datetime) -> NeedView:
    """Set a need as the desk has heard: approved or rejected by the register, been to the police, changed their mind.

    Raises
    ------
    Conflict
        ``need_step_not_possible``: there is no such step from the state it is in.
    """
    actor.require_desk()
    campaign = campaigns.active(session, actor)
    services = {service.id: service for service in campaign.services}
    need = session.get(Need, need_id)
    if need is None or need.service_id not in services:
        raise scope.missing("need")
    household = scope.get_household(session, actor, need.household_id)
    service = services[need.service_id]
    before = need.state
    need.state = rules.settle(before, to)
    need.state_since_at = at
    if to is NeedState.DONE:
        facts.learn(need.resident, service.facts)
    elif before is NeedState.DONE:
        facts.unlearn(need.resident, service.facts)
    audit.record(
        session, actor, AuditAction.NEED_SETTLED, "need", need.id, at, before={"state": before.value}, after={"state": to.value}
    )
    session.flush()
    needs.rebuild(session, actor.commune_id, at, [household.id])
    withdraw_promises(session, household, campaign, at)  # where this was the last thing to do, nobody need go
    return NeedView(need.id, need.resident_id, service, need.state, need.state_since_at)
