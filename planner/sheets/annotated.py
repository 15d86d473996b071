"""A copy of the workbook in which every issue is coloured, explained in a comment, and listed on a sheet of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook as NewBook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from planner.domain.messages import say
from planner.sheets.cells import CellFault, CellValue, Sheet, column_number
from planner.sheets.escaping import safe_text
from planner.sheets.issues import Issue
from planner.sheets.looks import LookReader, Styles, shape, styles_into
from planner.sheets.package import kind_of_file
from planner.sheets.roster import open_table
from planner.sheets.xlsx import read_xlsx

_FILLS = {"error": PatternFill("solid", fgColor="FFF4B6B6"), "warning": PatternFill("solid", fgColor="FFFFE699"),
          "notice": PatternFill("solid", fgColor="FFDDEBF7")}  # fmt: skip
_WORDS = {"error": "Lỗi", "warning": "Cảnh báo", "notice": "Lưu ý"}
_RANK = {"error": 0, "warning": 1, "notice": 2}
LIST_SHEET = "Lỗi"
MAX_COMMENTS = 2_000  # Excel grows slow with more; the list has them all


def write_annotated_copy(source: Path, issues: Iterable[Issue], target: Path, *, encoding: str = "") -> None:
    """Write `source` to `target` (.xlsx) with its issues marked: its values, and how they look.

    Formulas become their stored values and hidden sheets stay hidden. Every text is written as text: nothing in the copy runs,
    and nothing of the original but values, cell styles, widths, heights, merges and frozen panes comes along.
    """
    is_workbook = kind_of_file(source) == "xlsx"
    book = read_xlsx(source, sheet_reader=LookReader) if is_workbook else open_table(source, encoding)
    marks: dict[str, dict[tuple[int, int], list[Issue]]] = defaultdict(lambda: defaultdict(list))
    listed = sorted(issues, key=lambda i: _RANK[i.severity])
    for issue in listed:
        if issue.row is not None:
            column = column_number(issue.column) if issue.column else 1
            marks[issue.sheet][issue.row, column].append(issue)
    copy = NewBook(write_only=True)
    styles = styles_into(source, copy) if is_workbook else None
    _write_list(copy, listed, plain=is_workbook and styles is None)
    comments = [MAX_COMMENTS]
    taken = {LIST_SHEET}
    for sheet in book.sheets:
        title = _free_title(sheet.name, taken)
        _write_sheet(copy, sheet, title, marks.get(sheet.name, {}), comments, styles)
    copy.save(target)


def _write_list(copy: Any, issues: list[Issue], *, plain: bool) -> None:
    """Write the sheet that lists all issues; a copy that could not keep the looks of its file says so at the end."""
    sheet = copy.create_sheet(LIST_SHEET)
    for column, width in enumerate((12, 22, 8, 6, 80, 28), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, text, bold=True) for text in ("Mức", "Trang", "Dòng", "Cột", "Nội dung và cách sửa", "Gợi ý")])
    for issue in issues:
        message = str(issue.facts.get("text") or issue.message())
        row: list[Any] = [_cell(sheet, _WORDS[issue.severity], fill=_FILLS[issue.severity]), _cell(sheet, issue.sheet), issue.row]
        row += [_cell(sheet, issue.column), _cell(sheet, message, wrap=True), _cell(sheet, issue.suggestion)]
        sheet.append(row)
    if plain:
        sheet.append([None] * 4 + [_cell(sheet, say("marked_copy_plain"), wrap=True)])


def _write_sheet(
    copy: Any,
    sheet: Sheet,
    title: str,
    marks: dict[tuple[int, int], list[Issue]],
    comments: list[int],
    styles: Styles | None,
) -> None:
    out = copy.create_sheet(title)
    shape(out, sheet, set(marks))
    if sheet.state != "visible":
        out.sheet_state = "hidden"
    for number in sheet.hidden_rows:
        out.row_dimensions[number].hidden = True
    by_row: dict[int, dict[int, list[Issue]]] = defaultdict(dict)
    for (number, column), found in marks.items():
        by_row[number][column] = found
    looks = sheet.look.styles if sheet.look is not None and styles is not None else {}
    last = max([*sheet.rows, *by_row, *looks], default=0)
    for number in range(1, last + 1):
        row, marked, look = sheet.rows.get(number, {}), by_row.get(number, {}), looks.get(number, {})
        width = max([*row, *marked, *look], default=0)
        cells: list[Any] = []
        for column in range(1, width + 1):
            value = row.get(column)
            if column not in marked:
                bare = value is None and column not in look
                cells.append(None if bare else _cell(out, value, styles=styles, look=look.get(column, 0)))
                continue
            cell = _cell(out, value, styles=styles, look=look.get(column, 0), fill=_FILLS[marked[column][0].severity])
            if comments[0] > 0:
                comments[0] -= 1
                text = "\n".join(str(i.facts.get("text") or i.message()) for i in marked[column])
                cell.comment = Comment(text[:1000], "Năm Rõ", width=320, height=120)
            cells.append(cell)
        out.append(cells)


def _cell(
    sheet: Any,
    value: CellValue,
    *,
    styles: Styles | None = None,
    look: int = 0,
    fill: PatternFill | None = None,
    bold: bool = False,
    wrap: bool = False,
) -> Any:
    """Return a cell that is text where the value is: Excel must not take it for a formula."""
    text: Any = value.text if isinstance(value, CellFault) else value
    cell = WriteOnlyCell(sheet, value=safe_text(text) if isinstance(text, str) else text)
    if styles is not None:
        styles.dress(cell, look, text=isinstance(text, str))
    if isinstance(text, str):
        cell.data_type = "s"
        if styles is None:
            cell.quotePrefix = True
    if styles is not None and fill is not None:
        styles.own(cell)
    if fill is not None:
        cell.fill = fill
    if bold:
        cell.font = Font(bold=True)
    if wrap:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _free_title(name: str, taken: set[str]) -> str:
    """Return a sheet title Excel accepts and no other sheet of the copy has."""
    base = "".join("_" if c in "[]:*?/\\" else c for c in name)[:31] or "Sheet"
    title, number = base, 2
    while title.casefold() in {t.casefold() for t in taken}:
        title, number = f"{base[:27]} ({number})", number + 1
    taken.add(title)
    return title
