"""Files that want to hurt, or are not what they say: refused at once, with a sentence, in little time and memory."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from planner.domain.messages import MESSAGES
from planner.sheets.refusals import SheetRefused
from tests.sheets.files import ROSTERS, csv_file, read, workbook

HEAD = ["STT", "Số hộ", "Họ và tên", "Ngày sinh", "Giới tính", "Quan hệ với chủ hộ"]
ROW = [1, 1, "Trần A", "1/2/1980", "Nam", "Chủ hộ"]
ROOT = Path(__file__).resolve().parents[2]


def repacked(source: Path, target: Path, changes: dict[str, bytes]) -> Path:
    """Copy a workbook, replacing or adding entries."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, data in changes.items():
            new.writestr(name, data)
    return target


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return workbook(tmp_path / "good.xlsx", {"Ấp 1": [HEAD, ROW]})


def refusal(path: Path) -> str:
    with pytest.raises(SheetRefused) as caught:
        read(path)
    assert caught.value.code in MESSAGES, "every refusal has its sentence"
    return caught.value.code


def sheet_of(rows: bytes) -> bytes:
    return (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + rows
        + b"</sheetData></worksheet>"
    )


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"")
    assert refusal(path) == "file_empty"


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "file_is_html"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html></html>", "file_is_html"),
        (b"%PDF-1.7 ...", "file_not_a_table"),
        (b"<?xml version='1.0'?><Workbook/>", "file_is_xml"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_old_xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
        (b"just some words", "file_broken"),
        (b"PK\x03\x04 no end", "file_broken"),
    ],
)
def test_a_file_in_disguise(tmp_path: Path, start: bytes, code: str) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(start)
    assert refusal(path) == code


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95, 0.999])
def test_a_truncated_workbook(tmp_path: Path, share: float) -> None:
    data = (ROSTERS / "lon-xon-mau.xlsx").read_bytes()
    path = tmp_path / "x.xlsx"
    path.write_bytes(data[: int(len(data) * share)])
    assert refusal(path) == "file_broken"


def test_a_workbook_with_flipped_bytes_is_refused_or_read_but_never_a_crash(tmp_path: Path) -> None:
    data = bytearray((ROSTERS / "lon-xon-mau.xlsx").read_bytes())
    for place in range(40, len(data) - 40, 3001):
        spoiled = bytearray(data)
        spoiled[place] ^= 0x55
        path = tmp_path / "x.xlsx"
        path.write_bytes(bytes(spoiled))
        with suppress(SheetRefused):
            read(path)


def test_a_zip_bomb(tmp_path: Path, good: Path) -> None:
    bomb = repacked(good, tmp_path / "x.xlsx", {"xl/worksheets/sheet1.xml": sheet_of(b" " * 120_000_000)})
    assert bomb.stat().st_size < 300_000
    assert refusal(bomb) == "file_zip_bomb"


def test_a_zip_that_lies_about_its_size(tmp_path: Path, good: Path) -> None:
    path = repacked(good, tmp_path / "x.xlsx", {"xl/worksheets/sheet1.xml": sheet_of(b" " * 50_000_000)})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(bytes(data).replace(size.to_bytes(4, "little"), (5000).to_bytes(4, "little")))
    assert refusal(path) == "file_broken"


def test_a_hundred_thousand_entries(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(100_000):
            archive.writestr(f"{i}", b"")
    assert refusal(path) == "file_too_many_entries"


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/x", "xl/../../x", "..\\..\\x", "C:\\x"])
def test_an_entry_that_wants_out(tmp_path: Path, good: Path, name: str) -> None:
    assert refusal(repacked(good, tmp_path / "x.xlsx", {name: b"x"})) == "file_bad_entry"


@pytest.mark.parametrize("entry", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_xml_entities(tmp_path: Path, good: Path, entry: str) -> None:
    lol = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    with zipfile.ZipFile(good) as archive:
        data = archive.read(entry)
    spoiled = data.replace(b"?>", b"?>" + lol, 1) if data.startswith(b"<?xml") else lol + data
    assert refusal(repacked(good, tmp_path / "x.xlsx", {entry: spoiled})) == "file_xml_entities"


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1"])
def test_a_far_cell(tmp_path: Path, good: Path, cell: str) -> None:
    row = int("".join(c for c in cell if c.isdigit()))
    data = sheet_of(f'<row r="{row}"><c r="{cell}"><v>1</v></c></row>'.encode())
    assert refusal(repacked(good, tmp_path / "x.xlsx", {"xl/worksheets/sheet1.xml": data})) == "file_far_cell"


def test_more_rows_than_any_ward_has_people(tmp_path: Path, good: Path) -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>n\xc3\xa0y l\xc3\xa0 %d</t></is></c></row>' % (i, i, i)
        for i in range(1, 200_001)
    )
    path = repacked(good, tmp_path / "x.xlsx", {"xl/worksheets/sheet1.xml": sheet_of(rows)})
    assert refusal(path) == "file_too_many_rows"
    csv_path = tmp_path / "x.csv"
    csv_path.write_text("STT;Họ tên;Năm sinh\n" + "1;Trần A;1980\n" * 200_000)
    assert refusal(csv_path) == "file_too_many_rows"


def test_every_hostile_file_is_refused_within_two_seconds_and_300_megabytes(tmp_path: Path, good: Path) -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d"><v>7</v></c></row>' % (i, i, i, i) for i in range(1, 200_001)
    )
    many = tmp_path / "entries.xlsx"
    with zipfile.ZipFile(many, "w") as archive:
        for i in range(100_000):
            archive.writestr(f"{i}", b"")
    far = sheet_of(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    paths = [
        repacked(good, tmp_path / "bomb.xlsx", {"xl/worksheets/sheet1.xml": sheet_of(b" " * 200_000_000)}),
        repacked(
            good, tmp_path / "strings.xlsx", {"xl/sharedStrings.xml": b"<sst>" + b"<si><t>a</t></si>" * 9_000_000 + b"</sst>"}
        ),
        repacked(good, tmp_path / "rows.xlsx", {"xl/worksheets/sheet1.xml": sheet_of(rows)}),
        repacked(good, tmp_path / "far.xlsx", {"xl/worksheets/sheet1.xml": far}),
        many,
    ]
    program = (
        "import sys, time; from datetime import date; from pathlib import Path\n"
        "from planner.sheets.roster import read_roster; from planner.sheets.refusals import SheetRefused\n"
        "for name in sys.argv[1:]:\n"
        "    start = time.perf_counter()\n"
        "    try: read_roster(Path(name), as_of=date(2026, 11, 1)); raise SystemExit(f'{name} was read')\n"
        "    except SheetRefused: pass\n"
        "    seconds = time.perf_counter() - start\n"
        "    if seconds > 2: raise SystemExit(f'{name}: {seconds:.1f} s')\n"
        "status = Path('/proc/self/status')\n"  # not getrusage: its peak is that of the process that started this one
        "lines = status.read_text().splitlines() if status.exists() else ['VmHWM: 0 kB']\n"
        "peak = next(int(line.split()[1]) for line in lines if 'VmHWM' in line)\n"
        "if peak > 300_000: raise SystemExit(f'{peak} kB')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, paths)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def test_macros_are_left_out_with_a_warning(tmp_path: Path, good: Path) -> None:
    reading = read(repacked(good, tmp_path / "x.xlsm", {"xl/vbaProject.bin": b"evil"}))
    assert [(i.severity, i.code) for i in reading.issues if i.scope == "file"] == [("warning", "macro_ignored")]
    assert len(reading.people) == 1


def test_a_link_to_another_file_is_never_followed(tmp_path: Path, good: Path) -> None:
    reading = read(repacked(good, tmp_path / "x.xlsx", {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}))
    assert ("notice", "external_link_ignored") in [(i.severity, i.code) for i in reading.issues]


def test_a_quote_left_open_names_its_row(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('STT;Họ tên;Năm sinh;Giới tính\n1;Trần A;1980;Nam\n2;"Lê B;1981;Nữ\n3;Ngô C;1982;Nam\n', encoding="utf-8")
    with pytest.raises(SheetRefused) as caught:
        read(path)
    assert (caught.value.code, caught.value.facts["row"]) == ("file_open_quote", 3)


def test_a_quote_closed_in_the_middle_of_a_later_row_names_its_row(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('STT;Họ tên;Năm sinh\n1;Trần A;1980\n2;"Lê B;1981\n3;"Ngô C";1982\n', encoding="utf-8")
    with pytest.raises(SheetRefused) as caught:
        read(path)
    assert (caught.value.code, caught.value.facts["row"]) == ("file_open_quote", 3)


def test_a_csv_cell_may_hold_a_line_break_in_quotes(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "x.csv", [["Ấp", *HEAD], ["Ấp 1", 1, 1, "Trần\nA", "1/2/1980", "Nam", "Chủ hộ"]], ";")
    assert [p.name for p in read(path).people] == ["Trần A"]


def test_a_name_of_ten_thousand_letters_is_refused_alone(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", {"Ấp 1": [HEAD, ROW, [2, None, "A" * 10_000, "1/1/2000", "Nữ", "Con"]]})
    reading = read(path)
    assert [(i.code, i.row, i.column) for i in reading.issues if i.severity == "error"] == [("text_too_long", 3, "C")]
    assert [p.name for p in reading.people] == ["Trần A", ""]


def test_control_characters_are_dropped(tmp_path: Path, good: Path) -> None:
    cells = "".join(
        f'<c r="{c}2" t="inlineStr"><is><t>{t}</t></is></c>'
        for c, t in zip("BCDE", ["1", "Lê_x0000_ _x0007_B", "1/2/1980", "Nữ"], strict=True)
    )
    heads = "".join(f'<c r="{c}1" t="inlineStr"><is><t>{t}</t></is></c>' for c, t in zip("ABCDEF", HEAD, strict=True))
    data = sheet_of(f'<row r="1">{heads}</row><row r="2">{cells}</row>'.encode())
    reading = read(repacked(good, tmp_path / "x.xlsx", {"xl/worksheets/sheet1.xml": data}))
    assert [p.name for p in reading.people] == ["Lê B"]
    assert "text_control" in [i.code for i in reading.issues]


def test_days_may_count_from_1904(tmp_path: Path, good: Path) -> None:
    from datetime import date

    from openpyxl import load_workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = load_workbook(workbook(tmp_path / "m.xlsx", {"Ấp 1": [HEAD, [1, 1, "Trần A", None, "Nam", "Chủ hộ"]]}))
    book.epoch = CALENDAR_MAC_1904
    book.active["D2"] = date(1980, 2, 1)
    book.save(tmp_path / "mac.xlsx")
    assert [str(p.birth) for p in read(tmp_path / "mac.xlsx").people] == ["1980-02-01"]


def test_the_day_excel_invented_is_an_error(tmp_path: Path, good: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(
        workbook(
            tmp_path / "m.xlsx", {"Ấp 1": [HEAD, [1, 1, "Trần A", 60, "Nam", "Chủ hộ"], [2, 2, "Lê B", "#REF!", "Nữ", "Chủ hộ"]]}
        )
    )
    book.active["D2"].number_format = "dd/mm/yyyy"
    book.active["D3"].data_type = "e"
    book.save(tmp_path / "x.xlsx")
    assert [(i.code, i.row) for i in read(tmp_path / "x.xlsx").issues if i.severity == "error"] == [
        ("birth_no_such_day", 2),
        ("error_value", 3),
    ]
