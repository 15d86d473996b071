"""How long doors take and how far shifts stray from their plan, out of what crews write down.

A phone keeps one instant a visit: when its result was written down, at the end of it. How long a visit took is therefore
measured as the time since the visit before, less the way between them as it was planned; a crew that walks slower than
planned shows as longer visits, which is all the plan needs to know. Reports that follow each other at once were typed in
afterwards and are left out. Means, since a list is as long as the sum of its visits; but none counts for more than twice the
median, so that a pause for tea or a flat tyre moves little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import sqrt
from statistics import NormalDist, median

LONGEST_GAP_MINUTES = 120  # longer than any visit with its way: a pause, or a clock put right
TYPED_AFTERWARDS_MINUTES = 1.5
LEAST_PACE, MOST_PACE = 0.4, 2.5  # beyond, clocks are wrong, not crews
STRENGTH = 20  # visits (shifts for the spread) that the assumption weighs
LEAST_STOPS = 3
MOST_TIMES_USUAL = 2.0
MOST_EXTRA = 3  # a list is at most a third longer than its slot
DOOR_MINUTES = 15.0  # between the beginnings of two visits of a list, roughly: what a slot holds before its list is made


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit of a shift as planned and as written down.

    Parameters
    ----------
    met
        Whether anyone opened.
    usual_minutes
        What such a visit takes by the settings, knowing how it ended; None: not known, e.g. of a refusal.
    """

    position: int
    planned_at: datetime
    planned_minutes: float
    recorded_at: datetime
    met: bool
    usual_minutes: float | None


@dataclass(frozen=True)
class Lengths:
    """What is believed of lengths; the fields of `n_…` say from how many visits or shifts.

    Parameters
    ----------
    inside
        Visits with someone at home take so many times what the settings say.
    outside
        So do those before a closed door.
    spread
        Standard deviation of a visit's length with its way, as a share of what was planned for it.
    """

    inside: float = 1.0
    outside: float = 1.0
    spread: float = 0.6
    n_inside: int = 0
    n_outside: int = 0
    n_shifts: int = 0


def measured(shifts: Iterable[Sequence[Stop]], spread: float) -> Lengths:
    """Return what shifts teach, having expected the settings' lengths and this `spread`."""
    inside: list[float] = []
    outside: list[float] = []
    strayed: list[float] = []
    for stops in shifts:
        steps = list(_steps(stops))
        if not steps or median(step.gap for step in steps) < TYPED_AFTERWARDS_MINUTES:
            continue
        for step in steps:
            if step.stop.usual_minutes:
                (inside if step.stop.met else outside).append(step.took / step.stop.usual_minutes)
        if len(steps) >= LEAST_STOPS - 1:
            planned = sum(step.stop.planned_minutes**2 for step in steps)
            strayed.append(sum(step.gap - step.planned_gap for step in steps) ** 2 / max(planned, 1.0))
    variance = (STRENGTH * spread**2 + sum(sorted(strayed))) / (STRENGTH + len(strayed))
    return Lengths(
        _pace(inside), _pace(outside), round(sqrt(variance), 4), len(inside), len(outside), len(strayed)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Step:
    """From one visit's end to the next one's, in minutes."""

    stop: Stop
    gap: float
    planned_gap: float
    took: float


def _steps(stops: Sequence[Stop]) -> Iterator[_Step]:
    """Yield the steps between visits that followed each other as planned: of others the way is not known."""
    ordered = sorted(stops, key=lambda stop: (stop.recorded_at, stop.position))
    for before, stop in pairwise(ordered):
        if stop.position != before.position + 1:
            continue
        gap = (stop.recorded_at - before.recorded_at).total_seconds() / 60
        between = (stop.planned_at - before.planned_at).total_seconds() / 60
        way = between - before.planned_minutes  # a wait for a promised hour is part of it
        if way >= 0 and gap <= LONGEST_GAP_MINUTES:  # hours told earlier than planned do not tell the way
            yield _Step(stop, gap, way + stop.planned_minutes, max(gap - way, 0.5))


def _pace(ratios: Sequence[float]) -> float:
    """Return the mean ratio, drawn towards 1 while there are few."""
    if not ratios:
        return 1.0
    most = MOST_TIMES_USUAL * median(ratios)
    pace = (STRENGTH + sum(min(ratio, most) for ratio in ratios)) / (STRENGTH + len(ratios))
    return round(min(max(pace, LEAST_PACE), MOST_PACE), 4)


def stray_minutes(spread: float, visit_minutes: Iterable[float], share: float) -> float:
    """Return by how much a shift of such visits may end late and still be among `share` of all shifts."""
    return max(0.0, NormalDist().inv_cdf(share)) * spread * sqrt(sum(minutes**2 for minutes in visit_minutes))


def extra_minutes(spread: float, slot_minutes: float, share: float, part: float) -> int:
    """Return for how long a list goes on beyond its slot's end, with doors for crews that are early.

    Parameters
    ----------
    share
        Of crews that are not to run out of doors.
    part
        How much of what that takes is listed.
    """
    doors = max(round(slot_minutes / DOOR_MINUTES), 1)
    return min(round(part * stray_minutes(spread, [DOOR_MINUTES] * doors, share)), round(slot_minutes / MOST_EXTRA))
