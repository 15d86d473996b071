"""Dates of birth as rosters write them: true dates, serial numbers, texts; to the day, the month or only the year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from planner.domain.text import fold
from planner.domain.vocabulary import BirthPrecision
from planner.sheets.cells import CellFault, CellValue, date_of_serial
from planner.sheets.cleaning import clean, plain_words
from planner.sheets.findings import Finding

OLDEST_YEARS = 115


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of birth and how much of it is known: unknown parts are 1."""

    value: date
    precision: BirthPrecision

    def __str__(self) -> str:
        return self.value.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision.value]]

    def age_on(self, day: date) -> int:
        """Return the age in full years; where only the year or month is known, as if born on its first day."""
        return day.year - self.value.year - ((day.month, day.day) < (self.value.month, self.value.day))


Reading = tuple[PartialDate | None, Finding | None]
_NOTHING = {"", "khong ro", "chua ro", "khong nho", "khong", "k", "o", "x"}
_PARTS = re.compile(r"^(\d{1,4})[\s./\\,-]+(\d{1,4})(?:[\s./\\,-]+(\d{1,4}))?$")
_WORDS = re.compile(r"^(?:ngay\s*)?(\d{1,2})\s*(?:thang|th)\s*(\d{1,2})\s*(?:nam)?\s*(\d{2,4})$")
_MONTH_WORDS = re.compile(r"^(?:thang|th)\s*(\d{1,2})\s*(?:nam)?\s*(\d{4})$")
_UNKNOWN_PART = re.compile(r"(?<![\d\w])(?:\?+|x+|-{1,2}|_+|\.{2,}|…+|\*+)(?=[./\s-])", re.IGNORECASE)
_ABOUT = re.compile(
    r"^(?:nam|sinh nam|sn|khoang|khoang nam|ns|sinh)?\s*(\d{4})\s*(?:\(?(?:khai|khoang|am lich|al|k\.?ro|uoc)\)?)?$"
)


def read_birth(value: CellValue, as_of: date, us_order: bool = False) -> Reading:
    """Return the date of birth in a cell, or why it is refused. Day first, always, unless the user said `us_order`."""
    if isinstance(value, CellFault):
        if value.kind == "serial":
            return None, Finding("birth_no_such_day")
        return None, Finding("formula_without_value" if value.kind == "formula" else "error_value")
    if isinstance(value, bool):
        return None, Finding("birth_unreadable")
    if isinstance(value, date):
        return _checked(value, BirthPrecision.DAY, as_of, None)
    if isinstance(value, int | float):
        return _number(value, as_of)
    return _text(clean(value), as_of, us_order)


def _checked(day: date, precision: BirthPrecision, as_of: date, finding: Finding | None) -> Reading:
    if day > as_of:
        return None, Finding("birth_future")
    if as_of.year - day.year > OLDEST_YEARS:
        # A year typed into a cell formatted as a date shows a day of 1905: 1986 days after 31/12/1899.
        serial = (day - date(1899, 12, 30)).days
        return None, Finding("birth_too_old", {"years": OLDEST_YEARS}, str(serial) if 1906 < serial <= as_of.year else "")
    return PartialDate(day, precision), finding


def _number(value: int | float, as_of: date) -> Reading:
    number = int(value)
    if number != value and number < 3000:
        return None, Finding("birth_unreadable")  # 7.1991: a month and year that became a decimal number
    if 1900 <= number <= as_of.year:
        return _checked(date(number, 1, 1), BirthPrecision.YEAR, as_of, None)
    if 10_000_000 <= number <= 99_999_999:
        return _compact(str(number), as_of)
    if as_of.year < number <= 80_000:
        day = date_of_serial(number, epoch_1904=False)
        if isinstance(day, CellFault):
            return None, Finding("birth_no_such_day")
        return _checked(day, BirthPrecision.DAY, as_of, Finding("birth_serial", {"date": f"{day:%d/%m/%Y}"}))
    return None, Finding("birth_unreadable")


def _compact(digits: str, as_of: date) -> Reading:
    """Eight digits in a row: ddmmyyyy, or yyyymmdd; taken when only one of them is a day."""
    found = []
    for day, month, year in ((digits[:2], digits[2:4], digits[4:]), (digits[6:], digits[4:6], digits[:4])):
        try:
            born = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if as_of.year - OLDEST_YEARS <= born.year and born <= as_of:
            found.append(born)
    if len(found) != 1:
        return None, Finding("birth_unreadable")
    return _checked(found[0], BirthPrecision.DAY, as_of, Finding("birth_compact", {"date": f"{found[0]:%d/%m/%Y}"}))


def _text(text: str, as_of: date, us_order: bool) -> Reading:
    folded = plain_words(text)
    if folded in _NOTHING and not any(c.isdigit() for c in text):
        return None, None
    if text.isdigit():
        if len(text) == 4:
            return _number(int(text), as_of)
        if len(text) == 8:
            return _compact(text, as_of)
        if len(text) == 5:
            return _number(int(text), as_of)
        return None, Finding("birth_unreadable")
    text = re.sub(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$", "", text).strip(" '\"")
    marked = _UNKNOWN_PART.sub("0", text)
    words = _WORDS.match(folded)
    if words is not None:
        return _parts(int(words[1]), int(words[2]), words[3], as_of, us_order)
    month_words = _MONTH_WORDS.match(folded)
    if month_words is not None:
        return _parts(0, int(month_words[1]), month_words[2], as_of, us_order, asked_day=False)
    about = _ABOUT.match(" ".join(folded.split())) if marked == text else None
    if about is not None:
        year = int(about[1])
        if not 1800 < year <= 9999:
            return None, Finding("birth_unreadable")
        plain = text.strip().isdigit() or folded == f"nam {year}" or folded == f"sn {year}"
        return _checked(date(year, 1, 1), BirthPrecision.YEAR, as_of, None if plain else Finding("birth_about", {"year": year}))
    parts = _PARTS.match(re.sub(r"\s*([./\\,-])\s*", r"\1", marked))
    if parts is None:
        return None, Finding("birth_unreadable")
    first, second, third = parts[1], parts[2], parts[3]
    if third is None:
        if len(second) == 4 and len(first) <= 2:
            return _parts(0, int(first), second, as_of, us_order, asked_day=False)
        if len(first) == 4 and len(second) <= 2:
            return _parts(0, int(second), first, as_of, us_order, asked_day=False)
        return None, Finding("birth_unreadable")
    if len(first) == 4:
        return _parts(int(third), int(second), first, as_of, us_order=False)
    return _parts(int(first), int(second), third, as_of, us_order)


def _parts(day: int, month: int, year_text: str, as_of: date, us_order: bool, asked_day: bool = True) -> Reading:
    if us_order and asked_day:
        day, month = month, day
    finding: Finding | None = None
    year = int(year_text)
    if len(year_text) <= 2:
        year += as_of.year // 100 * 100
        if year > as_of.year:
            year -= 100
        finding = Finding("birth_two_digit_year", {"year": year})
    elif len(year_text) == 3 or year < 1800:
        return None, Finding("birth_unreadable")
    if day == 0 and asked_day:
        finding = Finding("birth_part_unknown", {"year": year})
    if month == 0:
        if day:
            return None, Finding("birth_no_such_day")
        return _checked(date(year, 1, 1), BirthPrecision.YEAR, as_of, finding or Finding("birth_part_unknown", {"year": year}))
    if month > 12:
        swapped = _iso(year, day, month)
        return None, Finding("birth_swapped" if swapped else "birth_no_such_day", {}, swapped)
    if day == 0:
        return _checked(date(year, month, 1), BirthPrecision.MONTH, as_of, finding)
    try:
        return _checked(date(year, month, day), BirthPrecision.DAY, as_of, finding)
    except ValueError:
        return None, Finding("birth_no_such_day")


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


_TITLE_DAY = re.compile(
    r"(?:so lieu|tinh den|den ngay|cap nhat|thoi diem|lap ngay|den het).*?"
    r"(\d{1,2})(?:\s*(?:[/.-]|thang)\s*)(\d{1,2})(?:\s*(?:[/.-]|nam)\s*)(\d{4})"
)


def day_in_title(text: str) -> date | None:
    """Return the day a title says its figures are of: "số liệu đến ngày 01/11/2026"."""
    found = _TITLE_DAY.search(fold(text))
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found is not None else None
    except ValueError:
        return None
