"""From a person or household of a reading to the values of a row. What the file leaves blank keeps what is known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from planner.domain.text import fold, sort_key
from planner.domain.vocabulary import AccountState, DocumentState, Residence, Work
from planner.services.intake.roster_records import KnownResident, address_parts
from planner.sheets.reading import HouseholdRow, PersonRow


def resident_values(person: PersonRow, position: int, old: KnownResident | None, id_hash: str | None) -> dict[str, Any]:
    """Return the values a resident's row should have.

    A blank never wipes out what is known, and a roster never takes back what a visit has settled since.
    """
    values: dict[str, Any] = {"position": position}
    texts = {"name": person.name[:120], "relation": person.relation[:60], "phone": person.phone, "note": person.note[:1000]}
    values |= {name: text for name, text in texts.items() if text or old is None}
    if person.birth is not None or old is None:
        values["birth"] = str(person.birth or "")
        values["birth_precision"] = person.birth.precision if person.birth is not None else None
    if person.sex is not None or old is None:
        values["sex"] = person.sex
    if person.residence is not Residence.UNKNOWN or old is None:
        values["residence"] = person.residence
    if person.work is not Work.UNKNOWN or old is None:
        values["work"] = person.work
    taught = old.taught if old is not None else frozenset()
    if (person.account is not AccountState.UNKNOWN and "account" not in taught) or old is None:
        values["account"] = person.account
    told = {
        name: state.value for name, state in person.documents.items() if state is not DocumentState.UNKNOWN and name not in taught
    }
    before = dict(old.values["documents"] or {}) if old is not None else {}
    unknown = dict.fromkeys(person.documents, DocumentState.UNKNOWN.value) if old is None else {}
    values["documents"] = {**unknown, **before, **told}
    if id_hash is not None or old is None:
        values["id_hash"] = id_hash
        values["id_last3"] = person.citizen_id[-3:] if id_hash is not None else None
    return values


def household_values(household: HouseholdRow, *, new: bool = False) -> dict[str, Any]:
    """Return the values a household's row should have; blanks only where the row is new."""
    house_number, lane = address_parts(household.address, household.hamlet)
    values: dict[str, Any] = {"position": household.index + 1}
    texts = {
        "code": household.number[:60],
        "head_name": household.head_name[:120],
        "address": household.address[:300],
        "lane": lane,
        "house_number": house_number,
        "sort": sort_key(household.head_name)[:300] if household.head_name else "",
    }
    values |= {name: text for name, text in texts.items() if text or new}
    if household.lat is not None or new:
        values["lat"], values["lon"] = household.lat, household.lon
    if household.languages or new:
        values["languages"] = list(household.languages)
    count = _smartphones(household.smartphone)
    if count is not None or new:
        values["smartphones"] = count
    return values


def search_text(household: HouseholdRow, members: Iterable[PersonRow]) -> str:
    """Return what the search box looks in: head, code, address and everybody's name, unaccented."""
    words = dict.fromkeys(
        fold(text) for text in (household.head_name, household.number, household.address, *(p.name for p in members))
    )
    return " | ".join(word for word in words if word)[:600]


def _smartphones(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    return {"yes": 1, "no": 0}.get(text)
