"""Write a compared reading in one transaction, keeping what undo needs: a whole commune in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from planner.domain.text import match_key
from planner.models import ContactStop, Hamlet, Household, Resident, household_tally
from planner.models.statistics import MANY, look_at
from planner.services.intake.changelog import ChangeLog, plain
from planner.services.intake.progress import RowsDone
from planner.services.intake.roster_diff import Change, Diff
from planner.services.intake.roster_records import Known, household_key, resident_key, unique, who
from planner.services.intake.roster_values import household_values, resident_values, search_text
from planner.services.sequences import in_parts
from planner.sheets.reading import RosterReading

_PART = 500


class Applier:
    """Applies one diff. Rows are written by their ids in bulk; keys in two steps, since two rows may swap theirs."""

    def __init__(
        self,
        session: Session,
        commune_id: int,
        reading: RosterReading,
        known: Known,
        diff: Diff,
        id_hashes: dict[int, str],
        at: datetime,
        progress: Callable[[float], None],
    ) -> None:
        self.session, self.commune_id, self.reading, self.known, self.diff = session, commune_id, reading, known, diff
        self.id_hashes, self.at = id_hashes, at
        tables = ("hamlet", "household", "resident", "contact_stop")
        self.log: ChangeLog = {table: {"created": [], "changed": defaultdict(dict)} for table in tables}
        self.touched: set[int] = set()  # households whose needs are to be derived again
        self.stopped: set[int] = set()  # households where somebody may not be called on any more
        self._members: dict[int, list[int]] = defaultdict(list)
        for index, person in enumerate(reading.people):
            self._members[person.household].append(index)
        self._household_ids: dict[int, int] = dict(diff.household_of)
        self._resident_ids: dict[int, int] = dict(diff.resident_of)
        self._hamlet_ids: dict[str, int] = {}
        new, changed = (
            len(diff.new_households) + len(diff.new_residents),
            len(diff.changed_households) + len(diff.changed_residents),
        )
        self.written = RowsDone(new + changed, progress)  # those who leave come on top: they are few

    def run(self, *, mark_missing: bool) -> ChangeLog:
        """Write everything; return the log by which it can be undone."""
        self._hamlets()
        self._households()
        if len(self.diff.new_households) >= MANY:
            look_at(self.session, Household, household_tally)
        self._residents()
        if len(self.diff.new_residents) >= MANY:
            look_at(self.session, Resident)
        self._stops()
        gone = [*self.diff.merged, *(self.diff.missing if mark_missing else [])]
        self._leave(gone)
        self._search()
        self.session.flush()
        return self.log

    # --- hamlets ---------------------------------------------------------------------------------------------------

    def _hamlets(self) -> None:
        for hamlet_id, name in self.diff.renamed_hamlets.items():
            old = self.known.hamlets[hamlet_id]
            values = {"name": name, "name_key": match_key(name), "aliases": [*old.aliases, old.name_key]}
            before = {"name": old.name, "name_key": old.name_key, "aliases": old.aliases}
            self._change("hamlet", hamlet_id, {field: (before[field], value) for field, value in values.items()})
            self.session.execute(update(Hamlet).where(Hamlet.id == hamlet_id).values(**values))
            self._hamlet_ids[name] = hamlet_id
        position = max((h.position for h in self.known.hamlets.values()), default=0)
        for name in self.diff.new_hamlets:
            position += 1
            row = Hamlet(
                commune_id=self.commune_id, name=name[:120], name_key=match_key(name)[:120], position=position, aliases=[]
            )
            self.session.add(row)
            self.session.flush()
            self._hamlet_ids[name] = row.id
            self.log["hamlet"]["created"].append(row.id)
        for name in self.reading.hamlets:
            hamlet = self.known.hamlet_named(name)
            if name not in self._hamlet_ids and hamlet is not None:
                self._hamlet_ids[name] = hamlet.id

    # --- households ------------------------------------------------------------------------------------------------

    def _households(self) -> None:
        wanted = unique(household_key(h) for h in self.reading.households)
        mine = set(self._household_ids.values())
        taken = {h.key for h in self.known.households.values() if h.id not in mine}
        self._household_keys = [_free(key, taken) for key in wanted]
        keys = {known_id: self._household_keys[index] for index, known_id in self._household_ids.items()}
        self._rekey(Household, keys, {h.id: h.key for h in self.known.households.values()}, "household")
        rows = []
        for index in self.diff.new_households:
            household = self.reading.households[index]
            values = household_values(household, new=True)
            rows.append(
                {**values, "commune_id": self.commune_id, "hamlet_id": self._hamlet_ids[household.hamlet],
                 "key": self._household_keys[index], "note": "", "needs_woman": False, "open_needs": 0,
                 "search": search_text(household, (self.reading.people[i] for i in self._members[index]))}
            )  # fmt: skip
        for index, row_id in zip(self.diff.new_households, self._insert(Household, rows), strict=True):
            self._household_ids[index] = row_id
            self.touched.add(row_id)
        self.log["household"]["created"] = [self._household_ids[index] for index in self.diff.new_households]
        changes = [self._resolved(change, "hamlet_id", self._hamlet_ids) for change in self.diff.changed_households]
        self._update(Household, "household", changes)
        self.touched |= {change.id for change in changes}

    # --- residents -------------------------------------------------------------------------------------------------

    def _residents(self) -> None:
        keys = unique(resident_key(*who(person), self._household_keys[person.household]) for person in self.reading.people)
        mine = set(self._resident_ids.values())
        taken = {r.key for r in self.known.residents.values() if r.id not in mine}
        keys = [_free(key, taken) for key in keys]
        before = {r.id: r.key for r in self.known.residents.values()}
        self._rekey(Resident, {row_id: keys[index] for index, row_id in self._resident_ids.items()}, before, "resident")
        homes = {str(index): row_id for index, row_id in self._household_ids.items()}
        changes = [self._resolved(change, "household_id", homes) for change in self.diff.changed_residents]
        self._update(Resident, "resident", changes)
        for change in changes:
            self.touched.add(self.known.residents[change.id].household_id)
            self.touched |= {after for field, (_, after) in change.fields.items() if field == "household_id"}
        position: dict[int, int] = {}
        for members in self._members.values():
            position |= {index: place for place, index in enumerate(members, 1)}
        rows = []
        for index in self.diff.new_residents:
            person = self.reading.people[index]
            values = resident_values(person, position[index], None, self.id_hashes.get(index))
            home = self._household_ids[person.household]
            rows.append({**values, "commune_id": self.commune_id, "household_id": home, "key": keys[index]})
            self.touched.add(home)
        for index, row_id in zip(self.diff.new_residents, self._insert(Resident, rows), strict=True):
            self._resident_ids[index] = row_id
        self.log["resident"]["created"] = [self._resident_ids[index] for index in self.diff.new_residents]

    def _stops(self) -> None:
        """Stop calls on those the roster says moved, died or refuse. A stop once lifted by hand is not made again."""
        told = {self._resident_ids[i]: p for i, p in enumerate(self.reading.people) if p.do_not_visit is not None}
        merged = [old for old in self.diff.merged if self.known.residents[old].values["left_at"] is None]
        existing: set[tuple[int, str]] = set()
        inherited: list[ContactStop] = []
        for part in in_parts([*told, *merged, *self.diff.merged.values()]):
            for stop in self.session.scalars(select(ContactStop).where(ContactStop.resident_id.in_(part))):
                existing.add((stop.resident_id or 0, stop.reason.value))
                if stop.lifted_at is None and stop.resident_id in self.diff.merged:
                    inherited.append(stop)
        rows = [(row_id, p.do_not_visit) for row_id, p in told.items()]
        rows += [(self.diff.merged[stop.resident_id or 0], stop.reason) for stop in inherited]
        home = {row_id: self._household_ids[self.reading.people[i].household] for i, row_id in self._resident_ids.items()}
        for row_id, reason in rows:
            if reason is None or (row_id, reason.value) in existing:
                continue
            existing.add((row_id, reason.value))
            new = ContactStop(household_id=home[row_id], resident_id=row_id, reason=reason, since_at=self.at)
            self.session.add(new)
            self.session.flush()
            self.log["contact_stop"]["created"].append(new.id)
            self.touched.add(home[row_id])
            self.stopped.add(home[row_id])

    def _leave(self, gone: Sequence[int]) -> None:
        """Mark residents as having left, and their household with the last of them."""
        if not gone:
            return
        changes = [Change(row_id, {"left_at": (self.known.residents[row_id].values["left_at"], self.at)}) for row_id in gone]
        self._update(Resident, "resident", changes)
        homes = {self.known.residents[row_id].household_id for row_id in gone}
        self.touched |= homes
        self.session.flush()
        still: set[int] = set()
        for part in in_parts(sorted(homes)):
            here = select(Resident.household_id).where(Resident.household_id.in_(part), Resident.left_at.is_(None))
            still |= set(self.session.scalars(here))
        empty = [
            Change(home, {"left_at": (self.known.households[home].values["left_at"], self.at)}) for home in sorted(homes - still)
        ]
        self._update(Household, "household", empty)

    def _search(self) -> None:
        """Let the search box find what has changed."""
        index_of_resident = {row_id: index for index, row_id in self._resident_ids.items()}
        renamed = {
            self.reading.people[index_of_resident[change.id]].household
            for change in self.diff.changed_residents
            if {"name", "household_id"} & change.fields.keys()
        }
        renamed |= {self.reading.people[i].household for i in self.diff.new_residents}
        index_of = {row_id: index for index, row_id in self._household_ids.items()}
        renamed |= {index_of[change.id] for change in self.diff.changed_households if change.id in index_of}
        changes = []
        for index in sorted(renamed):
            row_id = self._household_ids[index]
            if row_id in self.known.households:
                old = self.known.households[row_id].values["search"]
                new = search_text(self.reading.households[index], (self.reading.people[i] for i in self._members[index]))
                if old != new:
                    changes.append(Change(row_id, {"search": (old, new)}))
        self._update(Household, "household", changes)

    # --- writing ---------------------------------------------------------------------------------------------------

    def _insert(self, model: type[Household] | type[Resident], rows: list[dict[str, Any]]) -> list[int]:
        ids: list[int] = []
        for part in in_parts(rows, _PART):
            ids += self.session.scalars(insert(model).returning(model.id, sort_by_parameter_order=True), part)
            self.written.add(len(part))
        return ids

    def _update(self, model: type[Household] | type[Resident], table: str, changes: Iterable[Change]) -> None:
        """Write changes, those of the same fields together."""
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for change in changes:
            self._change(table, change.id, change.fields)
            values = {field: after for field, (_, after) in change.fields.items()}
            groups[tuple(sorted(values))].append({"id": change.id, **values})
        for rows in groups.values():
            for part in in_parts(rows, _PART):
                self.session.execute(update(model), part)
                self.written.add(len(part))

    def _rekey(self, model: type[Household] | type[Resident], wanted: dict[int, str], before: dict[int, str], table: str) -> None:
        rows = [(row_id, key) for row_id, key in wanted.items() if before[row_id] != key]
        if not rows:
            return
        self.session.execute(update(model), [{"id": row_id, "key": f"~{row_id}"} for row_id, _ in rows])
        self.session.execute(update(model), [{"id": row_id, "key": key} for row_id, key in rows])
        for row_id, key in rows:
            self._change(table, row_id, {"key": (before[row_id], key)})

    def _change(self, table: str, row_id: int, fields: dict[str, tuple[Any, Any]]) -> None:
        noted = self.log[table]["changed"][str(row_id)]
        for field, (before, after) in fields.items():
            noted[field] = [noted[field][0] if field in noted else plain(before), plain(after)]

    def _resolved(self, change: Change, field: str, ids: dict[str, int]) -> Change:
        """Put the id of a row made just now where the diff could only name it."""
        pair = change.fields.get(field)
        if pair is None or not isinstance(pair[1], str):
            return change
        return Change(change.id, {**change.fields, field: (pair[0], ids[pair[1].removeprefix("new:")])})


def _free(key: str, taken: set[str]) -> str:
    """Return the key, numbered where a row outside the file already has it (someone who left)."""
    candidate, number = key, 2
    while candidate in taken:
        candidate, number = f"{key}~{number}", number + 1
    taken.add(candidate)
    return candidate
