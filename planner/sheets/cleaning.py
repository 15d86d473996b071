"""Text out of a cell: composed, without what cannot be seen, white space single. What was put right is counted."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from planner.domain.text import fold
from planner.sheets.cells import CellValue, as_text
from planner.sheets.legacy import repair_letters

_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[\W_]+")


def clean(value: CellValue, repaired: Counter[str] | None = None) -> str:
    """Return a cell's text ready to keep; counts in `repaired` what was put right, by kind."""
    text = value if isinstance(value, str) else as_text(value)
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip() if "  " in text or text[:1] == " " or text[-1:] == " " else text
    if repaired is None:
        repaired = Counter()
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        repaired["nfd"] += 1
    fixed = repair_letters(composed)
    if fixed != composed:
        repaired["look_alike"] += sum(1 for a, b in zip(composed, fixed, strict=True) if a != b)
    visible = _INVISIBLE.sub("", fixed)
    if visible != fixed:
        repaired["invisible"] += 1
    printable = _CONTROLS.sub("", visible)
    if printable != visible:
        repaired["control"] += 1
    return _SPACES.sub(" ", printable).strip()


def plain_words(text: str) -> str:
    """Return the text unaccented, lower case, only letters and digits with single spaces: to compare words of tables."""
    return _NOT_WORD.sub(" ", fold(text)).strip()


_TICKS = frozenset("✓✔√☑☒✅●+ü")  # the last is how a Wingdings tick reads in another font


def mark_words(text: str) -> str:
    """Return the words of a cell that may hold only a tick: ``x`` for one."""
    return "x" if text in _TICKS else plain_words(text) or ("x" if not _TICKS.isdisjoint(text) else "")


_SAFE_NAME_SHOWN = 1


def mask_name(name: str) -> str:
    """Return initials and the given name: enough to find the row, not enough to make a list of."""
    words = clean(name)[:80].split(" ")
    shown = words[-1] if len(words) > _SAFE_NAME_SHOWN else words[-1][:1] + "…"
    return " ".join([*(f"{word[0]}." for word in words[:-1] if word), shown[:20]])


def mask_digits(text: str) -> str:
    """Return the text with all but the last three digits hidden."""
    left = sum(c.isdigit() for c in text) - 3
    out = []
    for char in text[:40]:
        if char.isdigit():
            out.append("•" if left > 0 else char)
            left -= 1
        else:
            out.append(char)
    return "".join(out)


def mask_birth(text: str) -> str:
    """Return a date with its day and month hidden, where they can be told from the year."""
    return re.sub(r"\d{1,2}(?=[./ -])", "••", text)[:40] if re.search(r"\d{4}", text) else text[:40]
