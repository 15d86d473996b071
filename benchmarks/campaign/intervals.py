"""A mean and how sure it is: 95 % confidence intervals by Student's t over the seeds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

# Student's t, 97.5 %, by degrees of freedom from 1 on.
T = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110,
    2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


@dataclass(frozen=True)
class Interval:
    """A mean of `count` seeds and the half-width of its interval (nan for a single seed)."""

    mean: float
    half: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Interval:
        if len(values) < 2:
            return cls(fmean(values), math.nan, len(values))
        return cls(fmean(values), student_t(len(values) - 1) * stdev(values) / math.sqrt(len(values)), len(values))

    @property
    def low(self) -> float:
        return self.mean - self.half

    @property
    def high(self) -> float:
        return self.mean + self.half

    def text(self, digits: int = 0, unit: str = "") -> str:
        """Return e.g. ``1,234 ± 56``."""
        half = "" if math.isnan(self.half) else f" ± {self.half:,.{digits}f}"
        return f"{self.mean:,.{digits}f}{half}{unit}"

    def signed(self, digits: int = 1, unit: str = " %") -> str:
        """Return a difference with its interval, e.g. ``+12.3 % (10.1 to 14.5)``."""
        span = "" if math.isnan(self.half) else f" ({self.low:+.{digits}f} to {self.high:+.{digits}f})"
        return f"{self.mean:+.{digits}f}{unit}{span}"


def student_t(freedom: int) -> float:
    """Return the 97.5 % point of Student's t; beyond the table by its expansion, right to three places."""
    if freedom <= len(T):
        return T[freedom - 1]
    z = 1.959964
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
