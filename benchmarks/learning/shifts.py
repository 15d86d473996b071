"""How long a shift may be planned: who is home in time, and what is visited, by margin and by doors of reserve.

A crew walks its list. A door takes seven minutes where nobody opens, and else what was expected times a draw (gamma, a
third of spread), with the ways likewise. Past its hour on the list, a door of reserve is left out;
after the slot's end it begins no visit at all.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import fmean

from benchmarks.learning.tables import markdown
from planner.domain.learning.lengths import Lengths, Stop, margin_minutes, measured
from planner.domain.learning.reserves import Door, reserves

SLOT_MINUTES = 150
WAY_MINUTES = 3.0
INSIDE_MINUTES, OUTSIDE_MINUTES = 20.0, 7.0
LATE_MINUTES = 0  # behind its plan by more than that, a crew leaves doors of reserve out: it is what their lists say
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
    for share in (0.85, 0.90):
        for part in (0.0, 0.1, 0.25, 0.5, 1.0):
            for keeps in (False, True):
                outings = [walk(seed, share, part, learned.spread_minutes, with_reserve=keeps) for seed in range(shifts)]
                rows.append(_row(share, part, keeps, outings))
                if share == 0.85 and part == 0.0 and not keeps:
                    learned = measured([outing.stops for outing in outings], Lengths().spread_minutes)
    titles = (
        "home_percent", "margin_percent", "reserve", "doors listed", "of them reserve", "visited", "worth visited",
        "home in time", "home within 10 minutes", "core doors not reached", "reserve reached",
    )  # fmt: skip
    note = f"{shifts} evenings of {SLOT_MINUTES} minutes. Learned spread: {learned.spread_minutes:.1f} minutes a root of doors."
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


def walk(seed: int, share: float, part: float, spread_minutes: float, *, with_reserve: bool) -> Outing:
    """Return one evening: planned to end a margin before the slot, then walked."""
    dice = random.Random(f"list {seed}")
    margin = margin_minutes(spread_minutes, SLOT_MINUTES, share, part)
    listed = _filled(dice, SLOT_MINUTES - margin)
    doors = [Door(str(n), door.worth, round(60 * door.minutes)) for n, door in enumerate(listed)]
    spare = reserves(doors, 0, 60 * SLOT_MINUTES, _way, spread_minutes, share) if with_reserve else frozenset()
    luck = random.Random(f"evening {seed}")
    at, planned_at, visited, worth, reached, unreached = 0.0, 0.0, 0, 0.0, 0, 0
    stops = []
    for n, door in enumerate(listed):
        planned_at += WAY_MINUTES
        way = WAY_MINUTES * _stretched(luck)
        met, length = luck.random() < door.chance, _stretched(luck)
        late = at + WAY_MINUTES - planned_at > LATE_MINUTES
        if (str(n) in spare and late) or at >= SLOT_MINUTES:
            unreached += str(n) not in spare
            planned_at += door.minutes
            continue
        at += way + length * (INSIDE_MINUTES if met else OUTSIDE_MINUTES)
        visited, worth, reached = visited + 1, worth + door.worth, reached + (str(n) in spare)
        stops.append(_stop(n, planned_at, door.minutes, at, met=met))
        planned_at += door.minutes
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


def _way(here: str | None, there: str | None) -> int:
    return round(60 * WAY_MINUTES)


def _stretched(luck: random.Random) -> float:
    """Draw by how much something takes longer: mean 1, a third of spread."""
    return luck.gammavariate(9, 1 / 9)


def _stop(n: int, planned: float, minutes: float, ended: float, *, met: bool) -> Stop:
    usual = INSIDE_MINUTES if met else OUTSIDE_MINUTES
    return Stop(n, BEGIN + timedelta(minutes=planned), minutes, BEGIN + timedelta(minutes=ended), met, usual)
