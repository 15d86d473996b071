"""Text that leaves for a spreadsheet: never a formula, never a character Excel refuses."""

from __future__ import annotations

import re

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST = 32_767


def safe_text(text: str) -> str:
    """Return the text as .xlsx may hold it. There a text cell stays text; only characters XML forbids go."""
    return _NOT_IN_XML.sub("", text)[:LONGEST]


def escape_formula(text: str) -> str:
    """Return the text with an apostrophe before what a spreadsheet would run: for .csv, which knows no types."""
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text
