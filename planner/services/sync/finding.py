"""Who was found at a door: kept for the desk, which alone adds to the roster.

People of a household that was itself only found name it by the id the phone gave it (`household_uid`): neither the phone
nor the paper has to wait until the desk has looked at the household.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.errors import InvalidInput
from planner.domain.text import printable, squeeze
from planner.domain.vocabulary import FieldDecisionKind, FieldKind, FieldVerdict
from planner.models import FieldDecision, FieldEvent, Household, Resident
from planner.services import scope
from planner.services.sync.context import Transmission
from planner.services.sync.events import Event
from planner.services.sync.verdicts import Taken, quarantined


@dataclass(frozen=True)
class NewHousehold:
    """A household that was found, and the household the desk has made of it, if it has."""

    head_name: str
    household_id: int | None


def take_found(sending: Transmission, event: Event) -> Taken:
    """Keep who was found for the desk.

    Raises
    ------
    InvalidInput
        ``field_missing``, ``value_of_wrong_kind``: a resident is of a household of the roster or of a new one.
    """
    body, uid = event.body, event.body.get("household_uid")
    named = body.get("near_household_id")
    if event.kind is FieldKind.FOUND_RESIDENT:
        named = body.get("household_id")
        if named is None and uid is None:
            raise InvalidInput("field_missing", field="body.household_id")
        if named is not None and uid is not None:
            raise InvalidInput("value_of_wrong_kind", field="body.household_uid")
    household_id = None
    if named is not None:
        mine = scope.recordable_households(sending.actor).with_only_columns(Household.id).where(Household.id == named)
        household_id = sending.session.scalar(mine)
        if household_id is None:
            return quarantined("unknown_household")
    if not squeeze(printable(body.get("name") or body.get("head_name") or "")):
        return quarantined("receipt_without_text" if event.receipt else "value_empty", household_id=household_id)
    return Taken(code="found", household_id=household_id, subject=subject_of(uid) if uid else "", needs_look=True)


def subject_of(household_uid: str) -> str:
    """Return what the ledger knows a new household and its people by."""
    return f"household:{household_uid.lower()}"


def new_households(session: Session, rows: Collection[FieldEvent]) -> dict[str, NewHousehold]:
    """Return the new households that reports of a commune on people name, by subject."""
    subjects = {row.subject for row in rows if row.kind is FieldKind.FOUND_RESIDENT and row.subject}
    if not subjects:
        return {}
    found = session.scalars(
        select(FieldEvent)
        .where(
            FieldEvent.commune_id.in_({row.commune_id for row in rows}),
            FieldEvent.needs_look,
            FieldEvent.subject.in_(subjects),
            FieldEvent.kind == FieldKind.FOUND_HOUSEHOLD,
            FieldEvent.verdict != FieldVerdict.CONFLICT,
        )
        .order_by(FieldEvent.id)
    ).all()
    made = _made_of(session, [row.id for row in found])
    return {row.subject: NewHousehold(_head_name(row.sent), made.get(row.id)) for row in found}


def _made_of(session: Session, report_ids: Collection[int]) -> dict[int, int]:
    """Return the household that was made of each report; the latest decision counts."""
    decisions = select(FieldDecision).where(FieldDecision.field_event_id.in_(report_ids)).order_by(FieldDecision.id)
    latest = {row.field_event_id: row for row in session.scalars(decisions)}
    return {
        report_id: row.effect["household"]
        for report_id, row in latest.items()
        if row.kind is FieldDecisionKind.ACCEPTED and "household" in row.effect
    }


def people_added_to(session: Session, row: FieldEvent, household_id: int) -> list[int]:
    """Return the reports on people of a new household who have been added to it."""
    if not row.subject:
        return []  # it came before people could be added to it
    reports = session.scalars(
        select(FieldEvent.id).where(
            FieldEvent.commune_id == row.commune_id,
            FieldEvent.needs_look,
            FieldEvent.subject == row.subject,
            FieldEvent.kind == FieldKind.FOUND_RESIDENT,
        )
    ).all()
    decisions = select(FieldDecision).where(FieldDecision.field_event_id.in_(reports)).order_by(FieldDecision.id)
    latest = {each.field_event_id: each for each in session.scalars(decisions)}
    added = {each.effect["resident"]: report_id for report_id, each in latest.items() if "resident" in each.effect}
    there = select(Resident.id).where(Resident.id.in_(added), Resident.household_id == household_id)
    return sorted(added[resident_id] for resident_id in session.scalars(there))


def _head_name(sent: Mapping[str, Any]) -> str:
    body = sent.get("body")
    name = body.get("head_name") if isinstance(body, dict) else ""
    return squeeze(printable(name)) if isinstance(name, str) else ""
