"""The copy a commune officer gets back: every issue marked where it is, explained, listed; nothing in it runs."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from planner.domain.messages import say
from planner.sheets.annotated import LIST_SHEET, write_annotated_copy
from planner.sheets.cells import column_number
from planner.sheets.escaping import escape_formula
from planner.sheets.issues import Issue
from planner.sheets.looks import MAX_STYLE_PARTS
from tests.sheets.files import ROSTERS, csv_file, read

MESSY = ROSTERS / "lon-xon-mau.xlsx"


def test_every_issue_with_a_place_is_coloured_and_explained(tmp_path: Path) -> None:
    reading = read(MESSY)
    write_annotated_copy(MESSY, reading.issues, tmp_path / "copy.xlsx")
    copy = load_workbook(tmp_path / "copy.xlsx")
    for issue in reading.issues:
        if issue.row is not None:
            cell = copy[issue.sheet].cell(issue.row, column_number(issue.column) if issue.column else 1)
            assert cell.fill.fgColor.rgb != "00000000", issue
            assert issue.message() in cell.comment.text
    listed = list(copy[LIST_SHEET].iter_rows(min_row=2, values_only=True))
    assert len(listed) == len(reading.issues)
    assert [row[0] for row in listed] == sorted((row[0] for row in listed), key=["Lỗi", "Cảnh báo", "Lưu ý"].index)


def test_the_values_are_those_of_the_file_and_hidden_sheets_stay_hidden(tmp_path: Path) -> None:
    write_annotated_copy(MESSY, read(MESSY).issues, tmp_path / "copy.xlsx")
    before, after = load_workbook(MESSY), load_workbook(tmp_path / "copy.xlsx")
    assert after["Sheet cũ"].sheet_state == "hidden"
    for place in ("A1", "C8", "F8", "B9", "J12"):
        assert after["Thôn Đê Trong"][place].value == before["Thôn Đê Trong"][place].value


def test_no_text_of_the_copy_is_a_formula(tmp_path: Path) -> None:
    evil = Issue("unknown_column", "Thôn Lò Vôi", 64, "C", facts={"title": '=HYPERLINK("http://x","y")'}, suggestion="=1+1")
    write_annotated_copy(MESSY, [evil, *read(MESSY).issues], tmp_path / "copy.xlsx")
    copy = load_workbook(tmp_path / "copy.xlsx")
    assert [c.coordinate for sheet in copy for row in sheet.iter_rows() for c in row if c.data_type == "f"] == []
    assert copy["Thôn Lò Vôi"]["C64"].value == '=cmd|"/C calc"!A0'


def test_a_text_file_comes_back_as_a_workbook(tmp_path: Path) -> None:
    head = ["Ấp", "Số hộ", "Họ và tên", "Ngày sinh", "Giới tính", "Quan hệ"]
    path = csv_file(tmp_path / "x.csv", [head, ["Ấp 1", 1, "Trần\x07 A", "31/02/1980", "Nam", "Chủ hộ"]], ";")
    write_annotated_copy(path, read(path).issues, tmp_path / "copy.xlsx")
    assert "31/02/1980" in {c.value for row in load_workbook(tmp_path / "copy.xlsx")["x"].iter_rows() for c in row}


def test_csv_text_that_a_spreadsheet_would_run_is_escaped() -> None:
    assert [escape_formula(text)[0] for text in ("=1", "+1", "-1", "@x", "\tx", "＝1")] == ["'"] * 6
    assert escape_formula("0900000001") == "0900000001"


# --- how the copy looks ------------------------------------------------------------------------------------------------

HEAD = ["Ấp", "Số hộ", "Họ và tên", "Ngày sinh"]


def dressed(path: Path) -> Path:
    """Write a roster as an office prints it: coloured header, borders, a date format, widths, merges, a frozen header."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "Ấp 1"
    page["A1"] = "DANH SÁCH HỘ DÂN"
    page.merge_cells("A1:D1")
    for row in (HEAD, ["Ấp 1", 1, "Lê Văn A", date(1980, 2, 1)], ["Ấp 1", 2, "Lò Thị B", "31/02/1980"], ["Ấp 1", 3, None, None]):
        page.append(row)
    line = Side(style="thin", color="FF0000FF")
    for row in page["A2:D5"]:
        for cell in row:
            cell.border = Border(left=line, right=line, top=line, bottom=line)
            cell.font = Font(name="Times New Roman", size=13, bold=cell.row == 2)
    page["A2"].fill = PatternFill("solid", fgColor="FF92D050")
    page["B3"].alignment = Alignment(horizontal="center", wrap_text=True)
    page["D3"].number_format = "dd/mm/yyyy"
    page["B4"].number_format = "000"
    page.column_dimensions["C"].width = 31
    page.column_dimensions["D"].hidden = True
    page.row_dimensions[2].height = 40
    page.freeze_panes = "A3"
    page.merge_cells("A3:A4")
    book.save(path)
    return path


def marked(source: Path, tmp_path: Path) -> Any:
    write_annotated_copy(source, read(source).issues, tmp_path / "copy.xlsx")
    return load_workbook(tmp_path / "copy.xlsx")


def test_the_copy_looks_like_the_file(tmp_path: Path) -> None:
    before = load_workbook(dressed(tmp_path / "dressed.xlsx"))["Ấp 1"]
    after = marked(tmp_path / "dressed.xlsx", tmp_path)["Ấp 1"]
    for place in ("A1", "A2", "B3", "C3", "D3", "B4", "C5"):
        for part in ("font", "border", "alignment", "number_format"):
            assert repr(getattr(after[place], part)) == repr(getattr(before[place], part)), (place, part)
    assert repr(after["A2"].fill) == repr(before["A2"].fill)
    assert after["D3"].value == before["D3"].value
    assert [str(merge) for merge in after.merged_cells.ranges] == [str(merge) for merge in before.merged_cells.ranges]
    assert (after.column_dimensions["C"].width, after.column_dimensions["D"].hidden) == (31, True)
    assert (after.row_dimensions[2].height, after.freeze_panes) == (40, "A3")


def test_a_marked_cell_keeps_its_font_and_border_under_the_colour_of_the_mark(tmp_path: Path) -> None:
    before = load_workbook(dressed(tmp_path / "dressed.xlsx"))["Ấp 1"]["D4"]
    after = marked(tmp_path / "dressed.xlsx", tmp_path)["Ấp 1"]["D4"]
    assert (repr(after.font), repr(after.border)) == (repr(before.font), repr(before.border))
    assert after.fill.fgColor.rgb == "FFF4B6B6"
    assert after.comment is not None


def test_a_merge_that_would_hide_a_mark_is_not_kept(tmp_path: Path) -> None:
    source = dressed(tmp_path / "dressed.xlsx")
    hidden = Issue("hamlet_like", "Ấp 1", 4, "A", facts={"hamlet": "Ấp 1"})
    write_annotated_copy(source, [hidden], tmp_path / "copy.xlsx")
    page = load_workbook(tmp_path / "copy.xlsx")["Ấp 1"]
    assert [str(merge) for merge in page.merged_cells.ranges] == ["A1:D1"]
    assert page["A4"].comment is not None


def test_nothing_that_acts_comes_along_with_the_looks(tmp_path: Path) -> None:
    book = load_workbook(dressed(tmp_path / "dressed.xlsx"))
    page = book["Ấp 1"]
    page["C3"] = '=HYPERLINK("http://x.example","Lê Văn A")'
    page["C4"].hyperlink = "http://x.example/"
    page["B5"] = "=[1]Sheet1!A1"
    page.conditional_formatting.add(
        "A1:D9", FormulaRule(formula=["WEBSERVICE(A1)=1"], fill=PatternFill("solid", bgColor="FFFF0000"))
    )
    page.add_data_validation(DataValidation(type="list", formula1="INDIRECT(A1)", sqref="A3"))
    book.defined_names["x"] = DefinedName("x", attr_text="'http://x.example/[b.xlsx]S'!$A$1")
    book.save(tmp_path / "acting.xlsx")
    marked(tmp_path / "acting.xlsx", tmp_path)
    with zipfile.ZipFile(tmp_path / "copy.xlsx") as package:
        parts = {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}
    assert not [name for name in parts if "externalLink" in name or "vba" in name.lower()]
    for tag in (
        "<f>",
        "<f ",
        "<hyperlink",
        "<conditionalFormatting",
        "<dataValidation",
        "<definedName ",
        'TargetMode="External"',
    ):
        assert not [name for name, part in parts.items() if tag in part], tag


def restyled(source: Path, target: Path, change: Callable[[str], str]) -> Path:
    """Write a workbook again with its styles or sheet changed as no program of ours would."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()) if name.endswith((".xml",)) else content)
    return target


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('fontId="1"', 'fontId="999"'),
        lambda text: text.replace("<cellXfs", "<cellXfs><xf/></cellXfs><cellXfs") if "<cellXfs" in text else text,
        lambda text: text.replace("</fonts>", "<font/>" * (MAX_STYLE_PARTS + 1) + "</fonts>"),
        lambda text: text.replace("patternFill", "noSuchFill"),
    ],
)
def test_styles_that_are_damaged_or_too_many_leave_a_plain_copy_that_says_so(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    source = restyled(dressed(tmp_path / "dressed.xlsx"), tmp_path / "odd.xlsx", change)
    copy = marked(source, tmp_path)
    assert copy["Ấp 1"]["C3"].value == "Lê Văn A"
    listed = [row[4] for row in copy[LIST_SHEET].iter_rows(values_only=True)]
    assert (say("marked_copy_plain") in listed) == (copy["Ấp 1"]["C3"].font.name != "Times New Roman")


def test_merges_that_lie_on_each_other_do_not_damage_the_copy(tmp_path: Path) -> None:
    twice = '<mergeCell ref="A3:A4"/><mergeCell ref="A4:B9"/><mergeCell ref="A1:XFD1048576"/>'
    source = restyled(
        dressed(tmp_path / "dressed.xlsx"), tmp_path / "odd.xlsx", lambda text: text.replace('<mergeCell ref="A3:A4"/>', twice)
    )
    assert {str(merge) for merge in marked(source, tmp_path)["Ấp 1"].merged_cells.ranges} == {"A1:D1", "A3:A4"}
