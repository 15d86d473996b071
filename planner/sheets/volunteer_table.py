"""Find the header of a list of volunteers: fields, and columns that stand for slots of the week."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from planner.domain.text import squeeze
from planner.domain.vocabulary import Period
from planner.sheets.availability import header_slots
from planner.sheets.cells import Row, Sheet, as_text, column_letter
from planner.sheets.cleaning import plain_words
from planner.sheets.header_stack import header_blocks, merged_cells, stacked_texts
from planner.sheets.header_words import field_of
from planner.sheets.slot_words import day_in

_DATE = re.compile(r"(?<![\d:h])\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?![\d:h])")
_LETTERS = re.compile(r"\s*(?=.*[st])[sct](?:[\s,;+/&-]*[sct]){0,2}\s*", re.IGNORECASE)
_FIELDS = [
    ("org", r"to chuc|thuoc hoi|hoi doan|doan the|don vi|luc luong|thanh phan|co quan|^hoi|organi|^thuoc|chuc danh|co cau"),
    ("skills", r"ky nang|kinang|ki nang|biet lam|so truong|chuyen mon|skill|lam duoc|the manh|kha nang"),
    ("languages", r"tieng|ngon ngu|language"),
    ("lead", r"to truong|truong nhom|nhom truong|vai tro|nhiem vu|chuc vu|lead|truong to"),
    ("max_shifts", r"so buoi|so ca|toi da|buoi tuan|max"),
    ("day_cell", r"^(ngay|thu|ngay (truc|ranh|dang ky|tham gia|di)|thu trong tuan|ngay trong tuan)$"),
    ("period_cell", r"^(ca|buoi|ca (truc|lam)|khung gio|gio|ca dang ky|buoi trong ngay)$"),
    ("free_text", r"ranh|lich|thoi gian|tham gia duoc|co the di|buoi|available|availability|gio"),
]  # fmt: skip


@dataclass(slots=True)
class VolunteerTable:
    """The header of one sheet: fields, and columns that stand for slots."""

    header_rows: tuple[int, ...]
    columns: dict[str, int]
    slots: dict[int, tuple[frozenset[int], tuple[Period, ...]]]
    titles: dict[int, str]
    year: int | None = None  # of dates written without one
    dates: list[str] = field(default_factory=list)  # dates that head columns
    letters: bool = False  # cells say S, C, T: a lone C is chiều, not có
    odd_dates: list[int] = field(default_factory=list)  # columns headed by a date whose weekday cannot be told

    @property
    def by_row(self) -> bool:
        """One person may take several rows: a row a day, or a row a part of the day."""
        return "period_cell" in self.columns and (bool(self.slots) or "day_cell" in self.columns)


def find_table(sheet: Sheet, forced: dict[str, str]) -> VolunteerTable | None:
    best: tuple[float, VolunteerTable] | None = None
    spans = merged_cells(sheet)
    for number in sorted(sheet.rows)[:40]:
        if len(sheet.rows[number]) < 2 or _holds_numbers(sheet.rows[number]):
            continue
        for rows in header_blocks(sheet, number, _slot_words):
            table = _table(sheet, rows, spans, forced)
            both = sum(1 for days, periods in table.slots.values() if days and periods)
            worth = len(table.columns) + 0.5 * both + (2 if "name" in table.columns else 0) - 0.3 * len(rows)
            if "name" in table.columns and len(table.columns) + len(table.slots) >= 2 and (best is None or worth > best[0]):
                best = (worth, table)
    if best is None:
        return None
    cells = (
        row.get(column) for number, row in sheet.rows.items() if number > best[1].header_rows[-1] for column in best[1].slots
    )
    best[1].letters = any(isinstance(value, str) and _LETTERS.fullmatch(value) for value in cells)
    return best[1]


def org_of_sheet(name: str) -> str:
    """Return the organisation a sheet is named after, or ``""``."""
    found = re.search(r"\b(hoi|doan|cong doan|mat tran|dan quan|cong an|ccb|to cong nghe|giao vien|truong)\b", plain_words(name))
    return squeeze(name) if found else ""


def _holds_numbers(row: Row) -> bool:
    """Say whether a row is one of data: a phone, or a number no header would hold."""
    return any(
        (isinstance(v, int | float) and not isinstance(v, bool) and v > 31)
        or (isinstance(v, str) and len(re.sub(r"\D", "", v)) >= 9 and not _DATE.search(v) and "[" not in v)
        for v in row.values()
    ) and not any(field_of(v) == "name" for v in row.values() if isinstance(v, str))


def _year_above(sheet: Sheet, header: int) -> int | None:
    texts = [as_text(v) for number, row in sheet.rows.items() if number < header for v in row.values()]
    years = re.findall(r"\b20\d\d\b", " ".join(texts))
    return int(years[-1]) if years else None


def _slot_words(text: str) -> bool:
    days, periods = header_slots([text])
    return bool(days or periods)


def _table(
    sheet: Sheet, rows: tuple[int, ...], spans: dict[tuple[int, int], tuple[int, int]], forced: dict[str, str]
) -> VolunteerTable:
    table = VolunteerTable(rows, {}, {}, {}, _year_above(sheet, rows[0]))
    for column, texts in stacked_texts(sheet, rows, spans).items():
        table.titles[column] = " / ".join(texts)
        days, periods = header_slots(texts)
        if _DATE.search(texts[-1]) and not days:
            named = day_in(texts[-1], table.year)
            if named is None:
                table.odd_dates.append(column)
                continue
            days = frozenset({named.weekday()})
            table.dates.append(f"{named.day}/{named.month}/{named.year}")
        name = forced.get(column_letter(column)) or _volunteer_field(texts)
        if (days or periods) and name in ("", "free_text", "unknown", "female", "year", "period_cell", "max_shifts", "org"):
            table.slots[column] = (days, periods)
        elif name and name not in table.columns:
            table.columns[name] = column
    if "given_name" in table.columns and "name" not in table.columns and "family_name" not in table.columns:
        table.columns["name"] = table.columns.pop("given_name")
    elif "given_name" in table.columns and "family_name" in table.columns:
        table.columns["name"] = table.columns.pop("family_name")
    return table


def _volunteer_field(texts: list[str]) -> str:
    whole = plain_words(" ".join(texts))
    found = field_of(texts[-1]) or field_of(" ".join(texts))
    if found in ("name", "phone", "sex", "hamlet", "note", "order", "given_name", "family_name", "sensitive", "birth", "cid"):
        return found
    return next((name for name, pattern in _FIELDS if re.search(pattern, whole)), found)
