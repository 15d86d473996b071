"""Hamlets and addresses of merged communes: led to today's names by the commune's list, kept apart where it is silent."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from planner.sheets import hamlets as hamlet_names
from planner.sheets.cells import column_letter
from planner.sheets.drafts import Draft
from planner.sheets.former_places import FormerPlaces
from planner.sheets.hamlet_finder import HamletFinder
from planner.sheets.issues import Issue, Question
from planner.sheets.place_units import Unit, replaced, units_in

_NUMBERED = re.compile(r"(?<!\w)\d+[A-Da-d]?$")
_APART = " cũ)"
_Origin = tuple[str, str] | None


class _Said(IntEnum):
    """How surely a row says that its hamlet was one of a former commune."""

    NOTHING = 0
    NAMED = 1  # a commune that is neither today's, nor listed, nor called former
    BESIDE = 2  # a former commune in an address that names no hamlet
    FORMER = 3


@dataclass(slots=True)
class MergedCommunes:
    """Settles which hamlet of today each row of a file belongs to. `settle` must run before households are put together."""

    places: FormerPlaces
    finder: HamletFinder
    _noted: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)  # code, sheet, old, new → rows
    _first: dict[tuple[str, str, str, str], tuple[Draft, int]] = field(default_factory=dict)

    def settle(self, drafts: list[Draft]) -> None:
        """Rename hamlets and addresses of former places; tell each change once a sheet, ask what the list leaves open."""
        drafts = [draft for draft in drafts if not draft.dropped]
        said = self._mentions(drafts)
        origins: dict[str, dict[_Origin, _Said]] = defaultdict(dict)
        for draft, (unit, how) in zip(drafts, said, strict=True):
            key = unit.key if unit is not None else None
            origins[draft.hamlet][key] = max(how, origins[draft.hamlet].get(key, _Said.NOTHING))
        for draft, (unit, how) in zip(drafts, said, strict=True):
            former = draft.hamlet
            self._hamlet(draft, unit, how, origins[former])
            if draft.address:
                self._address(draft, former)
        for note, count in self._noted.items():
            self._tell(note, count)

    # --- what the rows say -------------------------------------------------------------------------------------------

    def _mentions(self, drafts: list[Draft]) -> list[tuple[Unit | None, _Said]]:
        """Return the former commune of each row's hamlet; a row without address lives where the row above does."""
        said: list[tuple[Unit | None, _Said]] = []
        above: Draft | None = None
        for draft in drafts:
            found = self._said_by(draft)
            same = above is not None and (above.sheet, above.hamlet) == (draft.sheet, draft.hamlet)
            if found[0] is None and not draft.address and same:
                found = said[-1]
            said.append(found)
            above = draft
        return said

    def _said_by(self, draft: Draft) -> tuple[Unit | None, _Said]:
        unit = draft.former
        beside = False
        if unit is None and draft.address:
            unit = next((u for u in _units(draft.address) if u.is_commune), None)
            named = hamlet_names.in_title(draft.address, (draft.hamlet,)) if unit is not None else ""
            if named and named != draft.hamlet:
                return None, _Said.NOTHING  # the column has today's hamlet, the address a former one
            beside = not named
        if unit is None or self.places.is_today(unit):
            return None, _Said.NOTHING
        if not self._is_former(unit):
            return (None, _Said.NOTHING) if beside else (unit, _Said.NAMED)
        return unit, _Said.BESIDE if beside else _Said.FORMER

    def _is_former(self, unit: Unit) -> bool:
        return unit.former or bool(self._today(unit))

    def _today(self, unit: Unit) -> str:
        """Return the commune a former one is in today, by the list or by answer."""
        answered = self.finder.options.answers.get(f"former_place:{unit.text}") == "former"
        return self.places.commune(unit) or ((self.places.today or unit.text) if answered else "")

    # --- hamlets -----------------------------------------------------------------------------------------------------

    def _hamlet(self, draft: Draft, unit: Unit | None, how: _Said, origins: dict[_Origin, _Said]) -> None:
        """Give a row today's hamlet: by the list or an answer; one of a former commune that may be another's keeps its name."""
        former, column = draft.hamlet, draft.former_column
        if former.endswith(_APART):
            return  # so answered for the whole sheet
        apart = f"{former} ({unit.text}{_APART}" if unit is not None else ""
        written = apart or former
        today = self.places.hamlet(former, unit) or (self.finder.options.answers.get(f"former_hamlet:{apart}") if apart else "")
        if today:
            draft.hamlet = self.finder.keep(today)
            if draft.hamlet != former:
                self._note("former_hamlet_mapped", draft, written, draft.hamlet, column)
            return
        if unit is None:
            return
        if how is _Said.NAMED:
            alone = sum(1 for said in origins.values() if said is _Said.NAMED) < 2
        else:
            alone = len(origins) < 2 and not (how is _Said.FORMER and _NUMBERED.search(former))
        if draft.former is not None and alone:
            self._commune(draft, unit, column)
        if alone:
            return
        met = hamlet_names.resolve(apart, self.finder.known).how == "same"
        draft.hamlet = apart
        if not met:
            self._note("former_hamlet_apart", draft, former, apart, column)
            choices = tuple((name, name) for name in dict.fromkeys((apart, former, *self.finder.known)))
            facts = {"hamlet": former, "commune": unit.text}
            self.finder.ask(Question(f"former_hamlet:{apart}", "former_hamlet", draft.sheet, choices=choices, facts=facts))

    def _commune(self, draft: Draft, unit: Unit, column: int) -> None:
        """Tell where a former commune is today, or that nobody knows, and ask."""
        today = self._today(unit)
        if today:
            self._note("former_commune_mapped", draft, f"{unit.text} cũ", today, column)
        elif unit.former or self.places.today:
            code = "former_commune_unknown" if unit.former else "commune_not_today"
            self._note(code, draft, unit.text, self.places.today, column)
            self._ask_commune(draft, unit)

    def _ask_commune(self, draft: Draft, unit: Unit) -> None:
        choices = (("as_written", "–"), ("former", f"{unit.text} cũ → {self.places.today or '…'}"))
        facts = {"commune": unit.text, "today": self.places.today or "…"}
        self.finder.ask(Question(f"former_place:{unit.text}", "former_place", draft.sheet, choices=choices, facts=facts))

    # --- addresses ---------------------------------------------------------------------------------------------------

    def _address(self, draft: Draft, former: str) -> None:
        """Write an address as it is said today; one in a commune we know nothing of stays, for it may be far away."""
        units = _units(draft.address)
        communes = [unit for unit in units if unit.is_commune]
        elsewhere = next((u for u in communes if self.places.today and not (self.places.is_today(u) or self._is_former(u))), None)
        if elsewhere is not None:
            self._note("address_elsewhere", draft, elsewhere.text, self.places.today, draft.address_column)
            return
        changes: dict[Unit, str] = {}
        for unit in units:
            if not unit.is_commune:
                changes[unit] = ""
                self._note("former_district_dropped", draft, unit.text, "", draft.address_column)
            elif unit.former or not self.places.is_today(unit):
                if self._today(unit) and not draft.hamlet.endswith(_APART):
                    changes[unit] = self._today(unit)
                    self._note("former_commune_mapped", draft, f"{unit.text} cũ", changes[unit], draft.address_column)
                elif unit.former and not self._today(unit):
                    self._note("former_commune_unknown", draft, unit.text, self.places.today, draft.address_column)
                    self._ask_commune(draft, unit)
        if changes:
            draft.address = replaced(draft.address, changes)
        if draft.hamlet != former and not draft.hamlet.endswith(_APART):
            draft.address = re.sub(rf"(?<!\w){re.escape(former)}(?!\w)", draft.hamlet, draft.address, flags=re.IGNORECASE)

    # --- telling -----------------------------------------------------------------------------------------------------

    def _note(self, code: str, draft: Draft, old: str, new: str, column: int) -> None:
        key = (code, draft.sheet, old, new)
        self._noted[key] += 1
        self._first.setdefault(key, (draft, column))

    def _tell(self, note: tuple[str, str, str, str], count: int) -> None:
        code, sheet, old, new = note
        draft, column = self._first[note]
        facts = {"old": old, "new": new or "…", "count": count}
        letter, name = (column_letter(column), "hamlet") if column else ("", "hamlet")
        if column and column == draft.address_column:
            name = "address"
        self.finder.tell(Issue(code, sheet, draft.row, letter, name, old, facts))


@lru_cache(maxsize=4_096)
def _units(address: str) -> tuple[Unit, ...]:
    return tuple(units_in(address))


def commune_of_titles(texts: Iterable[str], places: FormerPlaces) -> Unit | None:
    """Return the one commune that titles are about beside today's, None where they name none, or several."""
    named = {unit.key: unit for text in texts for unit in units_in(text) if unit.is_commune}
    former = [unit for unit in named.values() if not places.is_today(unit) and (unit.former or places.commune(unit))]
    if former:
        return former[0] if len(former) == 1 else None
    only = list(named.values())
    return only[0] if len(only) == 1 and not places.is_today(only[0]) else None
