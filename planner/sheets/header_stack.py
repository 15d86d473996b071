"""Headers that stand in several rows: which rows belong to one, and what the texts over a column mean together."""

from __future__ import annotations

import re
from collections.abc import Callable

from planner.sheets.accounts import flag_of_title
from planner.sheets.cells import CellValue, Row, Sheet, as_text, is_blank
from planner.sheets.cleaning import plain_words
from planner.sheets.header_words import DOCUMENTS, field_of

HEADER_WITHIN_ROWS = 60
DATA_LIKE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{9,12}")


def header_blocks(sheet: Sheet, main: int, known: Callable[[str], object] = field_of) -> list[tuple[int, ...]]:
    """Return candidate header blocks around a row: alone, with the row above, with one or two rows below."""
    blocks: list[tuple[int, ...]] = [(main,)]
    below = [n for n in (main + 1, main + 2) if _header_like(sheet.rows.get(n), known)]
    if main + 1 in below:
        blocks.append((main, main + 1))
        if main + 2 in below:
            blocks.append((main, main + 1, main + 2))
    above = sheet.rows.get(main - 1)
    if above is not None and len(above) >= 2 and _header_like(above, known):
        blocks += [(main - 1, *block) for block in list(blocks)]
    return blocks


def _header_like(row: Row | None, is_known: Callable[[str], object]) -> bool:
    """Say whether a row could be part of a header: texts only, at least one of them the word for a column."""
    if not row or any(isinstance(v, int | float) or not isinstance(v, str) for v in row.values() if not is_blank(v)):
        return False
    texts = [v for v in row.values() if isinstance(v, str) and v.strip()]
    if any(DATA_LIKE.search(text) or len(text) > 120 for text in texts):
        return False
    known = sum(1 for text in texts if is_known(text) or plain_words(text) in _SUBHEADS)
    return known >= 1 and known >= len(texts) / 3


_SUBHEADS = frozenset(
    [
        "nam",
        "nu",
        "co",
        "khong",
        "ngay",
        "thang",
        "nam sinh",
        "da tich hop",
        "chua tich hop",
        "da kich hoat",
        "chua kich hoat",
        "chua co",
        "so nha",
        "sang",
        "chieu",
        "toi",
        "da cap",
    ]
)


def merged_cells(sheet: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Map every cell of a merge near the top to the merge's first cell, which holds the text."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for first_row, first_column, last_row, last_column in sheet.merges:
        if first_row <= 2 * HEADER_WITHIN_ROWS and last_row - first_row < 8 and last_column - first_column < 80:
            for row in range(first_row, last_row + 1):
                for column in range(first_column, last_column + 1):
                    spans[row, column] = (first_row, first_column)
    return spans


def stacked_texts(sheet: Sheet, rows: tuple[int, ...], spans: dict[tuple[int, int], tuple[int, int]]) -> dict[int, list[str]]:
    """Return each column's header texts from top to bottom."""
    columns = sorted({column for number in rows for column in sheet.rows.get(number, {})} | _spanned(rows, spans))
    stacks = {column: _stacked(sheet, rows, column, spans) for column in columns}
    return {column: texts for column, texts in stacks.items() if texts}


def _spanned(rows: tuple[int, ...], spans: dict[tuple[int, int], tuple[int, int]]) -> set[int]:
    return {column for (row, column) in spans if row in rows} if len(rows) > 1 else set()


def _stacked(sheet: Sheet, rows: tuple[int, ...], column: int, spans: dict[tuple[int, int], tuple[int, int]]) -> list[str]:
    """Return the header texts over a column from top to bottom, a merged parent included, no text twice."""
    texts: list[str] = []
    for number in rows:
        source = spans.get((number, column), (number, column))
        value: CellValue = sheet.rows.get(source[0], {}).get(source[1])
        if is_blank(value) and number == rows[0] and len(rows) > 1 and (number, column) not in spans:
            value = _parent_to_the_left(sheet, rows, column)
        text = as_text(value).strip()
        if text and text not in texts:
            texts.append(text)
    return texts


def _parent_to_the_left(sheet: Sheet, rows: tuple[int, ...], column: int) -> CellValue:
    """Return the group title over a column in files without merges (CSV), where it stands over its first column only."""
    top, bottom = sheet.rows.get(rows[0], {}), sheet.rows.get(rows[-1], {})
    left = max((c for c in top if c < column), default=0)
    return None if is_blank(bottom.get(column)) or is_blank(bottom.get(left)) else top.get(left)


def field_of_stack(texts: list[str]) -> str:
    """Return the field of a column whose header stands in several rows: parent first, child last."""
    own = [field_of(text) for text in texts]
    if len(texts) == 1:
        return own[0]
    parent, child = own[-2], own[-1]
    words = plain_words(texts[-1])
    if parent in ("birth", "birth_male", "birth_female"):
        if child in ("male", "female"):
            return f"birth_{child}"
        if child in ("day", "month", "year"):
            return f"birth_{child}"
        if words in ("nam", "nam sinh") and child in ("", "birth"):
            return "birth_year" if words == "nam sinh" else "birth_male"
    if parent == "name" and child in ("family_name", "given_name", "household_number"):
        return "family_name" if child == "household_number" else child
    if parent == "state":
        flag = flag_of_title(words)
        if flag:
            return flag
    if parent in DOCUMENTS and (words.startswith(("da tich hop", "tich hop", "co da tich hop")) or words in ("da", "roi")):
        return parent
    if parent in DOCUMENTS and words in ("co", "co the", "so huu", "duoc cap", "da cap", "co bang", "co xe"):
        return f"{parent}_owned"
    if parent in DOCUMENTS and ("chua tich hop" in words or words == "chua"):
        return f"{parent}_lacking"
    if parent in DOCUMENTS and words.startswith(("khong co", "chua co", "khong", "chua cap")):
        return f"{parent}_none"
    if parent == "residence" and words in ("thuong tru", "tam tru", "tam vang", "vang"):
        return {"thuong tru": "is_permanent", "tam tru": "is_temporary"}.get(words, "is_absent")
    if child and child not in ("unknown", "male", "female", "year", "month", "day"):
        return child
    whole = field_of(" ".join(texts))
    return child if child in ("male", "female") else (whole or child or parent)
