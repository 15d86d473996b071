"""From a problem to a plan: promises → crews → routes → improve → explain."""

import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

import numpy as np

from solver.bound import Prices
from solver.crews import Estimates, form_crews, group
from solver.kernel.warm import ASKED_EVERY_SECONDS, Compiling, is_warm
from solver.meanwhile import Meanwhile
from solver.params import SolveParams
from solver.pins import accept_pins, lay_down, rejected_pins
from solver.plan import Crew, Plan, Visit, plan_to_dict
from solver.problem import Problem, parse_problem
from solver.proof import Proof
from solver.reasons import unassigned
from solver.restore import Patience
from solver.roster import rostered
from solver.search import FILLED_TOGETHER
from solver.searches import Searches
from solver.watch import Progress, Watch
from solver.week import Week
from solver.world import World


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
        Hears ``{"seconds", "total", "bound"}`` now and then, with ``"stage": "compiling"`` while a machine compiles for the
        first time.
    should_stop
        Asked often; once it says True the best plan so far is returned.
    started
        `time.monotonic()` when the run began, for callers who spent some of the time limit before; default now.
    """
    watch = Watch(problem, params, on_progress, should_stop, started)
    world = World(problem)
    accept_pins(world)
    week = Week(world)
    if not any(slots and most for slots, most in zip(world.can_work, world.max_shifts, strict=True)):
        # nobody can go out: the empty plan is the only one, and there is nothing to search
        watch.tell(week.total(), week.total(), last=True)
        return _report(week, week.total())
    if not watch.is_clocked():
        compile_first(week, watch)
    lay_down(week, Patience(watch.is_late, watch.seconds_for_proof))
    if week.tours and not week.changes_over_limit():
        # of a week in force nearly all stands: whoever waits can go on with it
        watch.tell(week.total(), None)
    estimate = Estimates(world)
    plain = Meanwhile(week, estimate, params.seed, watch) if not week.tours and is_warm() and watch.is_clocked() else None
    with Proof(world, watch) as proof:
        with plain or nullcontext():
            prices = proof.prices()
            if not (world.base and watch.is_late()):
                form_all_crews(week, prices, estimate, watch)
        with Compiling() as compiling:
            if not compiling.is_done():
                watch.tell(week.total(), proof.bound, stage="compiling")
                fill_slowly(week, watch)
            wait_for(compiling, week, watch, proof.bound)
            if compiling.is_done():
                improve(week, prices, params, watch, proof)
        bound = proof.finish()
    if plain is not None and (plain.total > week.total() or week.penalty()):
        plain.put_back(week)
    watch.tell(week.total(), bound, last=True)
    return _report(week, bound)


def compile_first(week: Week, watch: Watch) -> None:
    """Wait until everything is compiled: where steps are counted, the plan must not depend on what a machine had at hand."""
    with Compiling() as compiling:
        wait_for(compiling, week, watch, None)


def wait_for(compiling: Compiling, week: Week, watch: Watch, bound: int | None) -> None:
    """Wait for compiled code as long as somebody waits for the plan."""
    while not compiling.is_done() and not watch.is_late():
        watch.tell(week.total(), bound, stage="compiling")
        time.sleep(ASKED_EVERY_SECONDS)


def improve(week: Week, prices: Prices, params: SolveParams, watch: Watch, proof: Proof) -> None:
    """Search until the time is up, cancelled, or the bound reached."""
    with Searches(week, prices, params.seed, watch.searches) as search:
        proof.tighten(lambda: search.total)
        search_on(search, watch, proof)
        search.finish(week)


def search_on(search: Searches, watch: Watch, proof: Proof) -> None:
    """Take steps, cooling down once or several times."""
    pace, steps, begun = Pace(), 0, watch.share_done(0)
    coolings, cooling = watch.coolings(search.crews), 0.0
    if coolings > 1:
        search.heat_up()
    while (share := watch.share_done(steps)) < 1.0 and (proof.bound is None or search.total < proof.bound):
        newer = proof.newer_prices()
        if newer is not None:
            search.reprice(newer)
        count = pace.steps(watch.steps_left(steps))
        whole, phase = divmod(coolings * (share - begun) / max(1e-9, 1.0 - begun), 1.0)
        if whole > cooling:
            search.heat_up()
            cooling = whole
        search.run(count, phase)
        steps += count
        proof.hear(search.routes)
        watch.tell(search.total, proof.bound)


class Pace:
    """Chooses how many steps to take before the clock is asked again: some 100 ms of them."""

    SECONDS = 0.1

    def __init__(self) -> None:
        self._count, self._asked = 50, 0.0

    def steps(self, left: int | None) -> int:
        """Return how many steps come next; where steps are counted, a fixed number, so that nothing depends on the clock."""
        if left is not None:
            return min(left, 500)
        now = time.monotonic()
        if self._asked:
            took = max(1e-4, now - self._asked)
            self._count = max(10, min(20_000, round(self._count * min(2.0, self.SECONDS / took))))
        self._asked = now
        return self._count


def form_all_crews(week: Week, prices: Prices, estimate: Estimates, watch: Watch) -> None:
    """Form crews of everybody left: by CP-SAT's roster where there is time for it, the rest greedily."""
    effort = watch.effort()
    if effort is not None:
        seconds = [s.end - s.start for s in week.world.problem.slots]
        worth = tuple(float(p) * t / 1000 for p, t in zip(prices.second_price, seconds, strict=True))
        for slot, people in (rostered(week, worth, estimate, effort) or {}).items():
            group(week, slot, people, estimate)
    form_crews(week, estimate, watch.is_late)


def fill_slowly(week: Week, watch: Watch) -> None:
    """Fill the crews without compiled code: a plan to fall back on while a machine compiles for the first time."""
    numbers, fair = list(week.tours), np.ones(len(week.world.place_of))
    for first in range(0, len(numbers), FILLED_TOGETHER):
        week.fill(numbers[first : first + FILLED_TOGETHER], fair, 1.0, watch.is_late)
    week.drop_empty()


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


def _report(week: Week, bound: int | None) -> Plan:
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
