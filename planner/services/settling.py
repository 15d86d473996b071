"""What becomes of needs away from the door: the desk hears from the register, the police, or the resident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain import needs as rules
from planner.domain.errors import Conflict
from planner.domain.vocabulary import AuditAction, NeedState
from planner.models import Household, Need
from planner.services import audit, campaigns, facts, needs, scope
from planner.services.actors import Actor
from planner.services.campaigns import ServiceView
from planner.services.outcome_effects import withdraw_promises_of
from planner.services.sequences import in_parts


@dataclass(frozen=True)
class NeedView:
    """A need after it was settled, and where it came from."""

    id: int
    resident_id: int
    resident: str
    household_id: int
    service: ServiceView
    before: NeedState
    state: NeedState
    state_since_at: datetime

    @property
    def is_open(self) -> bool:
        return rules.is_open(self.state)

    @property
    def can_step_back(self) -> bool:
        return self.before in rules.settlements(self.service.facts, self.state)


def settle(session: Session, actor: Actor, need_id: int, to: NeedState, at: datetime, seen: NeedState | None = None) -> NeedView:
    """Set a need as the desk has heard: approved or rejected by the register, been to the police, changed their mind.

    Parameters
    ----------
    seen
        The state it was shown in to whoever decided; None: whatever it is in.

    Raises
    ------
    Conflict
        ``need_step_not_possible``: there is no such step from the state it is in; ``need_changed_meanwhile``: it is no
        longer in the state that was seen.
    """
    return settle_many(session, actor, {need_id: to}, at, seen)[0]


def settle_many(
    session: Session, actor: Actor, news: Mapping[int, NeedState], at: datetime, seen: NeedState | None = None
) -> tuple[NeedView, ...]:
    """Do `settle` for all that is heard at once, in a few statements more than for one; all of it or nothing."""
    actor.require_desk()
    campaign = campaigns.active(session, actor)
    services = {service.id: service for service in campaign.services}
    households = _households_of(session, actor, list(news))
    rows = {}
    for part in in_parts(list(news)):
        found = session.scalars(select(Need).where(Need.id.in_(part)).options(joinedload(Need.resident)))
        rows.update({need.id: need for need in found})
    if any(need_id not in rows or rows[need_id].service_id not in services for need_id in news):
        raise scope.missing("need")
    if seen is not None and any(rows[need_id].state is not seen for need_id in news):
        raise Conflict("need_changed_meanwhile")
    views = tuple(_settled(session, actor, rows[i], services[rows[i].service_id], to, at) for i, to in news.items())
    session.flush()
    needs.rebuild(session, actor.commune_id, at, [household.id for household in households], campaign)
    withdraw_promises_of(session, households, campaign, at)  # where this was the last thing to do, nobody need go
    return views


def _households_of(session: Session, actor: Actor, need_ids: Sequence[int]) -> list[Household]:
    """Return whose needs these are, each held until the end: two officers, or a visit, must not both start from one state."""
    wanted: set[int] = set()
    for part in in_parts(need_ids):
        wanted.update(session.scalars(select(Need.household_id).where(Need.id.in_(part))))
    found: list[Household] = []
    for part in in_parts(sorted(wanted)):
        query = scope.households(actor).where(Household.id.in_(part)).order_by(Household.id)
        found += session.scalars(query.with_for_update(of=Household))
    if len(found) < len(wanted):
        raise scope.missing("household")
    return found


def _settled(session: Session, actor: Actor, need: Need, service: ServiceView, to: NeedState, at: datetime) -> NeedView:
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
    return NeedView(
        need.id, need.resident_id, need.resident.name, need.household_id, service, before, need.state, need.state_since_at
    )  # fmt: skip
