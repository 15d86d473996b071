"""Tables of the reports, and how sure a mean is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from statistics import fmean, stdev


def markdown(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as Markdown."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def confidence(values: Sequence[float], digits: int = 1) -> str:
    """Return a mean with its 95 % interval (normal)."""
    half = 1.96 * stdev(values) / sqrt(len(values)) if len(values) > 1 else float("nan")
    return f"{fmean(values):.{digits}f} ± {half:.{digits}f}"
