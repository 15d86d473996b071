"""The state of single assignments at an instant, wherever they stand: on a crew's list, on a household's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain.calendar import monday_of
from planner.domain.vocabulary import AssignmentState
from planner.models import Assignment
from planner.services import comparing, states
from planner.services.campaigns import CampaignView


def states_of(session: Session, campaign: CampaignView, rows: Sequence[Assignment], at: datetime) -> dict[int, AssignmentState]:
    """Return the states of assignments of one commune, by id."""
    planned = comparing.planned_of(session, [row.id for row in rows])
    visits = states.visits_of(session, [row.household_id for row in rows])
    found: dict[int, AssignmentState] = {}
    for monday in {monday_of(p.on_date) for p in planned}:
        away = states.absences(session, campaign.commune_id, monday)
        found |= states.states([p for p in planned if monday_of(p.on_date) == monday], visits, away, campaign.settings, at)
    return found
