"""One key for the many ways in which rosters write a language."""

from __future__ import annotations

from planner.domain.text import fold

VIETNAMESE = "viet"
# Other ways in which rosters write a language; every volunteer speaks Vietnamese.
LANGUAGE_ALIASES = {
    "kinh": VIETNAMESE,
    "vietnam": VIETNAMESE,
    "viet nam": VIETNAMESE,
    "hmong": "mong",
    "h'mong": "mong",
    "khme": "khmer",
}


def language_key(written: str) -> str:
    """Return one key for the ways a language is written: "tiếng Mông", "H'Mông", "MÔNG"."""
    key = fold(written).removeprefix("tieng ").strip()
    return LANGUAGE_ALIASES.get(key, key)
