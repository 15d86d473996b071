"""Back-test of the forecast: campaigns played door by door, of whose chances the forecast knows nothing.

Each campaign draws its own truth: how many doors, how often somebody is home (every door its own chance), how often help
succeeds, how many shifts go out and how that changes, weeks of rain, a holiday week. Every evening of every week is played;
after each week the forecast is asked for the end, and held against what the end was.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from planner.domain.forecast import Course, forecast

MOST_ATTEMPTS = 3  # unanswered calls in a row, as the settings have it


@dataclass(frozen=True)
class Truth:
    """What a campaign is like; unknown to the forecast."""

    weeks: int
    doors: int
    home: tuple[float, float]  # beta distribution of a door's chance of being met
    success: tuple[float, float]  # … and of being helped when met
    refusal: float
    shifts: float  # a week, in the beginning
    trend: float  # of the shifts, a week
    unrest: float  # of the shifts from week to week, relative
    doors_a_shift: int
    rain: float  # chance of a week of rain: a third fewer doors
    holiday: int  # the week of it: half the shifts


@dataclass(frozen=True)
class Check:
    week: int
    weeks: int
    low: float
    expected: float
    high: float
    came: int
    lacking: int

    @property
    def within(self) -> bool:
        return self.low - 0.5 <= self.came <= self.high + 0.5


def a_truth(rng: random.Random) -> Truth:
    doors = int(10 ** rng.uniform(2.6, 3.9))
    weeks = rng.randint(8, 14)
    # Shifts enough for each door to be called on between half a time and three times.
    doors_a_shift = rng.randint(5, 11)
    shifts = doors * rng.uniform(0.5, 3.0) / weeks / doors_a_shift
    mean, spread = rng.uniform(0.3, 0.7), rng.uniform(1.0, 6.0)
    helped, varied = rng.uniform(0.4, 0.9), rng.uniform(1.0, 8.0)
    return Truth(
        weeks, doors, (mean * spread, (1 - mean) * spread), (helped * varied, (1 - helped) * varied), rng.uniform(0.01, 0.08),
        max(2.0, shifts), rng.uniform(-0.05, 0.03), rng.uniform(0.05, 0.3), doors_a_shift, rng.uniform(0.0, 0.2),
        rng.randrange(weeks),
    )  # fmt: skip


def play(truth: Truth, rng: random.Random) -> tuple[list[int], list[int]]:
    """Return the gains and the shifts of each week."""
    home = [rng.betavariate(*truth.home) for _ in range(truth.doors)]
    success = [rng.betavariate(*truth.success) for _ in range(truth.doors)]
    unanswered = [0] * truth.doors
    queue = list(range(truth.doors))
    rng.shuffle(queue)
    gains, shifts = [], []
    level = truth.shifts
    for week in range(truth.weeks):
        level *= (1 + truth.trend) * rng.lognormvariate(0, truth.unrest / 3)
        held = max(0, round(level * rng.lognormvariate(0, truth.unrest) * (0.5 if week == truth.holiday else 1)))
        doors = round(held * truth.doors_a_shift * (0.67 if rng.random() < truth.rain else 1))
        calls, queue = queue[:doors], queue[doors:]
        gained = 0
        for door in calls:
            if rng.random() < home[door]:
                unanswered[door] = 0
                if rng.random() < truth.refusal:
                    continue
                if rng.random() < success[door]:
                    gained += 1
                    continue
            else:
                unanswered[door] += 1
                if unanswered[door] >= MOST_ATTEMPTS:
                    continue
            queue.append(door)
        gains.append(gained)
        shifts.append(held)
    return gains, shifts


def checks(seed: int) -> Iterator[Check]:
    """Play one campaign and yield what the forecast said after each week but the last."""
    rng = random.Random(seed)
    truth = a_truth(rng)
    gains, shifts = play(truth, rng)
    came = sum(gains)
    for week in range(1, truth.weeks):
        known = shifts[:week]
        recent = known[-3:]
        usual = sum(recent) / len(recent)
        # As the desk knows: a holiday is in the calendar, all else is as usual.
        ahead = tuple(usual * (0.5 if w == truth.holiday else 1) for w in range(week, truth.weeks))
        so_far = sum(gains[:week])
        found = forecast(
            Course("x", so_far, truth.doors - so_far, truth.doors * 8 // 10, tuple(gains[:week]), tuple(known), ahead)
        )
        if found is not None:
            yield Check(week, truth.weeks, found.low, found.expected, found.high, came, truth.doors)


@dataclass(frozen=True)
class Line:
    """Forecasts made alike: how many, how many of them held, how wide and how far off they were, in points of all doors."""

    name: str
    number: int
    covered: float
    below: float
    width: float
    off: float


def backtest(campaigns: int, first_seed: int) -> list[Line]:
    """Return a line for each third of a campaign and week of it, and for all."""
    by: dict[str, list[Check]] = defaultdict(list)
    for seed in range(first_seed, first_seed + campaigns):
        for check in checks(seed):
            by["all"].append(check)
            by[f"{1 + 3 * check.week // check.weeks}. third"].append(check)
            by[f"week {min(check.week, 11):>2}{'+' if check.week >= 11 else ''}"].append(check)
    return [_line(name, found) for name, found in sorted(by.items(), key=lambda pair: (pair[0] != "all", pair[0]))]


def _line(name: str, found: list[Check]) -> Line:
    number = len(found)
    return Line(
        name, number, sum(c.within for c in found) / number, sum(c.came < c.low - 0.5 for c in found) / number,
        100 * sum((c.high - c.low) / c.lacking for c in found) / number,
        100 * sum(abs(c.expected - c.came) / c.lacking for c in found) / number,
    )  # fmt: skip
