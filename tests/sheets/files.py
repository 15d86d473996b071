"""Small workbooks and text files made in code, for readers that must not depend on any one layout."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from planner.sheets.reading import PersonRow, ReadOptions, RosterReading
from planner.sheets.roster import read_roster

AS_OF = date(2026, 11, 1)
ROSTERS = Path(__file__).resolve().parents[1] / "data" / "rosters"
Rows = Sequence[Sequence[Any]]


def workbook(
    path: Path, sheets: Mapping[str, Rows], merges: Mapping[str, Iterable[str]] | None = None, hidden: Iterable[str] = ()
) -> Path:
    """Write sheets of rows; None is an empty cell."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for merge in (merges or {}).get(name, ()):
            sheet.merge_cells(merge)
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path


def csv_file(path: Path, rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def read(path: Path, known: Iterable[str] = (), **options: Any) -> RosterReading:
    return read_roster(path, as_of=AS_OF, known_hamlets=known, options=ReadOptions(**options))


def households(reading: RosterReading) -> dict[str, list[str]]:
    """Return hamlet/number → names of the members, in order."""
    found: dict[str, list[str]] = {}
    for person in reading.people:
        found.setdefault(f"{person.hamlet}/{person.household}", []).append(person.name)
    return found


def person(reading: RosterReading, name: str) -> PersonRow:
    return next(p for p in reading.people if p.name == name)


def codes(reading: RosterReading, severity: str = "") -> list[str]:
    return [issue.code for issue in reading.issues if not severity or issue.severity == severity]
