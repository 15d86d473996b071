"""Other communes lay out their rosters differently: words, orders, header rows, encodings. All are read to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.domain.vocabulary import AccountState, DocumentState, Residence, Sex, Work
from tests.sheets.files import codes, csv_file, households, person, read, workbook

HEAD = ["STT", "Số hộ", "Họ và tên", "Ngày sinh", "Giới tính", "Quan hệ với chủ hộ"]


def test_births_stand_under_nam_and_nu_below_a_merged_header(tmp_path: Path) -> None:
    rows = [
        ["UBND XÃ TÂN AN"], ["DANH SÁCH NHÂN KHẨU ẤP BÌNH HÒA"], [],
        ["TT", "Hộ", "Họ và tên", "Năm sinh", None, "QH chủ hộ", "Tài khoản định danh điện tử", "Ghi chú"],
        [None, None, None, "Nam", "Nữ", None, None, None],
        [1, 1, "Nguyễn Văn An", 1970, None, "Chủ hộ", "Đã kích hoạt", None],
        [2, None, "Lê Thị Bé", None, "12/05/1972", "Vợ", "Chưa kích hoạt", None],
        [3, 2, "Trần Thị Cúc", None, 1955, "CH", "Chưa cấp", None],
    ]  # fmt: skip
    reading = read(workbook(tmp_path / "a.xlsx", {"Sheet1": rows}, {"Sheet1": ["D4:E4", "A1:H1", "A2:H2"]}))
    assert households(reading) == {"Ấp Bình Hòa/0": ["Nguyễn Văn An", "Lê Thị Bé"], "Ấp Bình Hòa/1": ["Trần Thị Cúc"]}
    an, be, cuc = reading.people
    assert (an.sex, str(an.birth), an.account) == (Sex.MALE, "1970", AccountState.ACTIVATED)
    assert (be.sex, str(be.birth), be.account) == (Sex.FEMALE, "1972-05-12", AccountState.ISSUED)
    assert (cuc.sex, str(cuc.birth), cuc.account, cuc.is_head) == (Sex.FEMALE, "1955", AccountState.NONE, True)
    assert codes(reading, "error") == codes(reading, "warning") == []


def test_a_name_split_in_two_columns_under_one_merged_title(tmp_path: Path) -> None:
    rows = [
        ["STT", "Thôn", "Mã hộ", "Họ và tên", None, "Sinh ngày", "Phái", "Số CMND/CCCD"],
        [1, "Thôn Đông", "D-01", "Nguyễn Thị Thu", "Hà", "03/04/1980", "Nữ", "036180001234"],
        [2, "Thôn Đông", "D-01", "Phạm", "Bình", "15.6.1978", "nam", "036078001111"],
        [3, "Thôn Tây", "T-01", None, "Linh", "1990-12-31", "Nữ", None],
    ]  # fmt: skip
    reading = read(workbook(tmp_path / "a.xlsx", {"Dữ liệu": rows}, {"Dữ liệu": ["D1:E1"]}))
    assert [p.name for p in reading.people] == ["Nguyễn Thị Thu Hà", "Phạm Bình", "Linh"]
    assert [str(p.birth) for p in reading.people] == ["1980-04-03", "1978-06-15", "1990-12-31"]
    assert reading.hamlets == ("Thôn Đông", "Thôn Tây")
    assert len(reading.households) == 2


@pytest.mark.parametrize("heads", [("Họ đệm", "Tên"), ("Họ và chữ đệm", "Tên"), ("Họ", "Tên"), ("Họ lót", "Tên")])
def test_a_name_split_under_titles_of_its_own(tmp_path: Path, heads: tuple[str, str]) -> None:
    rows = [["TT", *heads, "Năm sinh", "Giới tính", "QHCH", "Khu phố"], [1, "Lý Thị", "Mỷ", 1999, "Nữ", "Chủ hộ", "Khu phố 3"]]
    reading = read(workbook(tmp_path / "a.xlsx", {"x": rows}))
    assert [(p.name, p.hamlet, p.is_head) for p in reading.people] == [("Lý Thị Mỷ", "Khu phố 3", True)]


def test_a_summary_sheet_is_left_out_and_said_so(tmp_path: Path) -> None:
    summary = [
        ["TỔNG HỢP"],
        ["STT", "Ấp", "Số hộ", "Số nhân khẩu", "Đã kích hoạt"],
        [1, "Ấp 1", 2, 3, 2],
        [2, "Ấp 2", 1, 1, 0],
        ["Cộng", None, 3, 4, 2],
    ]
    one = [HEAD, [1, 1, "Trần A", "01/02/1980", "Nam", "Chủ hộ"], [2, None, "Trần B", "01/02/2010", "Nữ", "Con"]]
    two = [HEAD, [1, 1, "Lê C", "01/02/1970", "Nam", "Chủ hộ"]]
    reading = read(workbook(tmp_path / "a.xlsx", {"Tổng hợp": summary, "Ấp 1": one, "Ấp 2": two}))
    assert households(reading) == {"Ấp 1/0": ["Trần A", "Trần B"], "Ấp 2/1": ["Lê C"]}
    assert ("sheet_skipped", "Tổng hợp") in [(i.code, i.sheet) for i in reading.issues]
    assert codes(reading, "error") == []


def test_hamlets_stand_as_title_rows_between_their_people(tmp_path: Path) -> None:
    rows = [
        ["DANH SÁCH HỘ DÂN XÃ BÌNH LƯƠNG"], HEAD,
        ["I. THÔN HÒA BÌNH"], [1, 1, "Trần A", "01/02/1980", "Nam", "Chủ hộ"], [2, 2, "Trần B", "01/02/1981", "Nữ", "Chủ hộ"],
        ["II. Thôn Xuân Mỹ (2 hộ)"], [1, 1, "Lê C", "01/02/1970", "Nam", "Chủ hộ"], ["Cộng: 3 hộ"],
    ]  # fmt: skip
    reading = read(workbook(tmp_path / "a.xlsx", {"DS": rows}))
    assert households(reading) == {"Thôn Hòa Bình/0": ["Trần A"], "Thôn Hòa Bình/1": ["Trần B"], "Thôn Xuân Mỹ/2": ["Lê C"]}


def test_a_semicolon_csv_in_windows_vietnamese(tmp_path: Path) -> None:
    rows = [
        ["STT", "Ấp", "Chủ hộ", "Họ tên", "Năm sinh", "GT", "ĐT"],
        [1, "Ấp Suối Đá", "Nguyễn Đức Thắng", "Nguyễn Đức Thắng", "07/1970", "Nam", "0900000001"],
        [2, "Ấp Suối Đá", "Nguyễn Đức Thắng", "Hồ Thị Hương", "1975", "Nữ", "84900000002"],
        [3, "Ấp Suối Đá", "Điểu Hơn", "Điểu Hơn", "1/1/1990", "Nam", ""],
    ]  # fmt: skip
    path = tmp_path / "danh-sach.csv"
    import unicodedata

    text = "\r\n".join(";".join(str(cell) for cell in row) for row in rows)
    # Windows writes the letter with its shape as one byte and the tone after it.
    path.write_bytes(b"".join(_cp1258(unicodedata.normalize("NFC", char)) for char in text))
    reading = read(path)
    assert [(p.name, str(p.birth), p.phone) for p in reading.people] == [
        ("Nguyễn Đức Thắng", "1970-07", "0900000001"), ("Hồ Thị Hương", "1975", "0900000002"), ("Điểu Hơn", "1990-01-01", ""),
    ]  # fmt: skip
    assert len(reading.households) == 2
    assert reading.hamlets == ("Ấp Suối Đá",)


def _cp1258(char: str) -> bytes:
    import unicodedata

    try:
        return char.encode("cp1258")
    except UnicodeEncodeError:
        marks = "\u0300\u0309\u0303\u0301\u0323"
        parts = unicodedata.normalize("NFD", char)
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in marks))
        return base.encode("cp1258") + "".join(c for c in parts if c in marks).encode("cp1258")


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-16", "\t"), ("utf-8-sig", ";"), ("utf-8", ","), ("utf-16-le", ";")])
def test_text_files_in_every_encoding_excel_writes(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [
        ["TT", "Tổ dân phố", "Số hộ", "Họ, chữ đệm và tên", "Ngày, tháng, năm sinh", "Nam/Nữ"],
        [1, "Tổ dân phố 5", 7, "Phạm Văn Đồng", "02/09/1945", "Nam"],
    ]
    reading = read(csv_file(tmp_path / "x.csv", rows, delimiter, encoding))
    assert [(p.hamlet, p.household_number, p.name, str(p.birth)) for p in reading.people] == [
        ("Tổ dân phố 5", "7", "Phạm Văn Đồng", "1945-09-02")
    ]


def test_account_states_stand_as_crosses_in_three_columns(tmp_path: Path) -> None:
    rows = [
        ["STT", "Số hộ", "Họ và tên", "Ngày sinh", "Giới tính", "Tài khoản mức 2", None, None, "Đã tích hợp giấy tờ", None],
        [None, None, None, None, None, "Đã kích hoạt", "Chưa kích hoạt", "Chưa có", "BHYT", "GPLX"],
        [1, 1, "Trần A", "01/02/1980", "Nam", "x", None, None, "x", "Chưa"],
        [2, None, "Trần B", "01/02/1981", "Nữ", None, "x", None, "Không có", "Có"],
        [3, None, "Trần C", "01/02/1950", "Nữ", None, None, "X", None, None],
        [4, None, "Trần D", "01/02/2020", "Nữ", None, None, None, None, None],
    ]  # fmt: skip
    reading = read(workbook(tmp_path / "a.xlsx", {"Ấp 9": rows}, {"Ấp 9": ["F1:H1", "I1:J1"]}))
    assert [p.account.value for p in reading.people] == ["activated", "issued", "none", "na"]
    assert [(p.documents["bhyt"], p.documents["gplx"]) for p in reading.people[:2]] == [
        (DocumentState.INTEGRATED, DocumentState.OWNED), (DocumentState.NONE, DocumentState.INTEGRATED),
    ]  # fmt: skip


def test_a_day_a_month_and_a_year_in_three_columns(tmp_path: Path) -> None:
    rows = [
        ["TT", "Mã hộ", "Họ tên", "Ngày sinh", None, None, "Giới tính"], [None, None, None, "Ngày", "Tháng", "Năm", None],
        [1, "H1", "Trần A", 5, 12, 1980, "Nam"], [2, "H1", "Trần B", None, None, 1955, "Nữ"],
    ]  # fmt: skip
    reading = read(workbook(tmp_path / "a.xlsx", {"Bản Nà": rows}, {"Bản Nà": ["D1:F1"]}))
    assert [str(p.birth) for p in reading.people] == ["1980-12-05", "1955"]


def test_households_open_by_a_title_row_with_the_heads_name(tmp_path: Path) -> None:
    rows = [
        ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Quan hệ"],
        ["Hộ số 1: Trần Văn A"], [1, "Trần Văn A", "1/2/1980", "Nam", "Chủ hộ"], [2, "Lê B", "1/2/1982", "Nữ", "Vợ"],
        ["Hộ số 2: Phạm C"], [1, "Phạm C", "1/2/1970", "Nam", "Chủ hộ"],
    ]  # fmt: skip
    reading = read(workbook(tmp_path / "a.xlsx", {"Ấp 1": rows}))
    assert [(h.number, h.head_name) for h in reading.households] == [("1", "Trần Văn A"), ("2", "Phạm C")]
    assert [p.household for p in reading.people] == [0, 0, 1]


def test_without_numbers_the_word_chu_ho_opens_a_household(tmp_path: Path) -> None:
    rows = [
        ["TT", "Họ tên", "Sinh năm", "Giới", "Quan hệ"],
        [1, "Trần A", 1980, "Nam", "Chủ hộ"], [2, "Lê B", 1982, "Nữ", "Vợ"], [3, "Ngô C", 1950, "Nữ", "Chủ hộ"],
    ]  # fmt: skip
    reading = read(workbook(tmp_path / "a.xlsx", {"Thôn 1": rows}))
    assert households(reading) == {"Thôn 1/0": ["Trần A", "Lê B"], "Thôn 1/1": ["Ngô C"]}


def test_a_merged_number_and_address_hold_for_all_rows_they_cover(tmp_path: Path) -> None:
    rows = [
        ["Hộ số", "Họ tên chủ hộ", "Họ và tên", "Năm sinh", "Địa chỉ", "SĐT"],
        [1, "Trần A", "Trần A", 1980, "Số 5, ngõ 2", "0900000001"],
        [None, None, "Lê B", 1982, None, None],
        [2, "Ngô C", "Ngô C", 1950, "Số 6", None],
    ]  # fmt: skip
    reading = read(workbook(tmp_path / "a.xlsx", {"Thôn 1": rows}, {"Thôn 1": ["A2:A3", "B2:B3", "E2:E3"]}))
    assert [(p.household, p.head_name, p.address) for p in reading.people] == [
        (0, "Trần A", "Số 5, ngõ 2"),
        (0, "Trần A", "Số 5, ngõ 2"),
        (1, "Ngô C", "Số 6"),
    ]


def test_a_scanned_header_with_wrong_letters_is_still_found(tmp_path: Path) -> None:
    rows = [
        ["SốTT", "Ho vả tén", "Ngay slnh", "Gioi tinb", "Quan hê vói chủ hộ", "Số điên thoai"],
        [1, "Trần A", "1/2/1980", "Nam", "Chủ hộ", "0900000001"],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"Ấp 1": rows}))
    assert [(p.name, str(p.birth), p.phone, p.is_head) for p in reading.people] == [("Trần A", "1980-02-01", "0900000001", True)]


def test_a_hamlet_column_of_bare_numbers_takes_its_titles_word(tmp_path: Path) -> None:
    rows = [["Ấp", *HEAD], [1, 1, 1, "Trần A", "1/2/1980", "Nam", "Chủ hộ"], [2, 2, 1, "Lê B", "1/2/1980", "Nữ", "Chủ hộ"]]
    assert read(workbook(tmp_path / "a.xlsx", {"DS": rows})).hamlets == ("Ấp 1", "Ấp 2")
    assert read(tmp_path / "a.xlsx", known=["Ấp 1", "Ấp 2"]).hamlets == ("Ấp 1", "Ấp 2")


def test_spellings_of_a_hamlet_are_one_hamlet(tmp_path: Path) -> None:
    rows = [["Thôn", *HEAD]]
    for i, name in enumerate(["Thôn Hòa Bình", "Thôn Hoà Bình", "thôn hòa bình", "Hòa Bình"], 1):
        rows.append([name, i, i, f"Trần {i}", "1/2/1980", "Nam", "Chủ hộ"])
    assert read(workbook(tmp_path / "a.xlsx", {"DS": rows})).hamlets == ("Thôn Hòa Bình",)


def test_a_hamlet_of_other_accents_is_another_one_until_the_user_says_so(tmp_path: Path) -> None:
    rows = [
        ["Thôn", *HEAD],
        ["Thôn Hòa Bình", 1, 1, "Trần A", "1/2/1980", "Nam", "Chủ hộ"],
        ["Thôn Đông", 2, 1, "Lê B", "1/2/1980", "Nữ", "Chủ hộ"],
    ]
    path = workbook(tmp_path / "a.xlsx", {"DS": rows})
    known = ["Thôn Hòa Bình", "Thôn Đồng"]
    reading = read(path, known)
    assert reading.hamlets == ("Thôn Hòa Bình", "Thôn Đông")
    assert [(i.code, i.row, i.suggestion) for i in reading.issues if i.severity == "warning"] == [("hamlet_near", 3, "Thôn Đồng")]
    answered = read(path, known, answers={reading.questions[0].key: "Thôn Đồng"})
    assert answered.hamlets == ("Thôn Hòa Bình", "Thôn Đồng")


def test_a_sheet_without_hamlet_is_asked_about_and_its_people_wait(tmp_path: Path) -> None:
    rows = [HEAD, [1, 1, "Trần A", "1/2/1980", "Nam", "Chủ hộ"]]
    path = workbook(tmp_path / "a.xlsx", {"Sheet1": rows})
    reading = read(path, known=["Ấp 1", "Ấp 2"])
    assert codes(reading, "error") == ["hamlet_missing"]
    assert reading.people == ()
    assert [value for value, _ in reading.questions[0].choices] == ["Ấp 1", "Ấp 2"]
    assert read(path, known=["Ấp 1", "Ấp 2"], answers={reading.questions[0].key: "Ấp 2"}).hamlets == ("Ấp 2",)
    assert read(path, sheet_hamlets={"Sheet1": "Ấp 1"}).hamlets == ("Ấp 1",)


def test_a_list_without_header_is_an_error_until_the_columns_are_named(tmp_path: Path) -> None:
    rows = [[i, f"Trần Văn {chr(64 + i)}", f"0{i}/02/1980", "Nam", f"090000000{i}"] for i in range(1, 6)]
    path = workbook(tmp_path / "a.xlsx", {"Ấp 1": rows})
    reading = read(path)
    assert codes(reading, "error") == ["header_missing"]
    assert {q.code for q in reading.questions} == {"column"}
    answers = {"column:Ấp 1:B": "name", "column:Ấp 1:C": "birth", "column:Ấp 1:D": "sex", "column:Ấp 1:E": "phone"}
    named = read(path, answers=answers)
    assert [(p.name, p.phone) for p in named.people][:1] == [("Trần Văn A", "0900000001")]
    assert len(named.people) == 5


def test_a_hidden_sheet_is_read_only_when_asked_for(tmp_path: Path) -> None:
    one = [HEAD, [1, 1, "Trần A", "1/2/1980", "Nam", "Chủ hộ"]]
    old = [HEAD, [1, 1, "Lê B", "1/2/1980", "Nam", "Chủ hộ"]]
    path = workbook(tmp_path / "a.xlsx", {"Ấp 1": one, "Ấp 2": old}, hidden=["Ấp 2"])
    assert [p.name for p in read(path).people] == ["Trần A"]
    assert codes(read(path), "warning") == ["hidden_sheet"]
    assert [p.name for p in read(path, include_hidden=True).people] == ["Trần A", "Lê B"]
    assert [p.name for p in read(path, answers={"include_hidden:Ấp 2": "yes"}).people] == ["Trần A", "Lê B"]


def test_a_sensitive_column_is_named_and_never_read(tmp_path: Path) -> None:
    rows = [[*HEAD, "Dân tộc", "Tôn giáo", "Số sổ khám"], [1, 1, "Trần A", "1/2/1980", "Nam", "Chủ hộ", "Xtiêng", "Không", "123"]]
    reading = read(workbook(tmp_path / "a.xlsx", {"Ấp 1": rows}))
    assert [(i.code, i.column) for i in reading.issues if i.code.endswith("_column")] == [
        ("sensitive_column", "G"), ("sensitive_column", "H"), ("unknown_column", "I"),
    ]  # fmt: skip
    assert "Xtiêng" not in repr(reading.people)


def test_work_residence_and_smartphones_in_peoples_own_words(tmp_path: Path) -> None:
    rows = [
        [*HEAD, "Nghề nghiệp", "Tình trạng cư trú", "Điện thoại thông minh"],
        [1, 1, "Trần A", "1/2/1980", "Nam", "Chủ hộ", "Công nhân Cty giày", "TT", "Có"],
        [2, None, "Trần B", "1/2/1981", "Nữ", "Vợ", "Làm ruộng", "Tạm trú (KT3)", None],
        [3, None, "Trần C", "1/2/2001", "Nữ", "Con", "Sinh viên ở TP.HCM", "Tạm vắng", None],
        [4, None, "Trần D", "1/2/2012", "Nữ", "Con", "HS lớp 8", "thường trú", None],
        [5, None, "Trần E", "1/2/1990", "Nữ", "Em", "Công nhân (làm ca 3)", "x?", None],
    ]  # fmt: skip
    reading = read(workbook(tmp_path / "a.xlsx", {"Ấp 1": rows}))
    assert [p.work for p in reading.people] == [Work.WORKER, Work.HOME, Work.AWAY, Work.PUPIL, Work.SHIFT]
    assert [p.residence for p in reading.people[:4]] == [
        Residence.PERMANENT,
        Residence.TEMPORARY,
        Residence.ABSENT,
        Residence.PERMANENT,
    ]
    assert {p.smartphone for p in reading.people} == {"yes"}
    assert codes(reading, "warning") == ["residence_unreadable"]


def test_coordinates_in_two_columns_with_decimal_commas(tmp_path: Path) -> None:
    rows = [
        [*HEAD, "Vĩ độ", "Kinh độ"],
        [1, 1, "Trần A", "1/2/1980", "Nam", "Chủ hộ", "11,83136", "106,61316"],
        [2, None, "Trần B", "1/2/1981", "Nữ", "Vợ", None, None],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"Ấp 1": rows}))
    assert {(p.lat, p.lon) for p in reading.people} == {(11.83136, 106.61316)}


def test_a_household_ten_thousand_kilometres_away_loses_its_place(tmp_path: Path) -> None:
    rows = [[*HEAD, "Tọa độ"]]
    rows += [[i, i, f"Trần {i}", "1/2/1980", "Nam", "Chủ hộ", f"20.3{i}, 106.2{i}"] for i in range(1, 8)]
    rows += [
        [8, 8, "Xa", "1/2/1980", "Nam", "Chủ hộ", "10.5, 106.7"],
        [9, 9, "Paris", "1/2/1980", "Nam", "Chủ hộ", "48.85, 2.35"],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"Thôn 1": rows}))
    assert person(reading, "Xa").lat is None
    assert person(reading, "Paris").lat is None
    assert sorted(codes(reading, "warning")) == ["place_far", "place_outside"]


def test_dates_in_american_order_are_refused_until_the_user_says_so(tmp_path: Path) -> None:
    rows = [HEAD] + [[i, i, f"Trần {i}", f"02/{12 + i}/1980", "Nam", "Chủ hộ"] for i in range(1, 5)]
    path = workbook(tmp_path / "a.xlsx", {"Thôn 1": rows})
    reading = read(path)
    assert codes(reading, "error") == ["birth_swapped"] * 4
    assert [q.key for q in reading.questions] == ["date_order:Thôn 1"]
    assert str(read(path, answers={"date_order:Thôn 1": "mdy"}).people[0].birth) == "1980-02-13"


def test_everything_in_an_old_font_is_refused_with_what_it_means(tmp_path: Path) -> None:
    rows = [["TT", "Hä vµ tªn", "N¨m sinh", "Giíi tÝnh"], [1, "NguyÔn V¨n §øc", 1980, "Nam"]]
    reading = read(workbook(tmp_path / "a.xlsx", {"Ap 1": rows}))
    assert [(i.code, i.suggestion) for i in reading.issues if i.severity == "error"] == [("text_legacy_font", "Nguyễn Văn Đức")]


def test_a_police_form_with_everything_in_groups_numbers_and_signatures(tmp_path: Path) -> None:
    rows = [
        ["ỦY BAN NHÂN DÂN", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], ["PHƯỜNG PHÚ HÒA"],
        ["DANH SÁCH CÔNG DÂN KHU PHỐ 2"], ["(Kèm theo Kế hoạch số 12/KH-UBND ngày 01/10/2026)"],
        ["STT", "Họ và tên", "Năm sinh", None, "Số CCCD", "Địa chỉ thường trú", "Điện thoại liên hệ",
         "Tình trạng định danh điện tử", None, None,
         "Tích hợp giấy tờ", None, None, "Chủ hộ", "Ghi chú"],
        [None, None, "Nam", "Nữ", None, None, None, "Đã KH", "Chưa KH", "Chưa có TK", "BHYT", "GPLX", "Đăng ký xe", None, None],
        ["A", "B", *range(1, 14)],
        [1, "Nguyễn Văn A", 1980, None, "079080001234", "12/3 Nguyễn Trãi", "0900 000 001", "x", None, None, "x", None, "x",
         "Nguyễn Văn A", None],
        [2, "Trần Thị B", None, "1985", "079185001234", "12/3 Nguyễn Trãi", None, None, "x", None, None, None, None,
         "Nguyễn Văn A", None],
        [3, "Lê C", 1960, None, None, "14 Nguyễn Trãi", None, None, None, "x", None, None, None, "Lê C", "Đã mất 2024"],
        ["Tổng cộng", "3 người"], [None, None, None, None, "Ngày 05 tháng 11 năm 2026"],
        ["NGƯỜI LẬP", None, None, None, "TRƯỞNG CÔNG AN PHƯỜNG"], [None, None, None, None, "Nguyễn Văn Trưởng"],
    ]  # fmt: skip
    reading = read(workbook(tmp_path / "a.xlsx", {"Sheet1": rows}, {"Sheet1": ["C5:D5", "H5:J5", "K5:M5", "A3:O3"]}))
    assert [(p.name, p.household, str(p.birth), p.sex, p.account.value) for p in reading.people] == [
        ("Nguyễn Văn A", 0, "1980", Sex.MALE, "activated"),
        ("Trần Thị B", 0, "1985", Sex.FEMALE, "issued"),
        ("Lê C", 1, "1960", Sex.MALE, "none"),
    ]  # fmt: skip
    assert {p.hamlet for p in reading.people} == {"Khu phố 2"}
    assert reading.people[0].documents["gcn"] is DocumentState.INTEGRATED
    assert [(i.code, i.row) for i in reading.issues] == [("note_deceased", 10)]


def test_heads_and_members_in_one_column_numbered_only_at_the_head(tmp_path: Path) -> None:
    rows = [
        ["STT", "Họ tên chủ hộ và các thành viên", "Ngày sinh", "Quan hệ với chủ hộ", "Nơi ở"],
        [1, "Lê Văn Hoa", "13/2/1990", "Chủ hộ", "Số 1, ngõ 3"],
        [None, "Phạm Thị Nam", "23/4/1991", "Vợ", None],
        [2, "Đỗ B", "23/4/1970", "Chủ hộ", "Số 4"],
    ]  # fmt: skip
    reading = read(workbook(tmp_path / "a.xlsx", {"Ấp Tân Hòa": rows}))
    assert households(reading) == {"Ấp Tân Hòa/0": ["Lê Văn Hoa", "Phạm Thị Nam"], "Ấp Tân Hòa/1": ["Đỗ B"]}
    assert [p.address for p in reading.people] == ["Số 1, ngõ 3", "Số 1, ngõ 3", "Số 4"]


def test_a_list_of_heads_alone_makes_each_a_household(tmp_path: Path) -> None:
    rows = [
        ["TT", "Họ và tên chủ hộ", "Năm sinh", "Số điện thoại", "Địa chỉ"],
        [1, "Lê A", 1960, "0900000001", "Ngõ 1"],
        [2, "Lê B", 1970, None, "Ngõ 1"],
    ]
    assert households(read(workbook(tmp_path / "a.xlsx", {"Xóm 4": rows}))) == {"Xóm 4/0": ["Lê A"], "Xóm 4/1": ["Lê B"]}


def test_a_cross_in_the_head_column_opens_a_household(tmp_path: Path) -> None:
    rows = [["TT", "Họ và tên", "Chủ hộ", "Năm sinh"], [1, "Vũ A", "x", 1970], [2, "Vũ B", None, 1999], [3, "Vũ C", "x", 1971]]
    assert households(read(workbook(tmp_path / "a.xlsx", {"Xóm 2": rows}))) == {"Xóm 2/0": ["Vũ A", "Vũ B"], "Xóm 2/1": ["Vũ C"]}


def test_the_hamlet_of_a_title_that_names_hamlet_and_commune(tmp_path: Path) -> None:
    rows = [["DANH SÁCH HỘ GIA ĐÌNH"], ["Thôn: Xuân Mỹ; Xã: Bình Lương"], HEAD, [1, 1, "Lê A", "13/2/1980", "Nam", "Chủ hộ"]]
    assert read(workbook(tmp_path / "a.xlsx", {"Sheet1": rows})).hamlets == ("Thôn Xuân Mỹ",)


def test_columns_may_be_told_by_option(tmp_path: Path) -> None:
    rows = [["TT", "Đồng chí", "Chào đời", "Gọi"], [1, "Lê A", "13/2/1980", "0900000001"]]
    reading = read(workbook(tmp_path / "a.xlsx", {"Ấp 1": rows}), columns={"*": {"B": "name", "Chào đời": "birth", "D": "phone"}})
    assert [(p.name, str(p.birth), p.phone) for p in reading.people] == [("Lê A", "1980-02-13", "0900000001")]


def test_ages_are_counted_on_the_day_the_title_names(tmp_path: Path) -> None:
    child = [1, 1, "Lê A", "15/10/2012", "Nam", "Con", None]
    titled = [["Số liệu đến ngày 01/10/2026"], [*HEAD, "TK mức 2"], child]
    assert read(workbook(tmp_path / "a.xlsx", {"Ấp 1": titled})).people[0].account is AccountState.NA
    later = [["Số liệu đến ngày 20/10/2026"], [*HEAD, "TK mức 2"], child]
    assert read(workbook(tmp_path / "b.xlsx", {"Ấp 1": later})).people[0].account is AccountState.UNKNOWN
