"""When volunteers can come, out of words and crosses: a set of weekday × sáng, chiều, tối."""

# ruff: noqa: E501 - patterns of words, one list a line

from __future__ import annotations

import re
from dataclasses import dataclass, field

from planner.domain.text import fold
from planner.domain.vocabulary import Period
from planner.sheets.cleaning import clean, plain_words
from planner.sheets.slot_words import written_out

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Slot = tuple[int, Period]  # weekday (0 is Monday), part of the day
ALL_DAYS = frozenset(range(7))
ALL_PERIODS = (Period.MORNING, Period.AFTERNOON, Period.EVENING)

_DAY_WORDS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5, "2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5, "8": 6}
_DAY_WORDS |= {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6}
_DAY_WORDS |= {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_TIME = r"\d{1,2}\s*(?:[:h]|gio)\s*(?:\d{2})?|\d{1,2}g\d{0,2}"
_TOKEN = re.compile(
    rf"(?P<hours>(?:{_TIME})\s*(?:-|–|den|toi|→)\s*(?:{_TIME}|\d{{1,2}}))|(?P<hour>{_TIME})"
    r"|(?P<day>\bchu nhat\b|\bcn\b|\bthu\s*(?:[2-7]|hai|ba|tu|nam|sau|bay)\b|\bt\s?[2-7]\b|\bt8\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)"
    r"|(?P<ends>\bcuoi tuan\b)|(?P<work>\b(?:trong tuan|ngay thuong|ngay lam viec|cac ngay trong tuan)\b)"
    r"|(?P<daily>\b(?:hang ngay|moi ngay|ca tuan|cac ngay(?! (?:tu|t\s?\d|\d|thu|trong|cuoi|le|nghi)\b)|tat ca cac ngay|tat ca|luc nao cung duoc|moi hom|hang tuan)\b)"
    r"|(?P<whole>\b(?:ca ngay|nguyen ngay|full|toan thoi gian|ca 3 buoi|ca ba buoi|3 buoi)\b)"
    r"|(?P<office>\b(?:hanh chinh|gio hanh chinh|ban ngay)\b)"
    r"|(?P<period>\b(?:sang|chieu|trua|toi|dem)\b)|(?P<not>\b(?:tru|ngoai tru|khong|ban|nghi)\b)|(?P<dash>-|–|\bden\b)|(?P<comma>,)|(?P<bare>(?<![\d:h])\b[2-7]\b)"
)
_PERIODS = {
    "sang": Period.MORNING,
    "chieu": Period.AFTERNOON,
    "trua": Period.AFTERNOON,
    "toi": Period.EVENING,
    "dem": Period.EVENING,
}
_HOURS = {Period.MORNING: (7.0, 12.0), Period.AFTERNOON: (13.0, 17.5), Period.EVENING: (18.0, 21.5)}
_NEVER = frozenset(["khong", "khong co", "ban", "khong ranh", "chua ro", "chua biet", "chua dang ky", "khong tham gia", "0"])


@dataclass(slots=True)
class FreeTime:
    """Free slots, and the parts of the text that made no sense."""

    slots: set[Slot] = field(default_factory=set)
    odd: list[str] = field(default_factory=list)
    doubled: bool = False


def slot_name(slot: Slot) -> str:
    """Return the id of a slot of every week: ``mon_S`` … ``sun_T``."""
    return f"{DAYS[slot[0]]}_{slot[1].value}"


def read_free_time(text: str, days: frozenset[int] = frozenset(), periods: tuple[Period, ...] = ()) -> FreeTime:
    """Read free text such as ``Sáng: T4, CN; Tối: T2–T6; cả ngày T7``.

    Parameters
    ----------
    days, periods
        What the column already says: under "Thứ 2" the text only names parts of the day, and the other way round.
    """
    free = FreeTime()
    given, text = text, written_out(text)
    if plain_words(text) in _NEVER:
        return free
    for segment in re.split(r"[;\n|]|\.(?!\d)|(?<=[a-z])\s*/\s*(?=(?:sang|chieu|toi)\b)", text):
        if segment.strip():
            _segment(segment, free, days, periods)
    if not free.slots and not free.odd and given.strip():
        free.odd.append(given.strip()[:40])  # only what is not possible: the rest may be, or not
    return free


def _latin(text: str) -> str:
    return fold(clean(text))


def _segment(segment: str, free: FreeTime, column_days: frozenset[int], column_periods: tuple[Period, ...]) -> None:
    """Read a group of days and parts of the day; whichever comes first opens a group that the other closes."""
    tokens = [(m.lastgroup or "", m[0]) for m in _TOKEN.finditer(segment)]
    days: list[int] = []
    periods: list[Period] = []
    negative = dash = senseless = False  # senseless: hours that cannot be; the days beside them say nothing then
    last = ""

    def close() -> None:
        nonlocal days, periods, senseless
        if (days or periods) and not (senseless and not periods):
            _emit(free, days or sorted(column_days) or list(range(7)), tuple(periods) or column_periods or ALL_PERIODS, negative)
        days, periods, senseless = [], [], False

    clause: list[int] = []  # days since the last comma, no part of the day among them
    for at, (kind, word) in enumerate(tokens):
        if kind == "comma":
            clause = []
            continue
        group = (
            "day"
            if kind in ("day", "ends", "work", "daily", "bare")
            else "period"
            if kind in ("period", "whole", "office", "hours", "hour")
            else ""
        )
        if group == "period" and days and periods and 0 < len(clause) < len(days) and not _day_follows(tokens, at):
            # Tối T2, T4, T7 cả ngày: the part of the day after the last comma's days is theirs alone.
            mine, days = clause, days[: -len(clause)]
            close()
            days, last, clause = mine, "day", []
        if group and last and group != last and ((group == "day" and days) or (group == "period" and periods)):
            close()
        if kind == "dash":
            dash = True
            continue
        if kind == "not":
            close()
            negative, last = True, ""
            continue
        if group == "day":
            found = _days(kind, word)
            if kind == "bare" and not days and not periods:
                continue
            if dash and days and len(found) == 1:
                if found[0] < days[-1]:
                    free.odd.append(segment.strip()[:40])
                found = list(range(days[-1] + 1, found[0] + 1))
            days += found
            clause += found
        elif group == "period":
            added = _periods(kind, word)
            if added is None:
                free.odd.append(word)
                days, senseless, last = [], True, ""
                continue
            periods += added
        dash, last = False, group or last
    if not tokens:
        free.odd.append(segment.strip()[:40])
    close()


def _day_follows(tokens: list[tuple[str, str]], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1][0] in ("day", "bare", "ends", "work", "daily")


def _emit(free: FreeTime, days: list[int], periods: tuple[Period, ...], negative: bool) -> None:
    slots = {(day, period) for day in days for period in periods}
    if negative:
        free.slots -= slots
        return
    free.doubled = free.doubled or bool(free.slots & slots)
    free.slots |= slots


def _days(kind: str, word: str) -> list[int]:
    if kind == "ends":
        return [5, 6]
    if kind == "work":
        return [0, 1, 2, 3, 4]
    if kind == "daily":
        return list(range(7))
    if word in ("cn", "chu nhat"):
        return [6]
    key = re.sub(r"^(thu|t)\s*", "", word) if not word.endswith("day") else word
    return [_DAY_WORDS[key]] if key in _DAY_WORDS else []


def _periods(kind: str, word: str) -> tuple[Period, ...] | None:
    """Return the parts of the day a word or hours cover; None where the hours make no sense."""
    if kind == "whole":
        return ALL_PERIODS
    if kind == "office":
        return (Period.MORNING, Period.AFTERNOON)
    if kind == "period":
        return (_PERIODS[word],)
    times = [_hour(part) for part in re.findall(rf"{_TIME}|(?<=[-–\s])\d{{1,2}}$", word)]
    if any(time is None or time > 24 for time in times):
        return None
    start = times[0] or 0.0
    end = times[1] if len(times) > 1 and times[1] is not None else start + 1.5
    if end <= start:
        return None  # 19:00–18:00, or over midnight: nobody is called on at night
    return tuple(p for p, (opens, closes) in _HOURS.items() if min(end, closes) - max(start, opens) >= 1) or None


def _hour(text: str) -> float | None:
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    if not numbers or (len(numbers) > 1 and numbers[1] > 59):
        return None
    return numbers[0] + (numbers[1] / 60 if len(numbers) > 1 else 0)


def header_slots(texts: list[str]) -> tuple[frozenset[int], tuple[Period, ...]]:
    """Return the days and parts of the day a column's header names: ("Thứ 2", "Sáng") → Monday morning."""
    days: set[int] = set()
    periods: list[Period] = []
    for text in texts:
        asked = re.search(r"\[([^\]]+)\]\s*$", text)  # a form's question: … những buổi nào? [Thứ 2]
        latin = _latin(asked[1] if asked else text)
        if len(latin) > 40:
            continue
        for match in _TOKEN.finditer(latin):
            kind = match.lastgroup or ""
            if kind in ("day", "ends"):
                days |= set(_days(kind, match[0]))
            elif kind in ("period", "whole", "hours"):
                periods += _periods(kind, match[0]) or ()
        short = re.fullmatch(r"[sct]", latin)
        if short is not None:
            periods.append(Period(short[0].upper()))
        tight = re.fullmatch(r"(t[2-7]|cn)\s*[-_/ ]?\s*([sct])", latin)
        if tight is not None:
            days |= set(_days("day", tight[1]))
            periods.append(Period(tight[2].upper()))
    return frozenset(days), tuple(dict.fromkeys(periods))
