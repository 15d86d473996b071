"""What is believed of a chance: a Beta distribution, begun from an assumption and moved by counts."""

from __future__ import annotations

import random
from dataclasses import dataclass

LEAST, MOST = 0.005, 0.995  # no assumption is so sure that visits could not correct it


@dataclass(frozen=True, slots=True)
class Count:
    """How often something was tried and came out well."""

    met: int = 0
    tried: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.met + other.met, self.tried + other.tried)


NOTHING = Count()


@dataclass(frozen=True, slots=True)
class Belief:
    """A Beta distribution. `met` and `missed` are its parameters: as if so many had been met and missed."""

    met: float
    missed: float

    @property
    def mean(self) -> float:
        """The chance expected."""
        return self.met / (self.met + self.missed)

    def quantile(self, share: float) -> float:
        """Return the chance that the true one is below with probability `share`."""
        from scipy.special import betaincinv  # 0.1 s and 20 MB: only who asks how sure a figure is pays

        return float(betaincinv(self.met, self.missed, share))

    def interval(self, share: float = 0.8) -> tuple[float, float]:
        """Return the two chances between which the true one lies with probability `share`."""
        return self.quantile((1 - share) / 2), self.quantile((1 + share) / 2)

    def drawn(self, dice: random.Random) -> float:
        """Return a chance drawn from what is believed."""
        return min(max(dice.betavariate(self.met, self.missed), LEAST), MOST)


def updated(prior: float, strength: float, count: Count) -> Belief:
    """Return what to believe after `count`, having expected `prior` as firmly as if from `strength` earlier tries."""
    expected = min(max(prior, LEAST), MOST)
    return Belief(strength * expected + count.met, strength * (1 - expected) + count.tried - count.met)
