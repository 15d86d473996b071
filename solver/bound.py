"""A proven upper bound on the total of any valid plan, by pricing the time of the crews (Lagrangian relaxation).

Let a crew second in a slot of class c cost a price p_c >= 0. Every visit takes its length and the shortest leg that can
lead to it out of some crew's slot, so for any prices no plan is worth more than

    the best the crews' time can earn + sum over households of max(0, best class: reward - travel - p_c * time).

Any prices prove a bound; a short search looks for low ones. Windows, routes and who goes with whom are relaxed.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver.travel import Floats
from solver.world import World

EVALUATIONS = 160


@dataclass(frozen=True, slots=True)
class Bound:
    """What no valid plan exceeds, and what a crew's time in each slot is worth at the prices that prove it."""

    total: int
    slot_points: tuple[float, ...]


def upper_bound(world: World) -> Bound:
    """Return the bound, milli-points, and for each slot the points that a crew's whole time in it is worth."""
    problem = world.problem
    kinds = sorted({s.kind for s in problem.slots})
    worth, seconds = _visits(world, kinds)
    crews = _Crews(world, kinds)

    def bound(prices: Floats) -> float:
        left = np.where(worth >= 0, worth - prices[:, None] * seconds, 0.0)
        return crews.earn(prices) + float(np.maximum(left, 0.0).max(axis=0, initial=0.0).sum())

    points, prices = _lowest(bound, len(kinds)) if kinds and problem.households else (0.0, np.zeros(len(kinds)))
    forced = len(problem.base) - world.unforced
    # the margin covers the rounding of the sums; it can only raise the bound
    total = (int(1000.0 * points * (1 + 1e-9)) + 1 if points > 0 else 0) - 1000 * problem.weights.change * forced
    return Bound(total, tuple(float(prices[kinds.index(s.kind)]) * (s.end - s.start) for s in problem.slots))


def _lowest(bound: Callable[[Floats], float], count: int) -> tuple[float, Floats]:
    """Pattern search over the prices: a step up or down for one class, half the step where neither helps."""
    prices = np.full(count, 0.02)
    best, step, used = min((bound(prices * f), f) for f in (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 50.0)), 0.5, 8
    prices, lowest = prices * best[1], best[0]
    while used < EVALUATIONS and step > 1e-3:
        improved = False
        for k in range(count):
            for factor in (1 + step, 1 / (1 + step)):
                trial = prices.copy()
                trial[k] *= factor
                value = bound(trial)
                used += 1
                if value < lowest:
                    prices, lowest, improved = trial, value, True
                    break
        if not improved:
            step /= 2
    return lowest, prices


def _visits(world: World, kinds: list[str]) -> tuple[Floats, Floats]:
    """Return (kinds x households) points less the cheapest way, -1 where never; and the seconds a visit takes at least."""
    problem = world.problem
    leg = _shortest_leg(world)
    slots = {s.kind: n for n, s in enumerate(problem.slots)}
    possible = {kind: np.zeros(len(leg), dtype=bool) for kind in kinds}
    for n, slot in enumerate(problem.slots):
        possible[slot.kind] |= world.open[n]
    points = np.array([np.where(possible[k], world.reward[slots[k]], -1.0) for k in kinds]).reshape(len(kinds), len(leg))
    travel = problem.weights.travel_per_hour / 3600 * leg
    worth = np.where(points >= 0, np.maximum(points - travel, 0.0), -1.0)
    seconds = np.array([world.length[slots[k]] for k in kinds]).reshape(len(kinds), len(leg)) + leg
    return worth, seconds


def _shortest_leg(world: World) -> Floats:
    """Return seconds that the leg to each household takes at least, from wherever the crew comes."""
    problem = world.problem
    used = Counter(world.place_of) + Counter(set(world.starts))
    alone = np.array([used[p] == 1 for p in world.place_of], dtype=bool)
    matrix = problem.travel.matrix_seconds
    if matrix is None:
        return np.where(alone, float(problem.travel.fixed_seconds), 0.0)
    table = np.array(matrix, dtype=np.float64).reshape(len(matrix), len(matrix))
    np.fill_diagonal(table, np.inf)
    nearest = table[sorted(used)].min(axis=0, initial=1e9)
    return np.where(alone, nearest[world.places], 0.0)


class _Crews:
    """How many crews there can be: by people, by the crew's skills, in each slot and in the week."""

    def __init__(self, world: World, kinds: list[str]) -> None:
        problem = world.problem
        self._kind = np.array([kinds.index(s.kind) for s in problem.slots], dtype=np.int64)
        self._seconds = np.array([s.end - s.start for s in problem.slots], dtype=np.float64)
        shifts = [min(v.max_shifts, len(v.slots)) for v in problem.volunteers]
        skilled = [[v for v, p in enumerate(problem.volunteers) if k in p.skills] for k in problem.crew.skills]
        self._week = min([sum(shifts) // world.size, *(sum(shifts[v] for v in people) for people in skilled)])
        self._most = []
        for s in range(len(problem.slots)):
            here = {v for v in range(len(shifts)) if s in world.can_work[v] and shifts[v]}
            self._most.append(min([len(here) // world.size, *(len(here.intersection(people)) for people in skilled)]))

    def earn(self, prices: Floats) -> float:
        """Return what all crews' seconds cost at these prices, the dearest slots first."""
        value = prices[self._kind] * self._seconds
        left, earned = self._week, 0.0
        for s in np.argsort(-value, kind="stable").tolist():
            count = min(left, self._most[s])
            earned += count * float(value[s])
            left -= count
        return earned
