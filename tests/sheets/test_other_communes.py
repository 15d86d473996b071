"""Files of communes that lay things out in their own way, and files made to harm: all built here, all with known truth."""

from __future__ import annotations

import time
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from planner.domain.vocabulary import AccountState
from planner.sheets.accounts import account_state
from planner.sheets.availability import read_free_time, slot_name
from planner.sheets.cleaning import plain_words
from planner.sheets.reading import PersonRow, ReadOptions, RosterReading
from planner.sheets.refusals import SheetRefused
from planner.sheets.roster import read_roster
from planner.sheets.slot_words import day_in
from planner.sheets.volunteers import read_volunteers

AS_OF = date(2026, 11, 22)
Rows = list[list[Any]]


def _read(tmp_path: Path, rows: Rows, sheet: str = "Thôn Hạ", merges: tuple[str, ...] = (), **answers: str) -> RosterReading:
    return read_roster(_book(tmp_path, rows, sheet, merges), as_of=AS_OF, options=ReadOptions(answers=answers))


def _book(tmp_path: Path, rows: Rows, sheet: str = "Thôn Hạ", merges: tuple[str, ...] = ()) -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    for merge in merges:
        page.merge_cells(merge)
    book.save(tmp_path / "other.xlsx")
    return tmp_path / "other.xlsx"


def _codes(reading: Any) -> set[str]:
    return {issue.code for issue in reading.issues}


def _states(people: tuple[PersonRow, ...]) -> list[str]:
    return [person.account.value for person in people]


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("Mức 2 (đã KH)", "activated"),
        ("Kích hoạt thành công", "activated"),
        ("Đã cài và kích hoạt VNeID", "activated"),
        ("Có TK, chưa KH", "issued"),
        ("Chưa được kích hoạt", "issued"),
        ("Đã duyệt, chờ kích hoạt", "issued"),
        ("Đã cấp - không kích hoạt được", "issued"),
        ("Mức 1 đã kích hoạt", "none"),
        ("Chưa cấp, chưa kích hoạt", "none"),
        ("chưa làm CCCD", "none"),
        ("Dưới 14T", "na"),
        ("Chưa đủ 14 tuổi", "na"),
        ("Chưa có điện thoại", None),
        ("Đã kích hoạt, bị khóa", None),
        ("Sẽ kích hoạt sau", None),
    ],
)
def test_an_account_is_what_the_words_say_and_never_more(written: str, state: str | None) -> None:
    assert account_state(plain_words(written)) == (AccountState(state) if state else None)


def test_columns_to_tick_for_the_account_are_told_apart_in_a_single_header_row(tmp_path: Path) -> None:
    header = ["Hộ số", "Họ tên", "Ngày sinh", "Có TK, đã KH", "Có TK, chưa KH", "Chưa có TK"]
    rows = [
        ["1", f"Lê Văn {n}", "1/2/1980", *ticks] for n, ticks in zip("ABC", (["x"], [None, "x"], [None, None, "x"]), strict=True)
    ]
    assert _states(_read(tmp_path, [header, *rows]).people) == ["activated", "issued", "none"]


def test_ticks_that_contradict_each_other_are_an_error(tmp_path: Path) -> None:
    header = ["Hộ số", "Họ tên", "Ngày sinh", "Đã kích hoạt", "Chưa kích hoạt", "Chưa có TK"]
    reading = _read(tmp_path, [header, ["1", "Lê Văn A", "1/2/1980", "x", None, "x"]])
    assert _states(reading.people) == ["unknown"]
    assert "state_contradicts" in _codes(reading)


def test_owning_an_account_and_having_it_activated_may_stand_in_two_columns(tmp_path: Path) -> None:
    header = ["Hộ số", "Họ tên", "Ngày sinh", "Đã có TK định danh mức 2", "Đã kích hoạt"]
    rows = [
        ["1", f"Lê Văn {yes}{active}", "1/2/1980", yes, active]
        for yes, active in (("Có", "Có"), ("Có", "Không"), ("Không", "Không"))
    ]
    assert _states(_read(tmp_path, [header, *rows]).people) == ["activated", "issued", "none"]


def test_no_under_a_column_about_activation_is_asked(tmp_path: Path) -> None:
    rows: Rows = [["Hộ số", "Họ tên", "Ngày sinh", "Kích hoạt"], ["1", "Lê Văn A", "1/2/1980", "Chưa"]]
    reading = _read(tmp_path, rows)
    assert _states(reading.people) == ["issued"]
    assert [question.key for question in reading.questions] == ["state_no:Thôn Hạ"]
    assert _states(_read(tmp_path, rows, **{"state_no:Thôn Hạ": "none"}).people) == ["none"]


def test_the_first_answer_offered_is_what_the_reader_took(tmp_path: Path) -> None:
    reading = _read(tmp_path, [["Hộ số", "Họ tên", "Ngày sinh", "Có tài khoản mức 2"], ["1", "Lê Văn A", "1/2/1980", "Có"]])
    assert _states(reading.people) == ["issued"]
    assert reading.questions[0].choices[0][0] == "issued"


def test_codes_mean_what_the_header_explains(tmp_path: Path) -> None:
    header = ["Hộ số", "Họ tên", "Năm sinh", "Giới tính (Nam: 1; Nữ: 2)", "TK VNeID (0: chưa có; 1: đã cấp; 2: đã kích hoạt)"]
    people = _read(tmp_path, [header, *([1, f"Lê {n}", 1980, 1 + n % 2, n] for n in range(3))]).people
    assert [person.sex and person.sex.value for person in people] == ["M", "F", "M"]
    assert _states(people) == ["none", "issued", "activated"]


def test_people_named_cong_and_tong_are_no_sums(tmp_path: Path) -> None:
    header = ["Hộ số", "Họ và tên", "Năm sinh nam", "Năm sinh nữ"]
    rows = [header, [1, "Cống Thị Mai", None, 1971], [2, "Tống Văn Tư", 1953, None], [None, "Cộng thôn", 1, 1]]
    assert [person.name for person in _read(tmp_path, rows).people] == ["Cống Thị Mai", "Tống Văn Tư"]


def test_day_month_and_year_of_birth_in_three_columns_of_one_header_row(tmp_path: Path) -> None:
    people = _read(tmp_path, [["Hộ số", "Họ, tên", "Ngày", "Tháng", "Năm sinh"], [1, "Lê Văn A", 5, 6, 1987]]).people
    assert str(people[0].birth) == "1987-06-05"


def test_tables_side_by_side_are_all_read(tmp_path: Path) -> None:
    header = ["STT", "Hộ số", "Họ và tên", "Ngày sinh"]
    rows: Rows = [["ẤP 1", None, None, None, None, "ẤP 2"], [*header, None, *header]]
    rows += [[1, 1, "Lê Văn A", "1/2/1980", None, 1, 1, "Lò Thị B", "2/3/1990"]]
    reading = _read(tmp_path, rows, sheet="Toàn xã")
    assert [(person.name, person.hamlet) for person in reading.people] == [("Lê Văn A", "Ấp 1"), ("Lò Thị B", "Ấp 2")]
    assert len(reading.households) == 2


def test_the_hamlet_may_stand_only_in_the_address_and_that_is_told(tmp_path: Path) -> None:
    header = ["Hộ số", "Họ và tên", "Ngày sinh", "Địa chỉ"]
    rows = [[1, "Lê Văn A", "1/2/1980", "Số 1, Khu phố Chợ, phường Tân An"], [1, "Lê Văn B", "1/2/2001", None]]
    rows += [[2, "Lò Văn C", "1/2/1983", "Số 9, khu phố Tân Lập, phường Tân An"]]
    reading = _read(tmp_path, [header, *rows], sheet="DS")
    assert [person.hamlet for person in reading.people] == ["Khu phố Chợ", "Khu phố Chợ", "Khu phố Tân Lập"]
    assert "hamlet_from_address" in _codes(reading)


def test_a_document_over_three_columns_to_tick(tmp_path: Path) -> None:
    rows: Rows = [
        ["Hộ số", "Họ và tên", "Ngày sinh", "Bảo hiểm y tế"],
        [None] * 3 + ["Chưa có", "Có, chưa tích hợp", "Đã tích hợp"],
    ]
    rows += [[1, f"Lê Văn {n}", "1/2/1980", *["x" if i == n else None for i in range(3)]] for n in range(3)]
    people = _read(tmp_path, rows, merges=("D1:F1",)).people
    assert [person.documents["bhyt"].value for person in people] == ["none", "owned", "integrated"]


def test_a_dash_is_an_empty_cell(tmp_path: Path) -> None:
    header = ["Hộ số", "Họ và tên", "Ngày sinh", "Tài khoản", "BHYT", "Cư trú"]
    reading = _read(tmp_path, [header, [1, "Lê Văn A", "1/2/2020", "-", "–", "..."]])
    assert _states(reading.people) == ["na"]
    assert not reading.has_errors


def test_a_short_form_that_may_be_thuong_or_tam_tru_is_left_to_a_person(tmp_path: Path) -> None:
    reading = _read(tmp_path, [["Hộ số", "Họ và tên", "Ngày sinh", "Hộ khẩu"], [1, "Lê Văn A", "1/2/1980", "TTr"]])
    assert reading.people[0].residence.value == "unknown"
    assert "residence_unreadable" in _codes(reading)


# --- volunteers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "slots"),
    [
        ("Tối 2-4-6, T7 cả ngày", "mon_T wed_T fri_T sat_S sat_C sat_T"),
        ("Tối các ngày 2, 3, 4", "mon_T tue_T wed_T"),
        ("T2 (S,C), T4 (T)", "mon_S mon_C wed_T"),
        ("2,4,6 tối", "mon_T wed_T fri_T"),
        ("Sáng 2-4", "mon_S tue_S wed_S"),
        ("Trước 17h T7", "sat_S sat_C"),
        ("Mon-Wed evening", "mon_T tue_T wed_T"),
        ("Thứ 2 đến thứ 3 sau giờ hành chính", "mon_T tue_T"),
        ("19:00-21:00 thứ 2-4-6", "mon_T wed_T fri_T"),
        ("các tối trong tuần trừ thứ 5", "mon_T tue_T wed_T fri_T"),
    ],
)
def test_free_time_as_people_shorten_it(written: str, slots: str) -> None:
    assert {slot_name(slot) for slot in read_free_time(written).slots} == set(slots.split())


@pytest.mark.parametrize("written", ["bận T3", "Không tham gia được buổi tối", "Trừ tối thứ 2", "Linh hoạt", "2-3 tối/tuần"])
def test_free_time_that_only_says_when_not_is_told(written: str) -> None:
    free = read_free_time(written)
    assert not free.slots
    assert free.odd


def _slots(tmp_path: Path, rows: Rows, sheet: str = "Sheet1") -> tuple[dict[str, set[str]], set[str]]:
    reading = read_volunteers(_book(tmp_path, rows, sheet))
    return {person.name: set(person.slots) for person in reading.people}, _codes(reading)


def test_a_tick_sign_is_a_cross(tmp_path: Path) -> None:
    rows: Rows = [["Họ tên", "Điện thoại", "Tối T2", "Tối T3", "Sáng CN"], ["Lê Văn A", "0912345678", "✓", "-", "☑"]]
    assert _slots(tmp_path, rows)[0] == {"Lê Văn A": {"mon_T", "sun_S"}}


def test_columns_headed_by_dates_are_weekdays_and_that_is_told(tmp_path: Path) -> None:
    found, codes = _slots(
        tmp_path, [["Họ tên", "Điện thoại", date(2026, 11, 23), "29/11/2026"], ["Lê Văn A", "0912345678", "Tối", "Sáng"]]
    )
    assert found == {"Lê Văn A": {"mon_T", "sun_S"}}
    assert "availability_dates" in codes


def test_a_date_without_a_year_is_no_weekday(tmp_path: Path) -> None:
    header = ["Họ tên", "Điện thoại", "23/11", "24/11"]
    found, codes = _slots(tmp_path, [header, ["Lê Văn A", "0912345678", "Tối", "x"]])
    assert found == {"Lê Văn A": set()}
    assert "availability_date_unclear" in codes
    assert _slots(tmp_path, [["Tuần từ 23/11/2026"], header, ["Lê Văn A", "0912345678", "Tối", None]])[0] == {
        "Lê Văn A": {"mon_T"}
    }
    assert day_in("31/2", 2026) is None


def test_letters_under_days_are_parts_of_the_day(tmp_path: Path) -> None:
    rows: Rows = [["Họ tên", "Điện thoại", "Thứ 2", "Thứ 3", "Thứ 7"], ["Lê Văn A", "0912345678", "S,T", "ST", "C"]]
    assert _slots(tmp_path, rows)[0] == {"Lê Văn A": {"mon_S", "mon_T", "tue_S", "tue_T", "sat_C"}}


def test_columns_headed_by_hours(tmp_path: Path) -> None:
    rows: Rows = [["Họ tên", "Điện thoại", "7h30-11h30", "18h30-21h"], ["Lê Văn A", "0912345678", "T7", "T2, CN"]]
    assert _slots(tmp_path, rows)[0] == {"Lê Văn A": {"sat_S", "mon_T", "sun_T"}}


def test_a_row_for_each_part_of_the_day(tmp_path: Path) -> None:
    rows: Rows = [
        ["Họ tên", "Điện thoại", "Buổi", "T2", "CN"],
        ["Lê Văn A", "0912345678", "Sáng", "x", None],
        [None, None, "Tối", None, "x"],
    ]
    assert _slots(tmp_path, rows)[0] == {"Lê Văn A": {"mon_S", "sun_T"}}


def test_a_row_for_each_slot(tmp_path: Path) -> None:
    rows: Rows = [
        ["Họ tên", "Điện thoại", "Ngày", "Ca"],
        ["Lê Văn A", "0912345678", "Thứ 2", "Tối"],
        ["Lê Văn A", "0912345678", "28/11/2026", "Sáng"],
    ]
    assert _slots(tmp_path, rows)[0] == {"Lê Văn A": {"mon_T", "sat_S"}}


def test_the_questions_of_a_form_name_day_and_organisation(tmp_path: Path) -> None:
    asked = "Bạn có thể tham gia những buổi nào? [Thứ 2]"
    rows: Rows = [
        ["Họ và tên", "Số điện thoại (Zalo)", asked, "Tiếng dân tộc"],
        ["Lê Văn A", "0912345678", "Sáng, Chiều", "Thái"],
    ]
    person = read_volunteers(_book(tmp_path, rows, "Hội Phụ nữ ")).people[0]
    assert (set(person.slots), person.languages, person.org) == ({"mon_S", "mon_C"}, ("Thái",), "Hội Phụ nữ")


# --- files made to harm ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", [b"a;" * 12_000_000, b"\xe9\xec;" * 8_000_000])
def test_a_line_without_end_is_refused_at_once(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(line)
    begun = time.perf_counter()
    with pytest.raises(SheetRefused, match="file_not_a_table"):
        read_roster(path, as_of=AS_OF)
    assert time.perf_counter() - begun < 2


def test_merges_that_lie_on_each_other_cost_nothing(tmp_path: Path) -> None:
    rows: Rows = [["Hộ số", "Họ và tên", "Ngày sinh"], *([1 if n == 0 else None, f"Lê Văn {n}", "1980"] for n in range(5_000))]
    path, merge = _book(tmp_path, rows, merges=("A2:A5001",)), b'<mergeCell ref="A2:A5001"/>'
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as changed:
        for name, part in parts.items():
            changed.writestr(name, part.replace(merge, merge * 20_000))
    begun = time.perf_counter()
    reading = read_roster(path, as_of=AS_OF)
    assert time.perf_counter() - begun < 4
    assert len(reading.people) == 5_000


def test_a_half_character_written_as_an_escape_is_left_out(tmp_path: Path) -> None:
    reading = _read(tmp_path, [["Hộ số", "Họ và tên", "Ngày sinh"], [1, "Lê Văn A_xD800_", "1980"]])
    assert reading.people[0].name.encode("utf-8") == "Lê Văn A".encode()
