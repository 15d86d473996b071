"""How far an import is: a fraction that only grows, and a code of what is being done."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate

from planner.sheets.reading import Progress


def silent(_fraction: float, _code: str) -> None:
    """Tell nobody."""


def parts(progress: Progress, *shares: float) -> list[Progress]:
    """Return the progress of each part of the work, told as that of the whole.

    Parameters
    ----------
    shares
        How much of the time each part takes, in their order; together 1.
    """
    starts = accumulate(shares, initial=0.0)
    return [_part(progress, start, share) for start, share in zip(starts, shares, strict=False)]


def _part(progress: Progress, start: float, share: float) -> Progress:
    return lambda fraction, code: progress(start + share * fraction, code)


class RowsDone:
    """Counts rows towards an expected number, and tells which fraction of them is done."""

    def __init__(self, expected: int, progress: Callable[[float], None]) -> None:
        self.expected, self.progress, self.done = max(1, expected), progress, 0
        progress(0.0)

    def add(self, rows: int) -> None:
        self.done += rows
        self.progress(min(1.0, self.done / self.expected))
