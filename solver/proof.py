"""The proof beside the search: prices at once, then a tighter bound in a thread of its own for as long as the search lasts."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType

import numpy as np

from solver.bound import KnownRoute, Prices, Prover
from solver.watch import Watch
from solver.world import World

logger = logging.getLogger(__name__)

MANY_HOUSEHOLDS = 10_000
"""From here on the first bound takes a second or more: the first plan does not wait for it."""
HURRIED_SECONDS = 2.0
"""With less time left no plan waits for a bound."""
FEW_HOUSEHOLDS = 2_000
"""Up to here the first bound is there at once: beyond, it is not begun in a hurry, since it cannot be broken off."""
TYPICAL_WAY_SECONDS = 120.0
HEARD_EVERY_SECONDS = 1.0


class Proof:
    """Owns the prover and its thread; use it in a `with` statement."""

    def __init__(self, world: World, watch: Watch) -> None:
        self._world, self._watch = world, watch
        self._prover: Prover
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="proof")
        self._over = False
        self._first: Future[Prices] | None = None
        self._told = False
        self._tightening: Future[None] | None = None
        self._met: SimpleQueue[list[KnownRoute]] = SimpleQueue()
        self._heard = 0.0

    def __enter__(self) -> "Proof":
        left, households = self._watch.seconds_left(), len(self._world.place_of)
        has_time = left is None or left > HURRIED_SECONDS
        if not self._watch.is_late() and (has_time or households <= FEW_HOUSEHOLDS):
            self._first = self._pool.submit(self._begin)
            if has_time and households <= MANY_HOUSEHOLDS:
                self._first.result()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.finish()
        self._pool.shutdown()

    def _begin(self) -> Prices:
        self._prover = Prover(self._world)
        return self._prover.first()

    @property
    def bound(self) -> int | None:
        """The least that is proven so far, milli-points, or None while nothing is."""
        return self._prover.bound if self._first is not None and self._first.done() else None

    def prices(self) -> Prices:
        """Return proven prices, or a guess while there are none."""
        newer = self.newer_prices()
        return guess(self._world) if newer is None else newer

    def newer_prices(self) -> Prices | None:
        """Return the proven prices the first time they are there."""
        if self._told or self._first is None or not self._first.done():
            return None
        self._told = True
        return self._first.result()

    def tighten(self, lower: Callable[[], int]) -> None:
        """Go on proving beside the search; `lower` is a total that is reached."""
        if self._first is not None and self._watch.threads > 1 and self._watch.is_clocked():
            self._tightening = self._pool.submit(self._improve, lower)

    def hear(self, routes: Callable[[], list[KnownRoute]]) -> None:
        """Tell the proof now and then which routes the search has met: they are what its next prices are made of."""
        now = time.monotonic()
        if self._tightening is not None and now - self._heard >= HEARD_EVERY_SECONDS:
            self._heard = now
            self._met.put(routes())

    def _improve(self, lower: Callable[[], int]) -> None:
        self._prover.improve(
            lower=lower, should_stop=lambda: self._over or self._watch.share_done(0) >= 1.0, met=self._routes_met
        )

    def _routes_met(self) -> Iterator[KnownRoute]:
        while not self._met.empty():
            yield from self._met.get()

    def finish(self) -> int | None:
        """End the proof and return the bound; none where none was proven in time."""
        self._over = True
        if self._first is not None and self._first.done():
            self._prover.halt[0] = True
        if self._first is None or not (self._first.done() or self._first.cancel()):
            return None
        fault = self._tightening.exception() if self._tightening is not None else None
        if fault is not None:
            # what was proven stays proven, and no plan is lost for want of a better bound
            logger.error("the proof ended early", exc_info=fault)
        return self.bound


def guess(world: World) -> Prices:
    """Return rough prices: what the last household brings a second if the best come first; what others bring beyond it."""
    problem = world.problem
    seats = sum(min(v.max_shifts, len(v.slots)) for v in problem.volunteers) // world.size
    seconds = [s.end - s.start for s in problem.slots]
    if not seconds or not problem.households:
        return Prices(0, np.zeros(len(seconds)), np.zeros(len(problem.households)))
    longest = np.max([world.length[s] for s in range(len(seconds))], axis=0) + TYPICAL_WAY_SECONDS
    points = np.maximum(0.0, np.max([world.reward[s] for s in range(len(seconds))], axis=0))
    order = np.argsort(-points / longest, kind="stable")
    last = min(len(order) - 1, int(np.searchsorted(np.cumsum(longest[order]), seats * float(np.mean(seconds)))))
    price = float(points[order[last]] / longest[order[last]])
    return Prices(0, np.full(len(seconds), 1000.0 * price), 1000.0 * np.maximum(0.0, points - price * longest))
