"""What follows from a visit: needs move on, facts are learnt, stops and appointments are made, promises withdrawn.

Everything a visit changed is noted in its audit entry, before and after, so that a correction can take it back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from planner.domain import contact, needs
from planner.domain.visits import Promise, VisitFacts, fulfils
from planner.domain.vocabulary import NeedResult, StopReason, WeekState
from planner.models import Appointment, Assignment, ContactStop, Household, Need, Shift, Visit, WeekPlan
from planner.services import facts
from planner.services.campaigns import CampaignView
from planner.services.states import visits_of
from planner.services.visit_forms import VisitForm


@dataclass
class Effects:
    """What a visit changed, as its audit entry keeps it."""

    before: dict[str, dict[str, Any]] = field(default_factory=lambda: {"needs": {}, "accounts": {}, "documents": {}})
    after: dict[str, Any] = field(default_factory=lambda: {"needs": {}, "accounts": {}, "documents": {}})

    def note(self, kind: str, row_id: int, before: object, after: object) -> None:
        if before != after:
            self.before[kind].setdefault(str(row_id), before)
            self.after[kind][str(row_id)] = after

    def made(self, kind: str, row_ids: Collection[int]) -> None:
        if row_ids:
            self.after[kind] = [*self.after.get(kind, []), *row_ids]


def apply_results(session: Session, campaign: CampaignView, form: VisitForm, rows: dict[int, Need], at: datetime) -> Effects:
    """Move the needs on and learn what finished ones show."""
    effects = note_results(campaign, form, rows, at)
    session.flush()
    return effects


def note_results(campaign: CampaignView, form: VisitForm, rows: dict[int, Need], at: datetime) -> Effects:
    """Do `apply_results` without writing yet."""
    effects = Effects()
    for line in form.results:
        need = rows[line.need_id]
        state = needs.after_visit(need.state, line.result)
        if state is need.state:
            continue
        effects.note("needs", need.id, need.state.value, state.value)
        need.state, need.state_since_at = state, at
        if line.result is NeedResult.DONE:
            resident = need.resident
            account, documents = resident.account.value, dict(resident.documents)
            facts.learn(resident, campaign.service(need.service_id).facts)
            effects.note("accounts", resident.id, account, resident.account.value)
            effects.note("documents", resident.id, documents, dict(resident.documents))
    return effects


def apply_contact(session: Session, campaign: CampaignView, form: VisitForm, visit: Visit, rows: dict[int, Need]) -> Effects:
    """Make the stops and appointments that a visit ended in."""
    effects = Effects()
    happened_at = min(visit.occurred_at, visit.received_at)
    reason = contact.STOPS.get(visit.outcome) or (StopReason.DO_NOT_CONTACT if form.stop_whole_household else None)
    if reason is not None:
        effects.made("stops", _stop(session, visit, reason, happened_at))
        effects.made("cancelled_appointments", _cancel_appointments(session, visit.household_id, happened_at, visit.received_at))
    if form.callback is not None:
        effects.made("cancelled_appointments", _cancel_appointments(session, visit.household_id, happened_at, visit.received_at))
        starts_at, ends_at = form.callback.span(campaign.settings)
        effects.made("appointments", [_appointment(session, visit, starts_at, ends_at)])
    if form.police_appointment is not None:
        starts_at, ends_at = form.police_appointment.span()
        referred = next(line.need_id for line in form.results if line.result is NeedResult.REFERRED)
        resident_id = form.police_appointment.resident_id or rows[referred].resident_id
        effects.made("appointments", [_appointment(session, visit, starts_at, ends_at, resident_id)])
    return effects


def _stop(session: Session, visit: Visit, reason: StopReason, since_at: datetime) -> list[int]:
    in_force = select(ContactStop.id).where(
        ContactStop.household_id == visit.household_id,
        ContactStop.resident_id.is_(None),
        ContactStop.reason == reason,
        ContactStop.lifted_at.is_(None),
    )
    if session.scalar(in_force):
        return []
    stop = ContactStop(household_id=visit.household_id, reason=reason, since_at=since_at, visit_id=visit.id)
    session.add(stop)
    session.flush()
    return [stop.id]


def _appointment(session: Session, visit: Visit, starts_at: datetime, ends_at: datetime, resident_id: int | None = None) -> int:
    row = Appointment(
        household_id=visit.household_id, resident_id=resident_id, at_police=resident_id is not None, starts_at=starts_at,
        ends_at=ends_at, visit_id=visit.id, made_at=visit.received_at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def _cancel_appointments(session: Session, household_id: int, after: datetime, at: datetime) -> list[int]:
    """Cancel the promised visits still ahead; appointments at the police desk are the resident's own."""
    rows = session.scalars(
        select(Appointment).where(
            Appointment.household_id == household_id,
            Appointment.at_police.is_(False),
            Appointment.cancelled_at.is_(None),
            Appointment.ends_at > after,
        )
    ).all()
    for row in rows:
        row.cancelled_at = at
    return [row.id for row in rows]


def withdraw_promises(session: Session, household: Household, campaign: CampaignView, at: datetime) -> list[int]:
    """Withdraw the assignments ahead that may not be kept any more, and return their ids.

    After a refusal none may; after an unanswered call none within 48 hours; after the last permitted attempt none; where
    an hour was promised none before it; where nothing is left to do none. What is over stays as it was: missed is missed.
    """
    return withdraw_promises_of(session, [household], campaign, at)[household.id]


def withdraw_promises_of(
    session: Session, households: Collection[Household], campaign: CampaignView, at: datetime
) -> dict[int, list[int]]:
    """Do `withdraw_promises` for several households; return the ids by household."""
    ids = [household.id for household in households]
    visits = visits_of(session, ids)
    stops = active_stops(session, ids)
    promised = promised_hours(session, ids, at)
    ahead = _ahead(session, ids, at, visits)
    withdrawn: dict[int, list[int]] = {}
    for household in households:
        mine = promised.get(household.id, [])
        standing = contact.standing(visits.get(household.id, []), stops.get(household.id, []), campaign.settings)
        withdrawn[household.id] = []
        for assignment in ahead.get(household.id, []):
            reason = _why_withdrawn(assignment, household, standing, mine, campaign)
            if reason:
                assignment.withdrawn_at, assignment.withdrawn_reason = at, reason
                withdrawn[household.id].append(assignment.id)
    session.flush()
    return withdrawn


def _why_withdrawn(
    assignment: Assignment,
    household: Household,
    standing: contact.ContactStanding,
    promised: list[tuple[datetime, datetime]],
    campaign: CampaignView,
) -> str:
    shift = assignment.shift
    asked_for = any(starts < shift.ends_at and shift.starts_at < ends for starts, ends in promised)
    forbidden = contact.may_knock(standing, assignment.starts_at, campaign.settings, promised=asked_for)
    if forbidden:
        return forbidden
    if household.open_needs == 0 and not asked_for:
        return "nothing_left"
    if promised and not asked_for:
        return "promised_other_hour"
    return ""


def _ahead(
    session: Session, household_ids: Collection[int], at: datetime, visits: Mapping[int, Collection[VisitFacts]]
) -> dict[int, list[Assignment]]:
    found: dict[int, list[Assignment]] = defaultdict(list)
    rows = session.scalars(
        select(Assignment)
        .join(WeekPlan, WeekPlan.id == Assignment.week_plan_id)
        .join(Shift, Shift.id == Assignment.shift_id)
        .where(
            Assignment.household_id.in_(household_ids),
            Assignment.withdrawn_at.is_(None),
            WeekPlan.state.in_((WeekState.PUBLISHED, WeekState.DRAFT)),
            Shift.ends_at > at,
        )
        .options(contains_eager(Assignment.shift))
        .order_by(Assignment.id)
    )
    for row in rows:
        promise = Promise(row.id, row.shift.starts_at, row.shift.ends_at)
        if not any(fulfils(v, promise) for v in visits.get(row.household_id, ())):
            found[row.household_id].append(row)
    return found


def active_stops(session: Session, household_ids: Collection[int]) -> dict[int, list[StopReason]]:
    """Return the reasons of the stops in force on whole households."""
    found: dict[int, list[StopReason]] = defaultdict(list)
    rows = session.execute(
        select(ContactStop.household_id, ContactStop.reason).where(
            ContactStop.household_id.in_(household_ids), ContactStop.resident_id.is_(None), ContactStop.lifted_at.is_(None)
        )
    )
    for household_id, reason in rows:
        found[household_id].append(reason)
    return found


def promised_hours(
    session: Session, household_ids: Collection[int], after: datetime
) -> dict[int, list[tuple[datetime, datetime]]]:
    """Return the promised visits not over at an instant, as spans, by household."""
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = session.execute(
        select(Appointment.household_id, Appointment.starts_at, Appointment.ends_at).where(
            Appointment.household_id.in_(household_ids),
            Appointment.at_police.is_(False),
            Appointment.cancelled_at.is_(None),
            Appointment.ends_at > after,
        )
    )
    for household_id, starts_at, ends_at in rows:
        found[household_id].append((starts_at, ends_at))
    return found
