"""Citizen ID numbers and phone numbers, which spreadsheets love to spoil."""

from __future__ import annotations

import re

from planner.domain.vocabulary import Sex
from planner.sheets.births import PartialDate
from planner.sheets.cells import CellFault, CellValue
from planner.sheets.cleaning import clean, plain_words
from planner.sheets.findings import Finding

Reading = tuple[str, Finding | None]

# The 63 codes of places of birth registration on cards; the 34 provinces of 2025 did not change them.
_PROVINCES = frozenset(
    [
        "001",
        "002",
        "004",
        "006",
        "008",
        "010",
        "011",
        "012",
        "014",
        "015",
        "017",
        "019",
        "020",
        "022",
        "024",
        "025",
        "026",
        "027",
        "030",
        "031",
        "033",
        "034",
        "035",
        "036",
        "037",
        "038",
        "040",
        "042",
        "044",
        "045",
        "046",
        "048",
        "049",
        "051",
        "052",
        "054",
        "056",
        "058",
        "060",
        "062",
        "064",
        "066",
        "067",
        "068",
        "070",
        "072",
        "074",
        "075",
        "077",
        "079",
        "080",
        "082",
        "083",
        "084",
        "086",
        "087",
        "089",
        "091",
        "092",
        "093",
        "094",
        "095",
        "096",
    ]
)
_SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?\s*[eE]\s*\+?\s*\d+$")
_NONE = frozenset(
    [
        "khong",
        "khong co",
        "chua co",
        "chua",
        "k",
        "ko",
        "kco",
        "chua cap",
        "chua lam",
        "khong dung",
        "khong su dung",
        "none",
        "na",
        "n a",
        "x",
        "mat",
        "khong ro",
        "chua ro",
        "0",
        "chua lam cccd",
    ]
)


def read_citizen_id(value: CellValue) -> Reading:
    """Return the 12 digits of a citizen ID, with a finding where digits were lost or nothing can be kept."""
    text, finding = _digits_text(value, "id_scientific")
    if finding is not None or not text:
        return "", finding
    digits = re.sub(r"[\s.\-'’]", "", text)
    if not digits.isdigit():
        return ("", None) if plain_words(text) in _NONE else ("", Finding("id_unreadable"))
    if len(digits) == 12:
        return digits, None if digits[:3] in _PROVINCES else Finding("id_unknown_province", {"province": digits[:3]})
    if len(digits) == 9:
        return "", Finding("id_old_card")
    if len(digits) == 11 and not digits.startswith("00"):
        return _padded("0" + digits, 1)
    if len(digits) == 10 and not digits.startswith("0"):
        return _padded("00" + digits, 2)
    if len(digits) == 10:
        return "", Finding("id_looks_like_phone")
    return "", Finding("id_wrong_length", {"length": len(digits)})


def _padded(digits: str, zeros: int) -> Reading:
    if digits[:3] not in _PROVINCES:
        return "", Finding("id_wrong_length", {"length": 12 - zeros})
    return digits, Finding("id_lost_zero", {"zeros": zeros})


def id_disagrees(citizen_id: str, birth: PartialDate | None, sex: Sex | None) -> bool:
    """Say whether the century, sex or year in the number contradicts the row. No check digit exists."""
    century, odd = divmod(int(citizen_id[3]), 2)
    if sex is not None and (odd == 1) != (sex is Sex.FEMALE):
        return True
    return birth is not None and 1900 + 100 * century + int(citizen_id[4:6]) != birth.value.year


# 2018: eleven-digit mobile numbers became ten-digit ones.
_OLD_PREFIXES = {f"016{d}": f"03{d}" for d in "23456789"}
_OLD_PREFIXES |= {"0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078"}
_OLD_PREFIXES |= {"0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082"}
_OLD_PREFIXES |= {"0186": "056", "0188": "058", "0199": "059"}
_MOBILE = re.compile(r"0[35789]\d{8}$")
_LANDLINE = re.compile(r"02\d{8,9}$")
_BETWEEN_PHONES = re.compile(r"\s*(?:[/;,\n|&]|\bhoặc\b|\bhoac\b|\bvà\b| - |–)\s*")
_LABEL = re.compile(r"^(?:sđt|sdt|đt|dt|tel|zalo|dđ|di động|mobile|số)\s*[:.]?\s*", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^)\d]*\)")  # (con gái), (zalo)


def read_phone(value: CellValue) -> Reading:
    """Return a phone number as ten digits (landlines eleven), with a finding where a person should look."""
    text, finding = _digits_text(value, "phone_scientific")
    if finding is not None or not text:
        return "", finding
    if plain_words(text) in _NONE or not any(c.isdigit() for c in text):
        return "", None
    whole = _one_phone(text)
    if whole is not None:
        return whole
    pieces = [piece for piece in _BETWEEN_PHONES.split(text) if any(c.isdigit() for c in piece)]
    if len(pieces) == 1 and len(text.split()) == 2:
        pieces = text.split()
    if len(pieces) == 1:
        pieces = re.findall(r"(?:\+?84|0)[\d .]{8,13}\d", text)
    numbers = [number for number in map(_one_phone, pieces) if number is not None]
    if len(numbers) > 1:
        return numbers[0][0], Finding("phone_two", {"count": len(numbers)})
    if len(numbers) == 1:
        return numbers[0][0], Finding("phone_with_text")
    return "", Finding("phone_unreadable")


def _one_phone(text: str) -> Reading | None:
    bare = re.sub(r"[\s.\-()'’]", "", _LABEL.sub("", _BRACKETS.sub("", text).strip()))
    bare = re.sub(r"^(?:\+84|0084|84(?=\d{9,10}$))0?", "0", bare)
    if not bare.isdigit():
        return None
    if not bare.startswith("0") and len(bare) in (9, 10):
        bare = "0" + bare
    if _MOBILE.match(bare) and len(bare) == 10:
        return bare, None
    if len(bare) == 11 and bare[:4] in _OLD_PREFIXES:
        new = _OLD_PREFIXES[bare[:4]]
        return new + bare[4:], Finding("phone_old_prefix", {"old": bare[:4], "new": new})
    return (bare, None) if _LANDLINE.match(bare) else None


def _digits_text(value: CellValue, scientific: str) -> tuple[str, Finding | None]:
    if isinstance(value, CellFault):
        return "", Finding("formula_without_value" if value.kind == "formula" else "error_value")
    if isinstance(value, float):
        return "", Finding(scientific)  # beyond 15 digits, or a fraction: digits are gone
    text = clean(value)
    return ("", Finding(scientific)) if _SCIENTIFIC.match(text) else (text, None)
