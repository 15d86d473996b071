"""One prover a run: the bound that holds so far, and the prices behind it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from solver.bound.pool import KnownRoute
from solver.bound.prices import Fast
from solver.bound.program import whole
from solver.bound.proof import Proof
from solver.travel import Floats
from solver.world import Flags, World


@dataclass(frozen=True, slots=True)
class Bound:
    """What no valid plan exceeds, and what a crew's time in each slot is worth at the prices that prove it."""

    total: int
    slot_points: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Prices:
    """A proven bound (milli-points) and what proves it."""

    bound: int
    second_price: Floats
    """Milli-points that a second of a crew's time is worth, by slot."""
    house_price: Floats
    """Milli-points that each household is worth beyond the time it takes."""


class Prover:
    """Proves bounds of a week; each attribute is replaced as a whole, so another thread may read it at any time.

    Attributes
    ----------
    bound
        Milli-points that no valid plan exceeds.
    prices
        What proves it.
    halt
        Set its only entry and the proof ends at once, even within compiled code.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._fast = Fast(world)
        self._lost = 1000 * world.problem.weights.change * len(world.problem.base)
        self.bound = 0
        self.halt: Flags = np.zeros(1, dtype=np.bool_)
        self.prices: Prices

    def first(self) -> Prices:
        """Return the fast bound: 0.05 s of one core at 600 households, 0.4 s at 8,500, 1.7 s at 25,000."""
        fast = self._fast
        fast.run()
        self.bound = self._total(fast.value)
        gains = fast.gains(fast.price).max(axis=0, initial=0.0)
        self.prices = self._prices(np.maximum(gains, 0.0))
        return self.prices

    def _total(self, value: float) -> int:
        return (whole(value) if value > 0 else 0) - self._lost

    def _lower(self, value: float) -> None:
        self.bound = min(self.bound, self._total(value))

    def _prices(self, house_price: Floats) -> Prices:
        by_slot = np.array([self._fast.price[k] for k in self._fast.kinds.of_slot], dtype=np.float64)
        return Prices(self.bound, by_slot, house_price)

    def improve(
        self,
        *,
        lower: Callable[[], int],
        should_stop: Callable[[], bool],
        rounds: int | None = None,
        met: Callable[[], Iterable[KnownRoute]] = tuple,
    ) -> None:
        """Tighten the proof after `first` until stopped, until `rounds` rounds are done, or until nothing is left to win.

        Parameters
        ----------
        lower
            The total of the best plan so far, milli-points: the proof ends where it meets that.
        should_stop
            Asked between crews.
        rounds
            The same number gives the same proof on every machine.
        met
            Asked before each round for routes met since: slot, start and households in order.
        """
        if not self._fast.crews.shares:
            return
        proof = Proof(self._fast, self.prices.house_price, self._fast.value, self.halt, self._lower)
        while (rounds is None or proof.rounds < rounds) and not proof.finished and self.bound > lower():
            proof.learn(met())
            if not proof.round(should_stop):
                return
            self.prices = self._prices(proof.centre)


def upper_bound(world: World) -> Bound:
    """Return the fast bound, milli-points, and for each slot the points that a crew's whole time in it is worth."""
    prices = Prover(world).first()
    seconds = [s.end - s.start for s in world.problem.slots]
    return Bound(prices.bound, tuple(float(p) * t / 1000 for p, t in zip(prices.second_price, seconds, strict=True)))
