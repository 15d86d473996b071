"""Compare a reading with the roster we have: who is new, who changed, who moved, who is missing; nothing is written here.

People are matched by name and birth within their household first, then anywhere; households by their matched members.
So a renumbered household, a renamed hamlet and a move between households are changes of rows, not other rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from planner.domain.text import match_key
from planner.services.intake_records import Known, KnownHousehold, KnownResident, household_key, unique, who
from planner.services.intake_values import household_values, resident_values
from planner.sheets.reading import HouseholdRow, RosterReading

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


def compare(reading: RosterReading, known: Known, id_hashes: dict[int, str], at: datetime) -> Diff:
    """Return what an import of the reading would change.

    Parameters
    ----------
    id_hashes
        Person index → keyed hash of the ID number; empty unless the campaign opted in.
    at
        When residents who are back count as back.
    """
    diff = Diff()
    matcher = _Matcher(reading, known, id_hashes)
    matcher.run()
    diff.household_of, diff.resident_of = matcher.household_of, matcher.resident_of
    diff.new_households = [h.index for h in reading.households if h.index not in diff.household_of]
    diff.new_residents = [i for i in range(len(reading.people)) if i not in diff.resident_of]
    _hamlets(diff, reading, known)
    _changes(diff, reading, known, id_hashes)
    _missing(diff, reading, known)
    return diff


class _Matcher:
    """Finds for each person and household of the file the row that is the same."""

    def __init__(self, reading: RosterReading, known: Known, id_hashes: dict[int, str]) -> None:
        self.people, self.households, self.known, self.id_hashes = reading.people, reading.households, known, id_hashes
        self.household_of: dict[int, int] = {}
        self.resident_of: dict[int, int] = {}
        self._taken: set[int] = set()
        self._members: dict[int, list[int]] = defaultdict(list)
        for index, person in enumerate(self.people):
            self._members[person.household].append(index)
        self._keys = unique(household_key(h) for h in self.households)
        self._by_key = {h.key: h for h in known.households.values()}

    def run(self) -> None:
        if not self.known.residents:
            return
        self._within_same_key()
        self._by_id_hash()
        self._anywhere()
        self._match_households()
        self._in_renamed_hamlets()
        self._within_matched_households()

    def _take(self, index: int, resident: KnownResident) -> None:
        self.resident_of[index] = resident.id
        self._taken.add(resident.id)

    def _within_same_key(self) -> None:
        for household, key in zip(self.households, self._keys, strict=True):
            known = self._by_key.get(key)
            if known is not None:
                self._pair(self._members[household.index], known.members)

    def _pair(self, indexes: Iterable[int], residents: Iterable[KnownResident]) -> None:
        """Pair equal name and birth, in order: two of the same name and birth in one household stay in their order."""
        free: dict[tuple[str, str], list[KnownResident]] = defaultdict(list)
        for resident in sorted(residents, key=lambda r: (r.values["left_at"] is not None, r.id)):
            if resident.id not in self._taken:
                free[resident.who].append(resident)
        for index in indexes:
            found = free.get(who(self.people[index])) if index not in self.resident_of else None
            if found:
                self._take(index, found.pop(0))

    def _by_id_hash(self) -> None:
        if not self.id_hashes:
            return
        by_hash = {r.values["id_hash"]: r for r in self.known.residents.values() if r.values["id_hash"]}
        for index, digest in self.id_hashes.items():
            resident = by_hash.get(digest)
            if resident is not None and index not in self.resident_of and resident.id not in self._taken:
                self._take(index, resident)

    def _anywhere(self) -> None:
        """Match the rest by name and birth: to the day anywhere in the commune, less exact ones within their hamlet.

        Two rows of the database for one person of the file are that person entered twice: the one in the household of the
        same number is taken, else the older.
        """
        here: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for index, person in enumerate(self.people):
            if index not in self.resident_of and person.name and person.birth is not None:
                here[_wide_key(who(person), match_key(person.hamlet))].append(index)
        there: dict[tuple[str, ...], list[KnownResident]] = defaultdict(list)
        for resident in self.known.residents.values():
            if resident.id not in self._taken:
                there[_wide_key(resident.who, self._hamlet_key(resident))].append(resident)
        for key, indexes in here.items():
            present = [r for r in there.get(key, []) if r.values["left_at"] is None] or there.get(key, [])
            if len(indexes) == 1 and present:
                number = self.people[indexes[0]].household_number
                same = [r for r in present if self.known.households[r.household_id].values["code"] == number]
                self._take(indexes[0], min(same or present, key=lambda r: r.id))

    def _hamlet_key(self, resident: KnownResident) -> str:
        hamlet_id = self.known.households[resident.household_id].values["hamlet_id"]
        return self.known.hamlets[hamlet_id].name_key

    def _in_renamed_hamlets(self) -> None:
        """Match what is left of a hamlet whose other households came back under a new name: by number and head."""
        homes: dict[str, Counter[int]] = defaultdict(Counter)
        for index, known_id in self.household_of.items():
            name = self.households[index].hamlet
            if self.known.hamlet_named(name) is None:
                homes[name][self.known.households[known_id].values["hamlet_id"]] += 1
        used = set(self.household_of.values())
        for household in self.households:
            if household.index in self.household_of or household.hamlet not in homes:
                continue
            old_name = self.known.hamlets[homes[household.hamlet].most_common(1)[0][0]].name
            known = self._by_key.get(household_key(replace(household, hamlet=old_name)))
            if known is not None and known.id not in used and self._could_be(household, known):
                used.add(known.id)
                self.household_of[household.index] = known.id

    def _match_households(self) -> None:
        """Give each household of the file the one most of its matched members lived in; a like key breaks ties."""
        votes: list[tuple[float, int, int]] = []
        for household, key in zip(self.households, self._keys, strict=True):
            count = Counter(
                self.known.residents[self.resident_of[i]].household_id
                for i in self._members[household.index]
                if i in self.resident_of
            )
            same = self._by_key.get(key)
            for known_id, matched in count.items():
                known = self.known.households[known_id]
                bonus = (0.6 if same is known else 0.0) + (0.3 if _same_head(household, known) else 0.0)
                votes.append((matched + bonus, household.index, known_id))
            if same is not None and same.id not in count and self._could_be(household, same):
                votes.append((0.5, household.index, same.id))
        used: set[int] = set()
        for _, index, known_id in sorted(votes, key=lambda v: (-v[0], v[1], v[2])):
            if index not in self.household_of and known_id not in used:
                self.household_of[index] = known_id
                used.add(known_id)

    def _could_be(self, household: HouseholdRow, known: KnownHousehold) -> bool:
        same_address = household.address and match_key(household.address) == match_key(known.values["address"])
        return bool(same_address) or _same_head(household, known)

    def _within_matched_households(self) -> None:
        """Match the corrected: same household, and the same name with another birth, or the same birth with another name."""
        for index, known_id in self.household_of.items():
            loose = [i for i in self._members[index] if i not in self.resident_of]
            rest = [r for r in self.known.households[known_id].members if r.id not in self._taken and r.values["left_at"] is None]
            for part in (0, 1):
                mine: dict[str, list[int]] = defaultdict(list)
                theirs: dict[str, list[KnownResident]] = defaultdict(list)
                for i in loose:
                    if i not in self.resident_of and who(self.people[i])[part]:
                        mine[who(self.people[i])[part]].append(i)
                for resident in rest:
                    if resident.id not in self._taken:
                        theirs[resident.who[part]].append(resident)
                for value, found in mine.items():
                    if len(found) == 1 and len(theirs.get(value, [])) == 1 and self._alike(found[0], theirs[value][0], part):
                        self._take(found[0], theirs[value][0])
            blank = [i for i in loose if i not in self.resident_of and not self.people[i].name]
            unnamed = [r for r in rest if r.id not in self._taken and not r.values["name"]]
            for i, resident in zip(blank, unnamed, strict=False):
                self._take(i, resident)

    def _alike(self, index: int, resident: KnownResident, part: int) -> bool:
        """Say whether the other half may be a correction: two people can share a birth year, never sex and relation too."""
        person = self.people[index]
        if part == 0:
            return True
        sex = resident.values["sex"]
        return len(resident.who[1]) == 10 and (person.sex is None or sex is None or person.sex is sex)


def _wide_key(person: tuple[str, str], hamlet: str) -> tuple[str, ...]:
    return person if len(person[1]) == 10 else (*person, hamlet)


def _same_head(household: HouseholdRow, known: KnownHousehold) -> bool:
    return bool(household.head_name) and match_key(household.head_name) == match_key(known.values["head_name"])


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
