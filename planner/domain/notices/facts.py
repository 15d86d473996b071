"""Facts of a notice, as they are stored (plain JSON) and as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as JSON: dates, hours and instants in ISO form, words by their values, tuples as lists."""
    return {name: _plain(fact) for name, fact in facts.items()}


def _plain(fact: Any) -> Any:
    if isinstance(fact, Enum):
        return fact.value
    if isinstance(fact, (datetime, date, time)):
        return fact.isoformat()
    if isinstance(fact, Mapping):
        return plain(fact)
    if isinstance(fact, (list, tuple)):
        return [_plain(item) for item in fact]
    if fact is None or isinstance(fact, (str, int, float, bool)):
        return fact
    raise ValueError(f"a notice cannot keep a {type(fact).__name__}")
