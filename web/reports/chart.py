"""The small chart of an indicator: what was, the fan of what is expected, and the line of the target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.services.progress import IndicatorLine

WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 44, 10, 12, 24  # room for the words at the edges


@dataclass(frozen=True)
class Chart:
    """Coordinates in a box of `WIDTH` by `HEIGHT`. `marks`: (y, percent) at the left edge."""

    past: str
    now: tuple[float, float]
    expected: str
    band: str
    target_y: float
    marks: tuple[tuple[float, int], ...]
    starts_on: date
    ends_on: date

    @property
    def bottom(self) -> int:
        return HEIGHT - BOTTOM


def chart(line: IndicatorLine, starts_on: date, ends_on: date) -> Chart | None:
    """Return the chart of an indicator; None while there is but one day of it to show."""
    if len(line.points) < 2 or ends_on <= starts_on:
        return None
    forecast = line.forecast
    ends = [line.percent(v) for v in (forecast.expected, forecast.low, forecast.high)] if forecast else []
    values = [value for _, value in line.points] + ends + [line.target.target_percent]
    low, high = _range(min(values), max(values))

    def x(day: date) -> float:
        gone = min(1.0, max(0.0, (day - starts_on).days / (ends_on - starts_on).days))
        return round(LEFT + gone * (WIDTH - LEFT - RIGHT), 1)

    def y(percent: float) -> float:
        return round(TOP + (high - percent) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    today, current = line.points[-1]
    now = (x(today), y(current))
    expected = band = ""
    if forecast and today < ends_on:
        end_x = x(ends_on)
        expected = f"{now[0]},{now[1]} {end_x},{y(ends[0])}"
        band = f"{now[0]},{now[1]} {end_x},{y(ends[1])} {end_x},{y(ends[2])}"
    marks = tuple((y(mark), mark) for mark in sorted({low, high}))
    return Chart(
        " ".join(f"{x(day)},{y(value)}" for day, value in line.points), now, expected, band, y(line.target.target_percent),
        marks, starts_on, ends_on,
    )  # fmt: skip


def _range(least: float, most: float) -> tuple[int, int]:
    """Return round percents around the values, at least ten points apart."""
    low = max(0, int(least // 5) * 5)
    high = -int(-most // 5) * 5
    return (low, high) if high - low >= 10 else (max(0, low - 5), high + 5)
