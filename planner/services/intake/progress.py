"""How far an import is: a fraction that only grows, and a code of what is being done."""

from __future__ import annotations

from planner.sheets.reading import Progress


def silent(_fraction: float, _code: str) -> None:
    """Tell nobody."""


def part(progress: Progress, start: float, share: float) -> Progress:
    """Return the progress of a part of the work, told as that of the whole."""
    return lambda fraction, code: progress(start + share * fraction, code)
