"""Put households together from their members' rows, and freeze both."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from planner.sheets.drafts import Draft
from planner.sheets.reading import HouseholdRow, PersonRow


def assemble(drafts: Iterable[Draft]) -> tuple[tuple[PersonRow, ...], tuple[HouseholdRow, ...]]:
    """Return people and households of all rows that stay, in the order of the file."""
    members: dict[int, list[Draft]] = {}
    for draft in drafts:
        if not draft.dropped:
            members.setdefault(draft.household, []).append(draft)
    households: list[HouseholdRow] = []
    people: list[PersonRow] = []
    index_of: dict[int, int] = {}
    for number, rows in members.items():
        index_of[number] = len(households)
        households.append(_household(len(households), rows))
    for draft in drafts:
        if not draft.dropped:
            people.append(_person(draft, households[index_of[draft.household]]))
    return tuple(people), tuple(households)


def _household(index: int, rows: list[Draft]) -> HouseholdRow:
    head = next((d for d in rows if d.is_head and d.name), None)
    placed = next((d for d in rows if d.lat is not None), None)
    named = next((d.head_name for d in rows if d.head_name), "")
    languages = dict.fromkeys(language for d in rows for language in d.languages)
    return HouseholdRow(
        index,
        rows[0].hamlet,
        next((d.household_code or d.household_number for d in rows if d.household_code or d.household_number), ""),
        named or (head.name if head is not None else next((d.name for d in rows if d.name), "")),
        next((d.address for d in rows if d.address), ""),
        placed.lat if placed is not None else None,
        placed.lon if placed is not None else None,
        next((d.smartphone for d in rows if d.smartphone), ""),
        tuple(languages),
        rows[0].sheet,
        rows[0].row,
    )


def _person(draft: Draft, household: HouseholdRow) -> PersonRow:
    own = draft.lat is not None
    return PersonRow(
        draft.sheet,
        draft.row,
        household.index,
        household.hamlet,
        household.number,
        household.head_name,
        draft.name,
        draft.birth,
        draft.sex,
        draft.relation,
        draft.is_head,
        draft.address or household.address,
        draft.lat if own else household.lat,
        draft.lon if own else household.lon,
        draft.residence,
        draft.work,
        draft.account,
        MappingProxyType(draft.documents),
        draft.phone,
        draft.citizen_id,
        draft.smartphone or household.smartphone,
        draft.languages or household.languages,
        draft.note,
        draft.do_not_visit,
        draft.has_error,
    )
