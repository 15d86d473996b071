"""What pages, phone and print read of the campaign's progress: figures with where they come from, nobody named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from planner.domain.forecast import Forecast
from planner.domain.pace import Course
from planner.domain.vocabulary import OutreachGroup
from planner.services.targets import Standing, Target

FEWEST = 20  # of fewer people or papers no forecast is made: each of them is a story of its own


@dataclass(frozen=True)
class HamletGap:
    """What a hamlet lacks of an indicator's target."""

    hamlet_id: int
    name: str
    gap: int


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator: where it began, what the campaign added, where it is going.

    `results`: None where nobody can tell whose doing it is. `other`: what changed beside the campaign's results, e.g. by a newer
    roster. `pace`: by how many it is ahead (below nought: behind) of a straight way from the baseline to the target. `points`:
    (date, percent) so far, the last one now.
    """

    target: Target
    course: Course
    baseline: int
    results: int | None
    other: int
    pace: int | None
    forecast: Forecast | None
    points: tuple[tuple[date, float], ...]
    gaps: tuple[HamletGap, ...]

    @property
    def whole(self) -> int:
        return self.target.measured.denominator or 0

    @property
    def too_few(self) -> bool:
        """There are too few to forecast."""
        return 0 < self.whole < FEWEST

    def percent(self, count: float) -> float:
        """Return a count as a share of the denominator."""
        return 100 * count / self.whole if self.whole else 0.0


@dataclass(frozen=True)
class Still:
    """A hamlet or group in which nothing was done for two weeks though there is something to do."""

    hamlet_id: int | None
    group: OutreachGroup | None
    name: str
    left: int


@dataclass(frozen=True)
class Overview:
    """The campaign at a glance, and where it is going. `counted`: people, households, papers and attempts, each apart."""

    on_date: date
    standing: Standing
    lines: tuple[IndicatorLine, ...]
    still: tuple[Still, ...]
    counted: Mapping[str, int]
    weeks_left: int
    shifts_a_week: float | None
    complete_weeks: int

    @property
    def worst(self) -> IndicatorLine | None:
        """The indicator that asks for the most shifts: what helps it helps the others, as crews do all services at a door."""
        asking = [line for line in self.lines if line.forecast and line.forecast.extra_shifts_a_week]
        return max(asking, key=lambda line: line.forecast.extra_shifts_a_week or 0 if line.forecast else 0, default=None)
