"""A week as text for a group chat: hours, crews and hamlets. No residents, no telephone numbers: a chat is not ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from planner.domain.vocabulary import Period
from planner.domain.wording import span_text, week_text


@dataclass(frozen=True)
class ChatShift:
    """A crew's shift, as far as a chat may know it; the lead is first among the members."""

    on_date: date
    period: Period
    starts_at: datetime
    ends_at: datetime
    number: int
    hamlet: str
    households: int
    members: tuple[str, ...]


_SAID = {
    "vi": {
        "head": "LỊCH ĐI THĂM HỘ, {week}\n{commune}",
        "crew": "- Tổ {number}: {members}{place} ({households} hộ)",
        "foot": "Danh sách hộ xem trong ứng dụng Năm Rõ. Không đi được xin báo sớm.\n"
        "Không ai được hỏi người dân mã OTP hay mật khẩu.",
        "none": "Chưa có ca nào.",
    },
    "en": {
        "head": "VISITS, {week}\n{commune}",
        "crew": "- Crew {number}: {members}{place} ({households} households)",
        "foot": "The list of households is in the Năm Rõ app. If you cannot come, please say so early.\n"
        "Nobody may ask residents for one-time codes or passphrases.",
        "none": "No shifts yet.",
    },
}


def chat_text(commune: str, monday: date, shifts: Sequence[ChatShift], language: str = "vi") -> str:
    """Return a text for a group chat: all shifts given, by their hours."""
    said = _SAID[language]
    blocks = [said["head"].format(week=week_text(monday, language), commune=commune)]
    ordered = sorted(shifts, key=lambda s: (s.starts_at, s.number))
    for _, together in groupby(ordered, key=lambda s: (s.starts_at, s.period)):
        crews = list(together)
        first = crews[0]
        span = span_text(first.on_date, first.period, first.starts_at, first.ends_at, language)
        blocks.append("\n".join([span[:1].upper() + span[1:], *(_crew(crew, said["crew"]) for crew in crews)]))
    return "\n\n".join([*blocks, said["foot"] if ordered else said["none"]])


def _crew(shift: ChatShift, said: str) -> str:
    place = f". {shift.hamlet}" if shift.hamlet else ""
    return said.format(number=shift.number, members=", ".join(shift.members), place=place, households=shift.households)
