"""The five clears, rendered alike for board, phone, paper and workbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from planner.domain.fiveclear import CrewMember, FiveClear, TaskLine, render_five_clear
from planner.domain.settings import SIX_CLEARS
from planner.domain.templates import ACTIVATE, BHYT
from planner.domain.vocabulary import Clear, OutreachGroup, Period


def task(number: int, resident: str, service: object = BHYT) -> TaskLine:
    s = service
    return TaskLine(number, number, resident, s.facts.code, s.name_vi, s.name_en, s.result_vi, s.result_en)  # type: ignore[attr-defined]


CLEAR = FiveClear(
    crew=(CrewMember(7, "Trần Quang Minh", "0900000001", True), CrewMember(8, "Lê Thu Nga", "0900000002")),
    crew_number=3,
    household="Nguyễn Văn An",
    address="Số 12, đường số 2, Ấp 1",
    hamlet="Ấp 1",
    group=OutreachGroup.ISSUED,
    tasks=(
        task(1, "Nguyễn Văn An", ACTIVATE),
        replace(task(2, "Nguyễn Văn An"), resident_id=1),
        task(3, "Lê Thị Bé"),
    ),
    on_date=date(2026, 11, 24),
    period=Period.EVENING,
    starts_at=datetime(2026, 11, 24, 11, 30, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 14, 0, tzinfo=UTC),
    visit_at=datetime(2026, 11, 24, 11, 50, tzinfo=UTC),
    position=2,
    desk_name="Trực ban Công an xã",
    desk_phone="0900000099",
    reviewer="Phó trưởng Công an xã",
)


def texts(clear: FiveClear, lang: str) -> dict[Clear, str]:
    return {line.clear: line.text for line in render_five_clear(clear, lang)}


def test_in_vietnamese_every_clear_is_told_in_full() -> None:
    assert texts(CLEAR, "vi") == {
        Clear.PERSON: "Tổ 3: Trần Quang Minh (tổ trưởng), 0900000001; Lê Thu Nga, 0900000002",
        Clear.TASK: "Hộ Nguyễn Văn An, Số 12, đường số 2, Ấp 1. Nguyễn Văn An: Kích hoạt tài khoản định danh mức 2, "
        "Tích hợp thẻ BHYT; Lê Thị Bé: Tích hợp thẻ BHYT",
        Clear.SCHEDULE: "thứ Ba 24/11, tối 18:30–21:00; lượt 2, khoảng 18:50",
        Clear.RESULT: "1 người: tài khoản mức 2 đã kích hoạt, đăng nhập được VNeID trên máy của chính người dân; "
        "2 người: thẻ BHYT hiện trong VNeID, xem được Sổ sức khỏe điện tử",
        Clear.ACCOUNTABILITY: "Trần Quang Minh chịu trách nhiệm lượt thăm và ghi kết quả; Phó trưởng Công an xã kiểm tra; "
        "vướng mắc gọi Trực ban Công an xã 0900000099",
    }


def test_in_english_too() -> None:
    told = texts(CLEAR, "en")
    assert told[Clear.PERSON] == "Crew 3: Trần Quang Minh (lead), 0900000001; Lê Thu Nga, 0900000002"
    assert told[Clear.SCHEDULE] == "Tue 24 Nov, evening 18:30–21:00; visit no. 2 at about 18:50"
    assert told[Clear.TASK].startswith("Household of Nguyễn Văn An, ")
    assert told[Clear.RESULT].startswith("1 × level-2 account activated")
    assert "trouble: call Trực ban Công an xã 0900000099" in told[Clear.ACCOUNTABILITY]


def test_the_hour_of_a_reserve_door_is_until_when_to_go_there() -> None:
    spare = replace(CLEAR, reserve=True)
    assert texts(spare, "vi")[Clear.SCHEDULE] == "thứ Ba 24/11, tối 18:30–21:00; lượt 2, dự phòng, trước 18:50"
    assert texts(spare, "en")[Clear.SCHEDULE] == "Tue 24 Nov, evening 18:30–21:00; visit no. 2, a reserve, before 18:50"


def test_the_labels_are_the_slogan() -> None:
    assert [line.label for line in render_five_clear(CLEAR, "vi")] == [
        "Rõ người", "Rõ việc", "Rõ tiến độ", "Rõ kết quả", "Rõ trách nhiệm",
    ]  # fmt: skip


def test_six_clears_where_the_province_asks_for_them() -> None:
    six = render_five_clear(replace(CLEAR, clears=SIX_CLEARS), "vi")
    assert [line.clear for line in six] == list(SIX_CLEARS)
    assert six[-1].label == "Rõ thẩm quyền"
    assert "Phó trưởng Công an xã quyết định" in six[-1].text


def test_a_hamlet_the_address_does_not_name_is_added() -> None:
    assert "đường số 2, Ấp 9." in texts(replace(CLEAR, address="đường số 2", hamlet="Ấp 9"), "vi")[Clear.TASK]


def test_phones_a_reader_may_not_see_leave_no_trace() -> None:
    crew = tuple(replace(m, phone="") for m in CLEAR.crew)
    assert texts(replace(CLEAR, crew=crew), "vi")[Clear.PERSON] == "Tổ 3: Trần Quang Minh (tổ trưởng); Lê Thu Nga"


def test_a_bare_assignment_still_reads() -> None:
    bare = replace(CLEAR, crew=(), tasks=(), desk_name="", desk_phone="", reviewer="", address="", clears=SIX_CLEARS)
    told = texts(bare, "vi")
    assert told[Clear.TASK] == "Hộ Nguyễn Văn An, Ấp 1"
    assert told[Clear.RESULT] == ""
    assert told[Clear.AUTHORITY].endswith("do trực ban Công an xã quyết định")
    assert bare.lead is None
