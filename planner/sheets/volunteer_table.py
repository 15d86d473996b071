"""Find the header of a list of volunteers: fields, and columns that stand for slots of the week."""

from __future__ import annotations

import re
from dataclasses import dataclass

from planner.domain.vocabulary import Period
from planner.sheets.availability import header_slots
from planner.sheets.cells import Sheet, column_letter
from planner.sheets.cleaning import plain_words
from planner.sheets.header_words import field_of
from planner.sheets.layout import header_blocks, merged_cells, stacked_texts

_FIELDS = [
    ("org", r"to chuc|thuoc hoi|hoi doan|doan the|don vi|luc luong|thanh phan|co quan|^hoi|organi|^thuoc|chuc danh|co cau"),
    ("skills", r"ky nang|kinang|ki nang|biet lam|so truong|chuyen mon|skill|lam duoc|the manh|kha nang"),
    ("languages", r"tieng|ngon ngu|language"),
    ("lead", r"to truong|truong nhom|nhom truong|vai tro|nhiem vu|chuc vu|lead|truong to"),
    ("max_shifts", r"so buoi|so ca|toi da|buoi tuan|max"),
    ("free_text", r"ranh|lich|thoi gian|tham gia duoc|co the di|buoi|available|availability|gio"),
]  # fmt: skip


@dataclass(slots=True)
class VolunteerTable:
    """The header of one sheet: fields, and columns that stand for slots."""

    header_rows: tuple[int, ...]
    columns: dict[str, int]
    slots: dict[int, tuple[frozenset[int], tuple[Period, ...]]]
    titles: dict[int, str]


def find_table(sheet: Sheet, forced: dict[str, str]) -> VolunteerTable | None:
    best: tuple[float, VolunteerTable] | None = None
    spans = merged_cells(sheet)
    for number in sorted(sheet.rows)[:40]:
        if len(sheet.rows[number]) < 2:
            continue
        for rows in header_blocks(sheet, number, _slot_words):
            table = _table(sheet, rows, spans, forced)
            both = sum(1 for days, periods in table.slots.values() if days and periods)
            worth = len(table.columns) + 0.5 * both + (2 if "name" in table.columns else 0) - 0.3 * len(rows)
            if "name" in table.columns and len(table.columns) + len(table.slots) >= 2 and (best is None or worth > best[0]):
                best = (worth, table)
    return best[1] if best is not None else None


def _slot_words(text: str) -> bool:
    days, periods = header_slots([text])
    return bool(days or periods)


def _table(
    sheet: Sheet, rows: tuple[int, ...], spans: dict[tuple[int, int], tuple[int, int]], forced: dict[str, str]
) -> VolunteerTable:
    table = VolunteerTable(rows, {}, {}, {})
    for column, texts in stacked_texts(sheet, rows, spans).items():
        table.titles[column] = " / ".join(texts)
        days, periods = header_slots(texts)
        name = forced.get(column_letter(column)) or _volunteer_field(texts)
        if (days or periods) and name in ("", "free_text", "unknown", "female", "year"):
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
