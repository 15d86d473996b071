"""Stage 1, exact: CP-SAT decides who works when, so that the most valuable slots get as many crews as people allow."""

from dataclasses import dataclass
from typing import Any

from solver.crews import Estimates
from solver.week import Week

LOCAL_SHARE = 0.1
"""How much of a crew's worth depends on where its people live; partners count for it too, so it must stay small."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long CP-SAT may think: `seconds` by the clock, or None and only `work` (its deterministic time) counts."""

    seconds: float | None
    work: float
    workers: int = 1


def rostered(week: Week, slot_points: tuple[float, ...], estimate: Estimates, effort: Effort) -> dict[int, set[int]] | None:
    """Return for each slot the people who should go out in it, or None where CP-SAT found nothing in time.

    `slot_points` is what a crew's time in each slot is worth. Crews that stand already keep their people.
    """
    from ortools.sat.python import cp_model

    world = week.world
    model: Any = cp_model.CpModel()
    seats = {
        (v, s): model.new_bool_var(f"works_{v}_{s}")
        for s in range(len(world.ends))
        for v in range(len(world.starts))
        if slot_points[s] > 0 and week.can_join(v, s)
    }
    if not seats:
        return None
    crews = {s: model.new_int_var(0, len(world.starts), f"crews_{s}") for s in sorted({s for _, s in seats})}
    for s, count in crews.items():
        people = [v for v in range(len(world.starts)) if (v, s) in seats]
        model.add(sum(seats[v, s] for v in people) == world.size * count)
        for skill in world.problem.crew.skills:
            model.add(sum(seats[v, s] for v in people if skill in world.skills[v]) >= count)
    shifts = _shifts(week, model, seats)
    # in millionths of the dearest slot: whatever rewards and weights are, no sum leaves 64 bits
    scale = 1e6 / max(slot_points)
    points = sum(round(scale * slot_points[s]) * count for s, count in crews.items())
    points += sum(round(scale * value) * seats[key] for key, value in _local(week, slot_points, estimate, list(seats)).items())
    extra_cost = min(round(scale * world.problem.weights.extra_shift), 10**8)
    model.maximize(points - extra_cost * _extra(week, model, shifts))
    solver: Any = cp_model.CpSolver()
    solver.parameters.random_seed = 1
    solver.parameters.num_workers = effort.workers
    solver.parameters.max_deterministic_time = effort.work
    solver.parameters.relative_gap_limit = 0.01
    if effort.seconds is not None:
        solver.parameters.max_time_in_seconds = effort.seconds
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return {s: {v for v, t in seats if t == s and solver.value(seats[v, s])} for s in crews}


def _shifts(week: Week, model: Any, seats: dict[tuple[int, int], Any]) -> dict[int, Any]:
    """Limit everybody's shifts, and return their number as expressions, those of standing crews included."""
    world = week.world
    shifts: dict[int, Any] = {}
    for v in range(len(world.starts)):
        mine = {s: seats[v, s] for s in range(len(world.ends)) if (v, s) in seats}
        for s, seat in mine.items():
            for t in world.overlaps[s]:
                if t > s and t in mine:
                    model.add_at_most_one([seat, mine[t]])
        shifts[v] = sum(mine.values()) + week.shifts[v]
        if mine:
            model.add(shifts[v] <= world.max_shifts[v])
    return shifts


def _extra(week: Week, model: Any, shifts: dict[int, Any]) -> Any:
    """Return the number of shifts beyond the fair share, which is ceil(all seats / people with a slot)."""
    world = week.world
    if not world.able or not world.problem.weights.extra_shift:
        return 0
    most = max(world.max_shifts, default=0)
    fair = model.new_int_var(0, most, "fair")
    model.add(world.able * fair <= sum(shifts.values()) + world.able - 1)
    extra = []
    for v, count in shifts.items():
        if world.max_shifts[v] > 1:
            extra.append(model.new_int_var(0, most, f"extra_{v}"))
            model.add(extra[-1] >= count - fair)
    return sum(extra)


def _local(
    week: Week, slot_points: tuple[float, ...], estimate: Estimates, keys: list[tuple[int, int]]
) -> dict[tuple[int, int], float]:
    """Return points for having people who live where there is much to do."""
    world = week.world
    local = {(v, s): estimate(s, world.starts[v]) for v, s in keys}
    most = {s: max(local[k] for k in keys if k[1] == s) for s in {s for _, s in keys}}
    share = LOCAL_SHARE / world.size
    return {(v, s): share * slot_points[s] * value / most[s] if most[s] else 0.0 for (v, s), value in local.items()}
