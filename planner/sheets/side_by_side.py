"""Two or more tables beside each other on one sheet: each is read as a sheet of its own, its cells where they were."""

from __future__ import annotations

from collections.abc import Callable

from planner.sheets.cells import Row, Sheet, is_blank
from planner.sheets.cleaning import clean, plain_words
from planner.sheets.header_stack import HEADER_WITHIN_ROWS
from planner.sheets.header_words import field_of

_NAMES = ("name", "family_name", "head_name")


def tables_of(sheet: Sheet, field: Callable[[str], str] = field_of) -> list[Sheet]:
    """Return the sheet, or its tables where one header row repeats the same run of titles beside itself."""
    for number in sorted(sheet.rows)[:HEADER_WITHIN_ROWS]:
        starts = _starts(sheet.rows[number], field)
        if len(starts) > 1:
            ends = [*(start - 1 for start in starts[1:]), 1 << 20]
            return [_cut(sheet, number, starts, 0 if i == 0 else start, ends[i]) for i, start in enumerate(starts)]
    return [sheet]


def _starts(row: Row, field: Callable[[str], str]) -> list[int]:
    """Return the first columns of the runs of titles that a header row repeats; one at most where nothing repeats."""
    titles = [(c, plain_words(clean(v))) for c, v in sorted(row.items()) if isinstance(v, str) and not is_blank(v)]
    words = [words for _, words in titles]
    if not any(words.count(w) > 1 and field(w) in _NAMES for w in set(words)):
        return []
    for length in range(3, len(words) // 2 + 1):
        runs, rest = divmod(len(words), length)
        if not rest and words == words[:length] * runs and any(field(w) in _NAMES for w in words[:length]):
            return [titles[i * length][0] for i in range(runs)]
    return []


def _cut(sheet: Sheet, header: int, starts: list[int], first: int, last: int) -> Sheet:
    rows: dict[int, Row] = {}
    for number, row in sheet.rows.items():
        shared = number < header and all(column < starts[1] for column in row)  # a title over all tables
        kept = row if shared else {column: value for column, value in row.items() if first <= column <= last}
        if kept:
            rows[number] = kept
    merges = tuple(merge for merge in sheet.merges if first <= merge[1] <= last)
    return Sheet(sheet.name, rows, sheet.state, sheet.hidden_rows, sheet.hidden_columns, merges)
