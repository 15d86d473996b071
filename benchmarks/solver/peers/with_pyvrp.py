"""PyVRP: prize-collecting iterated local search.

A client has one prize for all vehicles, so the prize is that of its best class, and a routing profile a group of crews charges
the difference on every way to the door: exact. The same profiles close the doors a crew may not visit and carry visit lengths
that depend on the class. Several windows become a group of mutually exclusive clients. Avoided people cannot be said without
a profile a crew: visits that break this (hardly any) are taken out of its plan.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
import pyvrp
from pyvrp import Client, ClientGroup, Depot, Location, ProblemData, SolveParams, VehicleType
from pyvrp.search import PerturbationParams

from benchmarks.solver.peers.running import Effort, Routes, Variant, run
from benchmarks.solver.routing import RoutingCase

CLOSED = 10**9
"""Cost of a way to a door that the crew may not visit: more than any plan can earn at one door."""

VARIANTS = {
    "all households": Variant(),
    "best by the minute, 1.4x": Variant(1.4),
    "by price, 1.3x": Variant(1.3, helped=True, settings={"perturbation": {"max_perturbations": 10}}),
}


def search(case: RoutingCase, effort: Effort, settings: dict[str, Any]) -> Routes:
    """Return the routes of the best feasible solution found in time."""
    data, door_of_client = build(case)
    params = SolveParams(perturbation=PerturbationParams(**settings.get("perturbation", {})))
    deadline = time.monotonic() + effort.seconds  # its own clock would start only after its first local search
    result = pyvrp.solve(data, lambda _: time.monotonic() >= deadline, seed=effort.seed, collect_stats=False, params=params)
    routes: Routes = [[] for _ in case.opens]
    for route in result.best.routes():
        routes[route.vehicle_type()] = [door_of_client[stop.idx] for stop in route if stop.is_client()]
    return routes


def build(case: RoutingCase) -> tuple[ProblemData, list[int]]:
    """Return the model, one vehicle type a crew, and the door of each client."""
    doors = len(case.door_ids)
    welcome, group_of_crew = case.crews_alike
    kinds = [int(case.class_of_crew[np.flatnonzero(group_of_crew == g)[0]]) for g in range(len(welcome))]
    shortest = case.visit_seconds.min(axis=0)
    distances, durations = [], []
    for kind, open_doors in zip(kinds, welcome, strict=True):
        cost = case.second_cost * case.travel_seconds
        cost[:, :doors] += np.where(open_doors, case.point_cost * (case.best_points - case.points[kind]), CLOSED)
        duration = case.travel_seconds.copy()
        duration[:, :doors] += case.visit_seconds[kind] - shortest  # the rest is the client's own service
        np.fill_diagonal(cost, 0)
        np.fill_diagonal(duration, 0)
        distances.append(cost)
        durations.append(duration)
    clients, groups, door_of_client = _clients(case, shortest)
    places = len(case.travel_seconds)
    vehicles = [
        VehicleType(
            start_depot=int(case.place_of_crew[c]) - doors,
            end_depot=int(case.place_of_crew[c]) - doors,
            tw_early=int(case.opens[c]),
            tw_late=int(case.closes[c]),
            profile=int(group_of_crew[c]),
        )
        for c in range(len(case.opens))
    ]
    data = ProblemData(
        locations=[Location(0, 0) for _ in range(places)],
        clients=clients,
        depots=[Depot(location=i) for i in range(doors, places)],
        vehicle_types=vehicles,
        distance_matrices=distances,
        duration_matrices=durations,
        groups=groups,
    )
    return data, door_of_client


def _clients(case: RoutingCase, shortest: np.ndarray) -> tuple[list[Client], list[ClientGroup], list[int]]:
    clients: list[Client] = []
    groups: list[ClientGroup] = []
    door_of_client: list[int] = []
    for door, windows in enumerate(case.windows):
        common = {
            "location": door,
            "service_duration": int(shortest[door]),
            "prize": int(case.point_cost * case.best_points[door]),
            "required": False,
        }
        choices = [{}] if windows is None else [{"tw_early": a, "tw_late": b} for a, b in windows]
        group = None
        if len(choices) > 1:
            group = len(groups)
            groups.append(ClientGroup(list(range(len(clients), len(clients) + len(choices))), required=False))
        for choice in choices:
            clients.append(Client(**common, **choice, group=group))
            door_of_client.append(door)
    return clients, groups, door_of_client


if __name__ == "__main__":
    sys.exit(run("pyvrp", search, VARIANTS))
