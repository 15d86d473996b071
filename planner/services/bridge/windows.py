"""When a visit may begin, as sorted, disjoint, closed intervals of seconds since the week's Monday."""

from __future__ import annotations

from collections.abc import Iterable

Interval = tuple[int, int]

WEEK_SECONDS = 7 * 24 * 3600
ANY_TIME: tuple[Interval, ...] = ((0, WEEK_SECONDS),)


def within(windows: Iterable[Interval], allowed: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return what lies in both."""
    spans = tuple(allowed)
    common = ((max(a, c), min(b, d)) for a, b in windows for c, d in spans)
    return tuple(sorted((a, b) for a, b in common if a <= b))


def without(windows: Iterable[Interval], taken: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return what is left when the half-open spans `taken` (begin included, end not) are cut out."""
    left = tuple(sorted(windows))
    for begin, end in taken:
        left = tuple(part for a, b in left for part in ((a, min(b, begin - 1)), (max(a, end), b)) if part[0] <= part[1])
    return left


def merged(spans: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the same times with overlapping spans made one."""
    result: list[Interval] = []
    for begin, end in sorted(spans):
        if result and begin <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((begin, end))
    return tuple(result)
