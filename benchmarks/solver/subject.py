"""The solver of this project as its users call it: a command, a problem file, a plan file, progress on standard error."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.solver.environment import ROOT
from benchmarks.solver.problems import Commune
from benchmarks.solver.running import Finished, run
from tests.solver.judge.check_plan import judge

Document = dict[str, Any]


@dataclass(frozen=True)
class Solved:
    """One run and what the judge says of its plan.

    Attributes
    ----------
    curve
        Points [second, total, bound] as told while running; a bound of None: none yet.
    """

    total: int
    bound: int | None
    faults: list[str]
    seconds: float
    cpu_seconds: float
    peak_mb: float
    measures: dict[str, Any]
    curve: list[tuple[float, int, int | None]]

    def as_record(self) -> Document:
        return asdict(self)


def solve(problem: Path, plan: Path, *, seconds: float, seed: int, threads: int) -> Solved:
    """Run the solver, judge its plan.

    Raises
    ------
    SystemExit
        Where the solver fails: there is nothing to measure then.
    """
    command = [sys.executable, "-m", "solver", "solve", problem, "--out", plan, "--time-limit", str(seconds)]
    plan.unlink(missing_ok=True)
    ended = run([*command, "--seed", str(seed), "--threads", str(threads), "--progress"])
    if ended.status or not plan.exists():
        raise SystemExit(f"the solver failed on {problem}: {ended.told[-3:]}")
    document = json.loads(plan.read_text(encoding="utf-8"))
    faults, measures = judge(json.loads(problem.read_text(encoding="utf-8")), document)
    return Solved(
        measures["total"],
        document.get("bound"),
        faults,
        ended.seconds,
        ended.cpu_seconds,
        ended.peak_mb,
        measures,
        _curve(ended),
    )


def _curve(ended: Finished) -> list[tuple[float, int, int | None]]:
    """Return the progress by the watch of whoever waits outside, start of the process included."""
    points = []
    for second, line in ended.told:
        if line.startswith("{"):
            state = json.loads(line)
            if state.get("total") is not None:
                points.append((round(second, 2), state["total"], state.get("bound")))
    return points


def first_start(folder: Path) -> tuple[float, float]:
    """Return the seconds that compiling takes on a fresh machine, and those of one round on a small problem after it."""
    problem = Commune("delta", 60, 8, 1).written(folder)
    solver = [sys.executable, "-P", "-m", "solver"]
    with tempfile.TemporaryDirectory() as fresh:
        # compiled code is kept beside the sources: a copy of them has none
        shutil.copytree(ROOT / "solver", Path(fresh) / "solver", ignore=shutil.ignore_patterns("__pycache__"))
        environment = {**os.environ, "PYTHONPATH": fresh}
        cold = run([*solver, "warm"], environment)
        later = run([*solver, "solve", problem, "--out", folder / "first.plan.json", "--iterations", "1"], environment)
    return cold.seconds, later.seconds


def gap_percent(solved: Document) -> float | None:
    """Return how far the total may be below the best possible one, in percent of the total."""
    if solved["bound"] is None or solved["total"] <= 0:
        return None
    return 100 * (solved["bound"] - solved["total"]) / solved["total"]


def seconds_to(solved: Document, total: float) -> float | None:
    """Return the second at which the run had reached a total; None where it never did before its end."""
    return next((second for second, reached, _ in solved["curve"] if reached >= total), None)


def state_at(solved: Document, second: float) -> tuple[int | None, int | None]:
    """Return total and bound as they stood at a second of the run."""
    before = [(total, bound) for at, total, bound in solved["curve"] if at <= second]
    return before[-1] if before else (None, None)
