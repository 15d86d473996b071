"""A table as an .xlsx workbook that a duty officer can print: header kept in sight, A4 landscape, every cell text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

# XML knows no such characters; openpyxl raises on them.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_NAME_FORBIDS = re.compile(r"[\[\]:*?/\\]")
LONGEST_CELL = 32_767


def table_workbook(
    title: str, header: Sequence[str], rows: Iterable[Sequence[object]], widths: Sequence[int], sheet: str = "Năm Rõ"
) -> bytes:
    """Return a workbook with one table.

    Parameters
    ----------
    title
        Stands above the table.
    rows
        Values are written as text whatever they look like: a name that begins with ``=`` stays a name.
    widths
        Of the columns, in characters.
    """
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = _NAME_FORBIDS.sub(" ", sheet)[:31]
    write_text(page.cell(1, 1), title).font = Font(bold=True, size=14)
    for column, name in enumerate(header, 1):
        cell = write_text(page.cell(3, column), name)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E8EEF4")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        page.column_dimensions[get_column_letter(column)].width = widths[column - 1]
    for line, values in enumerate(rows, 4):
        for column, value in enumerate(values, 1):
            write_text(page.cell(line, column), value).alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "A4"
    page.print_title_rows = "3:3"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write_text(cell: Cell | MergedCell, value: object) -> Cell:
    """Write a value as text that no program takes for a formula."""
    assert isinstance(cell, Cell)  # nothing is merged in what we write
    text = _UNPRINTABLE.sub("", "" if value is None else str(value))[:LONGEST_CELL]
    cell.value = text
    cell.data_type = "s"  # openpyxl would make a formula of what begins with "="
    if text[:1] in ("=", "+", "-", "@", "\t"):
        cell.quotePrefix = True  # and Excel would, once someone edits the cell
    return cell
