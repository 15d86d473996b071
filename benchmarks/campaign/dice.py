"""Chance that does not depend on who asks when: the same question of the same seed has the same answer in every way of working.

A generator that hands out one number after another would give each way of working another world as soon as one of them
asks once more. Here every throw is named, e.g. ``("home", person, date, period)``: common random numbers by construction.
"""

from __future__ import annotations

from hashlib import blake2b
from statistics import NormalDist

_BELL = NormalDist()


class Dice:
    """Throws of one seed."""

    def __init__(self, *seed: int | str) -> None:
        self._key = blake2b(repr(seed).encode(), digest_size=32).digest()

    def unit(self, *what: int | str) -> float:
        """Return a number between 0 and 1, both excluded, evenly distributed."""
        drawn = blake2b(repr(what).encode(), digest_size=8, key=self._key).digest()
        return ((int.from_bytes(drawn, "big") >> 12) + 0.5) / 2**52

    def chance(self, probability: float, *what: int | str) -> bool:
        """Return True with a probability."""
        return self.unit(*what) < probability

    def normal(self, *what: int | str) -> float:
        """Return a number of the standard normal distribution."""
        return _BELL.inv_cdf(self.unit(*what))

    def pick(self, count: int, *what: int | str) -> int:
        """Return one of 0 … count - 1, all alike."""
        return int(self.unit(*what) * count)
