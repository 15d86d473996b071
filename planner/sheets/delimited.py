"""Read a .csv or .tsv as one sheet: encoding and delimiter found out, a quote left open told with its row."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from pathlib import Path

from planner.sheets import refusals
from planner.sheets.cells import Row, Sheet
from planner.sheets.legacy import is_syllable, legacy_reading
from planner.sheets.refusals import SheetRefused

MAX_BYTES = 60_000_000
_SAMPLE = 20_000
_LONGEST_LINE = 2_000_000


def read_delimited(path: Path, encoding: str = "") -> Sheet:
    """Return the file as a sheet named after it.

    Raises
    ------
    SheetRefused
        A quote never closed, too many rows, or bytes that are text in no encoding we know.
    """
    data = path.read_bytes()
    if len(data) > MAX_BYTES:
        raise SheetRefused("file_too_big", megabytes=len(data) // 1_000_000, limit=MAX_BYTES // 1_000_000)
    if _has_endless_line(data):
        raise SheetRefused("file_not_a_table")
    text = decode(data, encoding)
    if "\x00" in text:
        raise SheetRefused("file_not_a_table")
    lines = text.count("\n") + text.count("\r") - text.count("\r\n")
    if lines > 3 * refusals.MAX_ROWS:
        raise SheetRefused("file_too_many_rows", rows=lines, limit=refusals.MAX_ROWS)
    delimiter, text = _delimiter(text)
    return Sheet(path.stem, _rows(text, delimiter))


def _rows(text: str, delimiter: str) -> dict[int, Row]:
    csv.field_size_limit(1_000_000)
    rows: dict[int, Row] = {}
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    number = 0
    try:
        for fields in reader:
            number += 1
            if number > refusals.MAX_ROWS:
                raise SheetRefused("file_too_many_rows", rows=number, limit=refusals.MAX_ROWS)
            row: Row = {
                column: _value(value) for column, value in enumerate(fields[: refusals.MAX_COLUMN_NUMBER], 1) if value.strip()
            }
            if row:
                rows[number] = row
            if any(value.count("\n") > 20 for value in fields):
                raise SheetRefused("file_open_quote", row=number)
    except csv.Error as error:
        raise SheetRefused("file_open_quote", row=number + 1) from error
    return rows


def _has_endless_line(data: bytes) -> bool:
    """Say whether a line is far longer than 512 columns can be: no table, and too much to split."""
    start = 0
    while start + _LONGEST_LINE < len(data):
        end = max(data.rfind(mark, start, start + _LONGEST_LINE) for mark in (b"\n", b"\r"))
        if end < 0:
            return True
        start = end + 1
    return False


def _value(text: str) -> str:
    """Excel writes ="0123" to keep a zero: what it means is the text in the quotes."""
    text = text[: refusals.MAX_TEXT + 1]
    return text[2:-1] if text.startswith('="') and text.endswith('"') and len(text) > 3 else text


def decode(data: bytes, encoding: str = "") -> str:
    """Return the text of a file whose encoding nobody wrote down."""
    if encoding:
        try:
            return unicodedata.normalize("NFC", data.decode(encoding).lstrip("\ufeff"))
        except (UnicodeDecodeError, LookupError) as error:
            raise SheetRefused("file_encoding", encoding=encoding) from error
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(name)
            except UnicodeDecodeError as error:
                raise SheetRefused("file_encoding", encoding=name) from error
    head = data[:2000]
    if head.count(0) > len(head) / 5:
        name = "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
        try:
            return data.decode(name)
        except UnicodeDecodeError as error:
            raise SheetRefused("file_encoding", encoding=name) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _eight_bit(data)


def _eight_bit(data: bytes) -> str:
    """Choose between Windows' Vietnamese code page and Latin letters that a TCVN3 or VNI font shows as Vietnamese."""
    head = data[: 4 * _SAMPLE]
    vietnamese = unicodedata.normalize("NFC", head.decode("cp1258", errors="replace"))
    if _sense(vietnamese, False) >= _sense(head.decode("cp1252", errors="replace"), True):
        return unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))
    return data.decode("cp1252", errors="replace")


def _sense(text: str, legacy: bool) -> int:
    words = text[:_SAMPLE].replace(";", " ").replace(",", " ").split()
    found = 0
    for word in words:
        if word.isascii():
            continue
        if "\ufffd" in word:
            found -= 1
        elif is_syllable(word) or (legacy and legacy_reading(word) is not None):
            found += 1
    return found


def _delimiter(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], "\n" + rest  # an empty row keeps the numbers Excel shows
    counts: dict[str, list[int]] = {";": [], ",": [], "\t": [], "|": []}
    for line in [line for line in text[:_SAMPLE].splitlines() if line.strip()][:30]:
        bare = "".join(line.split('"')[::2])
        for delimiter, found in counts.items():
            found.append(bare.count(delimiter))
    best = max(counts, key=lambda d: (sum(1 for n in counts[d] if n >= 2), sum(counts[d])))
    if not any(counts[best]) and not any(n for found in counts.values() for n in found):
        raise SheetRefused("file_no_columns")
    return best, text
