"""Public team-orienteering instances with time windows, read from a folder of the user's: they are not ours to hand on.

The folder holds Solomon's points with scores (`c101.txt` …: two lines of head, then number, x, y, duration, score, …, opening,
closing; the depot first) and `bounds.csv` (instance, m, best_known, proven_upper_bound). One slot, crews of one, m people;
distances rounded down to one decimal as the literature does, times in tenths.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

from benchmarks.solver.options import Options
from benchmarks.solver.problems import write_json
from benchmarks.solver.records import Document, Records
from benchmarks.solver.subject import solve

MILLI = 1000


def measure_toptw(options: Options) -> None:
    """Solve every chosen instance and number of tours at both limits on one thread."""
    if options.toptw is None:
        print("toptw is left out: --toptw FOLDER names the instances", flush=True)
        return
    records = Records(options.folder, "toptw")
    with (options.toptw / "bounds.csv").open(encoding="utf-8", newline="") as file:
        known = list(csv.DictReader(file))
    for limit in options.limits:
        for row in known:
            name = f"{row['instance']}-{row['m']}"
            if options.wants(name):
                record = _measure(records, options, row, limit)
                records.put(f"{name}@{limit:g}", record)
                gap = gap_to_best(record)
                print(f"{name} {limit:g} s: {record['total'] // MILLI} of {record['best_known']}, {gap:.2f} %", flush=True)


def _measure(records: Records, options: Options, row: dict[str, str], limit: float) -> Document:
    name = f"toptw-{row['instance']}-{row['m']}"
    problem_file = records.problem_file(name)
    if options.toptw is not None:
        write_json(problem_file, convert(options.toptw / f"{row['instance']}.txt", int(row["m"])))
    solved = solve(problem_file, records.plan_file(name), seconds=limit, seed=options.seed, threads=1).as_record()
    del solved["measures"], solved["curve"]  # 116 instances: the figures are enough
    return {
        **solved,
        "instance": row["instance"],
        "tours": int(row["m"]),
        "limit": limit,
        "best_known": int(row["best_known"]),
        "proven_upper_bound": int(row["proven_upper_bound"]),
    }


def gap_to_best(record: Document) -> float:
    """Return how far a total is below the best known one, in percent of that; negative: better than known."""
    return 100 * (1 - record["total"] / MILLI / record["best_known"])


def is_bound_false(record: Document) -> bool:
    """Say whether the stated bound lies below a total that somebody reached."""
    return record["bound"] is not None and record["bound"] < MILLI * record["best_known"]


def convert(path: Path, tours: int) -> Document:
    """Return the weekly problem of an instance file and a number of tours."""
    rows = [[float(x) for x in line.split()] for line in path.read_text().splitlines()[2:] if line.strip()]
    points = [(int(f[0]), f[1], f[2], f[3], f[4], f[-2], f[-1]) for f in rows]
    ticks = 100 if path.name.startswith("pr") else 10  # the other family of instances counts in hundredths
    matrix = [[math.floor(ticks * math.dist(a[1:3], b[1:3]) + 1e-9) for b in points] for a in points]
    return {
        "format": "weekly-problem/1",
        "name": f"toptw-{path.stem}-{tours}",
        "locations": [{"id": f"L{p[0]}", "x": p[1], "y": p[2]} for p in points],
        "travel": {"seconds": matrix},
        "slots": [{"id": "s", "class": "any", "start": 0, "end": round(points[0][6] * ticks)}],
        "volunteers": [
            {"id": f"v{i}", "start": "L0", "slots": ["s"], "max_shifts": 1, "skills": [], "languages": []} for i in range(tours)
        ],
        "crew": {"size": 1, "skills": []},
        "households": [
            {
                "id": f"h{p[0]}",
                "location": f"L{p[0]}",
                "visit_seconds": max(1, round(p[3] * ticks)),
                "reward": {"any": round(p[4])},
                "windows": [[round(p[5] * ticks), round(p[6] * ticks)]],
            }
            for p in points[1:]
        ],
        "pins": [],
        "base": {"visits": []},
        "weights": {},
    }
