"""A correction takes back what the visit it corrects changed; what residents asked for there outlives it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import AccountState, NeedResult, NeedState, StopReason, WeekState
from planner.models import Appointment, Assignment, AuditEntry, ContactStop, Need, Resident, Visit, WeekPlan
from planner.services.outcome_effects import Effects
from planner.services.visit_forms import WITH_RESULTS, VisitForm


@dataclass(frozen=True)
class Kept:
    """What residents asked for at a visit and a correction leaves as it is."""

    stops: list[ContactStop] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)

    def pass_on(self, visit: Visit, effects: Effects) -> None:
        """Make them the correction's own, so that the next one finds them there."""
        rows: list[ContactStop | Appointment] = [*self.stops, *self.appointments]
        for row in rows:
            row.visit_id = visit.id
        effects.made("stops", [stop.id for stop in self.stops])
        effects.made("appointments", [appointment.id for appointment in self.appointments])


def take_back(session: Session, visit: Visit, form: VisitForm, at: datetime, *, lifts_stops: bool) -> Kept:
    """Take back what a visit changed, as far as nothing newer has changed it since; return what its correction leaves.

    Parameters
    ----------
    lifts_stops
        Whether the correction may take back that nobody is to come any more: a form that does not say it again does not unsay it.
    """
    kept = Kept()
    entry = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == "visit", AuditEntry.subject_id == visit.id)
        .order_by(AuditEntry.id)
        .limit(1)
    ).one_or_none()
    if entry is None or entry.before is None or entry.after is None:
        return kept
    before, after = entry.before, entry.after
    for need_id, state in after["needs"].items():
        need = session.get(Need, int(need_id))
        if need is not None and need.state == state:
            need.state, need.state_since_at = NeedState(before["needs"][need_id]), at
    for resident_id, account in after["accounts"].items():
        resident = session.get(Resident, int(resident_id))
        if resident is not None and resident.account == account:
            resident.account = AccountState(before["accounts"][resident_id])
    for resident_id, documents in after["documents"].items():
        resident = session.get(Resident, int(resident_id))
        if resident is not None:
            former = before["documents"][resident_id]
            resident.documents = _restored(dict(resident.documents), former, documents)
    for stop in _rows(session, ContactStop, after.get("stops", [])):
        if stop.reason is StopReason.DO_NOT_CONTACT and not lifts_stops:
            kept.stops.append(stop)
        else:
            stop.lifted_at, stop.lifted_because = stop.lifted_at or at, stop.lifted_because or "corrected"
    for appointment in _rows(session, Appointment, after.get("appointments", [])):
        if _is_left(session, appointment, form):
            kept.appointments.append(appointment)
        else:
            appointment.cancelled_at = appointment.cancelled_at or at
    for appointment in _rows(session, Appointment, after.get("cancelled_appointments", [])):
        appointment.cancelled_at = None
    _promise_again(session, after.get("withdrawn", []), at)
    session.flush()
    return kept


def _is_left(session: Session, appointment: Appointment, form: VisitForm) -> bool:
    """Tell whether an appointment at the police desk is one of which a correction says nothing, or that it stands."""
    if not appointment.at_police or form.police_appointment is not None or form.outcome not in WITH_RESULTS:
        return False
    needs = set(session.scalars(select(Need.id).where(Need.resident_id == appointment.resident_id)))
    said = [line.result for line in form.results if line.need_id in needs]
    return not said or NeedResult.REFERRED in said


def _restored(now: dict[str, str], before: dict[str, str], after: dict[str, str]) -> dict[str, str]:
    for name, value in after.items():
        if before.get(name) != value and now.get(name) == value:
            now.pop(name)
            if name in before:
                now[name] = before[name]
    return now


def _rows(session: Session, model: Any, ids: Collection[int]) -> list[Any]:
    return list(session.scalars(select(model).where(model.id.in_(ids)))) if ids else []


def _promise_again(session: Session, assignment_ids: Collection[int], at: datetime) -> None:
    """Put withdrawn promises back in force, where their shift is still ahead and nobody stands in for them."""
    replaced = set(
        session.scalars(select(Assignment.replaces_id).where(Assignment.replaces_id.in_(list(assignment_ids) or [-1])))
    )
    for assignment in _rows(session, Assignment, assignment_ids):
        week = session.get_one(WeekPlan, assignment.week_plan_id)
        in_force = week.state in (WeekState.PUBLISHED, WeekState.DRAFT) and assignment.shift.ends_at > at
        if in_force and assignment.id not in replaced:
            assignment.withdrawn_at, assignment.withdrawn_reason = None, ""
