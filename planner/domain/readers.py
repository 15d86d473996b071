"""Readers of settings: from a JSON value to a checked one, or an error that names the place.

A reader takes the path of a value and the value; it returns what the settings keep.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from enum import Enum
from typing import Any, TypeVar

from planner.domain.bounds import FIRST_DAY, LAST_DAY, is_within
from planner.domain.errors import InvalidInput

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
Reader = Callable[[str, Any], T]


def number(low: float, high: float) -> Reader[float]:
    """Return a reader of numbers from `low` to `high`, both included."""

    def read(path: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise InvalidInput("setting_not_a_number", field=path)
        if not low <= value <= high:
            raise InvalidInput("setting_out_of_range", field=path, low=low, high=high)
        return float(value)

    return read


def whole(low: int, high: int) -> Reader[int]:
    """Return a reader of whole numbers from `low` to `high`, both included."""

    def read(path: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidInput("setting_not_a_whole_number", field=path)
        if not low <= value <= high:
            raise InvalidInput("setting_out_of_range", field=path, low=low, high=high)
        return value

    return read


def text(longest: int) -> Reader[str]:
    """Return a reader of one line of text."""

    def read(path: str, value: Any) -> str:
        if not isinstance(value, str) or any(ord(c) < 32 for c in value):
            raise InvalidInput("setting_not_a_text", field=path)
        if len(value) > longest:
            raise InvalidInput("setting_too_long", field=path, longest=longest)
        return value.strip()

    return read


def yes_no(path: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput("setting_not_yes_no", field=path)
    return value


def optional(reader: Reader[T]) -> Reader[T | None]:
    """Return a reader that also takes null."""
    return lambda path, value: None if value is None else reader(path, value)


def clock(path: str, value: Any) -> time:
    """Read ``"18:30"``."""
    try:
        hour, minute = (int(part) for part in value.split(":"))
        return time(hour, minute)
    except (AttributeError, ValueError):
        raise InvalidInput("setting_not_a_time", field=path) from None


def clock_within(low: time, high: time) -> Reader[time]:
    """Return a reader of hours from `low` to `high`, both included."""

    def read(path: str, value: Any) -> time:
        hour = clock(path, value)
        if not low <= hour <= high:
            raise InvalidInput("setting_out_of_range", field=path, low=f"{low:%H:%M}", high=f"{high:%H:%M}")
        return hour

    return read


def span(path: str, value: Any) -> tuple[time, time]:
    """Read ``["08:00", "11:00"]``."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise InvalidInput("setting_not_a_span", field=path)
    return clock(f"{path}.0", value[0]), clock(f"{path}.1", value[1])


def dates(path: str, value: Any) -> tuple[date, ...]:
    """Read a list of ISO dates; sorted, each once."""
    if not isinstance(value, list | tuple):
        raise InvalidInput("setting_not_a_list", field=path)
    return tuple(sorted({day(f"{path}.{i}", item) for i, item in enumerate(value)}))


def day(path: str, value: Any) -> date:
    """Read ``"2026-11-24"``."""
    try:
        read = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidInput("setting_not_a_date", field=path) from None
    if not is_within(read):
        raise InvalidInput("setting_out_of_range", field=path, low=FIRST_DAY, high=LAST_DAY)
    return read


def words(enum: type[E]) -> Reader[tuple[E, ...]]:
    """Return a reader of a non-empty list of different words of `enum`, kept in the order given."""

    def read(path: str, value: Any) -> tuple[E, ...]:
        if not isinstance(value, list | tuple) or not value:
            raise InvalidInput("setting_not_a_list", field=path)
        chosen = tuple(_word(enum, f"{path}.{i}", item) for i, item in enumerate(value))
        if len(set(chosen)) < len(chosen):
            raise InvalidInput("setting_twice", field=path)
        return chosen

    return read


def word(enum: type[E]) -> Reader[E]:
    """Return a reader of one word of `enum`."""
    return lambda path, value: _word(enum, path, value)


def _word(enum: type[E], path: str, value: Any) -> E:
    for member in enum:
        if str(member.value) == str(value):  # the keys of JSON objects are text
            return member
    known = ", ".join(str(member.value) for member in enum)
    raise InvalidInput("setting_unknown_word", field=path, known=known)


def table(keys: type[E], cell: Reader[T], default: Mapping[E, T]) -> Reader[Mapping[E, T]]:
    """Return a reader of an object by words of `keys`; what it leaves out stays as in `default`."""

    def read(path: str, value: Any) -> Mapping[E, T]:
        given = {}
        for key, item in _object(path, value).items():
            given[_word(keys, f"{path}.{key}", key)] = cell(f"{path}.{key}", item)
        return {**default, **given}

    return read


def table_of_tables(
    rows: type[E], columns: type[Enum], cell: Reader[T], default: Mapping[E, Mapping[Any, T]]
) -> Reader[Mapping[E, Mapping[Any, T]]]:
    """Return a reader of an object of objects; what is left out stays as in `default`."""

    def read(path: str, value: Any) -> Mapping[E, Mapping[Any, T]]:
        given = dict(default)
        for key, item in _object(path, value).items():
            row = _word(rows, f"{path}.{key}", key)
            given[row] = table(columns, cell, default[row])(f"{path}.{key}", item)
        return given

    return read


def named_table(cell: Reader[T], default: Mapping[str, T]) -> Reader[Mapping[str, T]]:
    """Return a reader of an object by any names, e.g. service codes."""

    def read(path: str, value: Any) -> Mapping[str, T]:
        given = {key: cell(f"{path}.{key}", item) for key, item in _object(path, value).items()}
        return {**default, **given}

    return read


def section(kind: type[T]) -> Reader[T]:
    """Return a reader of a dataclass whose fields name their readers; unknown keys are errors, absent ones defaults."""

    def read(path: str, value: Any) -> T:
        assert is_dataclass(kind)
        known = {f.name: f for f in fields(kind)}
        given = {}
        for key, item in _object(path, value).items():
            place = f"{path}.{key}" if path else str(key)
            if key not in known:
                raise InvalidInput("setting_unknown", field=place)
            given[key] = known[key].metadata["read"](place, item)
        return kind(**given)

    return read


def _object(path: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidInput("setting_not_an_object", field=path)
    return value


def plain(value: Any) -> Any:
    """Return a setting as JSON keeps it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(plain(k)): plain(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    return value
