"""Where the table begins on a sheet and what its columns are, by what the header says and never by position."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from planner.sheets.cells import CellFault, CellValue, Row, Sheet, as_text, column_letter, column_number, is_blank
from planner.sheets.cleaning import plain_words
from planner.sheets.header_words import DOCUMENTS, REPEATABLE, field_of

HEADER_WITHIN_ROWS = 60
_PERSON_WORDS = """
    birth birth_male birth_female birth_day birth_month birth_year year sex male female mark_male mark_female cid relation
    address address_now phone residence is_permanent is_temporary is_absent state state_activated state_issued state_none
    work household_code household_number head_name hamlet bhyt gplx gcn mst npt portal smartphone geo lat lon note
"""
_PERSON_FIELDS = frozenset(_PERSON_WORDS.split())
_DATA_LIKE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{9,12}")


@dataclass(slots=True)
class Layout:
    """The table on one sheet.

    ``columns`` maps a field to its column; a repeatable field's further columns stand in ``more``.
    """

    header_rows: tuple[int, ...]
    columns: dict[str, int]
    more: dict[str, list[int]] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)  # column → header text
    unknown: list[int] = field(default_factory=list)
    sensitive: list[int] = field(default_factory=list)
    heads_only: bool = False  # a list of heads: each row a household
    doubled: list[tuple[int, str, int]] = field(default_factory=list)  # column left out, its field, the column used

    @property
    def first_data_row(self) -> int:
        return self.header_rows[-1] + 1 if self.header_rows else 1

    @property
    def top_row(self) -> int:
        """The row above which titles stand."""
        return self.header_rows[0] if self.header_rows else 1

    @property
    def has_people(self) -> bool:
        return "name" in self.columns or "given_name" in self.columns or "family_name" in self.columns

    @property
    def looks_like_roster(self) -> bool:
        return self.has_people and len(_PERSON_FIELDS & self.columns.keys()) >= 2


def find_layout(sheet: Sheet, forced: Mapping[str, str] | None = None) -> Layout | None:
    """Return the layout of a sheet, or None where no row reads like the header of a list of people.

    Parameters
    ----------
    forced
        What the user answered: column letter or header text → field (``ignore`` leaves a column out).
    """
    best: tuple[float, int] | None = None
    spans = merged_cells(sheet)
    for number in sorted(sheet.rows)[:HEADER_WITHIN_ROWS]:
        score = _score(sheet.rows[number])
        if score >= 3 and (best is None or score > best[0] + 0.5):
            best = (score, number)
    if best is None:
        named = _build(sheet, _wordy_row(sheet), {}, forced or {})
        return named if forced and named.has_people else None
    layout = max((_build(sheet, rows, spans, forced or {}) for rows in header_blocks(sheet, best[1])), key=_worth)
    return layout if layout.has_people or forced else (layout if len(layout.columns) >= 3 else None)


def _wordy_row(sheet: Sheet) -> tuple[int, ...]:
    """Return the row of titles whose words we do not know: the last one of words alone before rows with digits in them."""
    titled: tuple[int, ...] = ()
    for number in sorted(sheet.rows)[:HEADER_WITHIN_ROWS]:
        row = sheet.rows[number]
        if any(not isinstance(value, str) or any(c.isdigit() for c in value) for value in row.values()):
            break
        titled = (number,) if len(row) > 1 else titled
    return titled


def _worth(layout: Layout) -> float:
    useful = sum(1 for name in layout.columns if name in _PERSON_FIELDS or name in ("name", "given_name"))
    return useful + (2 if layout.has_people else 0) - 0.3 * len(layout.header_rows) - 0.6 * len(layout.doubled)


def _is_given_name(value: CellValue) -> bool:
    return isinstance(value, str) and len(value.split()) in (1, 2) and not any(c.isdigit() for c in value)


def _score(row: Row) -> float:
    fields: set[str] = set()
    penalty = 0.0
    for value in row.values():
        if isinstance(value, str):
            found = field_of(value)
            if found and found not in ("unknown", "count", "order"):
                fields.add(found)
            elif not found and _DATA_LIKE.search(value):
                penalty += 1
        elif value is not None and not isinstance(value, CellFault):
            penalty += 0.5
    return len(fields) + (1 if fields & {"name", "given_name"} else 0) - penalty


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
    if any(_DATA_LIKE.search(text) or len(text) > 120 for text in texts):
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


def _build(
    sheet: Sheet, rows: tuple[int, ...], spans: dict[tuple[int, int], tuple[int, int]], forced: Mapping[str, str]
) -> Layout:
    layout = Layout(rows, {})
    wanted = {key.upper() if key.isascii() and len(key) <= 3 else plain_words(key): value for key, value in forced.items()}
    for column, texts in stacked_texts(sheet, rows, spans).items():
        title = " / ".join(texts)
        layout.titles[column] = title
        answer = wanted.get(column_letter(column)) or wanted.get(plain_words(title)) or wanted.get(plain_words(texts[-1]))
        name = answer if answer is not None else field_of_stack(texts)
        _place(layout, column, name)
    for column in (c for c in _forced_columns(wanted) if c not in layout.titles):
        _place(layout, column, wanted[column_letter(column)])
    _split_name(sheet, layout, spans)
    _settle(layout)
    return layout


def _split_name(sheet: Sheet, layout: Layout, spans: dict[tuple[int, int], tuple[int, int]]) -> None:
    """Take the untitled column after the name as its second half, where most rows hold a word there: Nguyễn Thị | Hà."""
    first = layout.columns.get("name", 0)
    second = first + 1
    titled = layout.titles.get(second)
    under_name = any(spans.get((row, second), (0, 0))[1] == first for row in layout.header_rows)
    if (
        not first
        or "given_name" in layout.columns
        or (titled is not None and titled != layout.titles.get(first) and not under_name)
    ):
        return
    rows = [
        row for number, row in sorted(sheet.rows.items()) if number >= layout.first_data_row and (first in row or second in row)
    ][:60]
    words = sum(1 for row in rows if _is_given_name(row.get(second)))
    if rows and words >= 0.6 * len(rows) and second not in layout.columns.values():
        layout.columns["family_name"], layout.columns["given_name"] = layout.columns.pop("name"), second
        layout.doubled = [entry for entry in layout.doubled if entry[0] != second]
        layout.unknown = [column for column in layout.unknown if column != second]


def _forced_columns(wanted: Mapping[str, str]) -> list[int]:
    return [column_number(key) for key in wanted if key.isalpha() and key.isupper() and len(key) <= 3]


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
        flag = _state_flag(words)
        if flag:
            return flag
    if parent in DOCUMENTS and (words.startswith(("da tich hop", "tich hop")) or words in ("da", "roi")):
        return parent
    if parent in DOCUMENTS and words in ("co", "co the", "so huu", "duoc cap", "da cap", "co bang", "co xe"):
        return f"{parent}_owned"
    if parent in DOCUMENTS and (words.startswith("chua tich hop") or words == "chua"):
        return f"{parent}_lacking"
    if parent == "residence" and words in ("thuong tru", "tam tru", "tam vang", "vang"):
        return {"thuong tru": "is_permanent", "tam tru": "is_temporary"}.get(words, "is_absent")
    if child and child not in ("unknown", "male", "female", "year", "month", "day"):
        return child
    whole = field_of(" ".join(texts))
    return child if child in ("male", "female") else (whole or child or parent)


def _state_flag(words: str) -> str:
    if re.match(r"(da|co) kich hoat|kich hoat$|da kh", words):
        return "state_activated"
    if re.match(r"chua kich hoat|chua kh|da cap|da duoc cap|da dang ky|da co$", words):
        return "state_issued"
    return "state_none" if re.match(r"chua (co|cap|dang ky|lam)|khong co", words) else ""


def _place(layout: Layout, column: int, name: str) -> None:
    if name in ("", "unknown", "count", "ignore", "order"):
        if name in ("", "unknown", "count"):
            layout.unknown.append(column)
        elif name == "order":
            layout.columns.setdefault("order", column)
    elif name == "sensitive":
        layout.sensitive.append(column)
    elif name not in layout.columns:
        layout.columns[name] = column
    elif name in REPEATABLE:
        layout.more.setdefault(name, []).append(column)
    else:
        layout.doubled.append((column, name, layout.columns[name]))


def _settle(layout: Layout) -> None:
    """Decide what only the whole header tells: a lone Tên is the full name, a lone Họ beside Họ tên a household number."""
    columns = layout.columns
    if "given_name" in columns and "family_name" not in columns:
        if "name" not in columns:
            columns["name"] = columns.pop("given_name")
        elif columns["given_name"] == columns["name"] + 1:
            columns["family_name"] = columns.pop("name")  # Họ và tên over two columns, the second headed Tên
        else:
            columns.pop("given_name")
    if "family_name" in columns and "given_name" not in columns:
        if "name" in columns:
            columns.setdefault("household_number", columns.pop("family_name"))
        else:
            columns["name"] = columns.pop("family_name")
    if "name" in columns and "given_name" in columns and "family_name" in columns:
        columns.pop("given_name")
        columns.pop("family_name")
    if "name" not in columns and "given_name" not in columns and "head_name" in columns:
        columns["name"] = columns.pop("head_name")
        layout.heads_only = not {"relation", "household_number", "household_code"} & columns.keys()
    if (
        "male" in columns
        and "female" in columns
        and "sex" not in columns
        and "birth" not in columns
        and "birth_male" not in columns
    ):
        columns["mark_male"], columns["mark_female"] = columns.pop("male"), columns.pop("female")
    elif "female" in columns and "male" not in columns and "sex" not in columns:
        columns["mark_female"] = columns.pop("female")
    elif "male" in columns and "female" in columns:
        columns["mark_male"], columns["mark_female"] = columns.pop("male"), columns.pop("female")
