"""What the database knows of a roster, taken into memory for comparing: plain records, one query a table."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.text import match_key
from planner.domain.vocabulary import AuditAction, NeedState
from planner.models import AuditEntry, Hamlet, Household, Need, Resident, Service, VisitResult
from planner.services.intake.progress import RowsDone
from planner.sheets.reading import HouseholdRow, PersonRow

_TOLD_EACH = 2_000  # residents between two signs of progress

RESIDENT_FIELDS = (
    "household_id", "position", "name", "birth", "birth_precision", "sex", "relation", "phone", "residence", "work", "account",
    "documents", "note", "id_hash", "id_last3", "left_at",
)  # fmt: skip
HOUSEHOLD_FIELDS = (
    "hamlet_id", "code", "position", "head_name", "address", "lane", "house_number", "lat", "lon", "languages", "smartphones",
    "search", "sort", "left_at",
)  # fmt: skip


@dataclass(slots=True)
class KnownResident:
    """A resident of the database; `who` is name and birth, by which another file knows them."""

    id: int
    key: str
    values: dict[str, Any]
    who: tuple[str, str] = ("", "")
    taught: frozenset[str] = frozenset()  # "account" and document names that a visit settled: newer than any roster

    @property
    def household_id(self) -> int:
        return int(self.values["household_id"])


@dataclass(slots=True)
class KnownHousehold:
    id: int
    key: str
    values: dict[str, Any]
    members: list[KnownResident] = field(default_factory=list)
    kept: frozenset[str] = frozenset()  # fields the desk put right by hand: newer than any roster


@dataclass(slots=True)
class KnownHamlet:
    id: int
    name: str
    name_key: str
    aliases: list[str]
    position: int


@dataclass(slots=True)
class Known:
    """The roster as the database has it."""

    hamlets: dict[int, KnownHamlet]
    households: dict[int, KnownHousehold]
    residents: dict[int, KnownResident]

    def hamlet_named(self, name: str) -> KnownHamlet | None:
        key = match_key(name)
        return next((h for h in self.hamlets.values() if h.name_key == key), None) or next(
            (h for h in self.hamlets.values() if key in h.aliases), None
        )


def load(session: Session, commune_id: int, progress: Callable[[float], None]) -> Known:
    """Return the commune's roster, those who left included: a person who comes back is the same person."""
    hamlets = {
        h.id: KnownHamlet(h.id, h.name, h.name_key, list(h.aliases), h.position)
        for h in session.scalars(select(Hamlet).where(Hamlet.commune_id == commune_id))
    }
    household_columns = [getattr(Household, name) for name in HOUSEHOLD_FIELDS]
    rows = session.execute(select(Household.id, Household.key, *household_columns).where(Household.commune_id == commune_id))
    households = {i: KnownHousehold(i, key, dict(zip(HOUSEHOLD_FIELDS, values, strict=True))) for i, key, *values in rows}
    for household_id, fields in _put_right(session, commune_id).items():
        if household_id in households:
            households[household_id].kept = frozenset(fields)
    taught = _taught(session, commune_id)
    resident_columns = [getattr(Resident, name) for name in RESIDENT_FIELDS]
    people = session.execute(
        select(Resident.id, Resident.key, *resident_columns).where(Resident.commune_id == commune_id).order_by(Resident.id)
    )
    residents: dict[int, KnownResident] = {}
    loaded = RowsDone(session.scalar(select(func.count()).where(Resident.commune_id == commune_id)) or 0, progress)
    for i, key, *values in people:
        if len(residents) % _TOLD_EACH == 0:
            loaded.add(_TOLD_EACH)
        facts = dict(zip(RESIDENT_FIELDS, values, strict=True))
        known = KnownResident(i, key, facts, (match_key(facts["name"]), facts["birth"]), frozenset(taught.get(i, ())))
        residents[i] = known
        households[known.household_id].members.append(known)
    return Known(hamlets, households, residents)


def _taught(session: Session, commune_id: int) -> dict[int, set[str]]:
    """Return which facts of whom a visit settled: an older roster must not take them back."""
    rows = session.execute(
        select(Need.resident_id, Service.rule, Service.document)
        .join(Service, Service.id == Need.service_id)
        .join(Resident, Resident.id == Need.resident_id)
        .where(Resident.commune_id == commune_id, Need.state == NeedState.DONE, Need.id.in_(select(VisitResult.need_id)))
    )
    taught: dict[int, set[str]] = defaultdict(set)
    for resident_id, rule, document in rows:
        taught[resident_id].add(document if rule == "document" else "account")
    return taught


def _put_right(session: Session, commune_id: int) -> dict[int, set[str]]:
    """Return which fields of which household the desk changed by hand."""
    rows = session.execute(
        select(AuditEntry.subject_id, AuditEntry.after).where(
            AuditEntry.commune_id == commune_id,
            AuditEntry.action == AuditAction.HOUSEHOLD_CHANGED,
            AuditEntry.subject == "household",
        )
    )
    fields: dict[int, set[str]] = defaultdict(set)
    for household_id, after in rows:
        fields[household_id] |= set((after or {}).get("changed", ()))
    return fields


# --- keys ----------------------------------------------------------------------------------------------------------


def household_key(row: HouseholdRow) -> str:
    """Return the key of a household: its hamlet and its number in the commune's book, or head and address without one."""
    mark = f"n:{match_key(row.number)}" if row.number else f"h:{match_key(row.head_name)}|{match_key(row.address)}"
    return shortened(f"{match_key(row.hamlet)}|{mark}", 190)


def resident_key(name_key: str, birth: str, household: str) -> str:
    """Return the key of a resident: name, birth, household."""
    return shortened(f"{name_key}|{birth}|{household}", 250)


def shortened(text: str, longest: int) -> str:
    """Return the text, or its beginning and a digest where it is too long for its column."""
    if len(text) <= longest:
        return text
    return f"{text[: longest - 21]}#{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def who(person: PersonRow) -> tuple[str, str]:
    return match_key(person.name), str(person.birth or "")


def unique(keys: Iterable[str]) -> list[str]:
    """Return the keys with repeats numbered, so that each stands once."""
    seen: dict[str, int] = defaultdict(int)
    out = []
    for key in keys:
        seen[key] += 1
        out.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return out


_HOUSE = re.compile(r"^(?:số nhà|nhà số|số)\s*(\d[\w/.-]*)$|^(\d+[\w/-]*)$", re.IGNORECASE)
_HOUSE_AND_LANE = re.compile(r"^(?:số nhà|nhà số|số)?\s*(\d+[A-Za-z]?(?:/\d+[A-Za-z]?)*)\s+(\D.*)$", re.IGNORECASE)


def address_parts(address: str, hamlet: str) -> tuple[str, str]:
    """Return (house number, lane) of an address: ``Số 12, ngõ 3, Thôn Hòa Bình`` → ``12``, ``ngõ 3``."""
    number, lane = "", ""
    for piece in (part.strip() for part in address.split(",")):
        if not piece or match_key(piece) == match_key(hamlet):
            continue
        house, both = _HOUSE.match(piece), _HOUSE_AND_LANE.match(piece)
        if house is not None and not number:
            number = house[1] or house[2]
        elif both is not None and not number:
            number, lane = both[1], lane or both[2]
        elif not lane:
            lane = piece
    return number[:40], lane[:120]
