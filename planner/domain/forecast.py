"""Where an indicator will stand at the campaign's end if things go on as they do, how sure that is, and what it would take.

The model, in three sentences. Each crew shift gains some of what is still lacking, and the easy ones go first: of what was
lacking at the start a share ``m`` is left, which falls by ``rate * m ** harder`` a shift (``harder`` 0: each shift gains the
same, as while there are doors nobody has been to; 1: it finds of those at random; above it people differ in how easily they
are reached, as gamma-distributed frailty has it). The gains of a week are counts that
scatter more than chance alone, negative binomial with ``size`` (weather, holidays, who was there). How many shifts there
will be is known only roughly.

Rate, hardness and scatter are weighed on a grid by how well they explain the complete weeks so far, recent weeks more; the
expected gain and its interval come from all of them together. No more than logarithms and normal distributions is needed,
and the same figures always give the same forecast.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

COVERAGE = 0.8
# Back-tested together on simulated campaigns, see docs/progress.md.
HARDER = ((0.0, 0.2), (0.5, 0.2), (1.0, 0.2), (1.5, 0.15), (2.0, 0.15), (3.0, 0.1))
SIZES = ((3.0, 0.15), (8.0, 0.35), (20.0, 0.35), (80.0, 0.15))
FORGET = 0.85  # a week's weight against the one after it
RATE_STEPS, RATE_RANGE = 25, 4.0  # from a quarter of the plain estimate to four times it
SHIFTS_LEVEL_CV = 0.12  # the level of the shifts ahead against what is expected, for good …
SHIFTS_WEEK_CV = 0.25  # … and from week to week
PARTS = 32  # of the mixture whose quantiles are looked for
LIKELY = 1e-2  # parts of the grid that explain the weeks less well than this against the best are left out
MOST_TIMES = 4  # so many times the shifts expected: what would take more is said to be out of reach


@dataclass(frozen=True, slots=True)
class Course:
    """How an indicator got where it is, and with what it can go on.

    Parameters
    ----------
    now, lacking
        What counts today, and what of it could still be gained.
    target
        The count at which the target is reached; None: nobody knows (no denominator).
    gains, shifts
        Of each complete week of the campaign so far: what was gained, and how many crew shifts went out.
    ahead
        Crew shifts expected in each week that is left, what is left of this one first.
    gaps
        (hamlet, what it lacks of the target), the widest first.
    since
        What was gained since the last complete week.
    """

    code: str
    now: int
    lacking: int
    target: int | None
    gains: tuple[int, ...]
    shifts: tuple[int, ...]
    ahead: tuple[float, ...]
    gaps: tuple[tuple[int, int], ...] = ()
    since: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """The count at the campaign's end: expected, and within which bounds it stays four times out of five.

    `needed_shifts_a_week` reaches the target as likely as not: 0
    where it is reached, None where no number of shifts would, or nobody can tell. `extra_shifts_a_week` is what of it is not
    expected to go out anyway. `hamlets`: where most of the gap is.
    """

    code: str
    expected: float
    low: float
    high: float
    target: int | None
    expected_shifts_a_week: float
    needed_shifts_a_week: int | None
    hamlets: tuple[int, ...]

    @property
    def extra_shifts_a_week(self) -> int | None:
        if self.needed_shifts_a_week is None:
            return None
        return max(0, math.ceil(self.needed_shifts_a_week - self.expected_shifts_a_week))


@dataclass(frozen=True, slots=True)
class _Guess:
    """One point of the grid: how likely it is, and what it says of one who is still lacking today."""

    weight: float
    rate: float
    harder: float
    size: float


def forecast(course: Course) -> Forecast | None:
    """Return the forecast, or None while there is no complete week with a shift in it to tell by."""
    if not course.gains or not any(course.shifts):
        return None
    start = max(1, course.lacking + course.since + sum(course.gains))
    guesses = _weighed(course.gains, course.shifts, start)
    expected, low, high = _bounds(course, guesses, start)
    mean_ahead = sum(course.ahead) / len(course.ahead) if course.ahead else 0.0
    return Forecast(
        course.code, expected, low, high, course.target, mean_ahead, _needed(course, guesses, start), _where(course.gaps)
    )


def _left_after(share: float, rate: float, harder: float, shifts: float) -> float:
    """Return the share of what was lacking at the start that is left after so many shifts more."""
    if share <= 0:
        return 0.0
    if harder == 1:
        return share * math.exp(-rate * shifts)
    power = harder - 1
    base = share**-power + power * rate * shifts
    return float(base ** (-1 / power)) if base > 0 else 0.0


@lru_cache(maxsize=256)
def _weighed(gains: tuple[int, ...], shifts: tuple[int, ...], start: int) -> tuple[_Guess, ...]:
    """Return the likely points of the grid, their weights adding up to 1."""
    left = [start]
    for gain in gains:
        left.append(max(0, left[-1] - gain))
    found: list[tuple[float, float, float, float]] = []
    for harder, harder_prior in HARDER:
        effort = sum(held * start * (lacking / start) ** harder for held, lacking in zip(shifts, left[:-1], strict=True))
        plain = max(sum(gains), 0.5) / max(effort, 1e-9)
        for step in range(RATE_STEPS):
            rate = plain * RATE_RANGE ** (2 * step / (RATE_STEPS - 1) - 1)
            means = [
                start * (lacking / start - _left_after(lacking / start, rate, harder, held))
                for held, lacking in zip(shifts, left[:-1], strict=True)
            ]
            for size, size_prior in SIZES:
                log = math.log(harder_prior * size_prior)
                for age, (gain, mean) in enumerate(zip(reversed(gains), reversed(means), strict=True)):
                    log += FORGET**age * _log_chance(gain, mean, size)
                found.append((log, rate, harder, size))
    best = max(found)[0]
    likely = [one for one in found if one[0] > best + math.log(LIKELY)]
    total = sum(math.exp(one[0] - best) for one in likely)
    return tuple(_Guess(math.exp(log - best) / total, rate, harder, size) for log, rate, harder, size in likely)


def _log_chance(gain: int, mean: float, size: float) -> float:
    """Return the logarithm of the negative binomial chance of a week's gain."""
    if mean <= 0:
        return 0.0 if gain == 0 else -50.0
    return (
        math.lgamma(gain + size) - math.lgamma(size) - math.lgamma(gain + 1)
        + size * math.log(size / (size + mean)) + gain * math.log(mean / (size + mean))
    )  # fmt: skip


def _gain(guess: _Guess, lacking: int, start: int, ahead: Sequence[float]) -> tuple[float, float]:
    """Return the mean of what such shifts gain by one guess, and its variance."""
    share, total = lacking / start, sum(ahead)
    end = _left_after(share, guess.rate, guess.harder, total)
    mean = start * (share - end)
    # A week's luck is partly made good by the weeks after it, as more or less is left to them: by (end/share)**(harder-1)
    # and the share gained, taken together as the share that is left.
    scatter, before = 0.0, share
    for shifts in ahead:
        after = _left_after(before, guess.rate, guess.harder, shifts)
        gained = start * (before - after)
        carried = (end / after) ** guess.harder if after > 0 else 0.0
        scatter += carried**2 * (gained + gained**2 / guess.size)
        before = after
    a_shift = start * guess.rate * end**guess.harder
    of_level, of_weeks = (SHIFTS_LEVEL_CV * total) ** 2, SHIFTS_WEEK_CV**2 * sum(shifts**2 for shifts in ahead)
    return mean, scatter + a_shift**2 * (of_level + of_weeks)


def _bounds(course: Course, guesses: Sequence[_Guess], start: int) -> tuple[float, float, float]:
    """Return (expected, low, high) of the count after the shifts ahead."""
    parts = _gathered([(guess.weight, *_gain(guess, course.lacking, start, course.ahead)) for guess in guesses])
    expected = sum(weight * mean for weight, mean, _ in parts)
    low, high = (_quantile(parts, p, course.lacking) for p in ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2))
    return course.now + expected, course.now + low, course.now + high


def _gathered(parts: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Return a mixture of a few dozen parts for one of hundreds: neighbours become one of the same mean and variance."""
    found: list[tuple[float, float, float]] = []
    weight = first = second = 0.0
    for share, mean, variance in sorted(parts, key=lambda part: part[1]):
        weight, first, second = weight + share, first + share * mean, second + share * (variance + mean * mean)
        if weight >= 1 / PARTS:
            found.append((weight, first / weight, second / weight - (first / weight) ** 2))
            weight = first = second = 0.0
    if weight:
        found.append((weight, first / weight, second / weight - (first / weight) ** 2))
    return found


def _quantile(parts: Sequence[tuple[float, float, float]], share: float, most: float) -> float:
    """Return the value below which so great a share of the mixture lies, within nought and `most`."""
    low, high = 0.0, float(most)
    for _ in range(24):
        middle = (low + high) / 2
        below = sum(weight * _normal(middle, mean, variance) for weight, mean, variance in parts)
        low, high = (middle, high) if below < share else (low, middle)
    return (low + high) / 2


def _normal(value: float, mean: float, variance: float) -> float:
    """Return the normal distribution function; half a count is within the count's own grain."""
    return 0.5 * (1 + math.erf((value - mean) / math.sqrt(2 * max(variance, 0.25))))


def _needed(course: Course, guesses: Sequence[_Guess], start: int) -> int | None:
    """Return how many shifts a week bring the expected count to the target."""
    if course.target is None or not course.ahead:
        return None
    missing = course.target - course.now
    if missing <= 0:
        return 0

    def gained(shifts: float) -> float:
        share = course.lacking / start
        return sum(g.weight * start * (share - _left_after(share, g.rate, g.harder, shifts)) for g in guesses)

    usual = max(sum(course.ahead), len(course.ahead) * sum(course.shifts) / len(course.shifts), 1.0)
    low, high = 0.0, MOST_TIMES * usual
    if gained(high) < missing:
        return None
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if gained(middle) < missing else (low, middle)
    return math.ceil(round(high / len(course.ahead), 6))


def _where(gaps: Sequence[tuple[int, int]], share: float = 0.6, most: int = 5) -> tuple[int, ...]:
    """Return the few hamlets that together make up most of the gap."""
    total = sum(gap for _, gap in gaps if gap > 0)
    found: list[int] = []
    covered = 0
    for hamlet_id, gap in sorted(gaps, key=lambda pair: -pair[1]):
        if gap <= 0 or covered >= share * total or len(found) == most:
            break
        found.append(hamlet_id)
        covered += gap
    return tuple(found)
