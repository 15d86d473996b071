"""The state of single assignments at an instant, wherever they stand: on a crew's list, on a household's page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import monday_of
from planner.domain.vocabulary import AssignmentState
from planner.models import Assignment, Shift, ShiftMember
from planner.services import states
from planner.services.campaigns import CampaignView
from planner.services.comparing import PlannedVisit


def states_of(session: Session, campaign: CampaignView, rows: Sequence[Assignment], at: datetime) -> dict[int, AssignmentState]:
    """Return the states of assignments of one commune, by id."""
    planned = _planned(session, rows)
    visits = states.visits_of(session, [row.household_id for row in rows])
    found: dict[int, AssignmentState] = {}
    for monday in {monday_of(p.on_date) for p in planned}:
        away = states.absences(session, campaign.commune_id, monday)
        found |= states.states([p for p in planned if monday_of(p.on_date) == monday], visits, away, campaign.settings, at)
    return found


def _planned(session: Session, rows: Sequence[Assignment]) -> list[PlannedVisit]:
    shift_ids = {row.shift_id for row in rows}
    shifts = {shift.id: shift for shift in session.scalars(select(Shift).where(Shift.id.in_(shift_ids)))}
    crews: dict[int, list[int]] = defaultdict(list)
    members = select(ShiftMember.shift_id, ShiftMember.volunteer_id).where(ShiftMember.shift_id.in_(shift_ids))
    for shift_id, volunteer_id in session.execute(members.order_by(ShiftMember.position)):
        crews[shift_id].append(volunteer_id)
    planned = []
    for row in rows:
        shift = shifts[row.shift_id]
        planned.append(
            PlannedVisit(
                row.id, row.uid, row.household_id, shift.id, shift.number, shift.on_date, shift.period, shift.starts_at,
                shift.ends_at, row.starts_at, row.position, row.minutes, row.withdrawn_at, tuple(crews[shift.id]),
            )
        )  # fmt: skip
    return planned
