"""One household in full: people and needs, stops, promises and visits, and who changed what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import contact
from planner.domain.calendar import local_date
from planner.domain.vocabulary import AssignmentState, OutreachGroup, Period, StopReason
from planner.models import Appointment, Assignment, ContactStop, Shift, WeekPlan
from planner.services import audit, campaigns, clears, promises, scope, states, visit_views
from planner.services.actors import Actor
from planner.services.audit import AuditLine
from planner.services.campaigns import CampaignView
from planner.services.households.lists import group_of
from planner.services.outcome_effects import active_stops
from planner.services.residents import ResidentView, residents_of
from planner.services.visit_views import VisitView


@dataclass(frozen=True)
class StopView:
    id: int
    resident_id: int | None
    reason: StopReason
    since_at: datetime
    lifted_at: datetime | None
    lifted_because: str


@dataclass(frozen=True)
class AppointmentView:
    id: int
    resident_id: int | None
    at_police: bool
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None


@dataclass(frozen=True)
class AssignmentLine:
    """A promise to this household, with its state at the time of asking."""

    uid: str
    state: AssignmentState
    on_date: date
    period: Period
    starts_at: datetime
    ends_at: datetime
    visit_at: datetime
    reserve: bool
    crew: tuple[str, ...]
    shift_number: int
    withdrawn_reason: str
    reason: Mapping[str, Any]


@dataclass(frozen=True)
class HouseholdView:
    """A household with all the desk knows of it. `contact` says whether it may be visited, and from when."""

    id: int
    code: str
    head_name: str
    hamlet_id: int
    hamlet: str
    address: str
    lane: str
    house_number: str
    lat: float | None
    lon: float | None
    languages: tuple[str, ...]
    needs_woman: bool
    smartphones: int | None
    note: str
    group: OutreachGroup | None
    open_needs: int
    left_at: datetime | None
    residents: tuple[ResidentView, ...]
    stops: tuple[StopView, ...]
    appointments: tuple[AppointmentView, ...]
    visits: tuple[VisitView, ...]
    assignments: tuple[AssignmentLine, ...]
    contact: contact.ContactStanding
    history: tuple[AuditLine, ...]

    @property
    def stopped(self) -> bool:
        """Nobody calls on this household."""
        return any(stop.lifted_at is None and stop.resident_id is None for stop in self.stops)


def view(session: Session, actor: Actor, household_id: int, at: datetime) -> HouseholdView:
    """Return everything about a household: people and needs, stops, promises and visits, and who changed what.

    Phones are masked; `reveal_phone` shows one, and is remembered. The history is the desk's alone.
    """
    row = scope.get_household(session, actor, household_id)
    campaign = campaigns.active(session, actor)
    people = residents_of(session, campaign, [row.id], local_date(at), phones=False).get(row.id, [])
    stops = session.scalars(
        select(ContactStop).where(ContactStop.household_id == row.id).order_by(ContactStop.since_at.desc(), ContactStop.id.desc())
    )
    visits = states.visits_of(session, [row.id]).get(row.id, [])
    return HouseholdView(
        row.id, row.code, row.head_name, row.hamlet_id, row.hamlet.name, row.address, row.lane, row.house_number, row.lat,
        row.lon, tuple(row.languages), row.needs_woman, row.smartphones, row.note, group_of(row.outreach_group), row.open_needs,
        row.left_at, tuple(people),
        tuple(StopView(s.id, s.resident_id, s.reason, s.since_at, s.lifted_at, s.lifted_because) for s in stops),
        _appointments(session, row.id),
        visit_views.history(session, actor, row.id),
        _assignments(session, actor, campaign, row.id, at),
        contact.standing(visits, active_stops(session, [row.id]).get(row.id, []), campaign.settings),
        audit.history(session, actor, "household", row.id) if actor.runs_the_campaign else (),
    )  # fmt: skip


def _appointments(session: Session, household_id: int) -> tuple[AppointmentView, ...]:
    rows = session.scalars(
        select(Appointment).where(Appointment.household_id == household_id).order_by(Appointment.starts_at.desc(), Appointment.id)
    )
    return tuple(AppointmentView(a.id, a.resident_id, a.at_police, a.starts_at, a.ends_at, a.cancelled_at) for a in rows)


def _assignments(
    session: Session, actor: Actor, campaign: CampaignView, household_id: int, at: datetime
) -> tuple[AssignmentLine, ...]:
    rows = session.scalars(
        scope.assignments(actor)
        .join(WeekPlan, WeekPlan.id == Assignment.week_plan_id)
        .join(Shift, Shift.id == Assignment.shift_id)
        .where(Assignment.household_id == household_id, WeekPlan.published_at.is_not(None))
        .order_by(Shift.starts_at.desc(), Assignment.id.desc())
    ).all()
    state = promises.states_of(session, campaign, rows, at) if rows else {}
    crews = clears.crews_of(session, [row.shift_id for row in rows], phones=False)
    return tuple(
        AssignmentLine(
            row.uid, state[row.id], row.shift.on_date, row.shift.period, row.shift.starts_at, row.shift.ends_at, row.starts_at,
            row.reserve, tuple(member.name for member in crews.get(row.shift_id, ())), row.shift.number, row.withdrawn_reason,
            row.reason,
        )
        for row in rows
    )  # fmt: skip
