"""What notices say: every kind, in both languages, as people read it (notices.golden.txt)."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from planner.domain.notices import SPECS, Channel, NoticeKind, in_words
from planner.domain.notices.chat import ChatShift, chat_text
from planner.domain.notices.facts import plain
from planner.domain.notices.texts import TEXTS
from planner.domain.vocabulary import Period
from tests.notices.samples import ENDS, MONDAY, SAMPLES, STARTS, TUESDAY

GOLDEN = Path(__file__).with_name("notices.golden.txt")
PLACES = re.compile(r"{[?!]?(\w+)}")


def as_read() -> str:
    """Return all notices as one text: a blank line between kinds, the short form where it differs."""
    blocks = []
    for kind in NoticeKind:
        for language in ("vi", "en"):
            words = in_words(kind, plain(SAMPLES[kind]), language)
            short = [f"   (màn hình khóa / locked screen: {words.short})"] if words.short != words.subject else []
            blocks.append(
                "\n".join([f"[{kind.value} {language}] {words.subject}", *short, *(f"   {each}" for each in words.lines)])
            )
    return "\n\n".join(blocks) + "\n"


def test_every_notice_reads_as_it_was_last_agreed() -> None:
    """After a change of words: run once with NAMRO_TEST_WRITE_GOLDEN=1, then read the difference before it is committed."""
    if os.environ.get("NAMRO_TEST_WRITE_GOLDEN"):
        GOLDEN.write_text(as_read(), encoding="utf-8")
    assert as_read() == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_has_its_words_and_is_told_with_the_facts_it_needs(kind: NoticeKind) -> None:
    assert set(SPECS[kind].facts) <= SAMPLES[kind].keys()
    assert all("…" not in in_words(kind, plain(SAMPLES[kind]), language).subject for language in ("vi", "en"))
    for vi, en in (TEXTS[kind].subject, *TEXTS[kind].lines):
        assert set(PLACES.findall(vi)) == set(PLACES.findall(en))


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_locked_screen_names_nobody(kind: NoticeKind) -> None:
    for language in ("vi", "en"):
        short = in_words(kind, plain(SAMPLES[kind]), language).short
        assert "Minh" not in short
        assert "Nga" not in short


def test_nobody_is_asked_for_a_code_or_a_number() -> None:
    told = as_read().casefold()
    assert not re.search(r"\b(otp|mật khẩu|passphrase|password|cccd|định danh)\b", told)


def test_a_line_without_its_facts_is_left_out_and_a_subject_never_fails() -> None:
    words = in_words(NoticeKind.SHIFT_TOMORROW, {"on_date": "2026-11-24", "hamlet": "", "starts_at": "không phải giờ"})
    assert words.subject == "Anh/chị có lịch đi thăm hộ: … thứ Ba 24/11"
    assert [line for line in words.lines if "Nơi đến" in line or "Đi cùng" in line] == []


@pytest.mark.parametrize("kind", [NoticeKind.JOB_FAILED, NoticeKind.BACKUP_FAILED])
def test_what_is_given_up_is_not_said_to_be_tried_again_by_itself(kind: NoticeKind) -> None:
    waits, over = (in_words(kind, plain({**SAMPLES[kind], "given_up": given_up})).lines for given_up in (False, True))
    assert not any("Thử lại" in line for line in waits)
    assert any("bấm “Thử lại”" in line for line in over)
    assert not any("Máy sẽ thử lại" in line for line in over)


def test_an_appointment_at_the_police_desk_reads_otherwise_than_one_at_a_door() -> None:
    at_the_desk = in_words(NoticeKind.APPOINTMENT_SOON, {"starts_at": STARTS.isoformat(), "at_police": True, "count": 3}, "en")
    at_the_door = in_words(NoticeKind.APPOINTMENT_SOON, {"starts_at": STARTS.isoformat(), "hamlet": "Ấp 1"}, "en")
    assert at_the_desk.lines == ("Expected at the police desk that day: 3.",)
    assert at_the_door.lines == ("Where: Ấp 1.", "People wait at the hour they were promised.")


@pytest.mark.parametrize("kind", [NoticeKind.SHIFT_TOMORROW, NoticeKind.SHIFT_SOON, NoticeKind.APPOINTMENT_SOON])
def test_a_reminder_names_its_day_for_it_may_be_sent_or_read_late(kind: NoticeKind) -> None:
    for at_police in (False, True):
        words = in_words(kind, plain({**SAMPLES[kind], "at_police": at_police, "count": 2}))
        assert "thứ Ba 24/11" in words.subject
        assert not any(day in line for line in (words.subject, *words.lines) for day in ("hôm nay", "Ngày mai", "ngày mai"))


def test_reminders_are_worth_a_sound_and_reports_are_not() -> None:
    assert SPECS[NoticeKind.SHIFT_SOON].goes_by(Channel.PUSH)
    assert not SPECS[NoticeKind.REPORT_DUE].goes_by(Channel.PUSH)
    assert all(spec.goes_by(Channel.APP) for spec in SPECS.values())


def test_a_text_for_the_group_chat_lists_crews_by_their_hours() -> None:
    evening = ChatShift(TUESDAY, Period.EVENING, STARTS, ENDS, 2, "Ấp 1", 9, ("Trần Quang Minh", "Lê Thu Nga"))
    other = ChatShift(TUESDAY, Period.EVENING, STARTS, ENDS, 1, "", 7, ("Phạm Văn Hải", "Võ Thị Yến"))
    assert chat_text("Xã Lộc Hòa", MONDAY, [evening, other]).splitlines() == [
        "LỊCH ĐI THĂM HỘ, tuần 23/11–29/11/2026",
        "Xã Lộc Hòa",
        "",
        "Thứ Ba 24/11, tối 18:30–21:00",
        "- Tổ 1: Phạm Văn Hải, Võ Thị Yến (7 hộ)",
        "- Tổ 2: Trần Quang Minh, Lê Thu Nga. Ấp 1 (9 hộ)",
        "",
        "Danh sách hộ xem trong ứng dụng Năm Rõ. Không đi được xin báo sớm.",
        "Không ai được hỏi người dân mã OTP hay mật khẩu.",
    ]
