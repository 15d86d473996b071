"""Compare a reading with the roster we have: who is new, who changed, who moved, who is missing; nothing is written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from planner.services.intake.roster_matching import Matcher
from planner.services.intake.roster_records import Known, who
from planner.services.intake.roster_values import household_values, resident_values
from planner.sheets.reading import RosterReading

RENAMED_SHARE = 0.8  # of a hamlet's matched households under one new name: the hamlet was renamed, not moved


@dataclass(frozen=True, slots=True)
class Change:
    """A row that stays but says something else: field → (before, after)."""

    id: int
    fields: dict[str, tuple[Any, Any]]


@dataclass(slots=True)
class Diff:
    """What applying a reading would do. Indexes point into the reading's people and households."""

    household_of: dict[int, int] = field(default_factory=dict)  # household index → id of the one it is
    resident_of: dict[int, int] = field(default_factory=dict)  # person index → id of the one they are
    new_households: list[int] = field(default_factory=list)
    new_residents: list[int] = field(default_factory=list)
    changed_households: list[Change] = field(default_factory=list)
    changed_residents: list[Change] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)  # ids of residents now in another household
    unchanged: int = 0
    new_hamlets: list[str] = field(default_factory=list)
    renamed_hamlets: dict[int, str] = field(default_factory=dict)  # hamlet id → new name
    missing: list[int] = field(default_factory=list)  # ids of residents of the file's hamlets whom it does not name
    merged: dict[int, int] = field(default_factory=dict)  # id of a resident entered twice → id of the one who stays

    @property
    def nothing(self) -> bool:
        return not (
            self.new_households
            or self.new_residents
            or self.changed_households
            or self.changed_residents
            or self.new_hamlets
            or self.renamed_hamlets
            or self.merged
        )


def compare(
    reading: RosterReading, known: Known, id_hashes: dict[int, str], at: datetime, progress: Callable[[float], None]
) -> Diff:
    """Return what an import of the reading would change.

    Parameters
    ----------
    id_hashes
        Person index → keyed hash of the ID number; empty unless the campaign opted in.
    at
        When residents who are back count as back.
    """
    diff = Diff()
    matcher = Matcher(reading, known, id_hashes)
    matcher.run()
    progress(0.4)
    diff.household_of, diff.resident_of = matcher.household_of, matcher.resident_of
    diff.new_households = [h.index for h in reading.households if h.index not in diff.household_of]
    diff.new_residents = [i for i in range(len(reading.people)) if i not in diff.resident_of]
    _hamlets(diff, reading, known)
    _changes(diff, reading, known, id_hashes)
    progress(0.9)
    _missing(diff, reading, known)
    return diff


def _hamlets(diff: Diff, reading: RosterReading, known: Known) -> None:
    """Tell hamlets that are new from hamlets that have a new name."""
    new = [name for name in reading.hamlets if known.hamlet_named(name) is None]
    present = {hamlet.id for name in reading.hamlets if (hamlet := known.hamlet_named(name)) is not None}
    homes: dict[str, Counter[int]] = {name: Counter() for name in new}
    sizes = Counter(h.values["hamlet_id"] for h in known.households.values() if h.values["left_at"] is None)
    for household in reading.households:
        if household.hamlet in homes and household.index in diff.household_of:
            homes[household.hamlet][known.households[diff.household_of[household.index]].values["hamlet_id"]] += 1
    for name in new:
        old_id, count = homes[name].most_common(1)[0] if homes[name] else (0, 0)
        if old_id and old_id not in present and old_id not in diff.renamed_hamlets and count >= RENAMED_SHARE * sizes[old_id]:
            diff.renamed_hamlets[old_id] = name
        else:
            diff.new_hamlets.append(name)


def _changes(diff: Diff, reading: RosterReading, known: Known, id_hashes: dict[int, str]) -> None:
    renamed = {name: hamlet_id for hamlet_id, name in diff.renamed_hamlets.items()}
    for household in reading.households:
        known_id = diff.household_of.get(household.index)
        if known_id is None:
            continue
        old = known.households[known_id]
        hamlet = known.hamlet_named(household.hamlet)
        hamlet_id = renamed.get(household.hamlet) or (hamlet.id if hamlet is not None else None)
        wanted = household_values(household)
        wanted["hamlet_id"] = hamlet_id if hamlet_id is not None else f"new:{household.hamlet}"
        wanted["left_at"] = None
        fields = _differences(old.values, {name: value for name, value in wanted.items() if name not in old.kept})
        if "head_name" not in fields:
            fields.pop("sort", None)
        if fields:
            diff.changed_households.append(Change(known_id, fields))
    position: Counter[int] = Counter()
    for index, person in enumerate(reading.people):
        position[person.household] += 1
        known_resident = diff.resident_of.get(index)
        if known_resident is None:
            continue
        resident = known.residents[known_resident]
        wanted = resident_values(person, position[person.household], resident, id_hashes.get(index))
        home = diff.household_of.get(person.household)
        wanted["household_id"] = home if home is not None else f"new:{person.household}"
        wanted["left_at"] = None
        fields = _differences(resident.values, wanted)
        if "household_id" in fields:
            diff.moved.append(known_resident)
        if fields:
            diff.changed_residents.append(Change(known_resident, fields))
        else:
            diff.unchanged += 1


def _differences(old: dict[str, Any], wanted: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (old[name], value) for name, value in wanted.items() if old[name] != value}


def _missing(diff: Diff, reading: RosterReading, known: Known) -> None:
    """List residents of the file's hamlets who are not in it; those named elsewhere in it were entered twice."""
    covered = {
        hamlet.id for name in reading.hamlets if (hamlet := known.hamlet_named(name)) is not None
    } | diff.renamed_hamlets.keys()
    named = {who(person): i for i, person in enumerate(reading.people) if person.name and len(str(person.birth or "")) == 10}
    found = set(diff.resident_of.values())
    for resident in known.residents.values():
        if resident.id in found or resident.values["left_at"] is not None:
            continue
        if known.households[resident.household_id].values["hamlet_id"] not in covered:
            continue
        twin = diff.resident_of.get(named.get(resident.who, -1))
        if twin is not None and not (resident.values["id_hash"] and known.residents[twin].values["id_hash"]):
            diff.merged[resident.id] = twin
        else:
            diff.missing.append(resident.id)
