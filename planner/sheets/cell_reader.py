"""Take cells out of a row: clean texts and words, and a place to tell what could not be taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from planner.domain.vocabulary import AccountState
from planner.sheets.cells import CellFault, CellValue, Row, as_text, is_blank
from planner.sheets.cleaning import clean, mark_words, mask_name
from planner.sheets.findings import Finding
from planner.sheets.header_words import legend_of
from planner.sheets.issues import Issue, cell_issue
from planner.sheets.layout import Layout
from planner.sheets.legacy import legacy_reading

LONGEST = {"name": 120, "address": 300, "note": 1000, "relation": 60, "head_name": 120, "household": 60}


@dataclass(slots=True)
class CellReader:
    """Reads the cells of one sheet under one layout."""

    sheet: str
    layout: Layout
    as_of: date
    counted_on: date  # the day the sheet tells of: who was 14 then
    us_order: bool = False
    yes_means: AccountState | None = None  # what "Có" under the account column stands for
    issues: list[Issue] = field(default_factory=list)
    repaired: Counter[str] = field(default_factory=Counter)
    ambiguous_dates: int = 0
    day_first_dates: int = 0  # whose first number is over 12
    swapped_dates: int = 0
    yes_under_state: int = 0
    no_means: AccountState | None = None  # and what "Chưa" under a column about activation alone
    no_under_state: int = 0
    _words: dict[str, str] = field(default_factory=dict)
    _legends: dict[int, dict[str, str]] = field(default_factory=dict)
    _error_row: int = 0

    def tell(
        self, finding: Finding | None, row: int, name: str, value: CellValue, mask: Callable[[str], str] = str, column: int = 0
    ) -> None:
        if finding is None:
            return
        place = column or self.layout.columns.get(name, 0)
        shown = mask(as_text(value)[:80]) if finding.code != "formula_without_value" else as_text(value)[:20]
        issue = cell_issue(finding, self.sheet, row, place, name, shown)
        self.issues.append(issue)
        if issue.severity == "error":
            self._error_row = row

    def _text(self, row: Row, number: int, name: str, field_name: str, column: int = 0, personal: bool = False) -> str:
        """Return a cell's clean text; refuse faults, texts of old fonts and texts no field can hold."""
        at = column or self.layout.columns.get(name, 0)
        value = row.get(at) if at else None
        if value is None:
            return ""
        if isinstance(value, CellFault):
            self.tell(
                Finding("formula_without_value" if value.kind == "formula" else "error_value"),
                number,
                field_name,
                value,
                column=at,
            )
            return ""
        text = clean(value, self.repaired)
        if isinstance(value, str):
            legacy = legacy_reading(value.strip())
            if legacy is not None:
                finding = Finding("text_legacy_font", {"encoding": legacy[0]}, legacy[1])
                self.tell(finding, number, field_name, text, mask_name if personal else str, column=at)
                return ""
        longest = LONGEST.get(field_name, 300)
        if len(text) > longest:
            finding = Finding("text_too_long", {"length": len(text), "longest": longest})
            self.tell(finding, number, field_name, f"{text[:12]}…", column=at)
            return ""
        return text

    def _word(self, value: CellValue) -> str:
        """Return a cell's words, remembered: the same few stand in thousands of rows."""
        text = value if isinstance(value, str) else as_text(value)
        found = self._words.get(text)
        if found is None:
            found = self._words[text] = mark_words(clean(text))
        return found

    def _says_nothing(self, value: CellValue) -> bool:
        """Say whether a cell is blank or holds only a dash or dots, as people fill what does not apply."""
        return is_blank(value) or (isinstance(value, str) and not self._word(value))

    def _coded(self, value: CellValue, name: str) -> str:
        """Return the words a code stands for where the column's header explains it: ``(1: Nam; 2: Nữ)``."""
        column = self.layout.columns.get(name, 0)
        if column not in self._legends:
            self._legends[column] = legend_of(self.layout.titles.get(column, ""))
        return self._legends[column].get(self._word(value), "")
