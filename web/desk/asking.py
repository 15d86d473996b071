"""What a page is asked for in its address: a week, a filter. A wrong value is never an error of ours."""

from __future__ import annotations

from datetime import date, timedelta

from flask import abort, request

from planner.domain.bounds import iso_day
from planner.domain.calendar import local_date, monday_of
from planner.domain.text import printable
from planner.domain.vocabulary import Period
from web.addresses import LARGEST_ID
from web.context import now

WEEK = timedelta(days=7)
PAGE_ROWS = 50


def this_monday() -> date:
    """Return the Monday of the week it is now."""
    return monday_of(local_date(now()))


def asked_monday(default: date | None = None) -> date:
    """Return the Monday of the week named by ``?monday=2026-11-23`` (any day of it), or `default`, or this week's."""
    text = request.values.get("monday", "")
    return monday_of(day_or_404(text)) if text else default or this_monday()


def day_or_404(text: str) -> date:
    """Return an ISO date from an address; one that is no date has no page."""
    day = iso_day(text)
    if day is None:
        abort(404)
    return day


def asked_day(name: str = "day") -> date | None:
    """Return a date filter, None where it is empty or no date of ours."""
    return iso_day(request.args.get(name, ""))


def asked_number(name: str) -> int | None:
    """Return a whole number from the address, None where it is none."""
    return whole_number(request.args.get(name, ""))


def asked_text(name: str, most: int = 100) -> str:
    return printable(request.args.get(name, "")).strip()[:most]


def whole_number(text: str) -> int | None:
    """Return the number a form or address holds, None where it is none a database could hold."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        return None
    return number if (number := int(text)) <= LARGEST_ID else None


def chosen_ids(name: str) -> list[int]:
    """Return the ids ticked in a form."""
    return [number for text in request.form.getlist(name) if (number := whole_number(text)) is not None]


def period_of(text: str) -> Period | None:
    """Return the period of a form's value, None for the whole day."""
    return Period(text) if text in set(Period) else None
