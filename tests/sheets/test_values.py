"""Dates, numbers, names and free time as people write them, one rule a line."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from planner.domain.vocabulary import Sex
from planner.sheets.availability import read_free_time, slot_name
from planner.sheets.births import day_in_title, read_birth
from planner.sheets.cleaning import clean, mask_birth, mask_digits, mask_name
from planner.sheets.coordinates import read_point
from planner.sheets.hamlets import in_title, resolve
from planner.sheets.legacy import legacy_reading
from planner.sheets.numbers import id_disagrees, read_citizen_id, read_phone
from planner.sheets.words import stop_reason, work_of
from tests.sheets.files import AS_OF


@pytest.mark.parametrize(
    ("given", "read", "code"),
    [
        ("03/04/1980", "1980-04-03", ""),
        ("3-4-1980", "1980-04-03", ""),
        ("3.4.1980", "1980-04-03", ""),
        ("ngày 3 tháng 4 năm 1980", "1980-04-03", ""),
        ("1980-04-03T00:00:00", "1980-04-03", ""),
        (date(1966, 6, 5), "1966-06-05", ""),
        ("07/1970", "1970-07", ""),
        (1984, "1984", ""),
        ("1984", "1984", ""),
        ("00/00/1960", "1960", "birth_part_unknown"),
        ("00/05/1960", "1960-05", "birth_part_unknown"),
        ("??/??/1960", "1960", "birth_part_unknown"),
        ("khoảng 1960", "1960", "birth_about"),
        ("16/06/95", "1995-06-16", "birth_two_digit_year"),
        ("16/06/24", "2024-06-16", "birth_two_digit_year"),
        (32265, "1988-05-02", "birth_serial"),
        ("19850412", "1985-04-12", "birth_compact"),
        ("31/02/2001", "None", "birth_no_such_day"),
        ("29/02/2001", "None", "birth_no_such_day"),
        ("05/23/1967", "None", "birth_swapped"),
        ("45/45/1967", "None", "birth_no_such_day"),
        ("02/11/2026", "None", "birth_future"),
        ("01/11/2026", "2026-11-01", ""),
        (date(1905, 6, 8), "None", "birth_too_old"),
        ("hôm qua", "None", "birth_unreadable"),
        (7.1991, "None", "birth_unreadable"),
        ("không rõ", "None", ""),
        (True, "None", "birth_unreadable"),
    ],
)
def test_a_birth(given: Any, read: str, code: str) -> None:
    birth, finding = read_birth(given, AS_OF)
    assert (str(birth), finding.code if finding else "") == (read, code)


def test_a_year_typed_into_a_date_cell_is_suggested() -> None:
    finding = read_birth(date(1905, 6, 8), AS_OF)[1]
    assert finding is not None
    assert finding.suggestion == "1986"


@pytest.mark.parametrize(
    ("given", "read", "code"),
    [
        ("036190989464", "036190989464", ""),
        ("036 190 989 464", "036190989464", ""),
        (36190989464, "036190989464", "id_lost_zero"),
        (4147921004, "004147921004", "id_lost_zero"),
        ("0912345678", "", "id_looks_like_phone"),
        ("900050510", "", "id_old_card"),
        ("3.62E+10", "", "id_scientific"),
        ("3,62E+10", "", "id_scientific"),
        ("999051992078", "999051992078", "id_unknown_province"),
        ("03619098946", "", "id_wrong_length"),
        ("12345678901234", "", "id_wrong_length"),
        ("chưa có", "", ""),
        ("abc", "", "id_unreadable"),
    ],
)
def test_a_citizen_id(given: Any, read: str, code: str) -> None:
    number, finding = read_citizen_id(given)
    assert (number, finding.code if finding else "") == (read, code)


def test_an_id_tells_sex_and_year() -> None:
    birth = read_birth("1990", AS_OF)[0]
    assert not id_disagrees("036190989464", birth, Sex.FEMALE)
    assert id_disagrees("036190989464", birth, Sex.MALE)
    assert id_disagrees("036390989464", birth, Sex.FEMALE), "3 is a woman born in this century"


@pytest.mark.parametrize(
    ("given", "read", "code"),
    [
        ("0900035546", "0900035546", ""),
        (900035546, "0900035546", ""),
        ("+84 900 035546", "0900035546", ""),
        ("84900035546", "0900035546", ""),
        ("(+84) 0900.035.546", "0900035546", ""),
        ("0900035546 (con gái)", "0900035546", ""),
        ("SĐT: 0900035546", "0900035546", ""),
        ("01680000200", "0380000200", "phone_old_prefix"),
        (1680000200, "0380000200", "phone_old_prefix"),
        ("0186 0000200", "0560000200", "phone_old_prefix"),
        ("0276 3812 345", "02763812345", ""),
        ("0900025776 - 0900099999", "0900025776", "phone_two"),
        ("0900025776/0900099999", "0900025776", "phone_two"),
        ("0900025776 0900099999", "0900025776", "phone_two"),
        ("9.00E+08", "", "phone_scientific"),
        ("0912", "", "phone_unreadable"),
        ("0123456789", "", "phone_unreadable"),
        ("không có", "", ""),
    ],
)
def test_a_phone(given: Any, read: str, code: str) -> None:
    number, finding = read_phone(given)
    assert (number, finding.code if finding else "") == (read, code)


@pytest.mark.parametrize(
    ("given", "read", "code"),
    [
        ("20.31142, 106.21861", (20.31142, 106.21861), ""),
        ("20,31317; 106,2375", (20.31317, 106.2375), ""),
        ("https://maps.google.com/?q=20.31142,106.21861", (20.31142, 106.21861), ""),
        ("106.23172, 20.31997", None, "place_swapped"),
        ("0, 0", None, "place_zero"),
        ("48.85, 2.35", None, "place_outside"),
        ("20.3", None, "place_unreadable"),
    ],
)
def test_a_place(given: str, read: Any, code: str) -> None:
    point, finding = read_point(given)
    assert (point, finding.code if finding else "") == (read, code)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("D\xad¬ng V¨n Hßa", ("TCVN3", "Dương Văn Hòa")),
        ("NguyÔn §øc", ("TCVN3", "Nguyễn Đức")),
        ("Nguyeãn Vaên Haûi", ("VNI", "Nguyễn Văn Hải")),
        ("Leâ Ñình Duõng", ("VNI", "Lê Đình Dũng")),
        ("Nguye^~n Va(n A", ("VIQR", "Nguyễn Văn A")),
    ],
)
def test_an_old_font_is_recognised(given: str, meant: tuple[str, str]) -> None:
    assert legacy_reading(given) == meant


@pytest.mark.parametrize(
    "name",
    [
        "H'Diêu Kbuôr",
        "Y'Nhót Êban",
        "Thạch Sà Vanna",
        "Thị Brưl",
        "Giàng A Páo",
        "Lò Thị Mỷ",
        "Điểu Hơn",
        "Lƣu Thị Mai",
        "Ðặng Văn Việt",
        "Linh",
    ],
)
def test_a_name_of_any_people_is_not_taken_for_an_old_font(name: str) -> None:
    assert legacy_reading(name) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Phu\u031bo\u031bng", "Phương"),
        ("Lƣu Thị", "Lưu Thị"),
        ("Ðặng", "Đặng"),
        ("  Nguyễn\xa0 Thị\u2003Hiền ", "Nguyễn Thị Hiền"),
        ("Phan \u200bThị\u202e", "Phan Thị"),
        ("A\x00B\x07", "AB"),
        ("😀 Lê A", "😀 Lê A"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=cmd|'/C calc'!A0", "=cmd|'/C calc'!A0"),
        ("hoà", "hoà"),
    ],
)
def test_text_is_cleaned_of_what_nobody_sees_and_else_kept(given: str, kept: str) -> None:
    assert clean(given) == kept


def test_what_is_shown_of_a_person_in_a_report_is_masked() -> None:
    assert mask_digits("036190989464") == "•••••••••464"
    assert mask_digits("+84 900 035546") == "+•• ••• •••546"
    assert mask_name("Lưu Thị Kim Mai") == "L. T. K. Mai"
    assert mask_birth("15/08/2062") == "••/••/2062"


@pytest.mark.parametrize(
    ("given", "slots"),
    [
        ("Sáng: T4, CN; Chiều: T2; Tối: T3", "mon_C tue_T wed_S sun_S"),
        ("Tối T2, T4; cả ngày CN", "mon_T wed_T sun_S sun_C sun_T"),
        ("T2-T6 tối", "mon_T tue_T wed_T thu_T fri_T"),
        ("Tối các ngày từ T2 đến T4", "mon_T tue_T wed_T"),
        ("T2: sáng, tối; T3: chiều", "mon_S mon_T tue_C"),
        ("Thứ hai, thứ tư buổi tối", "mon_T wed_T"),
        ("Tối 2,4,6", "mon_T wed_T fri_T"),
        ("cuối tuần sáng", "sat_S sun_S"),
        ("tối cả tuần trừ T3", "mon_T wed_T thu_T fri_T sat_T sun_T"),
        ("19h-21h T2", "mon_T"),
        ("T2 7h-11h30", "mon_S"),
        ("19:00–18:00 T2", ""),
        ("22:00-06:00 T2", ""),
        ("bận", ""),
    ],
)
def test_free_time_in_words(given: str, slots: str) -> None:
    found = read_free_time(given)
    assert {slot_name(slot) for slot in found.slots} == set(slots.split())
    assert bool(found.odd) == (":00" in given)


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        ("da chet 12 2025", "deceased"), ("mat nam 2020", "deceased"), ("da chuyen di noi khac", "moved"), ("cat khau", "moved"),
        ("tu choi", "refused"), ("mat cccd", ""), ("mat viec lam", ""), ("ho ngheo", ""), ("da mat dien thoai", ""),
    ],
)  # fmt: skip
def test_a_note_that_ends_visits(note: str, reason: str) -> None:
    assert stop_reason(note) == reason


@pytest.mark.parametrize(
    ("words", "work"),
    [
        ("cong nhan ca dem", "shift"),
        ("cong nhan", "worker"),
        ("lam ruong", "home"),
        ("sinh vien", "away"),
        ("hoc sinh", "pupil"),
        ("giay", None),
    ],
)
def test_an_occupation_tells_where_someone_is_by_day(words: str, work: str | None) -> None:
    found = work_of(words)
    assert (found.value if found else None) == work


def test_a_title_names_its_hamlet_and_its_day() -> None:
    assert in_title("Ấp 1 - số liệu đến ngày 01/11/2026 (dữ liệu giả lập)", ()) == "Ấp 1"
    assert in_title("DANH SÁCH NHÂN KHẨU ẤP SUỐI ĐÁ - XÃ LỘC HÒA", ()) == "Ấp Suối Đá"
    assert in_title("BẢN TỔNG HỢP TỔ CÔNG NGHỆ SỐ", ()) == ""
    assert day_in_title("Số liệu đến ngày 01 tháng 11 năm 2026") == date(2026, 11, 1)
    assert day_in_title("Kế hoạch ngày 01/10/2026") is None


@pytest.mark.parametrize(
    ("written", "name", "how"),
    [
        ("Thôn Hoà Bình", "Thôn Hòa Bình", "same"), ("thon hoa binh", "Thôn Hòa Bình", "like"),
        ("Hòa Bình", "Thôn Hòa Bình", "like"),
        ("Thôn Hòa Bịnh", "Thôn Hòa Bịnh", "near"), ("Thôn Hòa Ninh", "Thôn Hòa Ninh", "near"),
        ("Thôn Mới", "Thôn Mới", "new"), ("Ấp 12", "Ấp 12", "new"),
        ("Ấp 02", "Ấp 2", "like"), ("ẤP 2", "Ấp 2", "same"),
    ],
)  # fmt: skip
def test_a_written_hamlet_is_compared_with_the_known_ones(written: str, name: str, how: str) -> None:
    guess = resolve(written, ["Thôn Hòa Bình", "Ấp 1", "Ấp 2"])
    assert (guess.name, guess.how) == (name, how)
