"""Rounds of column generation: price the routes, prove, and let the master find better prices of households.

Every round ends with a proof: for any prices u >= 0 of households no plan is worth more than

    sum of u + the best that crews can earn when each is paid its best route less the prices of its households,

where routes are relaxed and crews are fractions (see `docs/decisions/0015-how-the-bound-is-proved.md`).
"""

from collections.abc import Callable, Iterable

import numpy as np

from solver.bound.master import Master
from solver.bound.pool import KnownRoute
from solver.bound.prices import Fast
from solver.bound.pricing import Pricing
from solver.bound.program import Frozen
from solver.travel import Floats
from solver.world import Flags

REACH_SECONDS = 8.0
"""Half the side of the first box, as seconds of a crew."""
STRIDE = 0.6
"""Share of the way to the master's prices that is gone: full steps overshoot where few routes are known."""
CLOSE = 5e-4
"""Relative distance to what the master hopes for at which its routes are as good as it can tell."""


class Proof:
    """The state of column generation: `value` is the best bound so far (milli-points) and `centre` the prices behind it.

    `proved` hears each bound as soon as it holds, within a round too.
    """

    def __init__(self, fast: Fast, house_price: Floats, value: float, halt: Flags, proved: Callable[[float], None]) -> None:
        self._fast = fast
        self._pricing = Pricing(fast, halt)
        self._proved = proved
        self._second = float(fast.price.mean()) + fast.way_cost
        dear = house_price[house_price > 0]
        self._least_reach = 0.3 * self._second
        self._reach = max(REACH_SECONDS * self._second, 0.03 * float(dear.mean()) if len(dear) else 0.0)
        self._trial = self.centre = house_price
        self.value = value
        self._here, self._model = np.inf, 0.0
        self._programs: dict[int, Frozen] = {}
        self._master: Master | None = None
        self._share = fast.share
        self.rounds = 0
        self.finished = not self._pricing.possible

    def round(self, should_stop: Callable[[], bool]) -> bool:
        """Do one round; False where it was stopped before it could prove anything."""
        earned = self._pricing.evaluate(self._trial, self._slack(), self._earn, should_stop)
        if earned is None:
            return False
        self._judge(float(self._trial.sum()) + earned)
        self.rounds += 1
        if not should_stop() and not self.finished:
            self._step()
        return True

    def learn(self, routes: Iterable[KnownRoute]) -> None:
        """Take up routes of a plan (slot, start, households in order): the more routes are known, the better the next prices."""
        self._pricing.learn(routes)

    def _slack(self) -> float:
        """Return by how much a block may be bounded too high: little against what this round may win."""
        open_gap = max(self.value - self._model, 0.0) if self._model else 0.02 * self.value
        return max(20.0, 0.1 * open_gap / max(1, len(self._fast.world.starts)))

    def _earn(self, of_blocks: Floats) -> tuple[float, Floats]:
        """Return what crews can earn at most, whatever their share of shifts, and what each block has to bring to be used."""
        crews, of_offers = self._fast.crews, of_blocks[self._pricing.block_of_offer]
        most, asked = -np.inf, of_offers
        for share in sorted(crews.shares, key=lambda f: (f != self._share, f)):
            worth = crews.worth(of_offers, share)
            if share not in self._programs:
                self._programs[share] = Frozen(crews.program(share), worth)
            program = self._programs[share]
            program.revalue(worth)
            # the prices of the last rounds may prove it
            value = program.bound(program.prices)
            if np.isinf(most) or value > most:
                program.solve()
                value = min(value, program.bound(program.prices))
            if value > most:
                most, self._share = value, share
                asked = (worth - program.reduced(program.prices))[: len(of_offers)]
        # all blocks are bounded from the beginning of a round, only not yet well
        self._proved(float(self._trial.sum()) + most)
        least = np.full(len(of_blocks), np.inf)
        np.minimum.at(least, self._pricing.block_of_offer, asked)
        return most, least

    def _judge(self, value: float) -> None:
        """Keep the best proof, and shrink the box where the step was not worth its length."""
        hoped, won = self._here - self._model, self._here - value
        if self._model and won <= 0:
            self._reach *= 0.6
        elif self._model and won < 0.3 * hoped:
            self._reach *= 0.8
        elif self._model and won > 0.6 * hoped:
            self._reach *= 2.0
        if won > 0:
            self._here, self.centre = value, self._trial
        self.value = min(self.value, value)
        self._reach = max(self._reach, self._least_reach)

    def _step(self) -> None:
        """Let the master choose the next prices."""
        # routes of a plan also go where no route that the proof looks for would
        visited = np.array(sorted(self._pricing.pool.houses), dtype=np.int64)
        houses = np.unique(np.concatenate([visited, *(group.reached for group in self._pricing.groups)]))
        master = self._master
        if master is None or master.share != self._share or not np.isin(houses, master.houses).all():
            master = self._master = Master(self._fast.crews, self._pricing, self._share, houses)
        prices = master.solve(self.centre, self._reach)
        if prices is None:
            self.finished = True
            return
        self._model = master.value + float(np.delete(self.centre, master.houses).sum())
        self._trial = self.centre + STRIDE * (prices - self.centre)
        if self._here - self._model <= CLOSE * self.value:
            self.finished = not self._pricing.remember_more()
            self._master = None
