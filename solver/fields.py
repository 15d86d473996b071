"""Typed reading of JSON-like data that collects every fault with its path and value instead of stopping at the first."""

import json
import math
from typing import Any, cast

MOST = 10**9
"""No single number of a problem may be larger: sums over 25,000 households in milli-points then stay below 2**63."""


class _NoRecord(dict[str, Any]):
    """Stands in for something that is no object; that its keys are missing is not worth another fault."""


class Fields:
    """Reads values out of records and remembers what was wrong with them.

    Every reader returns a harmless stand-in after a fault, so that the rest of the file can still be looked at.
    """

    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, path: str, value: object, wrong: str) -> None:
        """Remember that `value`, found at `path`, is `wrong` (a phrase such as "is not a list")."""
        self.faults.append(f"{path}: {shown(value)} {wrong}")

    def record(self, value: object, path: str) -> dict[str, Any]:
        """Return `value` if it is a JSON object, else an empty one."""
        if isinstance(value, dict):
            return cast("dict[str, Any]", value)
        self.fault(path, value, "is not an object")
        return _NoRecord()

    def missing(self, record: dict[str, Any], name: str) -> None:
        """Remember that a key is not there."""
        if not isinstance(record, _NoRecord):
            self.faults.append(f"{name}: missing")

    def items(self, record: dict[str, Any], key: str, path: str, *, optional: bool = False, nullable: bool = False) -> list[Any]:
        """Return the list under `key`; an absent one is empty where it is optional, null where it is nullable."""
        name = f"{path}.{key}" if path else key
        if (key not in record and optional) or (key in record and record[key] is None and nullable):
            return []
        if key not in record:
            self.missing(record, name)
            return []
        if isinstance(record[key], list):
            return cast("list[Any]", record[key])
        self.fault(name, record[key], "is not a list")
        return []

    def keyed(self, record: dict[str, Any], path: str) -> dict[str, Any]:
        """Return the entries of an object whose keys are non-empty strings."""
        for key in record:
            if not (key and _sound(key)):
                self.fault(path, key, "is not a non-empty text")
        return {key: value for key, value in record.items() if key and _sound(key)}

    def text(self, record: dict[str, Any], key: str, path: str) -> str:
        """Return the non-empty string under `key`."""
        name = f"{path}.{key}" if path else key
        if key not in record:
            self.missing(record, name)
            return ""
        if isinstance(record[key], str) and record[key] and _sound(record[key]):
            return cast(str, record[key])
        self.fault(name, record[key], "is not a non-empty text")
        return ""

    def texts(
        self, record: dict[str, Any], key: str, path: str, *, optional: bool = True, nullable: bool = False
    ) -> tuple[str, ...]:
        """Return the list of non-empty strings under `key`, without repetitions."""
        found = []
        for n, value in enumerate(self.items(record, key, path, optional=optional, nullable=nullable)):
            if isinstance(value, str) and value and _sound(value):
                found.append(value)
            else:
                self.fault(f"{path}.{key}[{n}]", value, "is not a non-empty text")
        return tuple(dict.fromkeys(found))

    def whole(self, value: object, path: str, *, least: int = 0, most: int = MOST) -> int:
        """Return `value` if it is an integer from `least` to `most` (true, 1.0 and NaN are none)."""
        if isinstance(value, int) and not isinstance(value, bool):
            if least <= value <= most:
                return value
            if value > most:
                self.fault(path, value, f"is more than {most}")
                return least
        wanted = {1: "a positive integer", 0: "a non-negative integer"}.get(least, "an integer")
        self.fault(path, value, f"is not {wanted}")
        return least

    def whole_at(self, record: dict[str, Any], key: str, path: str, *, least: int = 0) -> int:
        """Return the integer under `key`, which must be there."""
        name = f"{path}.{key}" if path else key
        if key not in record:
            self.missing(record, name)
            return least
        return self.whole(record[key], name, least=least)

    def number_at(self, record: dict[str, Any], key: str, path: str, least: float, most: float) -> float:
        """Return the finite number under `key`, from `least` to `most`."""
        name = f"{path}.{key}" if path else key
        if key not in record:
            self.missing(record, name)
            return most
        value = record[key]
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.fault(name, value, "is not a number")
        elif isinstance(value, float) and not math.isfinite(value):
            self.fault(name, value, "is not a finite number")
        elif not least <= value <= most:
            self.fault(name, value, f"is not from {least:g} to {most:g}")
        else:
            return float(value)
        return most

    def square(self, record: dict[str, Any], key: str, path: str, size: int) -> tuple[tuple[int, ...], ...]:
        """Return the matrix of `size` rows and columns of non-negative integers under `key`."""
        name = f"{path}.{key}"
        rows = self.items(record, key, path)
        if len(rows) != size:
            self.faults.append(f"{name}: {len(rows)} rows for {size} locations")
        matrix = []
        for n, row in enumerate(rows):
            if isinstance(row, list) and len(row) == size:
                matrix.append(tuple(self.whole(x, f"{name}[{n}][{m}]") for m, x in enumerate(row)))
            else:
                self.fault(f"{name}[{n}]", row, f"is not a list of {size} integers")
        return tuple(matrix)

    def spans(self, record: dict[str, Any], key: str, path: str) -> tuple[tuple[int, int], ...] | None:
        """Return the pairs [open, close] under `key` in order, those that overlap as one; None where there is no such key.

        The search takes it that the last to open is the last to close.
        """
        if record.get(key) is None:
            return None
        spans = []
        for n, pair in enumerate(self.items(record, key, path)):
            where = f"{path}.{key}[{n}]"
            if not isinstance(pair, list) or len(pair) != 2:
                self.fault(where, pair, "is not a pair [open, close]")
                continue
            before = len(self.faults)
            opens, closes = self.whole(pair[0], f"{where}[0]"), self.whole(pair[1], f"{where}[1]")
            if len(self.faults) == before and closes < opens:
                self.fault(where, pair, "closes before it opens")
            spans.append((opens, closes))
        apart: list[tuple[int, int]] = []
        for opens, closes in sorted(spans):
            if apart and opens <= apart[-1][1]:
                apart[-1] = apart[-1][0], max(closes, apart[-1][1])
            else:
                apart.append((opens, closes))
        return tuple(apart)

    def unique(self, ids: list[str], path: str) -> None:
        """Remember each id that stands a second time."""
        first: dict[str, int] = {}
        for n, name in enumerate(ids):
            if name and name in first:
                self.fault(f"{path}[{n}].id", name, f"is already the id of {path}[{first[name]}]")
            first.setdefault(name, n)


def shown(value: object) -> str:
    """Return `value` as short JSON on one line, for a message."""
    try:
        text = json.dumps(value, ensure_ascii=True)
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= 60 else text[:57] + "..."


def _sound(text: str) -> bool:
    """Lone surrogates cannot be written to a UTF-8 file, so no plan could name such an id."""
    return not any("\ud800" <= c <= "\udfff" for c in text)
