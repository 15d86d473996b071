"""How much of a run is over, and how it goes."""

import time
from collections.abc import Callable
from typing import Any

from solver.params import SolveParams
from solver.problem import Problem
from solver.roster import Effort

Progress = Callable[[dict[str, Any]], None]
TELL_EVERY_SECONDS = 0.5
USUAL_STEPS_PER_SECOND = 20_000
STEPS_OF_A_CREW = 20_000
"""Steps for each crew in which a week cools down well; with more, it is cooled again, from the best week met."""


class Watch:
    """Knows how much of the run is over, and tells others how it goes; asks no clock where iterations are counted."""

    def __init__(
        self,
        problem: Problem,
        params: SolveParams,
        on_progress: Progress | None,
        should_stop: Callable[[], bool] | None,
        started: float | None,
    ) -> None:
        self.started = time.monotonic() if started is None else started
        self.iterations = params.iterations
        self.threads = params.threads
        # measured: explaining, checking and writing 25,000 households takes 0.6 s, starting and ending the process 0.3 s
        reserve = min(0.35, 0.1 * params.time_limit_seconds) + 3e-5 * len(problem.households)
        self._seconds = max(0.05, params.time_limit_seconds - reserve)
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._told = self.started
        self._best: int | None = None

    @property
    def searches(self) -> int:
        """How many searches run side by side: one core is the proof's."""
        return max(1, self.threads - 1)

    def is_cancelled(self) -> bool:
        """Say that nobody waits for a better plan any more."""
        return self._should_stop is not None and self._should_stop()

    def is_clocked(self) -> bool:
        """Say that the clock counts, not iterations: somebody waits."""
        return self.iterations is None

    def share_done(self, iteration: int) -> float:
        """Return how much of the run is over, 1 or more at its end."""
        if self.is_cancelled():
            return 1.0
        if self.iterations is not None:
            return iteration / self.iterations if self.iterations else 1.0
        return (time.monotonic() - self.started) / self._seconds

    def is_late(self) -> bool:
        """Say that the first plan must be finished as it stands."""
        return self.share_done(0) >= 1.0 and self.iterations != 0

    def seconds_left(self) -> float | None:
        """Return how long the run may still take; None where iterations are counted."""
        if self.iterations is not None:
            return None
        return max(0.0, self._seconds - (time.monotonic() - self.started))

    def steps_left(self, done: int) -> int | None:
        """Return how many iterations are left, or None where the clock counts."""
        return None if self.iterations is None else self.iterations - done

    def seconds_for_proof(self) -> float | None:
        """Return how long a proof about promises may take: a fifth of the run; None where iterations are counted."""
        left = self.seconds_left()
        return None if left is None else 0.2 * left

    def effort(self) -> Effort | None:
        """Return how long CP-SAT may think about the roster: a twelfth of a run that is worth its start-up, or None.

        Measured at 3,000 and 25,000 households: after a second the roster is as good as after four.
        """
        left = self.seconds_left()
        if left is None:
            return Effort(None, min(4.0, (self.iterations or 0) / 2000)) if (self.iterations or 0) >= 1000 else None
        return Effort(min(1.0, left / 12), 1000.0, self.threads) if left > 4 else None

    def coolings(self, crews: int) -> int:
        """Return how often the search is to cool down: more than once where a few crews have more steps than they can use."""
        left = self.seconds_left()
        steps = USUAL_STEPS_PER_SECOND * left if left is not None else float(self.iterations or 0)
        return max(1, int(steps / (STEPS_OF_A_CREW * max(2, crews))))

    def tell(self, total: int, bound: int | None, *, stage: str | None = None, last: bool = False) -> None:
        """Report the best total reached, unless that was done a moment ago and more is to come; `stage` where it is no search."""
        self._best = total = total if self._best is None else max(self._best, total)
        if self._on_progress is None:
            return
        now = time.monotonic()
        if last or now - self._told >= TELL_EVERY_SECONDS:
            self._told = now
            told: dict[str, Any] = {"seconds": round(now - self.started, 1), "total": total, "bound": bound}
            self._on_progress(told if stage is None else {**told, "stage": stage})
