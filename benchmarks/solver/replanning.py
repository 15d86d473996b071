"""A running week re-planned: a crew falls out, an evening is rained off, changes are capped.

It is Wednesday, 00:00. Slots that began before are over: what was visited in them is pinned. Everything published is the base.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from benchmarks.solver.options import Options
from benchmarks.solver.problems import RUNNING_WEEK
from benchmarks.solver.records import Document, Records
from benchmarks.solver.subject import seconds_to, solve

WEDNESDAY = 2 * 24 * 3600
MISSED = 500
CAP = 20
FIRST_PLAN_SECONDS, FINAL_SECONDS = 2.0, 9.0  # of search: starting the process and the last look come on top
PLACED, CHANGED, PROMISED = 5, 1, 3
"""What the weekly loop adds to rewards and asks for a change in a steady week, in units of the most a visit can bring."""


def measure_replanning(options: Options) -> None:
    """Plan a week of about 300 shifts, then re-plan it in each way."""
    records = Records(options.folder, "replan")
    commune, limit = RUNNING_WEEK, options.limits[-1]
    problem = json.loads(commune.written(records.folder / "problems").read_text(encoding="utf-8"))
    plan_file = records.plan_file(f"{commune.name}@running")
    solved = solve(
        commune.written(records.folder / "problems"), plan_file, seconds=limit, seed=options.seed, threads=options.threads
    )
    plan = json.loads(plan_file.read_text(encoding="utf-8"))
    print(f"the running week: {solved.measures['crews']} shifts, {solved.measures['visits']} visits", flush=True)
    gone = one_crew_gone(problem, plan)
    rained_off = evening_rained_off(problem, plan)
    for name, changed, seconds in (
        ("one crew gone, stopped early", gone, FIRST_PLAN_SECONDS),
        ("one crew gone", gone, FINAL_SECONDS),
        (f"one crew gone, at most {CAP} changes", {**gone, "max_changes": CAP}, FINAL_SECONDS),
        (f"{MISSED} missed", rained_off, limit),
    ):
        if options.wants(name):
            _measure(records, options, name, changed, seconds, solved.measures["crews"])


def one_crew_gone(problem: Document, plan: Document) -> Document:
    """Return the problem of the running week after the first crew of Wednesday fell ill for the rest of it."""
    slots = {s["id"]: s for s in problem["slots"]}
    over = {s for s, slot in slots.items() if slot["start"] < WEDNESDAY}
    base = visits_of(plan)
    crew = min((c for c in plan["crews"] if c["visits"] and c["slot"] not in over), key=lambda c: slots[c["slot"]]["start"])
    people = [
        {**v, "slots": [s for s in v["slots"] if s in over]} if v["id"] in crew["volunteers"] else v
        for v in problem["volunteers"]
    ]
    pins = [visit for visit in base if visit["slot"] in over]
    return {**problem, "volunteers": people, "base": {"visits": base}, "pins": pins}


def evening_rained_off(problem: Document, plan: Document) -> Document:
    """Return the rest of the week as the weekly loop asks for it: what is ahead stays, what was missed needs another hour.

    The crews that went out last before Wednesday could not work, as many of them as make `MISSED` visits; the shift is not
    counted against their people.
    """
    slots = {s["id"]: s for s in problem["slots"]}
    over = {s for s, slot in slots.items() if slot["start"] < WEDNESDAY}
    begun = sorted((c for c in plan["crews"] if c["slot"] in over), key=lambda c: -slots[c["slot"]]["start"])
    missed: list[str] = []
    worked = dict.fromkeys((v["id"] for v in problem["volunteers"]), 0)
    for crew in begun:
        if len(missed) < MISSED:
            missed += [visit["household"] for visit in crew["visits"]]
            continue
        for volunteer in crew["volunteers"]:
            worked[volunteer] += 1
    missed = missed[:MISSED]
    base = [visit for visit in visits_of(plan) if visit["slot"] not in over]
    promised = {visit["household"] for visit in base}
    doors = [d for d in problem["households"] if d["id"] in promised or d["id"] in missed]
    most = max(points for d in doors for points in d["reward"].values())
    return {
        **problem,
        "slots": [s for s in problem["slots"] if s["id"] not in over],
        "volunteers": [
            {**v, "slots": [s for s in v["slots"] if s not in over], "max_shifts": max(1, v["max_shifts"] - worked[v["id"]])}
            if v["max_shifts"] > worked[v["id"]]
            else {**v, "slots": []}
            for v in problem["volunteers"]
        ],
        "households": [_worth_more(d, PLACED * most * (PROMISED if d["id"] in promised else 1)) for d in doors],
        "base": {"visits": base},
        "weights": {**problem["weights"], "change": CHANGED * PLACED * most},
    }


def _worth_more(door: Document, points: int) -> Document:
    return {**door, "reward": {kind: reward + points for kind, reward in door["reward"].items()}}


def visits_of(plan: Document) -> list[Document]:
    return [
        {"household": visit["household"], "slot": crew["slot"], "volunteers": crew["volunteers"]}
        for crew in plan["crews"]
        for visit in crew["visits"]
    ]


def _measure(records: Records, options: Options, name: str, problem: Document, seconds: float, shifts: int) -> None:
    key = name.replace(" ", "-").replace(",", "")
    problem_file, plan_file = records.problem_file(key), records.plan_file(key)
    problem_file.write_text(json.dumps(problem, ensure_ascii=False), encoding="utf-8")
    solved = solve(problem_file, plan_file, seconds=seconds, seed=options.seed, threads=options.threads)
    plan = json.loads(plan_file.read_text(encoding="utf-8"))
    base = {visit["household"] for visit in problem["base"]["visits"]}
    visited = {visit["household"] for visit in visits_of(plan)}
    homes = {d["id"] for d in problem["households"]}
    changes, unforced = solved.measures["changes"], solved.measures["unforced_changes"]
    untouched = len(base) - (changes - unforced)
    record = {
        **asdict(solved),
        "limit": seconds,
        "threads": options.threads,
        "shifts": shifts,
        "base": len(base),
        "first_plan_seconds": seconds_to(solved.as_record(), float("-inf")),
        "forced": changes - unforced,
        "unforced": unforced,
        "changed_percent": 100 * unforced / max(1, untouched),
        "missed": len(homes - base) if "missed" in name else 0,
        "placed": len(visited - base) if "missed" in name else 0,
        "lost": len(base - visited),
    }
    records.put(name, record)
    first = record["first_plan_seconds"]
    print(
        f"{name}: {'valid' if not solved.faults else 'NOT VALID ' + solved.faults[0]}, first plan after {first} s,"
        f" {solved.seconds:.1f} s, {changes - unforced} forced and {unforced} other changes of {len(base)}"
        f" ({record['changed_percent']:.1f} %), {record['placed']} of {record['missed']} missed placed",
        flush=True,
    )
