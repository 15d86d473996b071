"""The copy a commune officer gets back: every issue marked where it is, explained, listed; nothing in it runs."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from planner.sheets.annotated import LIST_SHEET, write_annotated_copy
from planner.sheets.cells import column_number
from planner.sheets.escaping import escape_formula
from planner.sheets.issues import Issue
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
