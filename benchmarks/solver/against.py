"""Other engines on the same problems with the crews of our plan, in the same run, for the same time."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.solver.environment import ROOT, peers_python
from benchmarks.solver.marks import told
from benchmarks.solver.options import Options
from benchmarks.solver.problems import MARKS, write_json
from benchmarks.solver.records import Document, Records
from benchmarks.solver.routing import plan_of
from benchmarks.solver.running import run_all
from benchmarks.solver.subject import solve
from tests.solver.judge.check_plan import judge, travel_seconds

PEERS = {"PyVRP": "with_pyvrp", "OR-Tools": "with_ortools", "VROOM": "with_vroom"}
SINGLE_THREADED = ("PyVRP", "OR-Tools")
"""Given several threads, such a peer runs as often side by side with other seeds, and its best plan counts."""
SIDE_BY_SIDE_UP_TO = 5000
"""Households above which PyVRP, given all of them, runs alone: two of its models (15 GB each at 8,500) would not fit."""
LARGEST = 8500
PATIENCE = 5
"""A peer that is not done after so many time limits has no plan: not all stop in time while they build the first one."""


def measure_peers(options: Options) -> None:
    """Solve each problem ourselves, then let every variant of every peer plan the same crews, one after another."""
    python = peers_python(options.folder / "peers")
    records = Records(options.folder, "peers")
    for commune in MARKS:
        if commune.households > LARGEST or not options.wants(commune.name):
            continue
        limit = options.limits[-1]
        problem_file, plan_file = commune.written(records.folder / "problems"), records.plan_file(f"{commune.name}@peers")
        ours = solve(problem_file, plan_file, seconds=limit, seed=options.seed, threads=options.threads).as_record()
        common = {"problem": commune.name, "limit": limit, "threads": options.threads}
        records.forget(f"{commune.name}/")  # their crews were those of another plan
        records.put(f"{commune.name}/ours", {**common, **ours})
        print(told({**common, **ours}), flush=True)
        for peer, module in PEERS.items():
            for variant, helped in variants_of(python, module).items():
                if not options.wants_variant(f"{peer}, {variant}"):
                    continue
                plan = records.plan_file(f"{commune.name}@{module}@{variant.replace(' ', '-')}")
                command = [python, "-m", f"benchmarks.solver.peers.{module}"]
                found = _best_of(peer, command, variant, helped, (problem_file, plan_file, plan), options)
                record = {**common, "peer": peer, "variant": variant, "helped": helped, **found}
                records.put(f"{commune.name}/{peer}/{variant}", record)
                against = 100 * (found["total"] / ours["total"] - 1)
                print(f"  {peer}, {variant}: {found['total']:,} {against:+.2f} %", flush=True)


def variants_of(python: Path, module: str) -> dict[str, bool]:
    """Return {variant: whether part of the choosing is done for the peer}."""
    command = [str(python), "-m", f"benchmarks.solver.peers.{module}", "--list"]
    return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def _best_of(
    peer: str, command: list[Any], variant: str, helped: bool, files: tuple[Path, Path, Path], options: Options
) -> Document:
    """Run one variant (side by side where the peer has but one thread) and return the better plan's record.

    `files`: the problem, the plan whose crews are used, and where the peer's plan goes.
    """
    problem_file, crews_file, plan_file = files
    problem = json.loads(problem_file.read_text(encoding="utf-8"))
    alone = peer == "PyVRP" and not helped and len(problem["households"]) > SIDE_BY_SIDE_UP_TO
    copies = 1 if alone or peer not in SINGLE_THREADED else options.threads
    threads = 1 if peer in SINGLE_THREADED else options.threads
    outputs = [plan_file.with_suffix(f".{copy}.routes") for copy in range(copies)]
    effort = ["--seconds", str(options.limits[-1]), "--threads", str(threads), "--variant", variant]
    commands = [
        [*command, problem_file, crews_file, output, *effort, "--seed", str(options.seed + copy)]
        for copy, output in enumerate(outputs)
    ]
    ended = run_all(commands, PATIENCE * options.limits[-1])
    spent = {"peak_mb": sum(r.peak_mb for r in ended), "cpu_seconds": sum(r.cpu_seconds for r in ended)}
    if any(result.status > 0 for result in ended):
        raise SystemExit(f"{peer}, {variant} failed: " + "\n".join(line for r in ended for _, line in r.told[-5:]))
    crews = [c for c in json.loads(crews_file.read_text(encoding="utf-8"))["crews"] if c["visits"]]
    found = [_judged(problem, crews, output) for output, result in zip(outputs, ended, strict=True) if not result.status]
    best = max(found, key=lambda plan: plan["total"], default=None)
    if best is None:
        return {"total": 0, "faults": [], "late": True, "seconds": PATIENCE * options.limits[-1], **spent}
    write_json(plan_file, best.pop("plan"))
    return {**best, "late": False, **spent}


def _judged(problem: Document, crews: list[Document], output: Path) -> Document:
    """Return a peer's plan with its total by the judge's rule."""
    told_by_peer = json.loads(output.read_text(encoding="utf-8"))
    output.unlink()
    plan, dropped = plan_of(problem, crews, told_by_peer["routes"], travel_seconds(problem))
    plan["total"] = judge(problem, {**plan, "total": 0})[1]["total"]
    faults, measures = judge(problem, plan)
    return {
        "plan": plan,
        "total": measures["total"],
        "faults": faults,
        "visits": measures["visits"],
        "dropped": dropped,
        "stops": told_by_peer["stops"],
        "seconds": told_by_peer["seconds"],
        "version": told_by_peer["version"],
    }
