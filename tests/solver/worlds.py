"""Named worlds: problems and plans as plain documents, small enough to work out by hand, or odd on purpose."""

import copy
import random
from typing import Any

from solver.plan import plan_from_dict
from solver.problem import parse_problem
from solver.rules.reading import read
from solver.rules.true_total import total_of
from solver.solve import solve_document

Document = dict[str, Any]


def one_lane() -> Document:
    """One straight lane: the house of culture at 0 m, doors at 300, 600 and 900 m; one metre takes one second.

    Hoa leads, Lan (a woman) goes with her; Minh leads too and speaks Khmer. `dusk` overlaps `evening`, `morning` is apart.
    """
    return {
        "format": "weekly-problem/1",
        "name": "one lane",
        "locations": [{"id": f"m{x}", "x": x, "y": 0} for x in (0, 300, 600, 900)],
        "travel": {"metres_per_second": 1, "detour": 1, "fixed_seconds": 0},
        "slots": [
            {"id": "evening", "class": "evening", "start": 0, "end": 7200},
            {"id": "dusk", "class": "evening", "start": 3600, "end": 10800},
            {"id": "morning", "class": "day", "start": 40000, "end": 47200},
        ],
        "volunteers": [
            a_volunteer("hoa", skills=["lead"], languages=["vi"]),
            a_volunteer("lan", skills=["woman"], languages=["vi"]),
            a_volunteer("minh", skills=["lead"], languages=["vi", "km"], slots=["morning"]),
        ],
        "crew": {"size": 2, "skills": ["lead"]},
        "households": [a_household("near", "m300"), a_household("middle", "m600"), a_household("far", "m900")],
        "pins": [],
        "base": {"visits": []},
        "weights": {"travel_per_hour": 20, "extra_shift": 15, "new_face": 3, "change": 6},
    }


def a_volunteer(name: str, **changes: Any) -> Document:
    """Return somebody who starts at 0 m and can work twice, in every slot."""
    person = {"id": name, "start": "m0", "slots": ["evening", "dusk", "morning"], "max_shifts": 2, "skills": [], "languages": []}
    return {**person, **changes}


def a_household(name: str, location: str, **changes: Any) -> Document:
    """Return a household that takes ten minutes and brings 60 points in the evening, 30 by day."""
    return {"id": name, "location": location, "visit_seconds": 600, "reward": {"evening": 60, "day": 30}, **changes}


def an_evening_out() -> Document:
    """Return the valid plan of `one_lane` in which Hoa and Lan visit all three doors in the evening."""
    crew = {
        "slot": "evening",
        "volunteers": ["hoa", "lan"],
        "start": "m0",
        "visits": [{"household": h, "start": s} for h, s in (("near", 300), ("middle", 1200), ("far", 2100))],
    }
    # 180 points, less 1,800 s of way at 20 points an hour: 180 - 10 = 170
    return {"format": "weekly-plan/1", "crews": [crew], "unassigned": [], "rejected_pins": [], "total": 170_000, "bound": 180_000}


def restated(problem: Document, plan: Document) -> Document:
    """Return the plan with its true total, so that nothing else is wrong with it."""
    total = total_of(read(parse_problem(problem), plan_from_dict(plan)))
    return {**plan, "total": total}


def solved(problem: Document, iterations: int = 60, seed: int = 1) -> Document:
    """Return a plan of the problem after so many rounds."""
    return solve_document(copy.deepcopy(problem), {"iterations": iterations, "seed": seed})


def only(problem: Document, **changes: Any) -> Document:
    """Return a copy of a problem with other values under some of its keys."""
    return copy.deepcopy({**problem, **changes})


def as_base(problem: Document, plan: Document) -> Document:
    """Return the problem of the week in which this plan is in force."""
    visits = [
        {"household": v["household"], "slot": c["slot"], "volunteers": c["volunteers"]}
        for c in plan["crews"]
        for v in c["visits"]
    ]
    return only(problem, base={"visits": visits})


def odd_week(seed: int) -> Document:
    """Return a small problem that has everything the format allows, most of it in unlikely combinations."""
    rng = random.Random(seed)
    places, people, homes = rng.randint(1, 8), rng.randint(0, 8), rng.randint(0, 14)
    slots = []
    for n in range(rng.randint(1, 4)):
        start = rng.randrange(0, 8000, 500)
        slots.append({"id": f"s{n}", "class": rng.choice("ab"), "start": start, "end": start + rng.randint(600, 4000)})
    volunteers = [
        {
            "id": f"v{n}",
            "start": f"L{rng.randrange(places)}",
            "slots": [s["id"] for s in slots if rng.random() < 0.6],
            "max_shifts": rng.randint(0, 3),
            "skills": [k for k in ("lead", "woman", "x") if rng.random() < 0.5],
            "languages": [k for k in ("vi", "km", "mnong") if rng.random() < 0.5],
        }
        for n in range(people)
    ]
    plane = {"metres_per_second": rng.choice([1, 1.3, 5]), "detour": rng.choice([1, 1.3]), "fixed_seconds": rng.choice([0, 30])}
    matrix = {"seconds": [[rng.randint(0, 600) for _ in range(places)] for _ in range(places)]}
    return {
        "format": "weekly-problem/1",
        "name": f"odd {seed}",
        "locations": [
            {"id": f"L{n}", "x": rng.choice([200, rng.uniform(0, 500)]), "y": rng.randint(0, 500)} for n in range(places)
        ],
        "travel": rng.choice([plane, matrix]),
        "slots": slots,
        "volunteers": volunteers,
        "crew": {"size": rng.choice([1, 1, 2, 2, 3]), "skills": rng.choice([[], ["lead"], ["lead", "woman"]])},
        "households": [_odd_household(rng, n, places) for n in range(homes)],
        "pins": [_odd_pin(rng, homes, len(slots), people) for _ in range(rng.choice([0, 0, 2, 5]))],
        "weights": {
            "travel_per_hour": rng.choice([0, 20]),
            "extra_shift": rng.choice([0, 15]),
            "new_face": 3,
            "change": rng.choice([0, 6]),
        },
    }


def _odd_household(rng: random.Random, n: int, places: int) -> Document:
    home: Document = {"id": f"h{n}", "location": f"L{rng.randrange(places)}"}
    home["reward"] = {kind: rng.randint(0, 50) for kind in "ab" if rng.random() < 0.8}
    length = rng.randint(60, 900)
    home["visit_seconds"] = rng.choice([length, {"a": length, "b": length // 2}])
    luck = rng.random()
    if luck < 0.1:
        home["windows"] = []
    elif luck < 0.5:
        opens = [rng.randint(0, 9000) for _ in range(rng.randint(1, 3))]
        home["windows"] = [[second, second + rng.randint(0, 2500)] for second in opens]
    if rng.random() < 0.2:
        home["skills"] = [rng.choice(["lead", "woman", "x"])]
    if rng.random() < 0.2:
        home["languages"] = rng.sample(["vi", "km", "mnong"], 2)
    if rng.random() < 0.2:
        home["avoid"] = [f"v{rng.randrange(9)}"]
    if rng.random() < 0.3:
        home["known"] = [f"v{rng.randrange(9)}"]
    return home


def _odd_pin(rng: random.Random, homes: int, slots: int, people: int) -> Document:
    pin: Document = {"household": f"h{rng.randrange(homes + 1)}"}
    if rng.random() < 0.6:
        pin["slot"] = f"s{rng.randrange(slots + 1)}"
    if rng.random() < 0.6:
        pin["volunteers"] = [f"v{rng.randrange(people + 1)}" for _ in range(rng.choice([1, 1, 2]))]
    return pin


def a_week_later(problem: Document, plan: Document, seed: int) -> Document:
    """Return the problem after things have happened: people fell ill, homes left, some visits are promised by now."""
    rng = random.Random(seed)
    later = as_base(problem, plan)
    for person in later["volunteers"]:
        if rng.random() < 0.15:
            person["slots"] = [s for s in person["slots"] if rng.random() < 0.5]
    for key in ("volunteers", "households"):
        if later[key] and rng.random() < 0.3:
            later[key].pop()
    later["pins"] = [
        rng.choice([visit, {"household": visit["household"], "slot": visit["slot"]}, {"household": visit["household"]}])
        for visit in later["base"]["visits"]
        if rng.random() < 0.3
    ]
    if rng.random() < 0.6:
        later["max_changes"] = rng.choice([0, 1, 2, 20])
    return later
