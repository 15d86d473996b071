"""Compile everything by planning a very small week in which every kind of step is taken: search and proof side by side."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from solver.bound import Prover
from solver.crews import Estimates, form_crews
from solver.kernel.warm import mark_warm
from solver.ordering import Round, arranged_by_kernel
from solver.pins import accept_pins
from solver.problem import parse_problem
from solver.proof import guess
from solver.search import Search
from solver.week import Week
from solver.world import World

STEPS = 300
PROOF_ROUNDS = 2


def compile_all() -> None:
    """Compile in two processes, and note that it is done; takes some seconds, once a machine."""
    command = [sys.executable, "-m", "solver", "warm", "--part", "proof"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, cwd=Path(__file__).parents[1]) as other:
        compile_search()
        other.wait()
    if other.returncode:
        compile_proof()
    mark_warm()


def compile_part() -> None:
    """Compile what the proof needs for another process, and end with it: it holds the other end of the standard input."""
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    compile_proof()


def _end_with_the_other() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def compile_search() -> None:
    """Compile what the search needs."""
    world, week = _small_world()
    search = Search(week, guess(world), seed=1)
    search.run(STEPS, 0.5)
    search.finish(week)


def compile_proof() -> None:
    """Compile what the proof, and promises in order, need."""
    world, _ = _small_world()
    prover = Prover(world)
    prover.first()
    prover.improve(lower=lambda: 0, should_stop=bool, rounds=PROOF_ROUNDS)
    arranged_by_kernel(Round(world, 0, 0, range(3)), dict.fromkeys(range(3), 1), 1)


def _small_world() -> tuple[World, Week]:
    world = World(parse_problem(_small_week()))
    accept_pins(world)
    week = Week(world)
    form_crews(week, Estimates(world), bool)
    return world, week


def _small_week() -> dict[str, object]:
    places = [{"id": f"p{n}", "x": 100.0 * n, "y": 70.0 * (n % 3)} for n in range(8)]
    slots = [{"id": f"s{n}", "class": f"c{n % 2}", "start": 20_000 * n, "end": 20_000 * n + 7_200} for n in range(3)]
    people = [
        {
            "id": f"v{n}",
            "start": f"p{n}",
            "slots": [s["id"] for s in slots],
            "max_shifts": 2,
            "skills": ["lead"],
            "languages": ["vi"],
        }
        for n in range(4)
    ]
    homes = [
        {"id": f"h{n}", "location": f"p{n % 8}", "visit_seconds": 1_200, "reward": {"c0": 10 + n, "c1": 12}, "languages": ["vi"]}
        for n in range(24)
    ]
    return {
        "format": "weekly-problem/1",
        "name": "small",
        "locations": places,
        "travel": {"metres_per_second": 1.5, "detour": 1.3, "fixed_seconds": 60},
        "slots": slots,
        "volunteers": people,
        "crew": {"size": 2, "skills": ["lead"]},
        "households": homes,
        "weights": {"travel_per_hour": 20, "extra_shift": 15, "new_face": 3, "change": 6},
    }
