"""Residents and households that volunteers found, added to the roster by the desk; keys as an import would make them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.errors import InvalidInput
from planner.domain.text import fold, match_key, printable, sort_key, squeeze
from planner.domain.vocabulary import AuditAction, BirthPrecision
from planner.models import Hamlet, Household, Resident
from planner.services import audit, needs, scope
from planner.services.intake.roster_records import resident_key, shortened
from planner.services.sync.context import Transmission
from planner.services.sync.telling import value_of


def add_resident(sending: Transmission, household_id: int, body: Mapping[str, Any]) -> int:
    """Add someone to a household and return their id."""
    household = scope.get_household(sending.session, sending.actor, household_id)
    name = squeeze(printable(body.get("name") or ""))
    if not name:
        raise InvalidInput("value_empty", field="name")
    birth = str(body["birth_year"]) if body.get("birth_year") else ""
    return _resident(sending, household, name, birth, body.get("phone") or "", body.get("note") or "")


def add_household(sending: Transmission, body: Mapping[str, Any], near_id: int | None, hamlet_id: int | None) -> int:
    """Add a household with its head and return its id."""
    session, actor = sending.session, sending.actor
    near = session.get(Household, near_id) if near_id is not None else None
    if hamlet_id is None and near is None:
        raise InvalidInput("desk_choose_one", field="hamlet")
    hamlet = scope.get_hamlet(session, actor, hamlet_id or (near.hamlet_id if near else 0))
    head, address = squeeze(printable(body.get("head_name") or "")), squeeze(printable(body.get("address") or ""))
    if not head:
        raise InvalidInput("value_empty", field="head_name")
    row = Household(
        commune_id=actor.commune_id, hamlet_id=hamlet.id, key=_household_key(session, actor.commune_id, hamlet, head, address),
        position=1 + (session.scalar(select(func.max(Household.position)).where(Household.commune_id == actor.commune_id)) or 0),
        head_name=head, address=address, lat=body.get("lat"), lon=body.get("lon"), note=printable(body.get("note") or "").strip(),
        sort=sort_key(head)[:300], search=fold(f"{head} {address}")[:600], lane=near.lane if near else "",
    )  # fmt: skip
    session.add(row)
    session.flush()
    _resident(sending, row, head, "", body.get("phone") or "", "")
    return row.id


def take_resident_back(sending: Transmission, resident_id: int) -> None:
    """Let someone who was added leave the roster again; what was done for them stays."""
    resident = sending.session.get_one(Resident, resident_id)
    resident.left_at = resident.left_at or sending.at
    _changed(sending, resident.household_id, "left_at")


def take_household_back(sending: Transmission, household_id: int) -> None:
    """Let a household that was added leave the roster again."""
    household = sending.session.get_one(Household, household_id)
    household.left_at = household.left_at or sending.at
    for resident in sending.session.scalars(select(Resident).where(Resident.household_id == household_id)):
        resident.left_at = resident.left_at or sending.at
    _changed(sending, household_id, "left_at")


def _resident(sending: Transmission, household: Household, name: str, birth: str, phone: str, note: str) -> int:
    session = sending.session
    key = resident_key(match_key(name), birth, household.key)
    taken = set(
        session.scalars(
            select(Resident.key).where(Resident.commune_id == household.commune_id, Resident.key.startswith(key, autoescape=True))
        )
    )
    position = session.scalar(select(func.max(Resident.position)).where(Resident.household_id == household.id)) or 0
    row = Resident(
        commune_id=household.commune_id, household_id=household.id, key=_free(key, taken), position=position + 1, name=name[:120],
        birth=birth, birth_precision=BirthPrecision.YEAR if birth else None, phone=value_of("phone", phone),
        note=printable(note).strip()[:1000],
    )  # fmt: skip
    session.add(row)
    household.search = f"{household.search} | {fold(name)}"[:600]
    session.flush()
    _changed(sending, household.id, "residents")
    return row.id


def _changed(sending: Transmission, household_id: int, what: str) -> None:
    sending.session.flush()
    needs.rebuild(sending.session, sending.actor.commune_id, sending.at, [household_id])
    audit.record(
        sending.session, sending.actor, AuditAction.HOUSEHOLD_CHANGED, "household", household_id, sending.at,
        after={"changed": [what]},
    )  # fmt: skip


def _household_key(session: Session, commune_id: int, hamlet: Hamlet, head: str, address: str) -> str:
    key = shortened(f"{match_key(hamlet.name)}|h:{match_key(head)}|{match_key(address)}", 190)
    taken = set(
        session.scalars(
            select(Household.key).where(Household.commune_id == commune_id, Household.key.startswith(key, autoescape=True))
        )
    )
    return _free(key, taken)


def _free(key: str, taken: set[str]) -> str:
    candidate, number = key, 2
    while candidate in taken:
        candidate, number = f"{key}~{number}", number + 1
    return candidate
