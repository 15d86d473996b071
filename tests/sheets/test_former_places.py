"""Lists that still name the communes and districts abolished on 1 July 2025: led to today's names, never mixed up silently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.sheets.former_places import parted
from planner.sheets.issues import Issue
from planner.sheets.place_units import units_in
from planner.sheets.reading import ReadOptions, RosterReading
from planner.sheets.roster import read_roster
from tests.sheets.files import AS_OF, codes, workbook

HEAD = ["Ấp", "Số hộ", "Họ và tên", "Ngày sinh", "Địa chỉ"]
TODAY = "xã Lộc Hòa"
Rows = list[list[Any]]


def reads(
    tmp_path: Path,
    sheets: dict[str, Rows] | Rows,
    listed: dict[str, str] | None = None,
    known: tuple[str, ...] = (),
    today: str = TODAY,
    **answers: str,
) -> RosterReading:
    """Read sheets of rows (one sheet: the rows below HEAD) with a commune's list of former places."""
    book = sheets if isinstance(sheets, dict) else {"DS": [HEAD, *sheets]}
    path = workbook(tmp_path / "roster.xlsx", book)
    options = ReadOptions(answers=answers, commune=today, former_places=listed or {})
    return read_roster(path, as_of=AS_OF, known_hamlets=known, options=options)


def a(hamlet: str | None, name: str, address: str | None = None, household: int = 1) -> list[Any]:
    return [hamlet, household, name, "01/02/1980", address]


def hamlets(reading: RosterReading) -> list[str]:
    return [person.hamlet for person in reading.people]


def issue(reading: RosterReading, code: str) -> Issue:
    return next(found for found in reading.issues if found.code == code)


@pytest.mark.parametrize(
    ("text", "named", "rest"),
    [
        ("Ấp 1, xã Tân Lập cũ, huyện Lộc Ninh", [("xã Tân Lập", True), ("huyện Lộc Ninh", False)], "Ấp 1"),
        ("Ấp 1 (xã Tân Lập cũ)", [("xã Tân Lập", True)], "Ấp 1"),
        ("Khu phố 2, TT. Lộc Ninh (cũ), H. Lộc Ninh", [("thị trấn Lộc Ninh", True), ("huyện Lộc Ninh", False)], "Khu phố 2"),
        ("DANH SÁCH ẤP 1 XÃ TÂN LẬP HUYỆN LỘC NINH NĂM 2025", [("xã Tân Lập", False), ("huyện Lộc Ninh", False)], None),
        ("ấp 2 - xã cũ Lộc An - huyện Lộc Ninh", [("xã Lộc An", True), ("huyện Lộc Ninh", False)], "ấp 2"),
        ("ấp 1 xã tân lập cũ", [("xã tân lập", True)], "ấp 1"),
        ("Thôn Đông, xã Long Hà trước đây", [("xã Long Hà", True)], "Thôn Đông"),
        ("Số 3 (xã Long Hà cũ), đường Chợ", [("xã Long Hà", True)], "Số 3, đường Chợ"),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", [], None),
        ("bảo hiểm xã hội", [], None),
        ("Danh sách toàn xã có 5 hộ", [], None),
    ],
)
def test_communes_and_districts_are_found_in_what_people_write(
    text: str, named: list[tuple[str, bool]], rest: str | None
) -> None:
    assert [(unit.text, unit.former) for unit in units_in(text)] == named
    if rest is not None:
        assert parted(text)[1] == rest


def test_a_hamlet_of_a_former_commune_is_todays_by_the_list(tmp_path: Path) -> None:
    listed = {"Ấp 1, xã Tân Lập": "Ấp 1A", "xã Tân Lập": TODAY}
    reading = reads(tmp_path, [a("Ấp 1, xã Tân Lập cũ", "Lê Văn A"), a("Ấp 2, xã Lộc Hòa", "Lò Thị B")], listed)
    assert hamlets(reading) == ["Ấp 1A", "Ấp 2"]
    told = issue(reading, "former_hamlet_mapped")
    assert (told.sheet, told.row, told.column, told.severity) == ("DS", 2, "A", "notice")
    assert "Ấp 1 (xã Tân Lập cũ)" in told.message()
    assert "Ấp 1A" in told.message("en")
    assert not reading.questions


def test_a_hamlet_that_has_a_new_name_is_found_under_the_old_one(tmp_path: Path) -> None:
    assert hamlets(reads(tmp_path, [a("ấp Cầu Cũ", "Lê Văn A")], {"Ấp Cầu Cũ": "Ấp Cầu Mới"})) == ["Ấp Cầu Mới"]


def test_a_ward_that_is_one_hamlet_today_gives_its_name_to_all_its_rows(tmp_path: Path) -> None:
    rows = [a("Khu phố 1, thị trấn Chợ cũ", "Lê Văn A"), a("Khu phố 2, thị trấn Chợ cũ", "Lò Thị B", household=2)]
    assert hamlets(reads(tmp_path, rows, {"thị trấn Chợ": "Thôn Chợ"})) == ["Thôn Chợ", "Thôn Chợ"]


def test_the_town_and_the_commune_around_it_may_share_a_name(tmp_path: Path) -> None:
    listed = {"Ấp 1, thị trấn Lộc Ninh": "Ấp Chợ", "Ấp 1, xã Lộc Ninh": "Ấp Đồng"}
    rows = [a("Ấp 1, TT. Lộc Ninh (cũ)", "Lê Văn A"), a("Ấp 1, xã Lộc Ninh cũ", "Lò Thị B", household=2)]
    assert hamlets(reads(tmp_path, rows, listed)) == ["Ấp Chợ", "Ấp Đồng"]


def test_the_same_number_in_two_former_communes_is_two_hamlets_and_asked(tmp_path: Path) -> None:
    rows = [a("Ấp 1 xã Tân Lập cũ", "Lê Văn A"), a("Ấp 1 xã Lộc An cũ", "Lò Thị B")]
    reading = reads(tmp_path, rows, {"xã Tân Lập": TODAY, "xã Lộc An": TODAY}, known=("Ấp 1", "Ấp 2"))
    assert hamlets(reading) == ["Ấp 1 (xã Tân Lập cũ)", "Ấp 1 (xã Lộc An cũ)"]
    assert len(reading.households) == 2, "household 1 of the one is not household 1 of the other"
    assert [found.row for found in reading.issues if found.code == "former_hamlet_apart"] == [2, 3]
    keys = [question.key for question in reading.questions]
    assert keys == ["former_hamlet:Ấp 1 (xã Tân Lập cũ)", "former_hamlet:Ấp 1 (xã Lộc An cũ)"]
    assert [value for value, _ in reading.questions[0].choices] == ["Ấp 1 (xã Tân Lập cũ)", "Ấp 1", "Ấp 2"]
    answered = reads(tmp_path, rows, known=("Ấp 1", "Ấp 2"), **{keys[0]: "Ấp 1", keys[1]: "Ấp 2"})
    assert hamlets(answered) == ["Ấp 1", "Ấp 2"]
    assert not [q for q in answered.questions if q.code == "former_hamlet"]


def test_hamlets_kept_apart_stay_what_they_are_when_the_file_comes_again(tmp_path: Path) -> None:
    rows = [a("Ấp 1 xã Tân Lập cũ", "Lê Văn A"), a("Ấp 1 xã Lộc An cũ", "Lò Thị B")]
    first = reads(tmp_path, rows)
    again = reads(tmp_path, rows, known=first.hamlets)
    assert hamlets(again) == hamlets(first)
    assert "former_hamlet_apart" not in codes(again)
    written = [a(name, "Lê Văn A") for name in first.hamlets]
    assert hamlets(reads(tmp_path, written, known=first.hamlets)) == hamlets(first), "the roster as we write it out"


def test_a_number_of_one_former_commune_alone_is_not_taken_for_todays_number(tmp_path: Path) -> None:
    reading = reads(tmp_path, [a("Ấp 1, xã Tân Lập cũ", "Lê Văn A")], known=("Ấp 1",))
    assert hamlets(reading) == ["Ấp 1 (xã Tân Lập cũ)"], "the other commune's file may come tomorrow"


def test_a_name_that_only_one_commune_has_stays_and_the_commune_is_asked(tmp_path: Path) -> None:
    rows = [a("Thôn Hòa Bình, xã Tân Lập cũ", "Lê Văn A")]
    reading = reads(tmp_path, rows)
    assert hamlets(reading) == ["Thôn Hòa Bình"]
    assert issue(reading, "former_commune_unknown").severity == "warning"
    assert [question.key for question in reading.questions] == ["former_place:xã Tân Lập"]
    answered = reads(tmp_path, rows, **{"former_place:xã Tân Lập": "former"})
    assert "former_commune_unknown" not in codes(answered)
    assert TODAY in issue(answered, "former_commune_mapped").message()


def test_sections_named_by_former_communes_rule_the_hamlets_below_them(tmp_path: Path) -> None:
    head = ["Số hộ", "Họ và tên", "Ngày sinh"]
    rows: Rows = [
        head,
        ["I. XÃ TÂN LẬP (CŨ)"],
        ["Ấp 1"],
        [1, "Lê Văn A", "1980"],
        ["II. XÃ LỘC AN (CŨ)"],
        ["Ấp 1"],
        [1, "Lò B", "1980"],
    ]
    assert hamlets(reads(tmp_path, {"DS": rows})) == ["Ấp 1 (xã Tân Lập cũ)", "Ấp 1 (xã Lộc An cũ)"]


def test_a_section_may_name_hamlet_and_former_commune_together(tmp_path: Path) -> None:
    head = ["Số hộ", "Họ và tên", "Ngày sinh"]
    rows: Rows = [head, ["Ấp 1, xã Tân Lập cũ"], [1, "Lê Văn A", "1980"], ["Ấp 1 (xã Lộc An cũ)"], [1, "Lò B", "1980"]]
    assert hamlets(reads(tmp_path, {"DS": rows})) == ["Ấp 1 (xã Tân Lập cũ)", "Ấp 1 (xã Lộc An cũ)"]


def test_titles_of_two_sheets_may_name_the_same_hamlet_of_two_communes(tmp_path: Path) -> None:
    sheets = {
        f"Sheet{n}": [[f"DANH SÁCH ẤP 1 XÃ {commune} HUYỆN LỘC NINH"], HEAD[1:], [1, f"Lê Văn {n}", "1980", None]]
        for n, commune in ((1, "TÂN LẬP"), (2, "LỘC AN"))
    }
    reading = reads(tmp_path, sheets)
    assert hamlets(reading) == ["Ấp 1 (xã Tân Lập cũ)", "Ấp 1 (xã Lộc An cũ)"]
    assert len(reading.households) == 2


def test_a_sheets_name_may_add_a_listed_commune_without_saying_so(tmp_path: Path) -> None:
    sheets = {f"Ấp 1 - {commune}": [HEAD[1:], [1, f"Lê {commune}", "1980", None]] for commune in ("Tân Lập", "Lộc An")}
    reading = reads(tmp_path, sheets, {"Ấp 1, xã Tân Lập": "Ấp 1A", "Ấp 1, xã Lộc An": "Ấp 1B"})
    assert hamlets(reading) == ["Ấp 1A", "Ấp 1B"]


def test_a_column_of_former_communes_is_read(tmp_path: Path) -> None:
    head = ["Xã cũ", "Ấp", "Số hộ", "Họ và tên", "Ngày sinh"]
    rows: Rows = [head, ["Tân Lập", "Ấp 1", 1, "Lê Văn A", "1980"], ["Lộc An", "Ấp 1", 1, "Lò Thị B", "1981"]]
    assert hamlets(reads(tmp_path, {"DS": rows}, {"Ấp 1, xã Tân Lập": "Ấp 1A"})) == ["Ấp 1A", "Ấp 1 (xã Lộc An cũ)"]


def test_addresses_tell_two_hamlets_of_one_number_apart(tmp_path: Path) -> None:
    rows = [
        a("Ấp 1", "Lê Văn A", "Ấp 1, xã Tân Lập cũ"),
        a("Ấp 1", "Lê Văn Em", None),
        a("Ấp 1", "Lò Thị B", "Ấp 1, xã Lộc An cũ", household=2),
    ]
    assert hamlets(reads(tmp_path, rows)) == ["Ấp 1 (xã Tân Lập cũ)"] * 2 + ["Ấp 1 (xã Lộc An cũ)"]


def test_an_address_that_names_another_hamlet_than_the_column_is_only_an_old_address(tmp_path: Path) -> None:
    rows = [a("Ấp 5", "Lê Văn A", "Ấp 1, xã Tân Lập cũ"), a("Ấp 5", "Lò Thị B", "Ấp 3, xã Lộc An cũ", household=2)]
    assert set(hamlets(reads(tmp_path, rows))) == {"Ấp 5"}


def test_an_address_is_written_as_it_is_said_today(tmp_path: Path) -> None:
    listed = {"Ấp 1, xã Tân Lập": "Ấp 1A", "xã Tân Lập": TODAY}
    reading = reads(tmp_path, [a("Ấp 1", "Lê Văn A", "Số 3, ấp 1, xã Tân Lập cũ, huyện Lộc Ninh")], listed)
    assert reading.people[0].address == "Số 3, Ấp 1A, xã Lộc Hòa"
    dropped = issue(reading, "former_district_dropped")
    assert (dropped.row, dropped.column, dropped.value) == (2, "E", "huyện Lộc Ninh")


def test_changes_of_addresses_are_told_once_a_sheet_with_their_number(tmp_path: Path) -> None:
    rows = [a("Ấp Chợ", f"Lê Văn {n}", f"Số {n}, Ấp Chợ, xã Lộc Hòa, huyện Lộc Ninh", household=n) for n in range(1, 6)]
    reading = reads(tmp_path, rows)
    assert codes(reading).count("former_district_dropped") == 1
    assert issue(reading, "former_district_dropped").facts["count"] == 5
    assert {person.address for person in reading.people} == {f"Số {n}, Ấp Chợ, xã Lộc Hòa" for n in range(1, 6)}


def test_an_address_in_a_commune_we_know_nothing_of_stays_for_it_may_be_far_away(tmp_path: Path) -> None:
    reading = reads(tmp_path, [a("Ấp Chợ", "Lê Văn A", "Thôn 3, xã Long Hà, huyện Phú Riềng")])
    assert reading.people[0].address == "Thôn 3, xã Long Hà, huyện Phú Riềng"
    assert issue(reading, "address_elsewhere").severity == "notice"


def test_a_former_commune_nobody_knows_stays_in_the_address_and_is_asked(tmp_path: Path) -> None:
    reading = reads(tmp_path, [a("Ấp Chợ", "Lê Văn A", "Số 3, xã Tân Lập cũ, huyện Lộc Ninh")])
    assert reading.people[0].address == "Số 3, xã Tân Lập cũ"
    assert "former_commune_unknown" in codes(reading, "warning")


def test_the_part_of_a_commune_that_kept_its_name_is_told_from_the_whole(tmp_path: Path) -> None:
    rows = [a("Ấp 1, xã Lộc Hòa", "Lê Văn A"), a("Ấp 1, xã Lộc Hòa cũ", "Lò Thị B")]
    assert hamlets(reads(tmp_path, rows)) == ["Ấp 1", "Ấp 1 (xã Lộc Hòa cũ)"]


def test_a_title_with_another_commune_is_told_for_it_may_be_the_wrong_file(tmp_path: Path) -> None:
    rows: Rows = [["DANH SÁCH NHÂN KHẨU XÃ TÂN LẬP"], HEAD, a("Ấp 1", "Lê Văn A")]
    reading = reads(tmp_path, {"DS": rows})
    assert hamlets(reading) == ["Ấp 1"]
    assert "commune_not_today" in codes(reading, "warning")
    assert [question.key for question in reading.questions] == ["former_place:xã Tân Lập"]


def test_todays_own_commune_in_titles_columns_and_addresses_says_nothing_new(tmp_path: Path) -> None:
    rows: Rows = [["CÔNG AN XÃ LỘC HÒA"], HEAD, a("Ấp 1, xã Lộc Hòa", "Lê Văn A", "Ấp 1, xã Lộc Hòa")]
    reading = reads(tmp_path, {"DS": rows})
    assert hamlets(reading) == ["Ấp 1"]
    assert codes(reading) == ["birth_day_first"]
