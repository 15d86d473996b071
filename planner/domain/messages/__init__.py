"""What errors say, in Vietnamese and English: one table for pages and command line. Each part keeps its own file here."""

from __future__ import annotations

import pkgutil
from datetime import date, datetime, time
from importlib import import_module

from planner.domain.calendar import LOCAL

Table = dict[str, tuple[str, str]]


def _collect() -> Table:
    merged: Table = {}
    for part in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        table: Table = import_module(f"{__name__}.{part}").MESSAGES
        twice = merged.keys() & table.keys()
        if twice:
            raise RuntimeError(f"messages/{part}.py repeats {', '.join(sorted(twice))}")
        merged.update(table)
    return merged


MESSAGES: Table = _collect()


class _Facts(dict[str, object]):
    """Facts for a sentence; one that was not given shows as an ellipsis instead of failing the page that tells it."""

    def __missing__(self, key: str) -> str:
        return "…"


def say(code: str, lang: str = "vi", **facts: object) -> str:
    """Return the sentence for a code, its facts filled in. An unknown code is told as it is: never an error in an error."""
    if code not in MESSAGES:
        return f"{'Error' if lang == 'en' else 'Lỗi'}: {code}"
    return MESSAGES[code][lang == "en"].format_map(_Facts({name: _readable(fact) for name, fact in facts.items()}))


def _readable(fact: object) -> object:
    """Return dates and hours as people here write them; everything else as it is."""
    if isinstance(fact, datetime):
        return f"{fact.astimezone(LOCAL):%H:%M %d/%m/%Y}"
    if isinstance(fact, date):
        return f"{fact:%d/%m/%Y}"
    if isinstance(fact, time):
        return f"{fact:%H:%M}"
    return fact
