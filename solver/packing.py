"""Which of the promised crews go out, where people would have to be in more of them than they can: proved by CP-SAT."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations
from typing import Any

from solver.cp_sat import exact_solver
from solver.week import Week
from solver.world import Members

Key = tuple[int, Members]
EFFORT = 2.0
"""CP-SAT's deterministic time, about seconds on one core: a few hundred crews take a tenth."""


def packed(week: Week, worth: Mapping[Key, int], seconds: float | None) -> set[Key] | None:
    """Return the crews that are worth most and can all join the week; None where all can, or where it was not proved in time."""
    limits = _limits(week, list(worth))
    if not limits:
        return None
    from ortools.sat.python import cp_model

    model: Any = cp_model.CpModel()
    goes = {key: model.new_bool_var(f"crew_{n}") for n, key in enumerate(worth)}
    for most, keys in limits:
        model.add(sum(goes[key] for key in keys) <= most)
    model.maximize(sum(value * goes[key] for key, value in worth.items()))
    solver = exact_solver(EFFORT, seconds)
    if solver.solve(model) != cp_model.OPTIMAL:
        return None
    return {key for key, var in goes.items() if solver.value(var)}


def _limits(week: Week, keys: list[Key]) -> list[tuple[int, list[Key]]]:
    """Return how many of which crews can go out at most; only what binds."""
    world = week.world
    of_person: dict[int, list[Key]] = defaultdict(list)
    for key in keys:
        for v in key[1]:
            of_person[v].append(key)
    limits = []
    for v, own in of_person.items():
        left = world.max_shifts[v] - week.shifts[v]
        if len(own) > left:
            limits.append((left, own))
        limits += [(1, [a, b]) for a, b in combinations(own, 2) if b[0] in world.overlaps[a[0]]]
    return limits
