"""VROOM: it serves as much priority as it can, then as many tasks as it can, then the cheapest way.

A job has no prize but a priority from 0 to 100, the same for all vehicles, and no way is long enough to give a job up for.
So rewards are scaled to priorities. As they depend on the class of slot, the classes are planned together, each household at
the reward of its best class; or one after another, each with its own rewards; or, with help, households are dealt to classes
beforehand. A skill for each group of households says which crews may come; windows and lengths by class are exact.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import vroom

from benchmarks.solver.peers.running import Effort, Routes, Variant, run
from benchmarks.solver.routing import RoutingCase, doors_alike

HIGHEST_PRIORITY = 100
LOWEST_EXPLORATION, HIGHEST_EXPLORATION = 0, 5
LARGE = 400_000
"""Households times crews above which it would be minutes over any time limit at its highest level (measured)."""

VARIANTS = {
    "together, all households": Variant(settings={"way": "together"}),
    "together, best by the minute, 1.2x": Variant(1.2, settings={"way": "together"}),
    "class by class, best by the minute, 1.2x": Variant(1.2, settings={"way": "class by class"}),
    "dealt by price, 1.1x": Variant(1.1, helped=True, settings={"way": "dealt"}),
    "dealt by price, 1.3x": Variant(1.3, helped=True, settings={"way": "dealt"}),
}


def search(case: RoutingCase, effort: Effort, settings: dict[str, Any]) -> Routes:
    """Return the routes of one run for all crews, or of one run a class, the class that pays best first."""
    allowed, everyone = case.welcome & ~case.avoided, np.arange(len(case.opens))
    routes: Routes = [[] for _ in everyone]
    if settings["way"] == "together":
        _plan(case, routes, everyone, allowed, case.best_points, effort)
    elif settings["way"] == "dealt":
        points = case.points[case.dealt, np.arange(len(case.dealt))]
        _plan(case, routes, everyone, allowed & (case.class_of_crew[:, None] == case.dealt), points, effort)
    else:
        for kind in np.argsort(-case.points.mean(axis=1)):
            crews = np.flatnonzero(case.class_of_crew == kind)
            share = replace(effort, seconds=effort.seconds * len(crews) / len(everyone))
            _plan(case, routes, crews, allowed, case.points[kind], share)
    return routes


def _plan(case: RoutingCase, routes: Routes, crews: np.ndarray, allowed: np.ndarray, points: np.ndarray, effort: Effort) -> None:
    """Fill the routes of these crews with households that no route has yet."""
    taken = {door for route in routes for door in route}
    doors = [d for d in np.flatnonzero(allowed[crews].any(axis=0) & (points > 0)).tolist() if d not in taken]
    if not doors:
        return
    columns, group_of_door = doors_alike(allowed[:, doors])
    problem = vroom.Input()
    problem.set_durations_matrix("car", case.travel_seconds.astype(np.uint32))
    problem.add_vehicle([_vehicle(case, int(crew), columns[crew]) for crew in crews])
    scale = HIGHEST_PRIORITY / points.max()
    problem.add_job(
        [
            vroom.Job(
                door,
                location=door,
                default_service=int(case.visit_seconds[:, door].max()),
                service_per_type={str(kind): int(seconds) for kind, seconds in enumerate(case.visit_seconds[:, door])},
                skills={int(group)},
                priority=max(1, round(scale * points[door])),
                time_windows=case.windows[door] or (),
            )
            for door, group in zip(doors, group_of_door, strict=True)
        ]
    )
    exploration = HIGHEST_EXPLORATION if len(doors) * len(crews) <= LARGE else LOWEST_EXPLORATION
    solution = problem.solve(exploration_level=exploration, nb_threads=effort.threads, timeout=timedelta(seconds=effort.seconds))
    steps = solution.routes
    for crew, kind, door in zip(steps["vehicle_id"], steps["type"], steps["id"], strict=True):
        if kind == "job":
            routes[int(crew)].append(int(door))


def _vehicle(case: RoutingCase, crew: int, groups: np.ndarray) -> vroom.Vehicle:
    place = int(case.place_of_crew[crew])
    return vroom.Vehicle(
        crew,
        start=place,
        end=place,
        time_window=(int(case.opens[crew]), int(case.closes[crew])),
        skills=set(np.flatnonzero(groups).tolist()),
        type=str(case.class_of_crew[crew]),
    )


if __name__ == "__main__":
    sys.exit(run("pyvroom", search, VARIANTS))
