"""What every peer's command does: read the problem and the crews, search, write routes and how long it took."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.solver.routing import RoutingCase, routing_case

Routes = list[list[int]]


@dataclass(frozen=True)
class Effort:
    """How much an engine may do: wall seconds of search (building its model comes on top), threads, seed."""

    seconds: float
    threads: int
    seed: int


@dataclass(frozen=True)
class Variant:
    """One way to put the problem to an engine.

    Parameters
    ----------
    candidates
        How many of the households it sees, in multiples of what the crews can visit; None: all. Those with most points a
        minute, as any user would choose them, unless `helped`.
    helped
        The choosing is done for the engine by the prices of `RoutingCase.dealt`, which are our method and none of its own.
    settings
        Its own.
    """

    candidates: float | None = None
    helped: bool = False
    settings: dict[str, Any] = field(default_factory=dict)


def run(package: str, search: Callable[[RoutingCase, Effort, dict[str, Any]], Routes], variants: dict[str, Variant]) -> int:
    """Run a peer's command. `search` returns the stops (numbers) of each crew, in order."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true", help="print the variants as JSON and stop")
    parser.add_argument("problem", type=Path, nargs="?")
    parser.add_argument("plan", type=Path, nargs="?", help="its crews are the vehicles")
    parser.add_argument("routes", type=Path, nargs="?", help="the file to write")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variant", choices=variants, default=next(iter(variants)))
    given = parser.parse_args()
    if given.list:
        print(json.dumps({name: variant.helped for name, variant in variants.items()}))
        return 0
    variant = variants[given.variant]
    problem = json.loads(given.problem.read_text(encoding="utf-8"))
    crews = [c for c in json.loads(given.plan.read_text(encoding="utf-8"))["crews"] if c["visits"]]
    case = routing_case(problem, crews, variant.candidates, by_price=variant.helped)
    began = time.monotonic()
    routes = search(case, Effort(given.seconds, given.threads, given.seed), variant.settings)
    told = {
        "routes": [[case.door_ids[i] for i in route] for route in routes],
        "stops": len(case.door_ids),
        "seconds": time.monotonic() - began,
        "version": importlib.metadata.version(package),
    }
    given.routes.write_text(json.dumps(told), encoding="utf-8")
    return 0
