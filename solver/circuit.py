"""The visits of one crew by CP-SAT, for the crews in which a quick search leaves somebody out."""

from collections.abc import Mapping
from typing import Any

from solver.ordering import Round
from solver.world import World

MOST_VISITS = 40


def best_circuit(
    world: World, slot: int, start: int, worth: Mapping[int, int], known: tuple[int, ...], effort: float, seconds: float | None
) -> tuple[tuple[int, ...], float]:
    """Return the households that are worth most together in an order that fits, and CP-SAT's deterministic time spent.

    `known` is an order that fits, returned where nothing better is found in time; `effort` limits the deterministic time,
    `seconds` the clock too, where given.
    """
    from ortools.sat.python import cp_model

    if len(worth) > MOST_VISITS:
        return known, 0.0
    way = Round(world, slot, start, tuple(worth))
    model: Any = cp_model.CpModel()
    arcs, visited = _post(way, model)
    model.maximize(sum(worth[h] * visited[i] for i, h in enumerate(way.houses)))
    model.add(sum(worth[h] * visited[i] for i, h in enumerate(way.houses)) > sum(worth[h] for h in known))
    solver: Any = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = effort
    if seconds is not None:
        solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    used = float(solver.response_proto.deterministic_time)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return known, used
    after = {i: j for i, j, arc in arcs if i != j and solver.value(arc)}
    order, depot = [], len(way.houses)
    at = after.get(depot, depot)
    while at != depot:
        order.append(way.houses[at])
        at = after[at]
    return tuple(order), used


def _post(way: Round, model: Any) -> tuple[list[tuple[int, int, Any]], list[Any]]:
    """Post the round trip: arcs between visits (the depot comes last), and who is visited; not everybody need be."""
    from ortools.sat.python import cp_model

    count = depot = len(way.houses)
    ends = way.opens + way.room
    visited = [model.new_bool_var(f"visit_{i}") for i in range(count)]
    begin, arcs = [], [(depot, depot, model.new_bool_var("at_home"))]
    for i, spans in enumerate(way.windows):
        latest = ends - way.length[i] - way.legs[i][depot]
        earliest = way.opens + way.legs[depot][i]
        whole = [[way.opens, ends]]
        times = whole if spans is None else [[max(a, way.opens), min(b, ends)] for a, b in spans if b >= way.opens and a <= ends]
        if not times:
            times = whole
            model.add(visited[i] == 0)
        begin.append(model.new_int_var_from_domain(cp_model.Domain.from_intervals(times), f"begin_{i}"))
        arcs.append((i, i, visited[i].negated()))
        out, back = model.new_bool_var(f"first_{i}"), model.new_bool_var(f"last_{i}")
        arcs += [(depot, i, out), (i, depot, back)]
        model.add(begin[i] >= earliest).only_enforce_if(out)
        model.add(begin[i] <= latest).only_enforce_if(back)
    for i in range(count):
        for j in range(count):
            if i != j:
                arc = model.new_bool_var(f"{i}_{j}")
                arcs.append((i, j, arc))
                model.add(begin[j] >= begin[i] + way.length[i] + way.legs[i][j]).only_enforce_if(arc)
    model.add_circuit(arcs)
    # implied by the times, but seen by the linear relaxation: all lengths and legs together fit the slot
    model.add(sum((way.legs[i][j] + (way.length[j] if j < depot else 0)) * arc for i, j, arc in arcs if i != j) <= way.room)
    return arcs, visited
