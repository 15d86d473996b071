"""A notice in words: its facts read, put into the text of its kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from planner.domain.messages import say
from planner.domain.notices.kinds import NoticeKind
from planner.domain.notices.texts import TEXTS, Pair
from planner.domain.vocabulary import Period
from planner.domain.wording import date_text, hour_text, label, time_text, week_text

_PLACE = re.compile(r"{(\w+)}")
_CONDITION = re.compile(r"{([?!])(\w+)}")
_EMPTY: tuple[object, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Words:
    """A notice as it is read; `short` is what a locked screen may show to anybody."""

    subject: str
    lines: tuple[str, ...]
    short: str


def in_words(kind: NoticeKind, facts: Mapping[str, Any], language: str = "vi") -> Words:
    """Return a notice's words. A fact the subject lacks reads as an ellipsis; a line that lacks one is left out."""
    text, read = TEXTS[kind], Facts(facts, language)
    subject = _headline(text.subject, read, language)
    lines = [line for pair in text.lines if (line := _fitting(_of(pair, language), facts))]
    shown = tuple(_filled(line, read) for line in lines if all(read.get(name) for name in _PLACE.findall(line)))
    return Words(subject, shown, _headline(text.short, read, language) if text.short else subject)


def _headline(pair: Pair, read: Facts, language: str) -> str:
    told = _PLACE.sub(lambda place: read.get(place[1]) or "…", _of(pair, language))
    return told[:1].upper() + told[1:]


def _of(pair: Pair, language: str) -> str:
    return pair[language == "en"]


def _fitting(line: str, facts: Mapping[str, Any]) -> str:
    """Return a line without its condition; an empty text where that is not met."""
    condition = _CONDITION.match(line)
    if condition is None:
        return line
    met = bool(facts.get(condition[2])) is (condition[1] == "?")
    return line[condition.end() :] if met else ""


def _filled(line: str, read: Facts) -> str:
    return _PLACE.sub(lambda place: read.get(place[1]), line)


class Facts:
    """Reads facts by their names.

    ``monday`` is a week, ``…_on`` a day; ``x_time`` and ``x_hour`` are the instant ``x_at`` with and without its day. Lists
    read with commas; those of slots (``on_date``, ``period``) as days and parts of days. ``{"vi", "en"}`` is text in both.
    """

    def __init__(self, facts: Mapping[str, Any], language: str) -> None:
        self._facts, self._language = facts, language

    def get(self, name: str) -> str:
        """Return how a fact reads, an empty text where it is not given."""
        fact = self._facts.get(re.sub("_(hour|time)$", "_at", name))
        if fact in _EMPTY:
            return ""
        try:
            return self._read(name, fact)
        except (ValueError, TypeError, KeyError):
            return str(fact)  # of another version of this program: told as it is, never a page that fails

    def _read(self, name: str, fact: Any) -> str:
        language = self._language
        if isinstance(fact, list):
            return "; ".join(map(self._slot, fact)) if isinstance(fact[0], dict) else ", ".join(map(str, fact))
        if isinstance(fact, dict):
            return str(fact[language])
        if name == "monday":
            return week_text(date.fromisoformat(fact), language)
        if name == "on_date" or name.endswith("_on"):
            return date_text(date.fromisoformat(fact), language)
        if name.endswith("_hour"):
            return hour_text(datetime.fromisoformat(fact))
        if name.endswith(("_time", "_at")):
            return time_text(datetime.fromisoformat(fact), language)
        if name == "period":
            return label(Period(fact), language)
        if name == "error":
            return say(fact, language, **self._facts.get("error_facts") or {})
        if isinstance(fact, float):
            text = f"{fact:.1f}".removesuffix(".0")
            return text if language == "en" else text.replace(".", ",")
        return str(fact)

    def _slot(self, slot: Mapping[str, Any]) -> str:
        day = date_text(date.fromisoformat(slot["on_date"]), self._language)
        period = label(Period(slot["period"]), self._language)
        return f"{day}, {period}" if self._language == "en" else f"{period} {day}"
