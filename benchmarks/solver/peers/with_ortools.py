"""OR-Tools Routing: guided local search over optional nodes.

A node's penalty for staying out is the prize of its best class; the cost of the ways, one matrix a class of slot, charges the
difference: exact. Lengths by class are exact through one time matrix a class. Who may visit whom, and the windows with the
gaps between them, are said of the node itself.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks.solver.peers.running import Effort, Routes, Variant, run
from benchmarks.solver.routing import RoutingCase, doors_alike

FIRST = routing_enums_pb2.FirstSolutionStrategy
META = routing_enums_pb2.LocalSearchMetaheuristic

VARIANTS = {
    "all households": Variant(settings={"neighbours": 1.0}),
    "all households, near insertions": Variant(settings={"neighbours": 0.02}),
    "best by the minute, 1.4x": Variant(1.4, settings={"neighbours": 1.0}),
    "by price, 1.3x": Variant(1.3, helped=True, settings={"neighbours": 1.0}),
}


def search(case: RoutingCase, effort: Effort, settings: dict[str, Any]) -> Routes:
    """Return the routes of the best solution found in time; none of its own where not even a first one was found."""
    doors, crews = len(case.door_ids), len(case.opens)
    at = [int(place) for place in case.place_of_crew]
    manager = pywrapcp.RoutingIndexManager(len(case.travel_seconds), crews, at, at)
    model = pywrapcp.RoutingModel(manager)
    _price(case, model)
    _time(case, manager, model)
    everyone = set(range(crews))
    columns, group_of_door = doors_alike(case.welcome & ~case.avoided)
    able = [np.flatnonzero(columns[:, g]).tolist() for g in range(columns.shape[1])]
    for door in range(doors):
        index = manager.NodeToIndex(door)
        model.AddDisjunction([index], int(case.point_cost * case.best_points[door]))
        if set(able[group_of_door[door]]) != everyone:
            model.VehicleVar(index).SetValues([-1, *able[group_of_door[door]]])  # -1: by nobody
    assignment = model.SolveWithParameters(_parameters(effort, settings))
    if assignment is None:
        return [[] for _ in range(crews)]
    return [_route(manager, model, assignment, crew) for crew in range(crews)]


def _parameters(effort: Effort, settings: dict[str, Any]) -> Any:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = FIRST.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = META.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(round(1000 * effort.seconds))
    # of all ways into a door only so many of the cheapest are looked at for the first plan, or large ones get none in time
    parameters.global_cheapest_insertion_first_solution_parameters.neighbors_ratio = settings["neighbours"]
    return parameters


def _price(case: RoutingCase, model: Any) -> None:
    """Charge every way to a door its seconds, and what the class of the crew's slot brings less than the best one."""
    doors, evaluators = len(case.door_ids), []
    for points in case.points:
        cost = case.second_cost * case.travel_seconds
        cost[:, :doors] += case.point_cost * (case.best_points - points)
        np.fill_diagonal(cost, 0)
        evaluators.append(model.RegisterTransitMatrix(cost.tolist()))
    for crew, kind in enumerate(case.class_of_crew):
        model.SetArcCostEvaluatorOfVehicle(evaluators[kind], crew)


def _time(case: RoutingCase, manager: Any, model: Any) -> None:
    """Say how long visits and ways take, when crews are out, and when a visit may start."""
    doors, evaluators = len(case.door_ids), []
    for kind, seconds in enumerate(case.visit_seconds):
        if kind and (seconds == case.visit_seconds[0]).all():
            evaluators.append(evaluators[0])
            continue
        passing = case.travel_seconds.copy()
        passing[:doors] += seconds[:, None]
        evaluators.append(model.RegisterTransitMatrix(passing.tolist()))
    opens, closes = int(case.opens.min()), int(case.closes.max())
    longest_wait = int((case.closes - case.opens).max())
    model.AddDimensionWithVehicleTransits([evaluators[kind] for kind in case.class_of_crew], longest_wait, closes, False, "time")
    clock = model.GetDimensionOrDie("time")
    for crew in range(len(case.opens)):
        for end in (model.Start(crew), model.End(crew)):
            clock.CumulVar(end).SetRange(int(case.opens[crew]), int(case.closes[crew]))
    for door, windows in enumerate(case.windows):
        hours = clock.CumulVar(manager.NodeToIndex(door))
        if windows is None:
            hours.SetRange(opens, closes)
            continue
        ordered = sorted(windows)
        hours.SetRange(ordered[0][0], max(b for _, b in ordered))
        for (_, last), (first, _) in pairwise(ordered):
            if last + 1 < first:
                hours.RemoveInterval(last + 1, first - 1)


def _route(manager: Any, model: Any, assignment: Any, crew: int) -> list[int]:
    stops, index = [], assignment.Value(model.NextVar(model.Start(crew)))
    while not model.IsEnd(index):
        stops.append(manager.IndexToNode(index))
        index = assignment.Value(model.NextVar(index))
    return stops


if __name__ == "__main__":
    sys.exit(run("ortools", search, VARIANTS))
