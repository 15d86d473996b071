"""How a workbook looks: cell styles, widths, heights, merges, frozen panes, for a copy of it. Nothing that acts comes along."""

from __future__ import annotations

import math
import re
from copy import copy
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.stylesheet import Stylesheet
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.xml.functions import fromstring

from planner.sheets import refusals
from planner.sheets.cells import Look, Sheet
from planner.sheets.package import Package, local_name
from planner.sheets.xlsx import SheetReader
from planner.sheets.xlsx_parts import styles_entry, whole

MAX_STYLE_PARTS = 60_000  # Excel takes as many cell formats; each becomes an object of about a kilobyte here
_ELEMENT = re.compile(rb"<[A-Za-z]")
MAX_BLANKS = 600_000  # cells that only look like something; a sheet may be bordered down to its end
_WIDEST, _HIGHEST = 255.0, 409.0  # Excel's own limits


class LookReader(SheetReader):
    """Reads a sheet's values and how it looks."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._look = self._sheet.look = Look()
        self._blanks = MAX_BLANKS

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        super()._start(tag, attributes)
        tag = local_name(tag)
        if tag == "c":
            self._keep_style()
        elif tag == "row" and attributes.get("customHeight") in ("1", "true"):
            height = _size(attributes.get("ht"), _HIGHEST)
            if height and self._row_number <= refusals.MAX_ROW_NUMBER:
                self._look.heights[self._row_number] = height
        elif tag == "col":
            first = max(1, whole(attributes.get("min")))
            last = min(whole(attributes.get("max")), refusals.MAX_COLUMN_NUMBER)
            if first <= last and len(self._look.widths) < refusals.MAX_COLUMN_NUMBER:
                hidden = attributes.get("hidden") in ("1", "true")
                self._look.widths.append((first, last, _size(attributes.get("width"), _WIDEST), hidden))
        elif tag == "pane" and attributes.get("state", "").startswith("frozen"):
            rows, columns = (int(_size(attributes.get(name), 1_000.0)) for name in ("ySplit", "xSplit"))
            self._look.frozen_at = (rows + 1, columns + 1)

    def _keep_style(self) -> None:
        if self._style and self._row_number <= refusals.MAX_ROW_NUMBER and self._column <= refusals.MAX_COLUMN_NUMBER:
            row = self._look.styles.setdefault(self._row_number, {})
            row[self._column] = self._style

    def _end(self, tag: str) -> None:
        super()._end(tag)
        if tag == "row" or local_name(tag) == "row":
            self._spend_blanks()

    def _spend_blanks(self) -> None:
        """Forget the looks of empty cells once there are too many."""
        styles = self._look.styles.get(self._row_number)
        if styles is None:
            return
        blank = [column for column in styles if column not in self._row]
        self._blanks -= len(blank)
        if self._blanks < 0:
            for column in blank:
                del styles[column]


def _size(text: str | None, largest: float) -> float:
    try:
        size = float(text or 0)
    except ValueError:
        return 0.0
    return min(size, largest) if math.isfinite(size) and size > 0 else 0.0


class Styles:
    """The cell styles of a workbook as another workbook of openpyxl has them."""

    def __init__(self, arrays: list[StyleArray]) -> None:
        self._plain = arrays
        self._text: dict[int, StyleArray] = {}

    def dress(self, cell: Any, number: int, *, text: bool) -> None:
        """Give a cell the look of style `number`; the style is shared: copy before changing it (`own`)."""
        number = number if number < len(self._plain) else 0
        if not text:
            cell._style = self._plain[number]
            return
        if number not in self._text:
            self._text[number] = copy(self._plain[number])
            self._text[number].quotePrefix = 1  # what looks like a formula stays text when someone edits the cell
        cell._style = self._text[number]

    @staticmethod
    def own(cell: Any) -> None:
        """Let a cell change its style alone."""
        cell._style = copy(cell._style)


def styles_into(source: Path, target: Any) -> Styles | None:
    """Take the cell styles of an .xlsx into a new openpyxl workbook; None where there are too many, or they are damaged.

    The file must have been read before (`read_xlsx`): that refuses what is no plain XML.
    """
    with Package(source) as package:
        entry = styles_entry(package)
        if entry is None or package.count(entry, _ELEMENT) > MAX_STYLE_PARTS:
            return None
        content = b"".join(package.chunks(entry))
    try:
        tree: Any = fromstring(content)
        sheet = Stylesheet.from_tree(tree)
        arrays = [_checked(array, sheet) for array in sheet.cell_styles]
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ParseError):
        return None  # programs other than Excel write styles that no rule allows
    if not arrays:
        return None
    target._fonts, target._fills, target._borders = (IndexedList(part) for part in (sheet.fonts, sheet.fills, sheet.borders))
    target._number_formats, target._alignments = sheet.number_formats, sheet.alignments
    target._protections, target._cell_styles = sheet.protections, IndexedList(arrays)
    if sheet.colors is not None and sheet.colors.index:
        target._colors = sheet.colors.index
    return Styles(arrays)


def _checked(array: StyleArray, sheet: Stylesheet) -> StyleArray:
    """Return a style without its named style; one that points to nothing would damage the copy."""
    parts = ((array.fontId, sheet.fonts), (array.fillId, sheet.fills), (array.borderId, sheet.borders))
    if any(number >= len(known) for number, known in parts):
        raise IndexError("style")
    array.xfId = array.pivotButton = 0
    return array


def shape(out: Any, sheet: Sheet, marked: set[tuple[int, int]]) -> None:
    """Give a new sheet the widths, heights, merges and frozen panes of another, before its rows are written."""
    look = sheet.look or Look()
    for first, last, width, hidden in look.widths:
        letter = get_column_letter(first)
        dimension = ColumnDimension(out, index=letter, min=first, max=last, hidden=hidden)
        if width:
            dimension.width = width
        out.column_dimensions[letter] = dimension
    for number, height in look.heights.items():
        out.row_dimensions[number].height = height
    for first_row, left, last_row, right in _sound(sheet, marked):
        out.merged_cells.ranges.add(CellRange(min_row=first_row, min_col=left, max_row=last_row, max_col=right))
    if look.frozen_at is not None and look.frozen_at != (1, 1):
        row, column = look.frozen_at
        out.freeze_panes = f"{get_column_letter(min(column, refusals.MAX_COLUMN_NUMBER))}{row}"


def _sound(sheet: Sheet, marked: set[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Return the merges a copy may have: none that lies on another, for Excel calls that damage, and none that hides a mark."""
    taken: set[tuple[int, int]] = set()
    kept = []
    left_over = MAX_BLANKS
    for first_row, left, last_row, right in sheet.merges:
        area = (last_row - first_row + 1) * (right - left + 1)
        if area < 2 or area > left_over or right > refusals.MAX_COLUMN_NUMBER or last_row > refusals.MAX_ROW_NUMBER:
            continue
        covered = {(row, column) for row in range(first_row, last_row + 1) for column in range(left, right + 1)}
        if not covered.isdisjoint(taken) or not (covered - {(first_row, left)}).isdisjoint(marked):
            continue
        left_over -= area
        taken |= covered
        kept.append((first_row, left, last_row, right))
    return kept
