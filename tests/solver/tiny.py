"""Weeks so small that `exact.optimum` finds their best plan, odd in every way that the format allows."""

import random

from tests.solver.worlds import Document, a_household


def tiny_week(seed: int) -> Document:
    """Return a problem that `optimum` can solve; every fourth without windows and wishes, where the bound is to be tight."""
    rng = random.Random(seed)
    plain = seed % 4 == 0
    places, people, homes = (
        rng.randint(2, 7),
        rng.randint(1, 2 if plain else 4),
        rng.randint(5, 8) if plain else rng.randint(1, 7),
    )
    slots = []
    for n in range(rng.randint(1, 3)):
        start = rng.randrange(0, 12_000, 1500)
        slots.append({"id": f"s{n}", "class": rng.choice("ab"), "start": start, "end": start + rng.randrange(1200, 4200, 600)})
    plane = {"metres_per_second": rng.choice([0.7, 1.3, 5]), "detour": rng.choice([1, 1.3]), "fixed_seconds": rng.choice([0, 30])}
    matrix = {"seconds": [[rng.choice([0, 20, rng.randint(0, 600)]) for _ in range(places)] for _ in range(places)]}
    volunteers = [
        {
            "id": f"v{n}",
            "start": f"L{rng.randrange(places)}",
            "slots": [s["id"] for s in slots if rng.random() < 0.8],
            "max_shifts": rng.choice([0, 1, 1, 2, 3]) if not plain else 2,
            "skills": [k for k in ("lead", "woman") if plain or rng.random() < 0.6],
            "languages": [k for k in ("vi", "km") if rng.random() < 0.6],
        }
        for n in range(people)
    ]
    households = [a_tiny_household(rng, n, places, plain) for n in range(homes)]
    base = [
        {"household": f"h{rng.randrange(homes)}", "slot": rng.choice(slots)["id"], "volunteers": [f"v{rng.randrange(people)}"]}
        for _ in range(rng.choice([0, 0, 2]))
    ]
    return {
        "format": "weekly-problem/1",
        "name": f"tiny {seed}",
        "locations": [
            {"id": f"L{n}", "x": rng.choice([100, rng.uniform(0, 900)]), "y": rng.randint(0, 300)} for n in range(places)
        ],
        "travel": plane if plain else rng.choice([plane, matrix]),
        "slots": slots,
        "volunteers": volunteers,
        "crew": {"size": 1 if plain else rng.choice([1, 2, 2, 3]), "skills": rng.choice([[], ["lead"]])},
        "households": households,
        "pins": [],
        "base": {"visits": [] if plain else base},
        "weights": {
            "travel_per_hour": rng.choice([0, 20, 100]),
            "extra_shift": rng.choice([0, 15, 40]),
            "new_face": rng.choice([0, 3]),
            "change": rng.choice([0, 6]),
        },
    }


def a_week_of_detours(seed: int) -> Document:
    """Return a tiny week on a ring of places: to the next ones it is not far, every other leg takes longer than any slot."""
    rng, problem = random.Random(seed), tiny_week(4 * seed if seed % 3 else seed)
    count = len(problem["locations"])
    seconds = [[90_000] * count for _ in range(count)]
    for a in range(count):
        for b in ((a - 1) % count, (a + 1) % count):
            seconds[a][b] = rng.choice([10, 60, 150])
    return {**problem, "travel": {"seconds": seconds}}


def a_tiny_household(rng: random.Random, n: int, places: int, plain: bool) -> Document:
    home = a_household(
        f"h{n}", f"L{rng.randrange(places)}", reward={k: rng.randint(0, 60) for k in "ab" if plain or rng.random() < 0.8}
    )
    length = rng.randint(60, 900)
    home["visit_seconds"] = rng.choice([length, {"a": length, "b": length // 2}])
    if plain:
        return home
    if rng.random() < 0.4:
        opens = [rng.randint(0, 12_000) for _ in range(rng.randint(0, 2))]
        home["windows"] = [[second, second + rng.randint(0, 3000)] for second in opens]
    for key, chance, names in (
        ("skills", 0.2, ["lead", "woman"]),
        ("languages", 0.3, ["vi", "km"]),
        ("avoid", 0.2, ["v0", "v1"]),
        ("known", 0.3, ["v0", "v3", "gone"]),
    ):
        if rng.random() < chance:
            home[key] = [rng.choice(names)]
    return home
