"""Which rows of a list are people, and which are titles, numbers of columns, sums, repeated headers, signatures."""

# ruff: noqa: E501 - patterns of words, one list a line

from __future__ import annotations

import re
from collections.abc import Mapping

from planner.sheets.cells import CellFault, CellValue, Row, as_text, is_blank
from planner.sheets.cleaning import clean, plain_words

_COLUMN_NUMBER = re.compile(r"^\(?\s*(\d{1,2}|[A-Za-z])\s*\)?$|^\(?\d{1,2}\)?\s*=.*$")
_SUM = re.compile(
    r"^(tong( so| cong| hop)?|cong( trang| don| so| ho| nhan khau| luy ke)?|luy ke|mang sang|chuyen trang|sub ?total|total)\b(?!.*\bthi\b)"
)
_FOOTER = re.compile(
    r"^(nguoi lap|lap bieu|ky ten|ky ghi|ghi chu|xac nhan|truong (thon|ap|ban|cong an|khu|khom)|to truong|chu tich|tm |kt |t m |tl |cong an|uy ban|ubnd|noi nhan"
    r"|can bo|nguoi (kiem|duyet|ky|bao cao|tong hop|ra soat|lap)|thu truong|pho |ngay \d+|.* ngay \d{1,2} thang \d{1,2}|.*ngay thang nam|danh sach (nay|co)|bieu nay|an dinh"
    r"|da ky|het$|ghi ro ho ten|dong dau|trang \d+|don vi|giam sat|kiem tra|luu vt|so lieu den)"
)
_HOUSEHOLD_TITLE = re.compile(
    r"^h(?:ộ|o)\s*(?:số|so|thứ|thu|gia đình|gđ)?\s*[:.]?\s*(\d{1,4}|[A-Z]{1,3}[-\d]+)\b\s*[-:.,)]?\s*(?:chủ hộ|ông|bà|ông/bà|hộ ông|hộ bà)?\s*[:.]?\s*(.*)$",
    re.IGNORECASE,
)
_HOUSEHOLD_OF = re.compile(
    r"^(?:\d{1,4}\s*[.)]\s*)?h(?:ộ)\s*(?:gia đình)?\s*(?:ông|bà|ông \(bà\)|ông/bà|anh|chị)?\s*[:.]?\s+(\D{4,60})$", re.IGNORECASE
)
_IDENTIFYING = (
    "birth",
    "birth_male",
    "birth_female",
    "birth_year",
    "cid",
    "sex",
    "relation",
    "phone",
    "mark_male",
    "mark_female",
    "state",
)


def header_texts(titles: Mapping[int, str]) -> dict[int, frozenset[str]]:
    """Return the words a repeated header would show in each column."""
    return {column: frozenset(plain_words(text) for text in title.split(" / ")) for column, title in titles.items()}


def repeats_header(row: Row, texts: Mapping[int, frozenset[str]]) -> bool:
    filled = [(column, value) for column, value in row.items() if not is_blank(value)]
    if len(filled) < 3 or not all(isinstance(value, str) for _, value in filled):
        return False
    same = sum(1 for column, value in filled if plain_words(str(value)) in texts.get(column, frozenset()))
    return same >= 3 and same >= 0.6 * len(filled)


def numbers_columns(row: Row, name_columns: list[int]) -> bool:
    """Say whether the row only numbers the columns: (1) (2) (3), A B 1 2, 1 2 3=4+5."""
    texts = [as_text(value).strip() for value in row.values() if not is_blank(value)]
    if len(texts) < 3 or any(isinstance(row.get(column), CellFault) for column in name_columns):
        return False
    matching = sum(1 for text in texts if _COLUMN_NUMBER.match(text))
    named = [as_text(row.get(column)).strip() for column in name_columns]
    return matching == len(texts) and all(not text or _COLUMN_NUMBER.match(text) for text in named)


def lone_text(row: Row) -> str:
    """Return the row's text where it holds nothing but one text (or the same one merged over many cells)."""
    texts = {clean(value) for value in row.values() if not is_blank(value)}
    if len(texts) == 1 and all(isinstance(value, str) for value in row.values() if not is_blank(value)):
        return texts.pop()
    return ""


def is_sum(row: Row, name_columns: list[int], identifying: list[int]) -> bool:
    """Say whether the row sums up: Cộng trang, Tổng cộng: 49 hộ. A surname like Cống has a birth or a sex beside it."""
    if any(
        not is_blank(row.get(column)) and isinstance(row.get(column), str) and column not in name_columns
        for column in identifying
    ):
        return False
    first = next((value for _, value in sorted(row.items()) if isinstance(value, str) and value.strip()), "")
    opening = clean(first).casefold().split(" ")[0]
    if opening in ("cống", "tống", "công", "tòng", "tông"):
        return False  # surnames; sums are written cộng, tổng
    return _SUM.match(plain_words(first)) is not None


def is_footer(row: Row, name_columns: list[int], identifying: list[int]) -> bool:
    if any(not is_blank(row.get(column)) for column in identifying if column not in name_columns) and len(row) > 3:
        return False
    return any(_FOOTER.match(plain_words(value)) for value in row.values() if isinstance(value, str) and value.strip())


def household_title(text: str) -> tuple[str, str] | None:
    """Return (number, head) where a lone text opens a household: ``Hộ số 12: Nguyễn Văn A``."""
    found = _HOUSEHOLD_TITLE.match(text)
    if found is not None:
        return found[1], found[2].strip(" .:-")
    of = _HOUSEHOLD_OF.match(text)
    return ("", of[1].strip(" .:-")) if of is not None else None


def identifying_columns(columns: Mapping[str, int]) -> list[int]:
    return [columns[name] for name in _IDENTIFYING if name in columns]


def value_at(row: Row, columns: Mapping[str, int], name: str) -> CellValue:
    column = columns.get(name)
    return None if column is None else row.get(column)
