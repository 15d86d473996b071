"""What an address may hold: numbers and words a database can look for. With anything else in it there is no such page."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter, ValidationError

LARGEST_ID = 2**31 - 1


class _RowNumber(IntegerConverter):
    """A number as large as a row's may be: SQLite and PostgreSQL fail on larger ones."""

    regex = r"\d{1,10}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


class _Word(UnicodeConverter):
    """A text without NUL, which PostgreSQL does not take."""

    def to_python(self, value: str) -> str:
        if "\0" in value:
            raise ValidationError
        return value


def init_addresses(app: Flask) -> None:
    """Have all routes read their ``<int:…>`` and ``<…>`` so; to be called before any is made."""
    app.url_map.converters |= {"int": _RowNumber, "default": _Word, "string": _Word}
