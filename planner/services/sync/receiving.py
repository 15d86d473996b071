"""Reports of phones come in: each is stored once, gets a verdict, and blocks no other.

A transmission is one transaction, each report in it a savepoint of its own. The ledger's unique id decides what is new;
looking beforehand only saves work. Nothing is acknowledged before the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from planner.domain.calendar import LOCAL
from planner.domain.errors import Busy, Conflict, InvalidInput, PlannerError
from planner.domain.vocabulary import FieldDecisionKind, FieldKind, FieldVerdict, Role
from planner.models import Database, Device, FieldDecision, FieldEvent, Household, User
from planner.services.actors import Actor
from planner.services.sequences import insert_new
from planner.services.sync import finding, settling, telling, visiting
from planner.services.sync.context import Transmission
from planner.services.sync.epoch import Life
from planner.services.sync.events import Event, conflicting_id, read
from planner.services.sync.verdicts import Taken, Verdict, quarantined
from planner.services.sync.waves import take_wave, waves

MOST_EVENTS = 50
log = structlog.get_logger("sync")

TAKERS: dict[FieldKind, Callable[[Transmission, Event], Taken]] = {
    FieldKind.VISIT: visiting.take_visit,
    FieldKind.FOUND_RESIDENT: finding.take_found,
    FieldKind.FOUND_HOUSEHOLD: finding.take_found,
    FieldKind.FACTS: telling.take_facts,
    FieldKind.AVAILABILITY: telling.take_availability,
    FieldKind.DECLINE: telling.take_coming,
    FieldKind.UNDECLINE: telling.take_coming,
}


class Sender(NamedTuple):
    """Who sends, from which seat, with which version of the app; `sent_at` is what the phone's clock says."""

    actor: Actor
    device_id: int | None
    client: int
    sent_at: datetime | None = None


class Received(NamedTuple):
    """The answer to a transmission. `epoch` is the life of the database in which its reports were stored."""

    epoch: str
    verdicts: tuple[Verdict, ...]


class _Known(Exception):
    """Another transaction stored this report between our look and our insert: what we did for it is undone."""


def receive_events(db: Database, life: Life, sender: Sender, events: Sequence[Any], at: datetime) -> Received:
    """Store reports and return their verdicts in the same order, after the commit.

    Raises
    ------
    Busy
        Nothing was stored, or not all: the same again gives every report its verdict.
    """
    sender.actor.require(Role.VOLUNTEER, Role.LEADER)
    reports = [read(raw, sender.actor.user_id or 0) for raw in events]
    try:
        return _receive(db, life, sender, reports, at)
    except DBAPIError as fault:
        log.warning("transmission_failed", kind=type(fault).__name__, events=len(reports))
    found: list[Received] = []
    for report in reports:  # one by one: what fails as a whole must not take the others with it
        try:
            found.append(_receive(db, life, sender, [report], at))
        except DBAPIError as fault:
            raise Busy("server_busy") from fault
    return Received(found[0].epoch, tuple(verdict for each in found for verdict in each.verdicts))


def _receive(db: Database, life: Life, sender: Sender, reports: Sequence[Event], at: datetime) -> Received:
    """Store reports in one transaction, in a life of the database that this process knows: one that went back begins another."""
    for _look_again in range(2):
        with db.begin() as session:
            epoch = life.seen(session)
            verdicts, latest = ((), 0) if epoch is None else _take_all(session, sender, reports, at)
        if epoch is not None:
            life.note(epoch, latest)
            return Received(epoch, verdicts)
        life.epoch(at)
    raise Busy("server_busy")


def receive_typed(session: Session, actor: Actor, raw: Mapping[str, Any], at: datetime, paper: tuple[int, int]) -> Verdict:
    """Store a report that the desk or a leader types from paper (list, row), as if a phone had sent it.

    Raises
    ------
    InvalidInput
        It cannot be read, or names what is not there: whoever types can still put it right.
    Conflict
        ``event_id_reused``: it was typed before, otherwise.
    """
    report = read(raw, actor.user_id or 0)
    if report.code:
        raise InvalidInput(report.code, field=report.field)
    sending = Transmission(session, actor, None, 0, at, paper=paper)
    _lock(sending, [report])
    known = _known(sending, [report])
    verdict = _one(sending, report, known)
    if verdict.verdict is FieldVerdict.CONFLICT:
        raise Conflict("event_id_reused", event_id=report.event_id)
    if verdict.verdict is FieldVerdict.QUARANTINED:
        raise InvalidInput(verdict.code, field=verdict.field)
    return verdict


def _take_all(session: Session, sender: Sender, reports: Sequence[Event], at: datetime) -> tuple[tuple[Verdict, ...], int]:
    """Store reports; return their verdicts and the number of the latest in the ledger."""
    verdicts: dict[int, Verdict] = {}
    sending = Transmission(session, sender.actor, sender.device_id, sender.client, at, sender.sent_at)
    _lock(sending, reports)
    known = _known(sending, reports)
    # The phone's own counting is the order in which things happened, whatever the order they come in.
    order = sorted(range(len(reports)), key=lambda i: (reports[i].counter or 0, i))
    for run in waves(reports, order):
        together = [reports[i] for i in run]
        new = len(run) > 1 and known.keys().isdisjoint(report.event_id for report in together)
        stored = _store_together(sending, together) if new else None
        for i in run:
            if stored is None:
                verdicts[i] = _one(sending, reports[i], known)
            else:
                verdicts[i] = Verdict.of(stored[reports[i].event_id])
        known |= stored or {}
    settling.settle(sending, known.values(), take)
    if sender.device_id is not None:
        session.execute(
            update(Device).where(Device.id == sender.device_id).values(contact_at=at, seen_at=at, client=sender.client)
        )
    latest = session.scalar(select(func.max(FieldEvent.id))) or 0
    return tuple(verdicts[i] for i in range(len(reports))), latest


def _store_together(sending: Transmission, reports: Sequence[Event]) -> dict[str, FieldEvent] | None:
    """Store plain visits in a few statements, and return their rows by id; None where they are to go one by one."""
    try:
        with sending.session.begin_nested():
            taken = take_wave(sending, reports)
            if taken is None:
                return None
            rows = {report.event_id: _values(sending, report, report.event_id, taken[report.event_id]) for report in reports}
            if insert_new(sending.session, FieldEvent, list(rows.values())) < len(rows):
                raise _Known
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:  # one of them does not fit, or is there already: each finds out by itself
        log.info("not_together", kind=type(fault).__name__, reports=len(reports))
        return None
    return {event_id: FieldEvent(**values) for event_id, values in rows.items()}


def _lock(sending: Transmission, reports: Sequence[Event]) -> None:
    """Let two tabs of one person, and two crews at one household, wait for each other; always in the same order."""
    session = sending.session
    if session.get_bind().dialect.name == "sqlite":
        return  # one writer at a time as it is
    session.execute(select(User.id).where(User.id == sending.actor.user_id).with_for_update(key_share=True))
    households = sorted({report.household_id for report in reports if report.household_id})
    if households:
        wanted = select(Household.id).where(Household.id.in_(households), Household.commune_id == sending.actor.commune_id)
        session.execute(wanted.order_by(Household.id).with_for_update())


def _known(sending: Transmission, reports: Sequence[Event]) -> dict[str, FieldEvent]:
    ids = {report.event_id for report in reports} | {conflicting_id(report) for report in reports}
    rows = sending.session.scalars(select(FieldEvent).where(FieldEvent.event_id.in_(ids)))
    return {row.event_id: row for row in rows}


def _one(sending: Transmission, report: Event, known: dict[str, FieldEvent]) -> Verdict:
    row = known.get(report.event_id)
    if row is None:
        try:
            row = known[report.event_id] = _store(sending, report)
            return Verdict.of(row)
        except _Known:
            rows = select(FieldEvent).where(FieldEvent.event_id == report.event_id)
            row = known[report.event_id] = sending.session.scalars(rows).one()
    if row.body_hash == report.hash and row.user_id == sending.actor.user_id:
        return Verdict.of(row, again=True)
    return _conflict(sending, report, known)


def _store(sending: Transmission, report: Event) -> FieldEvent:
    try:
        with sending.session.begin_nested():
            row = _insert(sending, report, report.event_id, take(sending, report))
            if row is None:
                raise _Known
            return row
    except PlannerError as fault:
        field = str(fault.facts.get("field", ""))
        taken = quarantined(fault.code, _existing_household(sending, report), effect={"field": field})
    except (_Known, OperationalError, InterfaceError):
        raise
    except Exception as fault:  # a defect of ours: the report is kept, and the others go on
        log.error("report_failed", kind=type(fault).__name__, report=report.event_id)
        taken = quarantined("report_failed", _existing_household(sending, report))
    row = _insert(sending, report, report.event_id, taken)
    if row is None:
        raise _Known
    return row


def take(sending: Transmission, report: Event) -> Taken:
    """Do what follows from one report, and say what became of it."""
    if report.code or report.kind is FieldKind.UNREADABLE:
        code = report.code or "report_unreadable"
        return quarantined(code, _existing_household(sending, report), effect={"field": report.field})
    return TAKERS[report.kind](sending, report)


def _conflict(sending: Transmission, report: Event, known: dict[str, FieldEvent]) -> Verdict:
    """Keep a report whose id is taken, under an id made of its content: the desk sees both."""
    event_id = conflicting_id(report)
    if event_id not in known:
        taken = Taken(FieldVerdict.CONFLICT, "id_taken", household_id=_existing_household(sending, report), needs_look=True)
        row = _insert(sending, report, event_id, taken)
        known[event_id] = (
            row or sending.session.scalars(select(FieldEvent).where(FieldEvent.event_id == event_id)).one()
        )  # fmt: skip
    return Verdict.of(known[event_id])


def _existing_household(sending: Transmission, report: Event) -> int | None:
    if report.household_id is None:
        return None
    mine = select(Household.id).where(Household.id == report.household_id, Household.commune_id == sending.actor.commune_id)
    return sending.session.scalar(mine)


def _insert(sending: Transmission, report: Event, event_id: str, taken: Taken) -> FieldEvent | None:
    """Insert a report with its verdict; None where its id is taken. The database decides."""
    session = sending.session
    row_id = session.scalar(_new(sending).values(**_values(sending, report, event_id, taken)).returning(FieldEvent.id))
    if row_id is None:
        return None
    settled = taken.effect.get("settles")
    if settled:
        session.add(FieldDecision(field_event_id=settled, kind=FieldDecisionKind.SETTLED, at=sending.at, reason="corrected"))
    return session.get_one(FieldEvent, row_id)


def _new(sending: Transmission) -> Any:
    insert = sqlite.insert if sending.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(FieldEvent).on_conflict_do_nothing(index_elements=["event_id"])


def _values(sending: Transmission, report: Event, event_id: str, taken: Taken) -> dict[str, Any]:
    occurred_at = report.occurred_at or sending.at.astimezone(LOCAL)
    offset = occurred_at.utcoffset()
    flags = taken.flags if report.receipt is None else (*taken.flags, "from_receipt")
    return {
        "event_id": event_id, "sent_id": report.sent_id, "body_hash": report.hash, "kind": report.kind, "sent": report.sent,
        "commune_id": sending.actor.commune_id, "user_id": sending.actor.user_id, "device_id": sending.device_id,
        "client": sending.client, "counter": report.counter, "plan_version": report.plan_version,
        "occurred_at": occurred_at.astimezone(UTC), "offset_minutes": int(offset.total_seconds() // 60) if offset else 0,
        "received_at": sending.at, "verdict": taken.verdict, "code": taken.code, "flags": list(flags),
        "household_id": taken.household_id, "visit_id": taken.visit_id, "subject": taken.subject, "waits_for": taken.waits_for,
        "effect": {**taken.effect, **({"paper": list(sending.paper)} if sending.paper else {})}, "needs_look": taken.needs_look,
    }  # fmt: skip
