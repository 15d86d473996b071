"""How values read on a page: dates, numbers, phones and the words of the domain, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Protocol

from flask import Flask
from flask_babel import gettext
from markupsafe import Markup, escape

from planner.domain import wording
from planner.domain.calendar import LOCAL
from planner.domain.messages import say as say_in
from planner.domain.quality import quality_text
from planner.domain.vocabulary import Period
from web.i18n import language


class Spanning(Protocol):
    """A slot, a shift: a period of a date with its hours."""

    on_date: date
    period: Period
    starts_at: datetime
    ends_at: datetime


def label(member: Enum) -> str:
    """Return a word of a closed list: an outcome, a state, a role …"""
    return wording.label(member, language())


def say(code: str, **facts: object) -> str:
    """Return the sentence of an error or reason code."""
    return say_in(code, language(), **facts)


def day(value: date | datetime) -> str:
    """Return ``thứ Ba 24/11``."""
    return wording.date_text(_local(value), language())


def short_day(value: date | datetime) -> str:
    """Return ``T3``, for column heads."""
    return wording.weekday_text(_local(value), language(), short=True)


def hour(value: datetime) -> str:
    """Return ``18:30``."""
    return wording.hour_text(value)


def moment(value: datetime) -> str:
    """Return ``18:42 thứ Ba 24/11``."""
    return wording.time_text(value, language())


def span(value: Spanning) -> str:
    """Return ``thứ Ba 24/11, tối 18:30–21:00`` for a slot or a shift."""
    return wording.span_text(value.on_date, value.period, value.starts_at, value.ends_at, language())


def week(monday: date) -> str:
    """Return ``tuần 23/11–29/11/2026``."""
    return wording.week_text(monday, language())


def number(value: float) -> str:
    """Return ``8.500`` in Vietnamese, ``8,500`` in English."""
    text = f"{value:,}"
    return text if language() == "en" else text.translate(str.maketrans(",.", ".,"))


def percent(part: int, whole: int) -> str:
    """Return ``81 %`` rounded down, so that 100 % is said of the whole only; a dash where there is nothing to divide."""
    return f"{100 * part // whole} %" if whole else "–"


def percentage(value: float) -> str:
    """Return ``80`` or ``82,5``."""
    return number(round(value)) if value == round(value) else number(round(value, 1))


def unbroken(text: str) -> str:
    """Return text whose per-cent signs stay on the line of their numbers."""
    return text.replace(" %", "\u00a0%")


def quality_words(better_by_percent: float | None) -> str:
    """Return how good a plan is, by what is proven; empty where nothing is."""
    return quality_text(better_by_percent, language())


def requirement_words(source: str) -> str:
    """Return where a target comes from: ``Plan A, A4`` is a requirement of one of the sample plans."""
    plan, _comma, code = source.partition(", ")
    if plan not in ("Plan A", "Plan B") or not code:
        return source
    return gettext("kế hoạch mẫu %(plan)s, yêu cầu %(code)s", plan=plan[-1], code=code)


def phone(value: str) -> str:
    """Return ``0912 345 678``: groups are easier to dial from."""
    digits = "".join(c for c in value if c.isdigit())
    if len(digits) == 10:
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    return value


def lines(value: str) -> Markup:
    """Return text with its line ends kept."""
    return Markup("<br>").join(escape(line) for line in value.splitlines())


def _local(value: date | datetime) -> date:
    return value.astimezone(LOCAL).date() if isinstance(value, datetime) else value


def init_words(app: Flask) -> None:
    filters = (label, day, short_day, hour, moment, span, week, number, percentage, phone, lines, unbroken)
    app.jinja_env.filters.update({each.__name__: each for each in filters})
    app.jinja_env.globals.update(say=say, percent=percent, requirement_words=requirement_words, _=gettext)
