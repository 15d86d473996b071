"""How far days may go. Beyond are slips of the thumb, and at the calendar's ends a week or a time zone overflows."""

from __future__ import annotations

from datetime import date

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


def is_within(day: date) -> bool:
    return FIRST_DAY <= day <= LAST_DAY


def iso_day(text: str) -> date | None:
    """Return the day written as ``2026-11-24``; None where it is none, or none of these years."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_within(day) else None
