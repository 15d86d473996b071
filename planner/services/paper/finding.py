"""Who was found at a door and written on the sheet becomes the report a phone would have sent: the desk looks at it, and adds.

The ids are made of the list, the row and what is said: typed twice, by whomever, it is one report.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import LOCAL
from planner.domain.errors import Conflict, InvalidInput, NotFound
from planner.domain.text import printable, squeeze
from planner.domain.vocabulary import FieldKind, FieldVerdict
from planner.models import FieldEvent, PaperList, PaperRow
from planner.services.actors import Actor
from planner.services.paper.lists import find
from planner.services.sync.receiving import receive_typed
from planner.services.sync.reviewing import is_open


@dataclass(frozen=True)
class FoundPerson:
    """Somebody the list did not know; of the row's household, or of a new one by its `household_uid`."""

    name: str
    birth_year: int | None = None
    phone: str = ""
    note: str = ""
    household_uid: str = ""


@dataclass(frozen=True)
class FoundHousehold:
    """A household the list did not know, near the row's."""

    head_name: str
    address: str
    phone: str = ""
    note: str = ""


@dataclass(frozen=True)
class Found:
    """What was entered of a row. `household_uid` is a new household's, or a person's who lives in one; `decided` by the desk."""

    kind: FieldKind
    name: str
    household_uid: str
    decided: bool


def enter_person(session: Session, actor: Actor, number: int, row: int, person: FoundPerson, at: datetime) -> bool:
    """Keep somebody who was found for the desk; False where that very report is there already.

    Raises
    ------
    NotFound
        ``paper_list_unknown``, ``paper_row_unknown``; ``paper_new_household_unknown``: none such was entered of this row.
    InvalidInput
        ``value_empty`` and those of a phone's report.
    """
    listed, line = _row(session, actor, number, row)
    _refuse_empty(name=person.name)
    uid = person.household_uid
    if uid:
        new_household(session, actor, number, row, uid)
    home = {"household_uid": uid} if uid else {"household_id": line.assignment.household_id}
    said = {"name": person.name, "birth_year": person.birth_year, "phone": person.phone, "note": person.note}
    return _keep(session, actor, (listed, line), FieldKind.FOUND_RESIDENT, "resident_uid", {**home, **said}, at)


def enter_household(session: Session, actor: Actor, number: int, row: int, house: FoundHousehold, at: datetime) -> bool:
    """Keep a household that was found for the desk; False where that very report is there already.

    Raises
    ------
    NotFound
        ``paper_list_unknown``, ``paper_row_unknown``.
    InvalidInput
        ``value_empty`` and those of a phone's report.
    """
    listed, line = _row(session, actor, number, row)
    _refuse_empty(head_name=house.head_name, address=house.address)
    said = {
        "near_household_id": line.assignment.household_id, "head_name": house.head_name, "address": house.address,
        "phone": house.phone, "lat": None, "lon": None, "note": house.note,
    }  # fmt: skip
    return _keep(session, actor, (listed, line), FieldKind.FOUND_HOUSEHOLD, "household_uid", said, at)


def found_of_row(session: Session, actor: Actor, number: int, row: int) -> tuple[Found, ...]:
    """Return who was entered of a row, households and people, in the order of entering."""
    _row(session, actor, number, row)
    typed = session.execute(
        select(FieldEvent, is_open())
        .where(
            FieldEvent.commune_id == actor.commune_id,
            FieldEvent.needs_look,
            FieldEvent.device_id.is_(None),
            FieldEvent.kind.in_((FieldKind.FOUND_RESIDENT, FieldKind.FOUND_HOUSEHOLD)),
        )
        .order_by(FieldEvent.id)
    )
    return tuple(_found(event, waits=waits) for event, waits in typed if event.effect.get("paper") == [number, row])


def new_household(session: Session, actor: Actor, number: int, row: int, uid: str) -> Found:
    """Return a household that was entered of a row.

    Raises
    ------
    NotFound
        ``paper_new_household_unknown``.
    """
    houses = (each for each in found_of_row(session, actor, number, row) if each.kind is FieldKind.FOUND_HOUSEHOLD)
    found = next((house for house in houses if house.household_uid == uid), None)
    if found is None:
        raise NotFound("paper_new_household_unknown", number=number, row=row)
    return found


def _row(session: Session, actor: Actor, number: int, row: int) -> tuple[PaperList, PaperRow]:
    listed = find(session, actor, number)
    line = next((line for line in listed.rows if line.number == row), None)
    if line is None:
        raise NotFound("paper_row_unknown", number=number, row=row, last=len(listed.rows))
    return listed, line


def _refuse_empty(**said: str) -> None:
    for field, text in said.items():
        if not squeeze(printable(text)):
            raise InvalidInput("value_empty", field=field)


def _keep(
    session: Session, actor: Actor, place: tuple[PaperList, PaperRow], kind: FieldKind, own_id: str, said: dict[str, Any],
    at: datetime,
) -> bool:  # fmt: skip
    listed, line = place
    space = uuid.UUID(listed.uid)
    content = json.dumps([line.number, kind.value, said], sort_keys=True)
    raw = {
        "event_id": str(uuid.uuid5(space, content)), "counter": 0, "kind": kind.value, "plan_version": None,
        "occurred_at": min(listed.shift.ends_at, at).astimezone(LOCAL).isoformat(),
        "body": {own_id: str(uuid.uuid5(space, f"{own_id}:{content}")), **said},
    }  # fmt: skip
    try:
        with session.begin_nested():
            verdict = receive_typed(session, actor, raw, at, (listed.number, line.number))
    except Conflict:
        return False  # somebody else has typed the very same
    return verdict.verdict is not FieldVerdict.DUPLICATE


def _found(event: FieldEvent, *, waits: bool) -> Found:
    body = event.sent.get("body") or {}
    name = str(body.get("name") or body.get("head_name") or "")
    return Found(event.kind, squeeze(printable(name)), str(body.get("household_uid") or ""), decided=not waits)
