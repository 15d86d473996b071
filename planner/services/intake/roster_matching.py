"""Find who of a file is whom in the database: nothing is compared or written here.

People are matched by name and birth within their household first, then anywhere; households by their matched members.
So a renumbered household, a renamed hamlet and a move between households are changes of rows, not other rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from planner.domain.text import match_key
from planner.services.intake.roster_records import Known, KnownHousehold, KnownResident, household_key, unique, who
from planner.sheets.reading import HouseholdRow, RosterReading


class Matcher:
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
