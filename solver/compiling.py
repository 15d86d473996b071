"""Compile everything by planning a very small week in which every kind of step is taken."""

from solver.bound import Prover
from solver.crews import Estimates, form_crews
from solver.kernel.warm import mark_warm
from solver.ordering import Round, arranged_by_kernel
from solver.pins import accept_pins
from solver.problem import parse_problem
from solver.search import Search
from solver.week import Week
from solver.world import World

STEPS = 300
PROOF_ROUNDS = 2


def compile_all() -> None:
    """Compile, and note that it is done; takes some seconds, once a machine."""
    world = World(parse_problem(_small_week()))
    accept_pins(world)
    week = Week(world)
    prover = Prover(world)
    arranged_by_kernel(Round(world, 0, 0, range(3)), dict.fromkeys(range(3), 1), 1)
    form_crews(week, Estimates(world), bool)
    search = Search(week, prover.first(), seed=1)
    search.run(STEPS, 0.5)
    search.finish(week)
    prover.improve(lower=lambda: 0, should_stop=bool, rounds=PROOF_ROUNDS)
    mark_warm()


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
