"""Words, dates and sentences as people read them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from enum import Enum

import pytest

from planner.domain import vocabulary
from planner.domain.calendar import slots_of_week
from planner.domain.messages import MESSAGES, say
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import Outcome, OutreachGroup, ServiceRule
from planner.domain.wording import LANGUAGES, date_text, hour_text, label, slot_text, time_text, week_text

# Words only rules speak; nobody reads them.
UNSPOKEN = (ServiceRule,)
SPOKEN = [
    kind for kind in vars(vocabulary).values()
    if isinstance(kind, type) and issubclass(kind, Enum) and kind.__module__ == vocabulary.__name__ and kind not in UNSPOKEN
]  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", SPOKEN, ids=lambda k: k.__name__)
def test_every_word_has_a_label_of_its_own(kind: type[Enum], lang: str) -> None:
    labels = [label(word, lang) for word in kind]
    assert all(labels)
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (Outcome.MET, "Gặp được"),
        (Outcome.ABSENT, "Vắng nhà"),
        (Outcome.REFUSED, "Từ chối"),
        (Outcome.CALLBACK, "Hẹn lại"),
        (Outcome.MOVED, "Đã chuyển đi"),
        (Outcome.WRONG_ADDRESS, "Sai địa chỉ"),
        (Outcome.UNSAFE, "Không an toàn"),
        (Outcome.NOT_REACHED, "Không tới được"),
    ],
)
def test_outcomes_in_plain_words(outcome: Outcome, text: str) -> None:
    assert label(outcome) == text


def test_groups_are_called_by_number_and_meaning() -> None:
    assert label(OutreachGroup.ISSUED) == "Nhóm 1 – đã cấp, chưa kích hoạt"
    assert label(OutreachGroup(3), "en").startswith("Group 3 – ")


def test_dates_read_as_they_are_said() -> None:
    assert date_text(date(2026, 11, 24)) == "thứ Ba 24/11"
    assert date_text(date(2026, 2, 1), year=True) == "Chủ nhật 01/02/2026"
    assert date_text(date(2026, 11, 24), "en", year=True) == "Tue 24 Nov 2026"
    assert time_text(datetime(2026, 11, 22, 17, 30, tzinfo=UTC)) == "00:30 thứ Hai 23/11"
    assert hour_text(time(8)) == "08:00"
    assert week_text(date(2026, 11, 23)) == "tuần 23/11–29/11/2026"
    assert week_text(date(2026, 12, 28)) == "tuần 28/12/2026–03/01/2027"
    assert week_text(date(2026, 11, 23), "en") == "week of 23 Nov 2026"


def test_a_slot_reads_as_on_the_notice_board() -> None:
    slot = slots_of_week(date(2026, 11, 23), CampaignSettings())[5]
    assert slot_text(slot) == "thứ Ba 24/11, tối 18:30–21:00"
    assert slot_text(slot, "en") == "Tue 24 Nov, evening 18:30–21:00"


@pytest.mark.parametrize("code", MESSAGES)
def test_every_sentence_is_there_in_both_languages_with_the_same_facts(code: str) -> None:
    vietnamese, english = MESSAGES[code]
    assert vietnamese.strip()
    assert english.strip()
    facts = [set(re.findall(r"{(\w+)", text)) for text in (vietnamese, english)]
    assert facts[0] == facts[1]
    assert say(code, "vi")  # facts that were not given never make a sentence fail
    assert say(code, "en")


def test_sentences_take_their_facts() -> None:
    assert say("value_too_long", "en", longest=120) == "Longer than 120 characters."
    assert say("value_too_long", "vi") == "Dài quá … ký tự."


def test_an_unknown_code_is_told_as_it_is() -> None:
    assert say("never_heard_of") == "Lỗi: never_heard_of"
    assert say("never_heard_of", "en") == "Error: never_heard_of"
