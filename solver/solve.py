"""From a problem to a plan: promises → crews → routes → improve → explain."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from solver.bound import Bound, upper_bound
from solver.crews import Estimates, form_crews, group
from solver.improve import improve
from solver.params import SolveParams
from solver.pins import accept_pins, lay_down, rejected_pins
from solver.plan import Crew, Plan, Visit, plan_to_dict
from solver.problem import Problem, parse_problem
from solver.reasons import unassigned
from solver.restore import Patience
from solver.roster import Effort, rostered
from solver.week import Week
from solver.world import World

Progress = Callable[[dict[str, Any]], None]
TELL_EVERY_SECONDS = 0.5
FILLED_TOGETHER = 40
"""Crews that compete for households in the first plan: all at once would leave a large week empty where time is short."""


def solve(
    problem: Problem,
    params: SolveParams,
    *,
    on_progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
    started: float | None = None,
) -> Plan:
    """Plan the week; always a valid plan, the better the longer it may take.

    Parameters
    ----------
    on_progress
        Hears ``{"seconds", "total", "bound"}`` now and then.
    should_stop
        Asked often; once it says True the best plan so far is returned.
    started
        `time.monotonic()` when the run began, for callers who spent some of the time limit before; default now.
    """
    watch = Watch(problem, params, on_progress, should_stop, started)
    world = World(problem)
    accept_pins(world)
    bound = upper_bound(world)
    watch.bound = bound.total
    week = Week(world)
    lay_down(week, Patience(watch.is_late, watch.seconds_for_proof))
    send_out(week, bound, watch)
    improve(week, params.seed, bound.total, watch.share_done, watch.tell)
    return _report(week, bound.total)


def solve_document(
    document: dict[str, Any],
    params: Mapping[str, Any],
    on_progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """Plan the week of a problem document with the fields of `SolveParams`; plain data in and out, for another process.

    Raises
    ------
    InvalidProblem, ValueError
        Where the document or a parameter is malformed.
    """
    started = time.monotonic()
    chosen = SolveParams(**params)
    plan = solve(parse_problem(document), chosen, on_progress=on_progress, should_stop=should_stop, started=started)
    return plan_to_dict(plan)


def send_out(week: Week, bound: Bound, watch: "Watch") -> None:
    """Form crews of everybody left and fill their slots: greedily, then by CP-SAT's roster, and keep what collects more."""
    estimate = Estimates(week.world)
    promised = week.snapshot()
    _form_and_fill(week, estimate, watch)
    effort = watch.effort()
    if effort is None:
        return
    greedy, rank = week.snapshot(), week.rank()
    week.restore(promised)
    for slot, people in (rostered(week, bound.slot_points, estimate, effort) or {}).items():
        group(week, slot, people, estimate)
    _form_and_fill(week, estimate, watch)
    if week.rank() < rank:
        week.restore(greedy)


def _form_and_fill(week: Week, estimate: Estimates, watch: "Watch") -> None:
    form_crews(week, estimate, watch.is_late)
    numbers, fair = list(week.tours), np.ones(len(week.world.place_of))
    for first in range(0, len(numbers), FILLED_TOGETHER):
        week.fill(numbers[first : first + FILLED_TOGETHER], fair, 1.0, watch.is_late)
    week.drop_empty()


class Watch:
    """Knows how much of the run is over, and tells others how it goes."""

    def __init__(
        self,
        problem: Problem,
        params: SolveParams,
        on_progress: Progress | None,
        should_stop: Callable[[], bool] | None,
        started: float | None,
    ) -> None:
        self.started = time.monotonic() if started is None else started
        self.bound: int | None = None
        self._iterations = params.iterations
        self._threads = params.threads
        # measured: explaining, checking and writing 25,000 households takes 0.6 s
        reserve = 0.05 + 3e-5 * len(problem.households)
        self._seconds = max(0.05, params.time_limit_seconds - reserve)
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._told = self.started

    def share_done(self, iteration: int) -> float:
        """Return how much of the run is over, 1 or more at its end; asks no clock where iterations are counted."""
        if self._should_stop is not None and self._should_stop():
            return 1.0
        if self._iterations is not None:
            return iteration / self._iterations if self._iterations else 1.0
        return (time.monotonic() - self.started) / self._seconds

    def is_late(self) -> bool:
        """Say that the first plan must be finished as it stands."""
        return self.share_done(0) >= 1.0 and self._iterations != 0

    def seconds_for_proof(self) -> float | None:
        """Return how long a proof may take before the search: a fifth of the run; None where iterations are counted."""
        if self._iterations is not None:
            return None
        return max(0.0, 0.2 * (self._seconds - (time.monotonic() - self.started)))

    def effort(self) -> Effort | None:
        """Return how long CP-SAT may think about the roster: an eighth of a run that is worth its start-up, or None."""
        if self._iterations is not None:
            return Effort(None, min(4.0, self._iterations / 2000)) if self._iterations >= 1000 else None
        left = self._seconds - (time.monotonic() - self.started)
        return Effort(min(6.0, left / 10), 1000.0, self._threads) if left > 4 else None

    def tell(self, total: int) -> None:
        """Report the total reached, unless that was done a moment ago."""
        if self._on_progress is None:
            return
        now = time.monotonic()
        if now - self._told >= TELL_EVERY_SECONDS:
            self._told = now
            self._on_progress({"seconds": round(now - self.started, 1), "total": total, "bound": self.bound})


def _report(week: Week, bound: int) -> Plan:
    """Write the week down as a plan, crews in the order of slots and people."""
    world, problem = week.world, week.world.problem
    tours = sorted((t for t in week.tours.values() if t.state.visits), key=lambda t: (t.slot, t.members))
    crews = tuple(
        Crew(
            problem.slots[tour.slot].id,
            tuple(problem.volunteers[v].id for v in tour.members),
            problem.locations[tour.start].id,
            tuple(Visit(problem.households[h].id, s) for h, s in zip(tour.state.visits, tour.state.begins, strict=True)),
        )
        for tour in tours
    )
    return Plan(crews, unassigned(world, tours), rejected_pins(world, week), week.total(), bound)
