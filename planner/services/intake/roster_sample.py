"""A diff as the desk sees it before saying yes: counts, and enough rows to judge by."""

from __future__ import annotations

from typing import Any

from planner.services.intake.changelog import plain
from planner.services.intake.roster_diff import Change, Diff
from planner.services.intake.roster_records import Known
from planner.sheets.reading import RosterReading

SHOWN = 50  # rows a kind: more nobody reads on a page
_NOT_SHOWN = frozenset({"id_hash", "id_last3", "position", "sort", "search", "birth_precision"})


def sample(diff: Diff, reading: RosterReading, known: Known) -> dict[str, Any]:
    """Return counts and samples of a diff, as JSON keeps them."""
    moved = set(diff.moved)
    return {
        "counts": {
            "households_created": len(diff.new_households),
            "households_updated": len(diff.changed_households),
            "created": len(diff.new_residents),
            "updated": len(diff.changed_residents),
            "unchanged": diff.unchanged,
            "moved": len(diff.moved),
            "missing": len(diff.missing),
            "merged": len(diff.merged),
            "hamlets_created": len(diff.new_hamlets),
            "hamlets_renamed": len(diff.renamed_hamlets),
        },
        "created": [_person(reading, index) for index in diff.new_residents[:SHOWN]],
        "updated": [_change(known, change) for change in diff.changed_residents if change.id not in moved][:SHOWN],
        "moved": [_change(known, change) for change in diff.changed_residents if change.id in moved][:SHOWN],
        "households": [_household(known, change) for change in diff.changed_households][:SHOWN],
        "missing": [_known(known, row_id) for row_id in diff.missing[:SHOWN]],
        "merged": [_known(known, row_id) for row_id in list(diff.merged)[:SHOWN]],
        "hamlets_created": diff.new_hamlets,
        "hamlets_renamed": [[known.hamlets[row_id].name, name] for row_id, name in diff.renamed_hamlets.items()],
    }


def _person(reading: RosterReading, index: int) -> dict[str, Any]:
    person = reading.people[index]
    return {
        "sheet": person.sheet,
        "row": person.row,
        "hamlet": person.hamlet,
        "household": person.household_number,
        "name": person.name,
    }


def _known(known: Known, row_id: int) -> dict[str, Any]:
    resident = known.residents[row_id]
    household = known.households[resident.household_id]
    hamlet = known.hamlets[household.values["hamlet_id"]].name
    return {"id": row_id, "name": resident.values["name"], "hamlet": hamlet, "household": household.values["code"]}


def _change(known: Known, change: Change) -> dict[str, Any]:
    return {**_known(known, change.id), "fields": _fields(change)}


def _household(known: Known, change: Change) -> dict[str, Any]:
    household = known.households[change.id]
    return {
        "id": change.id,
        "household": household.values["code"],
        "head_name": household.values["head_name"],
        "fields": _fields(change),
    }


def _fields(change: Change) -> dict[str, list[Any]]:
    return {name: [plain(a), plain(b)] for name, (a, b) in change.fields.items() if name not in _NOT_SHOWN}
