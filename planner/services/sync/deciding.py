"""What the desk decides about reports from phones: record them, credited to whoever was there, or dismiss them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, InvalidInput
from planner.domain.text import printable, squeeze
from planner.domain.vocabulary import AuditAction, FieldDecisionKind, FieldKind, Outcome
from planner.models import FieldDecision, FieldEvent, Resident, User, Visit
from planner.services import audit, outcomes, scope
from planner.services.actors import Actor
from planner.services.sync import adding, clocks, finding, telling
from planner.services.sync.context import Transmission
from planner.services.sync.events import read
from planner.services.sync.reviewing import Report, is_final, report
from planner.services.sync.visiting import form_of
from planner.services.visit_forms import WITH_RESULTS, VisitForm

LONGEST_REASON = 300


def accept(session: Session, actor: Actor, report_id: int, at: datetime, hamlet_id: int | None = None) -> Report:
    """Record a report with all that follows from it, credited to whoever sent it; one recorded already is taken note of.

    What contradicts itself is recorded without the part that does not fit.

    Parameters
    ----------
    hamlet_id
        Where a household that was found stands; None: in the hamlet of the one it was found near.

    Raises
    ------
    Conflict
        ``decision_made``.
    InvalidInput
        It cannot be recorded, and why.
    """
    shown = _open(session, actor, report_id)
    if not shown.can_be_accepted:
        raise InvalidInput("found_household_first" if shown.waits_for_household else shown.code, field="report")
    row = session.get_one(FieldEvent, report_id)
    sender = session.get_one(User, row.user_id)
    sending = Transmission(session, actor, row.device_id, row.client, at)
    effect: dict[str, Any] = {}
    if shown.is_recorded:
        pass
    elif row.kind is FieldKind.VISIT:
        effect = {"visit": _record(sending, row, sender)}
    elif row.kind is FieldKind.FACTS:
        effect = _take_over_facts(sending, row)
    elif row.kind is FieldKind.FOUND_RESIDENT:
        effect = {"resident": adding.add_resident(sending, shown.household_id or 0, shown.body)}
    elif row.kind is FieldKind.FOUND_HOUSEHOLD:
        effect = {"household": adding.add_household(sending, shown.body, row.household_id, hamlet_id)}
    elif row.kind is FieldKind.AVAILABILITY:
        telling.apply_availability(sending, actor, sender.volunteer_id or 0, shown.body)
        effect = {"availability": True}
    return _decide(session, actor, report_id, FieldDecisionKind.ACCEPTED, "", effect, at)


def dismiss(session: Session, actor: Actor, report_id: int, reason: str, at: datetime) -> Report:
    """Leave a report at that: it stays in the ledger, and why is kept.

    Raises
    ------
    InvalidInput
        ``dismiss_needs_reason``, ``value_too_long``.
    """
    shown = _open(session, actor, report_id)
    said = squeeze(printable(reason))
    if not said and not shown.is_recorded:
        raise InvalidInput("dismiss_needs_reason", field="reason")
    if len(said) > LONGEST_REASON:
        raise InvalidInput("value_too_long", field="reason", longest=LONGEST_REASON)
    return _decide(session, actor, report_id, FieldDecisionKind.DISMISSED, said, {}, at)


def reopen(session: Session, actor: Actor, report_id: int, at: datetime) -> Report:
    """Take a decision back, with what it changed where that can be.

    Raises
    ------
    Conflict
        ``decision_not_made``; ``decision_final``: a visit was recorded, which is corrected at its household;
        ``decision_final_hours``: availability was, which is corrected in the grid.
    """
    shown = report(session, actor, report_id)
    if shown.is_open:
        raise Conflict("decision_not_made")
    _wait_for_others(session, report_id)
    latest = session.scalars(
        select(FieldDecision).where(FieldDecision.field_event_id == report_id).order_by(FieldDecision.id.desc()).limit(1)
    ).one()
    sending = Transmission(session, actor, None, 0, at)
    if is_final(latest):
        raise Conflict("decision_final_hours" if "availability" in latest.effect else "decision_final")
    if "facts" in latest.effect:
        _give_back_facts(sending, latest.effect)
    if "resident" in latest.effect and "facts" not in latest.effect:
        adding.take_resident_back(sending, latest.effect["resident"])
    if "household" in latest.effect:
        _take_household_back(sending, session.get_one(FieldEvent, report_id), latest.effect["household"])
    return _decide(session, actor, report_id, FieldDecisionKind.REOPENED, "", {}, at)


def _take_household_back(sending: Transmission, row: FieldEvent, household_id: int) -> None:
    """Let a new household leave the roster again; whoever was added to it waits with it."""
    for report_id in finding.people_added_to(sending.session, row, household_id):
        _decide(sending.session, sending.actor, report_id, FieldDecisionKind.REOPENED, "", {}, sending.at)
    adding.take_household_back(sending, household_id)


def _open(session: Session, actor: Actor, report_id: int) -> Report:
    actor.require_desk()
    report(session, actor, report_id)
    _wait_for_others(session, report_id)
    shown = report(session, actor, report_id)  # … and look again: another officer may have decided meanwhile
    if not shown.is_open:
        raise Conflict("decision_made")
    return shown


def _wait_for_others(session: Session, report_id: int) -> None:
    session.execute(select(FieldEvent.id).where(FieldEvent.id == report_id).with_for_update())


def _decide(
    session: Session, actor: Actor, report_id: int, kind: FieldDecisionKind, reason: str, effect: dict[str, Any], at: datetime
) -> Report:
    session.add(FieldDecision(field_event_id=report_id, kind=kind, reason=reason, at=at, by_id=actor.user_id, effect=effect))
    audit.record(
        session, actor, AuditAction.PHONE_REPORT_DECIDED, "field_event", report_id, at, after={"decision": kind.value}
    )  # fmt: skip
    session.flush()
    return report(session, actor, report_id)


def _record(sending: Transmission, row: FieldEvent, sender: User) -> int:
    """Record a visit for whoever reported it, as heard of when it came."""
    session, actor = sending.session, sending.actor
    event = read(row.sent, row.user_id)
    assert event.occurred_at is not None
    happened = clocks.reading(event.occurred_at, row.received_at, not_before=sending.campaign_began_at)
    form = _fitting(session, actor, form_of(row.event_id, event.body, happened.at), row.code)
    credit = outcomes.Credit(row.user_id, sender.volunteer_id, row.received_at)
    return outcomes.record_visit(session, actor, form, sending.at, credit).id


def _fitting(session: Session, actor: Actor, form: VisitForm, code: str) -> VisitForm:
    """Return the report without what contradicts itself or the roster."""
    fits = scope.assignments(actor)
    if form.assignment_uid is not None:
        promise = session.scalars(fits.where(fits.selected_columns.uid == form.assignment_uid.lower())).one_or_none()
        if promise is None or promise.household_id != form.household_id:
            form = replace(form, assignment_uid=None)
    if form.corrects_event_id is not None:
        wanted = select(Visit.id).where(Visit.event_id == form.corrects_event_id.lower(), Visit.household_id == form.household_id)
        corrected = session.scalar(wanted)
        taken = corrected is not None and session.scalar(select(Visit.id).where(Visit.corrects_id == corrected))
        if corrected is None or taken:
            form = replace(form, corrects_event_id=None)
    if form.outcome not in WITH_RESULTS or code in ("need_of_another_household", "result_not_possible", "need_twice"):
        form = replace(form, results=(), police_appointment=None)
    if code in ("appointment_without_referral", "span_reversed", "callback_in_the_past"):
        form = replace(form, police_appointment=None)
    if code.startswith("callback_") or code == "span_reversed" or form.outcome not in WITH_RESULTS:
        # Someone was spoken to, yet no hour is known: they were met.
        outcome = Outcome.MET if form.outcome is Outcome.CALLBACK else form.outcome
        form = replace(form, callback=None, outcome=outcome)
    return form


def _take_over_facts(sending: Transmission, row: FieldEvent) -> dict[str, Any]:
    body = row.sent["body"]
    resident = sending.session.scalars(
        scope.residents(sending.actor).where(Resident.id == body["resident_id"]).with_for_update(of=Resident)
    ).one_or_none()
    if resident is None:
        raise scope.missing("resident")
    changes = {
        name: telling.value_of(name, change["to"])
        for name, change in body["changes"].items()
        if telling.current(resident, name) != telling.value_of(name, change["to"])
    }
    before = {name: telling.current(resident, name) for name in changes}
    telling.set_facts(sending, sending.actor, resident, changes)
    return {"resident": resident.id, "facts": {name: [before[name], value] for name, value in changes.items()}}


def _give_back_facts(sending: Transmission, effect: dict[str, Any]) -> None:
    """Put former facts back, as far as nobody has changed them since."""
    resident = sending.session.get_one(Resident, effect["resident"])
    back = {
        name: telling.value_of(name, before)
        for name, (before, after) in effect["facts"].items()
        if telling.current(resident, name) == telling.value_of(name, after)
    }
    telling.set_facts(sending, sending.actor, resident, back)
