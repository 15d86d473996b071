"""Where the table begins on a sheet and what its columns are, by what the header says and never by position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.sheets.accounts import flag_of_title
from planner.sheets.cells import CellFault, CellValue, Row, Sheet, column_letter, column_number
from planner.sheets.cleaning import plain_words
from planner.sheets.header_stack import DATA_LIKE, HEADER_WITHIN_ROWS, field_of_stack, header_blocks, merged_cells, stacked_texts
from planner.sheets.header_words import REPEATABLE, field_of

_PERSON_WORDS = """
    birth birth_male birth_female birth_day birth_month birth_year year sex male female mark_male mark_female cid relation
    address address_now phone residence is_permanent is_temporary is_absent state state_activated state_issued state_none
    work household_code household_number head_name hamlet bhyt gplx gcn mst npt portal smartphone geo lat lon note
"""
# What a person may choose for a column of which nobody can tell what it holds.
_CHOICE_WORDS = """
    ignore name family_name given_name birth birth_male birth_female sex relation household_code household_number head_name hamlet
    address phone cid residence state bhyt gplx gcn mst npt portal smartphone work geo lat lon language note
"""
FIELD_CHOICES = tuple((name, name) for name in _CHOICE_WORDS.split())
_TICKS = ("_owned", "_lacking", "_none")
_PERSON_FIELDS = frozenset(_PERSON_WORDS.split())


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
    useful = sum(
        1 for name in layout.columns if name in _PERSON_FIELDS or name in ("name", "given_name") or name.endswith(_TICKS)
    )
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
            elif not found and DATA_LIKE.search(value):
                penalty += 1
        elif value is not None and not isinstance(value, CellFault):
            penalty += 0.5
    return len(fields) + (1 if fields & {"name", "given_name"} else 0) - penalty


def _build(
    sheet: Sheet, rows: tuple[int, ...], spans: dict[tuple[int, int], tuple[int, int]], forced: Mapping[str, str]
) -> Layout:
    layout = Layout(rows, {})
    fields: dict[int, str] = {}
    wanted = {key.upper() if key.isascii() and len(key) <= 3 else plain_words(key): value for key, value in forced.items()}
    for column, texts in stacked_texts(sheet, rows, spans).items():
        title = " / ".join(texts)
        layout.titles[column] = title
        answer = wanted.get(column_letter(column)) or wanted.get(plain_words(title)) or wanted.get(plain_words(texts[-1]))
        name = answer if answer is not None else field_of_stack(texts)
        fields[column] = name
    _tell_states_apart(layout, fields)
    for column, name in fields.items():
        _place(layout, column, name)
    for column in (c for c in _forced_columns(wanted) if c not in layout.titles):
        _place(layout, column, wanted[column_letter(column)])
    _split_name(sheet, layout, spans)
    _settle(layout)
    return layout


def _tell_states_apart(layout: Layout, fields: dict[int, str]) -> None:
    """Make columns to tick of several that speak of the account: Có TK, đã KH | Có TK, chưa KH | Chưa có TK."""
    columns = [column for column, name in fields.items() if name == "state"]
    flags = {column: flag_of_title(plain_words(layout.titles[column])) for column in columns}
    told = [flag for flag in flags.values() if flag]
    silent = [column for column, flag in flags.items() if not flag]
    if len(columns) < 2 or len(set(told)) < len(told) or len(silent) > 1:
        return
    if silent and told == ["state_activated"]:
        flags[silent[0]] = "state_issued"  # Định danh mức 2 | Kích hoạt
    for column, flag in flags.items():
        fields[column] = flag or "state"


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
    if "day" in columns and "month" in columns and ("year" in columns or "birth" in columns):
        # Ngày | Tháng | Năm sinh, each in its own column without a title over the three
        columns["birth_day"], columns["birth_month"] = columns.pop("day"), columns.pop("month")
        columns["birth_year"] = columns.pop("year" if "year" in columns else "birth")
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
