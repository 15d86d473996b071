"""Walk down one sheet below its header: which rows are people, which hamlet they belong to, where a new table begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from planner.sheets.cells import CellFault, Row, Sheet, as_text, is_blank
from planner.sheets.cleaning import clean, plain_words
from planner.sheets.drafts import Draft
from planner.sheets.former_places import parted
from planner.sheets.hamlets import section_name
from planner.sheets.issues import Issue
from planner.sheets.layout import Layout
from planner.sheets.people import PersonReader
from planner.sheets.place_units import Unit
from planner.sheets.rowkinds import (
    header_texts,
    household_title,
    identifying_columns,
    is_footer,
    is_sum,
    lone_text,
    numbers_columns,
    repeats_header,
)

_SECTION_NUMBER = re.compile(r"^(?:[IVXivx]+|\d{1,2}|[A-Ha-h])\s*[.)/-]*$")
# Columns whose merged cells speak for every row they cover.
_SPREAD = frozenset(
    [
        "hamlet",
        "former_commune",
        "household_code",
        "household_number",
        "head_name",
        "address",
        "address_now",
        "geo",
        "lat",
        "lon",
        "smartphone",
        "residence",
        "phone",
        "language",
        "work",
    ]
)


@dataclass(slots=True)
class SheetWalk:
    """Reads the people of one sheet."""

    sheet: Sheet
    layout: Layout
    reader: PersonReader
    hamlet: str  # of the sheet as a whole; "" where a column or section titles tell
    known: tuple[str, ...]
    hamlet_of: Callable[[str, int], str]  # text of the hamlet column and its row → the name to keep
    commune: Unit | None = None  # a former one all hamlets of the sheet were in, or those below a title
    drafts: list[Draft] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    row_texts: dict[int, frozenset[str]] = field(default_factory=dict)

    def run(self, on_row: Callable[[], None]) -> None:
        columns = self.layout.columns
        names = [columns[name] for name in ("name", "family_name", "given_name") if name in columns]
        identifying = identifying_columns(columns)
        self.row_texts = header_texts(self.layout.titles)
        spread = self._spread_merges()
        hamlet, opened, title = self.hamlet, 0, ("", "")
        former = self.commune
        signed = False
        for number in sorted(self.sheet.rows):
            if number < self.layout.first_data_row:
                continue
            on_row()
            row = self.sheet.rows[number]
            if number in spread:
                row = {**spread[number], **row}
            if all(is_blank(value) for value in row.values()):
                continue
            if repeats_header(row, self.row_texts):
                signed = False
                continue
            if numbers_columns(row, names):
                continue
            lone = lone_text(row)
            if lone:
                unit, rest = parted(lone)
                if unit is not None and not _SECTION_NUMBER.sub("", rest):
                    self.commune = former = unit
                    continue
                found = "" if self.hamlet_column_used else section_name(rest, self.known)
                opening = household_title(lone)
                if found:
                    hamlet, opened, title = self.hamlet_of(found, number), opened + 1, ("", "")
                    former = unit or self.commune
                    continue
                if opening is not None and not is_sum(row, names, identifying):
                    opened, title = opened + 1, opening
                    continue
            if is_sum(row, names, identifying):
                continue
            if is_footer(row, names, identifying):
                signed = True
                continue
            if not self._is_person(row, names, identifying, signed, lone):
                continue
            signed = False
            if self.hamlet_column_used:
                hamlet, former = self._column_hamlet(row, number, hamlet, former)
            draft = self.reader.read(number, row, hamlet)
            draft.opened = opened
            draft.former, draft.former_column = self._former(row, former)
            if opened and title != ("", ""):
                draft.household_number = draft.household_number or title[0]
                draft.head_name = draft.head_name or title[1]
            if number in self.sheet.hidden_rows:
                self.issues.append(Issue("hidden_row", self.sheet.name, number, scope="row"))
            self.drafts.append(draft)

    @property
    def hamlet_column_used(self) -> bool:
        return "hamlet" in self.layout.columns and not self.hamlet

    def _column_hamlet(self, row: Row, number: int, last: str, former: Unit | None) -> tuple[str, Unit | None]:
        """Return the row's hamlet and the commune its cell says it was in; a blank cell repeats the one above."""
        value = row.get(self.layout.columns["hamlet"])
        text = clean(value) if not isinstance(value, CellFault) else ""
        if not text:
            return last, former
        unit, rest = parted(text)
        if not rest or (unit is not None and not unit.former and text in self.known):
            unit, rest = self.commune, text
        return self.hamlet_of(rest, number), unit or self.commune

    def _former(self, row: Row, former: Unit | None) -> tuple[Unit | None, int]:
        """Return the former commune of a row and the column that told it."""
        column = self.layout.columns.get("former_commune", 0)
        value = row.get(column)
        text = clean(value) if column and not isinstance(value, CellFault) else ""
        if text:
            old = " cu" in f" {plain_words(self.layout.titles.get(column, ''))}"
            unit = parted(text)[0] or Unit("", text[:60])
            return replace(unit, former=unit.former or old), column
        return former, self.layout.columns.get("hamlet", 0) if self.hamlet_column_used else 0

    def _is_person(self, row: Row, names: list[int], identifying: list[int], signed: bool, lone: str) -> bool:
        named = any(not is_blank(row.get(column)) for column in names)
        facts = sum(1 for column in identifying if column not in names and not is_blank(row.get(column)))
        if signed:
            return named and facts >= 2
        if named:
            if lone:
                return plain_words(lone) != "" and not any(c.isdigit() for c in lone) and self._only_names()
            return True
        return facts >= 2

    def _only_names(self) -> bool:
        """Say whether the list has hardly any column but the name: then a lone name is a person."""
        return len(self.layout.columns.keys() - {"name", "order", "note"}) <= 1

    def _spread_merges(self) -> Mapping[int, Row]:
        """Return, for rows below the first of a vertical merge, the value the merge shows."""
        wanted = {column for name, column in self.layout.columns.items() if name in _SPREAD}
        spread: dict[int, Row] = {}
        for first, left, last, right in self.sheet.merges:
            if left != right or last == first or left not in wanted or first < self.layout.first_data_row:
                continue
            value = self.sheet.rows.get(first, {}).get(left)
            if value is None or left in spread.get(first + 1, {}):
                continue  # merges that lie on each other, which no program writes, say nothing new
            for number in range(first + 1, min(last, first + 5000) + 1):
                if number in self.sheet.rows:
                    spread.setdefault(number, {})[left] = value
        return spread


def title_texts(sheet: Sheet, before: int) -> Iterable[str]:
    """Yield the texts above the header, nearest first."""
    for number in sorted((n for n in sheet.rows if n < before), reverse=True):
        for value in sheet.rows[number].values():
            text = clean(value) if isinstance(value, str) else as_text(value)
            if text:
                yield text
