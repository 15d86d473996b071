"""What a cell may hold, whatever file it came from, and how Excel names its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell without a usable value: a formula never calculated, ``#REF!``, a day that never was.

    ``kind`` is ``formula``, ``error`` or ``serial``; ``text`` is what stands in the file.
    """

    kind: str
    text: str


CellValue = str | int | float | bool | date | CellFault | None
Row = dict[int, CellValue]  # column (1 is A) → value; empty cells are left out


@dataclass(slots=True)
class Look:
    """How a sheet looks, as far as a copy of it keeps that."""

    styles: dict[int, dict[int, int]] = field(default_factory=dict)  # row → column → style number of the workbook
    heights: dict[int, float] = field(default_factory=dict)  # of rows someone set, in points
    widths: list[tuple[int, int, float, bool]] = field(default_factory=list)  # first and last column, characters, hidden
    frozen_at: tuple[int, int] | None = None  # first row and column that move


@dataclass(slots=True)
class Sheet:
    """A sheet read into memory: only the cells that hold something."""

    name: str
    rows: dict[int, Row]
    state: str = "visible"  # visible | hidden | veryHidden
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merges: tuple[tuple[int, int, int, int], ...] = ()  # first row, first column, last row, last column
    look: Look | None = None


@dataclass(slots=True)
class Workbook:
    """All sheets of a file in their order, and what was left aside while reading it (codes with facts)."""

    sheets: list[Sheet]
    remarks: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    saved_on: date | None = None  # as the file itself says


def column_letter(column: int) -> str:
    """Return Excel's letter of a column: 1 → A, 27 → AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column letter: A → 1, AA → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def date_of_serial(serial: float, epoch_1904: bool) -> date | CellFault:
    """Return the date Excel shows for a serial number; 60 is the 29 February 1900 that never was."""
    days = int(serial)
    try:
        if epoch_1904:
            return date(1904, 1, 1) + timedelta(days=days)
        if days <= 0 or days == 60:
            return CellFault("serial", str(days))
        return date(1899, 12, 31 if days < 60 else 30) + timedelta(days=days)
    except OverflowError:
        return CellFault("serial", str(days))


def is_blank(value: CellValue) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def as_text(value: CellValue) -> str:
    """Return the value as a person would read it in the cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    if isinstance(value, CellFault):
        return value.text
    return str(value)
