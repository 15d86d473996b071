"""Free time as people shorten it, written out for the reader of availability: S/C/T, 2-4-6, sau 17h, Mon–Fri, dates."""

from __future__ import annotations

import re
from datetime import date

from planner.domain.text import fold
from planner.sheets.cleaning import clean

_TIME = r"\d{1,2}\s*(?:[:hg]|gio)\s*(?:\d{2})?"
_LIST = re.compile(
    r"(?<![\d:/h.])(?<!\d[ ])\b[2-7](?:\s*[-–,&+]\s*[2-7])+\b(?!\s*(?:[:h/]|g\b|gio|buoi|ca\b|lan|ngay|nguoi))(?!\d)"
)
_LETTERS = {"s": "sang", "c": "chieu", "t": "toi"}
_ENGLISH = {
    "mon": "t2", "tue": "t3", "tues": "t3", "wed": "t4", "thur": "t5", "thurs": "t5", "fri": "t6", "sat": "t7", "sun": "cn",
    "morning": "sang", "mornings": "sang", "afternoon": "chieu", "afternoons": "chieu", "evening": "toi", "evenings": "toi",
    "weekend": "cuoi tuan", "weekends": "cuoi tuan", "weekdays": "trong tuan", "to": "-", "and": ",", "except": "tru",
}  # fmt: skip
_DATE = re.compile(r"(?<![\d:h])(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?(?![\d/:h])")


def written_out(text: str) -> str:
    """Return unaccented text with the abbreviations of free time written out."""
    latin = fold(clean(text))
    if re.search(r"\b(?:mon|tue|tues|wed|thurs?|fri|sat|sun|(?:morn|even)ings?|afternoons?|week(?:ends?|days))\b", latin):
        latin = re.sub(r"\bthu\b(?=\s*(?:[-–,]|$|\bto\b|even|morn|after))", "t5", latin)
        latin = re.sub(r"\b[a-z]+\b", lambda m: _ENGLISH.get(m[0], m[0]), latin)
    latin = re.sub(r"\b(?:sau|ngoai) gio(?: hanh chinh| lam(?: viec)?)?(?!\s*\d)\b", "toi", latin)
    latin = re.sub(rf"\btruoc\s+({_TIME})", r"7h-\1", latin)
    latin = re.sub(rf"\b(?:sau|tu)\s+({_TIME})(?!\s*(?:-|–|den|toi|\d))(?: tro di)?", r"\1-22h ", latin)
    latin = re.sub(r"\b(?:[sc]{1,2}t?|sct|t(?!\s?\d))\b(?![:h])", _periods_of_letters, latin)
    # Two or three evenings a week: which ones, nobody knows.
    latin = re.sub(
        r"\d(?:\s*-\s*\d)?\s*(?:buoi|ngay|toi|sang|chieu|ca|lan)(?: toi)?\s*(?:/|mot |moi |1 |trong )\s*tuan\b", " ", latin
    )
    return _LIST.sub(_days_of_list, latin)


def _periods_of_letters(found: re.Match[str]) -> str:
    letters = dict.fromkeys(found[0])
    return " ".join(_LETTERS[letter] for letter in letters)


def _days_of_list(found: re.Match[str]) -> str:
    """Two numbers with a dash are a range; three or more are a list whatever stands between them."""
    numbers = re.findall(r"[2-7]", found[0])
    ranged = len(numbers) == 2 and re.search(r"[-–]", found[0]) is not None
    return ("-" if ranged else ",").join(f"t{number}" for number in numbers)


def day_in(text: str, year: int | None) -> date | None:
    """Return the date a text names, its year taken from elsewhere where it names none."""
    found = _DATE.search(text)
    if found is None or not (found[3] or year):
        return None
    number = int(found[3]) if found[3] else year or 0
    try:
        return date(number + 2000 if number < 100 else number, int(found[2]), int(found[1]))
    except ValueError:
        return None
