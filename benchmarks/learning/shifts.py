"""How long a list should be: who is home in time, and what is visited, by how far it goes on beyond the slot's end.

A crew walks its list. A door takes seven minutes where nobody opens, and else what was expected times a draw (gamma, a
third of spread), with the ways likewise; one door in eleven ends at once (moved, a wrong address, a refusal), which no length
expects. Past its hour on the list, a door of reserve is left out; after the slot's end no visit begins at all.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from statistics import fmean

from benchmarks.learning.tables import markdown
from planner.domain.learning.lengths import Lengths, Stop, extra_minutes, measured
from planner.domain.learning.reserves import Door, reserves, told_hours

SLOT_MINUTES = 150
WAY_MINUTES = 3.0
INSIDE_MINUTES, OUTSIDE_MINUTES = 20.0, 7.0
ENDS_AT_ONCE, BRIEF_MINUTES = 0.09, 3.0
BEGIN = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Outing:
    """A shift as it went. `over_minutes`: home so long after the slot's end (negative: before it)."""

    over_minutes: float
    doors: int
    visited: int
    worth: float
    reserve: int
    reserve_visited: int
    unreached: int
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class _Planned:
    chance: float
    worth: int

    @property
    def minutes(self) -> float:
        return self.chance * INSIDE_MINUTES + (1 - self.chance) * OUTSIDE_MINUTES


def report(shifts: int) -> str:
    """Return the table of docs/learning.md."""
    rows = []
    learned = Lengths()
    for share in (0.80, 0.85, 0.90):
        for part in (0.0, 0.5, 1.0, 1.5, 2.0):
            for keeps in (False, True):
                outings = [walk(seed, share, part, learned.spread, with_reserve=keeps) for seed in range(shifts)]
                rows.append(_row(share, part, keeps, outings))
                if len(rows) == 1:
                    learned = measured([outing.stops for outing in outings], Lengths().spread)
    titles = (
        "home_percent", "extra_percent", "reserve", "doors listed", "of them reserve", "visited", "worth visited",
        "home in time", "home within 10 minutes", "core doors not reached", "reserve reached",
    )  # fmt: skip
    note = f"{shifts} evenings of {SLOT_MINUTES} minutes. Learned spread of a visit: {learned.spread:.2f} of its length."
    return f"{note}\n\n{markdown(titles, rows)}"


def _row(share: float, part: float, keeps: bool, outings: Sequence[Outing]) -> tuple[str, ...]:
    reserve = sum(o.reserve for o in outings)
    return (
        f"{share:.0%}", f"{part:.0%}", "yes" if keeps else "no", f"{fmean(o.doors for o in outings):.1f}",
        f"{reserve / len(outings):.1f}", f"{fmean(o.visited for o in outings):.2f}", f"{fmean(o.worth for o in outings):.1f}",
        f"{fmean(o.over_minutes <= 0 for o in outings):.1%}", f"{fmean(o.over_minutes <= 10 for o in outings):.1%}",
        f"{sum(o.unreached for o in outings) / sum(o.doors - o.reserve for o in outings):.1%}",
        f"{sum(o.reserve_visited for o in outings) / reserve:.0%}" if reserve else "–",
    )  # fmt: skip


def walk(seed: int, share: float, part: float, spread: float, *, with_reserve: bool) -> Outing:
    """Return one evening: a list longer than the slot, then walked."""
    dice = random.Random(f"list {seed}")
    listed = _filled(dice, SLOT_MINUTES + extra_minutes(spread, SLOT_MINUTES, share, part))
    doors = [Door(str(n), round(60 * door.minutes)) for n, door in enumerate(listed)]
    spare = reserves(doors, 0, 60 * SLOT_MINUTES, _way, spread, share) if with_reserve else frozenset()
    told = told_hours(doors, _starts(listed), spare, 0, 60 * SLOT_MINUTES, _way, spread, share)
    luck = random.Random(f"evening {seed}")
    at, visited, worth, reached, unreached = 0.0, 0, 0.0, 0, 0
    stops = []
    for n, (door, hour) in enumerate(zip(listed, told, strict=True)):
        way = WAY_MINUTES * _stretched(luck)
        met, length, brief = luck.random() < door.chance, _stretched(luck), luck.random() < ENDS_AT_ONCE
        late = 60 * (at + WAY_MINUTES) > hour
        if (str(n) in spare and late) or at >= SLOT_MINUTES:
            unreached += str(n) not in spare
            continue
        at += way + length * (BRIEF_MINUTES if brief else INSIDE_MINUTES if met else OUTSIDE_MINUTES)
        visited, worth, reached = visited + 1, worth + door.worth * (not brief), reached + (str(n) in spare)
        stops.append(_stop(n, hour / 60, door.minutes, at, met=met))
    home = at + WAY_MINUTES * _stretched(luck)
    return Outing(home - SLOT_MINUTES, len(listed), visited, worth, len(spare), reached, unreached, tuple(stops))


def _filled(dice: random.Random, minutes: float) -> list[_Planned]:
    """Return as many doors as are expected to fit, the way home with them."""
    listed: list[_Planned] = []
    at = WAY_MINUTES
    while True:
        door = _Planned(dice.choice((0.3, 0.5, 0.6, 0.65, 0.8)), dice.randint(20, 200))
        if at + WAY_MINUTES + door.minutes > minutes:
            return listed
        at += WAY_MINUTES + door.minutes
        listed.append(door)


def _starts(listed: Sequence[_Planned]) -> list[int]:
    """Return when the plan is at each door, in seconds."""
    ends = list(accumulate(60 * (WAY_MINUTES + door.minutes) for door in listed))
    return [round(end - 60 * door.minutes) for end, door in zip(ends, listed, strict=True)]


def _way(here: str | None, there: str | None) -> int:
    return round(60 * WAY_MINUTES)


def _stretched(luck: random.Random) -> float:
    """Draw by how much something takes longer: mean 1, a third of spread."""
    return luck.gammavariate(9, 1 / 9)


def _stop(n: int, planned: float, minutes: float, ended: float, *, met: bool) -> Stop:
    usual = INSIDE_MINUTES if met else OUTSIDE_MINUTES
    return Stop(n, BEGIN + timedelta(minutes=planned), minutes, BEGIN + timedelta(minutes=ended), met, usual)
