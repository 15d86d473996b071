"""Read an .xlsx into sparse sheets, streaming: values, hidden rows and columns, merges, dates by number format."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from planner.sheets import refusals
from planner.sheets.cells import CellFault, CellValue, Row, Sheet, Workbook, column_letter, column_number, date_of_serial
from planner.sheets.package import Package, local_name
from planner.sheets.refusals import SheetRefused
from planner.sheets.xlsx_parts import date_styles, plain, saved_on, shared_strings, sheet_parts, whole

_REF = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_ROW_TAG = re.compile(rb"<(?:\w+:)?row[ >/]")
_INTEGER = re.compile(r"-?\d{1,15}$")
Progress = Callable[[float], None]


def read_xlsx(path: Path, progress: Progress | None = None, sheet_reader: type[SheetReader] | None = None) -> Workbook:
    """Return all sheets of the workbook.

    Parameters
    ----------
    sheet_reader
        Reads each sheet; one that takes more than values off it where given.

    Raises
    ------
    SheetRefused
        Broken, hostile or too big; decided before or while streaming, never after filling the memory.
    """
    with Package(path) as package:
        parts, epoch_1904 = sheet_parts(package)
        rows = sum(package.count(part, _ROW_TAG) for _, _, part in parts)
        if rows > refusals.MAX_ROWS:
            raise SheetRefused("file_too_many_rows", rows=rows, limit=refusals.MAX_ROWS)
        strings = shared_strings(package)
        dates = date_styles(package)
        total = sum(package.size(part) for _, _, part in parts) or 1
        done = 0

        def report(size: int) -> None:
            nonlocal done
            done += size
            if progress is not None:
                progress(min(1.0, done / total))

        memo: dict[str, str] = {}
        reader = sheet_reader or SheetReader
        book = Workbook([], saved_on=saved_on(package))
        budget = [refusals.MAX_CELLS]
        for name, state, part in parts:
            book.sheets.append(reader(name, state, strings, dates, epoch_1904, memo, budget).read(package, part, report))
        if any("vbaProject" in entry for entry in package.names):
            book.remarks.append(("macro_ignored", {}))
        if any(entry.startswith("xl/externalLinks/") for entry in package.names):
            book.remarks.append(("external_link_ignored", {}))
        return book


class SheetReader:
    """Handlers for one sheet's stream. Cells beyond our limits refuse the file: they only serve to fill memory."""

    def __init__(
        self,
        name: str,
        state: str,
        strings: list[str],
        dates: frozenset[int],
        epoch_1904: bool,
        memo: dict[str, str],
        budget: list[int],
    ) -> None:
        self._sheet = Sheet(name, {}, state)
        self._strings, self._dates, self._epoch_1904, self._memo, self._budget = strings, dates, epoch_1904, memo, budget
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._merges: list[tuple[int, int, int, int]] = []
        self._row_number = 0
        self._column = 0
        self._row: Row = {}
        self._type = ""
        self._style = 0
        self._value: list[str] = []
        self._formula: str | None = None
        self._target: list[str] | None = None
        self._has_value = self._phonetic = False

    def read(self, package: Package, part: str, on_piece: Callable[[int], None]) -> Sheet:
        package.parse(part, self._start, self._end, self._text, on_piece)
        sheet = self._sheet
        sheet.hidden_rows, sheet.hidden_columns = frozenset(self._hidden_rows), frozenset(self._hidden_columns)
        sheet.merges = tuple(self._merges)
        return sheet

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if ":" in tag:
            tag = local_name(tag)
        if tag == "c":
            self._open_cell(attributes)
        elif tag in ("v", "t"):
            if not self._phonetic:
                self._has_value = True
                self._target = self._value
        elif tag == "f":
            self._formula = ""
            self._target = None
        elif tag == "row":
            self._open_row(attributes)
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            last = min(whole(attributes.get("max")), refusals.MAX_COLUMN_NUMBER)
            self._hidden_columns.update(range(max(1, whole(attributes.get("min"))), last + 1))

    def _open_row(self, attributes: dict[str, str]) -> None:
        self._row_number = whole(attributes.get("r")) or self._row_number + 1
        self._row = {}
        self._column = 0
        if attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0":
            self._hidden_rows.add(self._row_number)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self._column += 1
        if reference is not None:
            found = _REF.match(reference)
            if found is not None:
                self._column = column_number(found[1])
        self._type = attributes.get("t", "n")
        self._style = whole(attributes.get("s"))
        self._value = []
        self._formula = None
        self._has_value = False

    def _text(self, data: str) -> None:
        if self._target is not None:
            self._target.append(data)
        elif self._formula is not None:
            self._formula += data

    def _end(self, tag: str) -> None:
        if ":" in tag:
            tag = local_name(tag)
        if tag in ("v", "t", "f"):
            self._target = None
        elif tag == "c":
            value = self._cell()
            self._formula = None
            if value is not None and value != "":
                self._keep(value)
        elif tag == "row":
            if self._row:
                self._sheet.rows[self._row_number] = self._row
        elif tag == "rPh":
            self._phonetic = False

    def _keep(self, value: CellValue) -> None:
        if self._row_number > refusals.MAX_ROW_NUMBER or self._column > refusals.MAX_COLUMN_NUMBER:
            place = f"{column_letter(self._column)}{self._row_number}"
            raise SheetRefused("file_far_cell", sheet=self._sheet.name, cell=place)
        self._budget[0] -= 1
        if self._budget[0] < 0:
            raise SheetRefused("file_too_many_cells", limit=refusals.MAX_CELLS)
        self._row[self._column] = value

    def _cell(self) -> CellValue:
        kind, raw = self._type, "".join(self._value)
        if self._formula is not None and (not self._has_value or (raw == "" and kind != "str")):
            return CellFault("formula", f"={self._formula[:200]}")
        if not self._has_value:
            return None
        if kind == "s":
            index = int(raw) if raw.strip().isdecimal() else -1
            return self._strings[index] if 0 <= index < len(self._strings) else None
        if kind in ("inlineStr", "str"):
            raw = plain(raw)
            return self._memo.setdefault(raw, raw)
        if kind == "e":
            return CellFault("error", raw)
        if kind == "b":
            return raw.strip() == "1"
        if kind == "d":
            return raw[:10]
        return self._number(raw.strip())

    def _number(self, raw: str) -> CellValue:
        if not raw:
            return None
        try:
            number: int | float = int(raw) if _INTEGER.match(raw) else float(raw)
        except ValueError:
            return CellFault("error", raw[:40])
        if number != number or number in (float("inf"), float("-inf")):
            return CellFault("error", raw[:40])
        if self._style in self._dates:
            return date_of_serial(number, self._epoch_1904)
        return int(number) if isinstance(number, float) and number.is_integer() and abs(number) < 1e15 else number

    def _merge(self, reference: str) -> None:
        if len(self._merges) >= refusals.MAX_ROWS:
            raise SheetRefused("file_too_many_cells", limit=refusals.MAX_CELLS)
        first, _, last = reference.partition(":")
        a, b = _REF.fullmatch(first), _REF.fullmatch(last or first)
        if a is not None and b is not None:
            self._merges.append((int(a[2]), column_number(a[1]), int(b[2]), column_number(b[1])))
