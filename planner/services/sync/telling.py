"""What else phones report: facts of residents, when someone can come. Who was found: `finding`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from planner.domain.calendar import local_date, monday_of
from planner.domain.errors import InvalidInput
from planner.domain.text import printable
from planner.domain.vocabulary import AuditAction, FieldVerdict, Period, WeekState, Work
from planner.models import FieldEvent, Household, Resident, Shift, ShiftMember, WeekPlan
from planner.services import audit, needs, scope, volunteers
from planner.services.actors import Actor
from planner.services.sync.context import Transmission
from planner.services.sync.events import Event
from planner.services.sync.shapes import PERIODS
from planner.services.sync.verdicts import Taken, quarantined

# A week with any of these is planned: from then on the desk decides about availability.
PLANNED = (WeekState.DRAFT, WeekState.PUBLISHED, WeekState.SUPERSEDED, WeekState.CLOSED)
COLUMN = {"phone": "phone", "smartphone": "smartphone", "working_pattern": "work"}


def take_facts(sending: Transmission, event: Event) -> Taken:
    """Merge facts field by field: what nobody else has changed is taken over, the rest is for the desk."""
    session, actor = sending.session, sending.actor
    resident = session.scalars(
        select(Resident)
        .where(
            Resident.id == event.body["resident_id"],
            Resident.household_id.in_(scope.recordable_households(actor).with_only_columns(Household.id)),
        )
        .with_for_update(of=Resident)
    ).one_or_none()
    if resident is None:
        return quarantined("unknown_resident")
    changed, clashing = {}, []
    for name, change in event.body["changes"].items():
        now, wanted = current(resident, name), value_of(name, change["to"])
        if now == wanted:
            continue
        if now == value_of(name, change.get("from")):
            changed[name] = wanted
        else:
            clashing.append(name)
    set_facts(sending, actor, resident, changed)
    effect = {"changed": sorted(changed), "clashing": sorted(clashing)}
    if clashing:
        return quarantined("fact_changed_elsewhere", household_id=resident.household_id, effect=effect)
    return Taken(household_id=resident.household_id, effect=effect)


def set_facts(sending: Transmission, actor: Actor, resident: Resident, changes: Mapping[str, Any]) -> None:
    """Take over facts of a resident: groups follow from them."""
    if not changes:
        return
    for name, value in changes.items():
        setattr(resident, COLUMN[name], value)
    sending.session.flush()
    needs.rebuild(sending.session, actor.commune_id, sending.at, [resident.household_id])
    audit.record(  # which, not what: phone numbers are personal
        sending.session, actor, AuditAction.HOUSEHOLD_CHANGED, "household", resident.household_id, sending.at,
        after={"resident": resident.id, "changed": sorted(changes)},
    )  # fmt: skip


def current(resident: Resident, name: str) -> Any:
    """Return a fact as it is known now."""
    value = getattr(resident, COLUMN[name])
    return value_of(name, value) if name == "phone" else value  # however the roster writes it


def value_of(name: str, said: Any) -> Any:
    """Return a fact as the database keeps it."""
    if name == "working_pattern":
        return Work(said) if said else Work.UNKNOWN
    if name == "phone":
        return "".join(c for c in printable(said or "") if c.isdigit() or c == "+")[:20]
    return said


def take_availability(sending: Transmission, event: Event) -> Taken:
    """Take over when someone can come in a week that is not planned yet."""
    monday = date.fromisoformat(event.body["monday"])
    if monday_of(monday) != monday:
        raise InvalidInput("not_in_that_week", field="body.monday")
    subject = f"availability:{monday}"
    if _overtaken(sending, event, subject):
        return Taken(code="overtaken", subject=subject)
    if closed_because(sending, monday):
        return quarantined("availability_closed")
    apply_availability(sending, sending.actor, sending.actor.volunteer_id or 0, event.body)
    return Taken(subject=subject)


def closed_because(sending: Transmission, monday: date) -> str:
    """Return why a week's availability is closed; "" while it is open."""
    if monday < monday_of(local_date(sending.at)):
        return "past"
    planned = select(WeekPlan.state).where(
        WeekPlan.campaign_id == sending.campaign.id, WeekPlan.monday == monday, WeekPlan.state.in_(PLANNED)
    )
    states = set(sending.session.scalars(planned))
    if states:
        return "drafted" if states == {WeekState.DRAFT} else "published"
    return "closed" if volunteers.is_closed(sending.session, sending.actor.commune_id, monday) else ""


def apply_availability(sending: Transmission, actor: Actor, volunteer_id: int, body: Mapping[str, Any]) -> None:
    """Say for a week who can come when; days gone by stay as they were."""
    monday, today = date.fromisoformat(body["monday"]), local_date(sending.at)
    said = {(date.fromisoformat(key[:10]), PERIODS[key[11:]]) for key in body["free"]}
    (row,) = volunteers.availability_grid(sending.session, actor, monday, volunteer_ids=[volunteer_id]).page.rows
    before = {(c.on_date, c.period) for c in row.cells if c.available and c.on_date < today}
    free = before | {(day, period) for day, period in said if day >= today}
    volunteers.set_availability(sending.session, actor, monday, {volunteer_id: free}, sending.at)


def take_coming(sending: Transmission, event: Event) -> Taken:
    """Tell the desk that someone cannot come to a shift of theirs, or can after all."""
    session, actor = sending.session, sending.actor
    shift = session.execute(
        select(Shift.on_date, Shift.period)
        .join(ShiftMember, ShiftMember.shift_id == Shift.id)
        .join(WeekPlan, WeekPlan.id == Shift.week_plan_id)
        .where(
            Shift.id == event.body["shift_id"],
            ShiftMember.volunteer_id == actor.volunteer_id,
            WeekPlan.campaign_id == sending.campaign.id,
            WeekPlan.state.in_((WeekState.PUBLISHED, WeekState.SUPERSEDED, WeekState.CLOSED)),
        )
    ).one_or_none()
    if shift is None:
        return quarantined("unknown_shift")
    subject = f"coming:{shift.on_date}_{shift.period.value}"
    if _overtaken(sending, event, subject):
        return Taken(code="overtaken", subject=subject)
    moment: tuple[date, Period] = (shift.on_date, shift.period)
    if event.kind == "decline":
        reason = event.body.get("reason") or ""
        volunteers.mark_absent(session, actor, actor.volunteer_id or 0, *moment, reason, sending.at)
        return Taken(code="declined", subject=subject, needs_look=True)
    volunteers.mark_present(session, actor, actor.volunteer_id or 0, *moment, sending.at)
    return Taken(subject=subject)


def _overtaken(sending: Transmission, event: Event, subject: str) -> bool:
    """Tell whether the same phone has said later, by its own counting, what is being said now."""
    later = select(FieldEvent.id).where(
        FieldEvent.user_id == sending.actor.user_id,
        FieldEvent.device_id == sending.device_id,
        FieldEvent.subject == subject,
        FieldEvent.verdict == FieldVerdict.ACCEPTED,
        FieldEvent.counter > (event.counter or 0),
    )
    return sending.session.scalar(later.limit(1)) is not None
