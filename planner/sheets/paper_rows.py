"""Results typed from paper into a .csv, one line a row of a list: read cell by cell, every fault with its row and column."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from planner.domain.errors import InvalidInput
from planner.domain.paper import (
    OUTCOME_KEYS,
    RESULT_KEYS,
    PaperEntry,
    PaperPromise,
    PaperResult,
    day_of,
    hour_of,
    read_code,
)
from planner.domain.text import fold
from planner.domain.vocabulary import NeedResult, Outcome, Period
from planner.domain.wording import label
from planner.sheets.cells import column_letter
from planner.sheets.delimited import read_delimited

# What a column may be called, without diacritics; the first is the name the faults use.
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("mã", "code"),
    "list": ("danh sách", "list"),
    "row": ("dòng", "row"),
    "outcome": ("kết quả", "outcome"),
    "at": ("giờ đến", "giờ", "hour"),
    "on": ("ngày đến", "ngày", "date"),
    "callback_on": ("hẹn ngày", "callback date"),
    "callback_period": ("hẹn buổi", "callback period"),
    "callback_from": ("hẹn từ", "callback from"),
    "callback_to": ("hẹn đến", "callback to"),
    "police_on": ("công an ngày", "police date"),
    "police_at": ("công an giờ", "police hour"),
    "note": ("ghi chú", "note"),
    "stop": ("không đến nữa", "stop"),
}
NUMBERED: dict[str, tuple[str, ...]] = {
    "result": ("việc", "need"),
    "reason": ("lý do", "reason"),
    "device": ("máy của họ", "own phone"),
    "shown": ("tự làm lại", "shown again"),
}
MOST_NEEDS = 40
PERIODS = {"S": Period.MORNING, "C": Period.AFTERNOON, "T": Period.EVENING}
YES, NO = ("x", "có", "yes", "1"), ("không", "no", "0")
T = TypeVar("T")
Column = tuple[str, int]  # what it tells, and of which need (0: of the whole row)


@dataclass(frozen=True)
class PaperFault:
    """What is wrong in a file; `row` as a spreadsheet counts, `column` its letter (empty: the row as a whole)."""

    row: int
    column: str
    code: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class FileRow:
    """One line of the file. `typed`: where a fault of a field is to be told, by the field's name."""

    row: int
    list_number: int
    entry: PaperEntry
    columns: dict[str, str]


def read_paper_rows(path: Path, default_day: Callable[[int], date | None]) -> tuple[list[FileRow], list[PaperFault]]:
    """Return the rows that can be read and all faults of the others.

    Parameters
    ----------
    default_day
        Returns the day of a list, by its number (None: no such list): a day written without a year is the first from it on.

    Raises
    ------
    SheetRefused
        The file is no table at all, see `delimited.read_delimited`.
    """
    sheet = read_delimited(path)
    if not sheet.rows:
        return [], [PaperFault(1, "", "paper_file_empty", {})]
    head = min(sheet.rows)
    columns, faults = _columns(head, {n: str(v) for n, v in sheet.rows[head].items()})
    if faults:
        return [], faults
    rows: list[FileRow] = []
    for number, cells in sheet.rows.items():
        if number == head:
            continue
        reader = _Reader(number, columns, {n: str(v).strip() for n, v in cells.items()})
        found = reader.read(default_day)
        faults += reader.faults
        if found is not None:
            rows.append(found)
    if not rows and not faults:
        faults.append(PaperFault(head, "", "paper_file_empty", {}))
    return rows, faults + _twice(rows)


def _columns(head: int, titles: dict[int, str]) -> tuple[dict[int, Column], list[PaperFault]]:
    """Return what each column tells, by its number."""
    names = {fold(name): key for key, spelt in COLUMNS.items() for name in spelt}
    numbered = {fold(name): key for key, spelt in NUMBERED.items() for name in spelt}
    found: dict[int, Column] = {}
    faults = []
    for number, title in titles.items():
        folded = fold(title)
        column: Column | None = (names[folded], 0) if folded in names else None
        split = re.fullmatch(r"(.+?) ?(\d{1,2})", folded)
        if column is None and split and split[1] in numbered and 1 <= int(split[2]) <= MOST_NEEDS:
            column = (numbered[split[1]], int(split[2]))
        if column is None:
            known = ", ".join([spelt[0] for spelt in COLUMNS.values()] + [f"{spelt[0]} 1" for spelt in NUMBERED.values()])
            faults.append(_fault(head, number, "paper_file_column_unknown", name=title[:40], known=known))
        elif column in found.values():
            faults.append(_fault(head, number, "paper_file_column_twice", name=title[:40]))
        else:
            found[number] = column
    told = {key for key, _number in found.values()}
    missing = [] if "code" in told else [COLUMNS[key][0] for key in ("list", "row") if key not in told]
    missing += [] if "outcome" in told else [COLUMNS["outcome"][0]]
    if missing and not faults:
        faults.append(PaperFault(head, "", "paper_file_columns", {"missing": ", ".join(missing)}))
    return found, faults


def _fault(row: int, column: int, code: str, **facts: Any) -> PaperFault:
    return PaperFault(row, column_letter(column) if column else "", code, facts)


def _twice(rows: list[FileRow]) -> list[PaperFault]:
    first: dict[tuple[int, int], int] = {}
    faults = []
    for line in rows:
        key = (line.list_number, line.entry.row)
        if key in first:
            facts = {"number": line.list_number, "row": line.entry.row, "before": first[key]}
            faults.append(PaperFault(line.row, "", "paper_file_row_twice", facts))
        first.setdefault(key, line.row)
    return faults


class _Reader:
    """Reads the cells of one line; every fault is kept with its column."""

    def __init__(self, row: int, columns: dict[int, Column], cells: dict[int, str]) -> None:
        self.row = row
        self.at = {column: number for number, column in columns.items()}
        self.cells = {column: cells.get(number, "") for number, column in columns.items()}
        self.faults: list[PaperFault] = []

    def read(self, default_day: Callable[[int], date | None]) -> FileRow | None:
        where = self._where()
        outcome = self._one("outcome", lambda text: _word(text, OUTCOME_KEYS, Outcome), _known(OUTCOME_KEYS), needed=True)
        day = default_day(where[0]) if where else None
        if where and day is None:
            self._add("code" if self._text("code") else "list", "paper_list_unknown", number=where[0])
        if day is None:
            return None
        results = self._results()
        callback = self._promise("callback", day)
        police = self._promise("police", day)
        happened_on = self._one("on", lambda text: day_of(text, day), "25/11")
        happened_at = self._one("at", hour_of, "18:30")
        stop = self._one("stop", _yes_no, ", ".join(YES)) or False
        if self.faults or outcome is None or where is None:
            return None
        entry = PaperEntry(
            where[1], outcome, results, callback, police, self._text("note"), happened_on, happened_at, stop_whole_household=stop
        )
        return FileRow(self.row, where[0], entry, self._letters())

    def _where(self) -> tuple[int, int] | None:
        """Return list and row, from the code or from the two numbers."""
        if self._text("code"):
            try:
                number, row = read_code(self._text("code"))
            except InvalidInput as error:
                self._add("code", error.code)
                return None
            if row is None:
                self._add("code", "paper_code_unreadable")
                return None
            return number, row
        in_list = self._one("list", _whole, "1, 2, 3", needed=True)
        in_row = self._one("row", _whole, "1, 2, 3", needed=True)
        return (in_list, in_row) if in_list is not None and in_row is not None else None

    def _results(self) -> tuple[PaperResult, ...]:
        found = []
        for need in sorted({number for key, number in self.cells if key in NUMBERED}):
            result = self._one("result", lambda text: _word(text, RESULT_KEYS, NeedResult), _known(RESULT_KEYS), need)
            device = self._one("device", _yes_no, ", ".join(YES + NO), need)
            shown = self._one("shown", _yes_no, ", ".join(YES + NO), need)
            if result is not None:
                found.append(PaperResult(need, result, self._text("reason", need), device, shown))
        return tuple(found)

    def _promise(self, name: str, from_day: date) -> PaperPromise | None:
        on_date = self._one(f"{name}_on", lambda text: day_of(text, from_day), "25/11")
        if name == "police":
            starts = self._one("police_at", hour_of, "08:00")
            self._check_day(name, starts)
            return PaperPromise(on_date, starts=starts) if on_date else None
        period = self._one("callback_period", lambda text: PERIODS.get(text.upper()), ", ".join(PERIODS))
        starts, ends = self._one("callback_from", hour_of, "18:30"), self._one("callback_to", hour_of, "19:30")
        self._check_day(name, period or starts or ends)
        return PaperPromise(on_date, None if starts else period, starts, ends) if on_date else None

    def _check_day(self, name: str, said: object) -> None:
        if said and not self._text(f"{name}_on"):
            self._add(f"{name}_on", "paper_value_unreadable", value="", known="25/11")

    def _one(self, key: str, read: Callable[[str], T | None], known: str, need: int = 0, *, needed: bool = False) -> T | None:
        """Return a cell's value; None where it is empty, or cannot be read, which is a fault."""
        text = self._text(key, need)
        if not text and not needed:
            return None
        value = read(text) if text else None
        if value is None:
            self._add(key, "paper_value_unreadable", need, value=text[:40], known=known)
        return value

    def _text(self, key: str, need: int = 0) -> str:
        return self.cells.get((key, need), "")

    def _add(self, key: str, code: str, need: int = 0, **facts: Any) -> None:
        self.faults.append(_fault(self.row, self.at.get((key, need), 0), code, **facts))

    def _letters(self) -> dict[str, str]:
        """Return the column letter of each field of an entry, so that what a service refuses is told at its cell."""
        spelt = {"on": "happened_on", "at": "happened_at", "callback_on": "callback", "police_on": "police_appointment"}
        letters = {}
        for (key, need), number in self.at.items():
            letters[f"{key}-{need}" if need else spelt.get(key, key)] = column_letter(number)
        return letters


def _word(text: str, keys: dict[str, T], words: Any) -> T | None:
    """Return what a key, a word of the list in either language, or its code stands for."""
    found = keys.get(text.upper())
    if found is not None:
        return found
    folded = fold(text)
    spelt = {fold(each): member for member in words for each in (member.value, label(member), label(member, "en"))}
    return spelt.get(folded)


def _known(keys: dict[str, Any]) -> str:
    return ", ".join(f"{key} ({label(member)})" for key, member in keys.items())


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 1 <= len(text) <= 7 else None


def _yes_no(text: str) -> bool | None:
    folded = fold(text)
    return True if folded in map(fold, YES) else False if folded in map(fold, NO) else None
