"""A visit reported by a phone: whose it was, whether it was planned, and its effects. The truth is never refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain.calendar import local_date, monday_of
from planner.domain.vocabulary import FieldVerdict, NeedResult, Outcome, WeekState
from planner.models import Assignment, FieldEvent, Household, Shift, Visit, WeekPlan
from planner.services import outcomes, scope
from planner.services.actors import Actor
from planner.services.sync import clocks, police, settling
from planner.services.sync.context import Transmission
from planner.services.sync.events import Event
from planner.services.sync.shapes import PERIODS
from planner.services.sync.verdicts import Taken, quarantined
from planner.services.visit_forms import Callback, PoliceAppointment, ResultLine, VisitForm

POLICE_VISIT = timedelta(hours=1)  # how long the police desk expects someone for, ASSUMPTION


def take_visit(sending: Transmission, event: Event) -> Taken:
    """Record a visit as far as it is this person's to report; else keep it for the desk."""
    session, actor = sending.session, sending.actor
    household = _household(session, actor, event)
    if household is None:
        return quarantined("unknown_household")
    if (
        session.scalar(scope.recordable_households(actor).with_only_columns(Household.id).where(Household.id == household))
        is None
    ):
        return quarantined("household_never_yours", household_id=household)
    corrects = event.body.get("corrects_event_id")
    original = _original(session, actor, corrects) if corrects else None
    if corrects and (original is None or _waits(sending, original)):
        return quarantined("corrects_unknown", household_id=household, waits_for=str(corrects).lower())
    assignment = assignment_of(session, actor, event.body.get("assignment_uid"))
    code = _off(session, actor, event, assignment)
    read = read_clock(sending, event, assignment)
    form = form_of(event.event_id, event.body, read.at)
    if assignment is None:
        form = replace(form, assignment_uid=None)
    if isinstance(original, FieldEvent):  # what it corrects was never recorded: this stands for both
        form = replace(form, corrects_event_id=None)
    visit = outcomes.record_visit(session, actor, form, sending.at)
    full = form.police_appointment is not None and police.is_full(session, sending.campaign, form.police_appointment.span()[0])
    return Taken(
        FieldVerdict.OFF_ASSIGNMENT if code else FieldVerdict.ACCEPTED,
        code or "stored",
        (*read.flags, *late_flags(sending, assignment, read.at), *(["desk_full"] if full else [])),
        household,
        visit.id,
        effect={"settles": original.id} if isinstance(original, FieldEvent) else {},
        needs_look=bool(code) or full,
    )


def form_of(event_id: str, body: Mapping[str, Any], occurred_at: datetime) -> VisitForm:
    """Return the report that `outcomes.record_visit` takes."""
    return VisitForm(
        event_id=event_id,
        household_id=body["household_id"],
        outcome=Outcome(body["outcome"]),
        occurred_at=occurred_at,
        assignment_uid=body.get("assignment_uid"),
        results=tuple(
            ResultLine(
                line["need_id"], NeedResult(line["result"]), line.get("reason") or "", line.get("own_device"),
                line.get("teach_back"),
            )
            for line in body.get("results") or ()
        ),
        note=body.get("note") or "",
        callback=_callback(body.get("callback")),
        police_appointment=_police(body.get("police_appointment")),
        corrects_event_id=body.get("corrects_event_id"),
        stop_whole_household=bool(body.get("stop_whole_household")),
    )  # fmt: skip


def assignment_of(session: Session, actor: Actor, uid: str | None) -> Assignment | None:
    """Return the promise a report names, if this person may report on it."""
    if not uid:
        return None
    query = scope.recordable_assignments(actor).where(Assignment.uid == uid.lower())
    return session.scalars(query.options(joinedload(Assignment.shift))).one_or_none()


def read_clock(sending: Transmission, event: Event, assignment: Assignment | None) -> clocks.Reading:
    """Return the best that is known of when a reported visit was."""
    assert event.occurred_at is not None
    not_before = sending.campaign_began_at
    if assignment is not None:
        published_at = sending.first_published_at(monday_of(assignment.shift.on_date))
        not_before = max(not_before, published_at) if published_at else not_before
    return clocks.reading(event.occurred_at, sending.at, not_before=not_before, sent_at=sending.sent_at)


def _household(session: Session, actor: Actor, event: Event) -> int | None:
    known = select(Household.id).where(Household.id == event.household_id, Household.commune_id == actor.commune_id)
    return session.scalar(known)


def _original(session: Session, actor: Actor, event_id: str) -> Visit | FieldEvent | None:
    """Return what a correction corrects: the visit, or a report of this person that never became one."""
    wanted = event_id.lower()
    visit = session.scalars(select(Visit).where(Visit.event_id == wanted)).one_or_none()
    if visit is not None:
        return visit
    return session.scalars(
        select(FieldEvent).where(
            FieldEvent.event_id == wanted,
            FieldEvent.user_id == actor.user_id,
            FieldEvent.visit_id.is_(None),
            FieldEvent.verdict == FieldVerdict.QUARANTINED,
        )
    ).one_or_none()


def _waits(sending: Transmission, original: Visit | FieldEvent) -> bool:
    """Tell whether what is corrected waits itself for what it corrects: standing for both, this would come before the first."""
    return isinstance(original, FieldEvent) and original.waits_for is not None and not settling.decided(sending, original)


def _off(session: Session, actor: Actor, event: Event, assignment: Assignment | None) -> str:
    """Return why a visit is off the plan; "" where it is on it."""
    if assignment is None:
        return "no_assignment"
    if assignment.withdrawn_at is None:
        return ""
    others = (
        select(Assignment.id)
        .join(WeekPlan, WeekPlan.id == Assignment.week_plan_id)
        .join(Shift, Shift.id == Assignment.shift_id)
        .where(
            Assignment.household_id == event.household_id,
            Assignment.withdrawn_at.is_(None),
            Assignment.id != assignment.id,
            WeekPlan.state == WeekState.PUBLISHED,
        )
    )
    return "reassigned" if session.scalar(others.limit(1)) is not None else "withdrawn"


def late_flags(sending: Transmission, assignment: Assignment | None, happened_at: datetime) -> tuple[str, ...]:
    """Return whether a report came after its shift and grace, and whether its week was closed."""
    grace = timedelta(minutes=sending.campaign.settings.grace_minutes)
    monday = monday_of(assignment.shift.on_date if assignment else local_date(happened_at))
    found = []
    if assignment is not None and sending.at > assignment.shift.ends_at + grace:
        found.append("late")
    if monday in sending.closed_mondays:
        found.append("week_closed")
    return tuple(found)


def _callback(said: Mapping[str, Any] | None) -> Callback | None:
    if not said:
        return None
    period = said.get("period")
    return Callback(
        date.fromisoformat(said["on_date"]), PERIODS[period] if period else None,
        _hour(said.get("starts")), _hour(said.get("ends")),
    )  # fmt: skip


def _police(said: Mapping[str, Any] | None) -> PoliceAppointment | None:
    if not said:
        return None
    on_date, starts = date.fromisoformat(said["on_date"]), time.fromisoformat(said["starts"])
    return PoliceAppointment(on_date, starts, (datetime.combine(on_date, starts) + POLICE_VISIT).time(), said.get("resident_id"))


def _hour(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
