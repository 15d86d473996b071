"""The seam between the planner and the solver: one problem in, one checked and explained plan out.

The solver runs in a child process of its own, so that its crash, its memory or an endless search never takes the web
server or the clock along. Parent and child speak through a folder, not through a pipe or a manager process: files
outlive either of them and work alike on Windows and Linux.
"""

from __future__ import annotations

import importlib.metadata
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

Document = dict[str, Any]
# Told about each sign of progress, at least once a second; True asks the solver to stop where it is.
Watch = Callable[[Document], bool]
# What a child runs: problem, parameters and the folder of the exchange to the answer.
Work = Callable[[Document, Document, str], Document]

POLL_SECONDS = 0.5
# Start-up, checking and explaining a big commune's plan come on top of the search itself.
GRACE_SECONDS = 90.0
WORST_SHOWN = 20
THREADS = 2
SOLVER_PARAMETERS = ("time_limit_seconds", "iterations", "seed", "threads")


class SolvingFailed(Exception):
    """There is no plan; `code` and `facts` say why, for the plan run's row."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)


@dataclass(frozen=True)
class Solved:
    """A plan that the checker found valid, and why it is as it is (solver.explain)."""

    plan: Document
    explanation: Document
    versions: dict[str, str]


class Engine(Protocol):
    """Whatever can compute a plan: in this process, in a child, on a cluster."""

    def solve(self, problem: Document, parameters: Document, watch: Watch) -> Solved:
        """Return the plan of `problem`, or raise SolvingFailed."""
        ...


class InlineEngine:
    """Computes in the calling thread: for tests and for machines that may not start processes."""

    def solve(self, problem: Document, parameters: Document, watch: Watch) -> Solved:
        stop = False

        def told(progress: Document) -> None:
            nonlocal stop
            stop = watch(progress) or stop

        return _read_answer(_compute(problem, parameters, told, lambda: stop))


class ChildEngine:
    """Computes in a fresh child process, which is killed where it does not end in time.

    Parameters
    ----------
    grace_seconds
        What is allowed on top of the search's own limit before the child is killed.
    work
        What the child does; another than the solver only in tests.
    threads
        Processor cores for a run that does not say.
    """

    def __init__(self, grace_seconds: float = GRACE_SECONDS, work: Work | None = None, threads: int = THREADS) -> None:
        self.grace_seconds, self.threads = grace_seconds, threads
        self.work = work or solve_in_child

    def solve(self, problem: Document, parameters: Document, watch: Watch) -> Solved:
        parameters = {"threads": self.threads, **parameters}
        deadline = time.monotonic() + float(parameters.get("time_limit_seconds") or 0) + self.grace_seconds
        with tempfile.TemporaryDirectory(prefix="namro-run-") as name:
            folder = Path(name)
            # One executor a run: killing a child breaks its pool, and must break no other run's.
            executor = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
            try:
                future = executor.submit(self.work, problem, parameters, name)
                killed = _attend(future, folder, watch, deadline)
                answer = future.result()
            except BrokenProcessPool:
                if killed:
                    raise SolvingFailed("solver_timed_out", seconds=int(parameters.get("time_limit_seconds") or 0)) from None
                raise SolvingFailed("solver_died") from None
            finally:
                executor.shutdown(wait=True, cancel_futures=True)
        return _read_answer(answer)


def _attend(future: Future[Document], folder: Path, watch: Watch, deadline: float) -> bool:
    """Wait for the child: pass on its progress and the wish to stop. True where it had to be killed."""
    killed = False
    try:
        while not future.done():
            wait([future], timeout=POLL_SECONDS)
            if watch(_progress_of(folder)):
                (folder / "stop").touch()
                deadline = min(deadline, time.monotonic() + 15)
            if time.monotonic() > deadline and not future.done() and not killed:
                killed = _kill(folder)
    except BaseException:  # the caller wants out (Ctrl-C, a lost database): take the child along
        (folder / "stop").touch()  # for one that has not told its pid yet
        _kill(folder)
        raise
    return killed


def _progress_of(folder: Path) -> Document:
    try:
        progress: Document = json.loads((folder / "progress.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not written yet
        return {}
    return progress


def _kill(folder: Path) -> bool:
    try:
        pid = int((folder / "pid").read_text(encoding="ascii"))
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    except (OSError, ValueError):  # it has not begun, or is gone already
        return False
    return True


def solve_in_child(problem: Document, parameters: Document, name: str) -> Document:
    """Compute in the child; every failure comes back as data, so that nothing unpicklable crosses the border."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what follows
    folder = Path(name)
    (folder / "pid").write_text(str(os.getpid()), encoding="ascii")
    stop, draft, file = folder / "stop", folder / "progress.new", folder / "progress.json"

    def told(progress: Document) -> None:
        draft.write_text(json.dumps(progress), encoding="utf-8")
        try:
            draft.replace(file)
        except PermissionError:  # Windows: being read just now; the next sign will do
            return

    asked_at, answer = 0.0, False

    def should_stop() -> bool:
        nonlocal asked_at, answer
        if time.monotonic() - asked_at > 0.2:  # the solver asks often, the disk need not
            asked_at, answer = time.monotonic(), stop.exists()
        return answer

    return _compute(problem, parameters, told, should_stop)


def _compute(
    problem: Document, parameters: Document, told: Callable[[Document], None], should_stop: Callable[[], bool]
) -> Document:
    """Solve, check and explain. Returns {"plan", "explanation"} or {"code", "facts"}."""
    # Imported here: OR-Tools costs half a second and 40 MB, which only the process that solves shall pay.
    from solver.check import check_plan
    from solver.explain import explain_document
    from solver.problem import InvalidProblem, parse_problem
    from solver.solve import solve_document

    try:
        parsed = parse_problem(problem)
        wanted = {"threads": THREADS, **{key: parameters[key] for key in SOLVER_PARAMETERS if parameters.get(key) is not None}}
        plan = solve_document(problem, wanted, told, should_stop)
        faults = check_plan(parsed, plan).faults
        if faults:
            return {"code": "plan_breaks_a_rule", "facts": {"faults": list(faults[:WORST_SHOWN])}}
        told({"stage": "explaining", "total": plan["total"], "bound": plan.get("bound")})
        explanation = explain_document(problem, plan, parameters.get("areas"))
        return {"plan": plan, "explanation": explanation, "versions": versions(wanted["threads"])}
    except InvalidProblem as fault:
        return {"code": "problem_invalid", "facts": {"faults": [str(f) for f in fault.faults[:WORST_SHOWN]]}}
    except MemoryError:
        return {"code": "solver_out_of_memory", "facts": {}}
    except Exception as fault:  # whatever it is, it becomes a failed run that says so, and the published week stays
        return {"code": "solver_failed", "facts": {"error": type(fault).__name__, "detail": str(fault)[:300]}}


def _read_answer(answer: Document) -> Solved:
    if "plan" not in answer:
        raise SolvingFailed(answer["code"], **answer["facts"])
    return Solved(answer["plan"], answer["explanation"], answer["versions"])


def versions(threads: int) -> dict[str, str]:
    """Return what computed the plan, for its run's row: with other versions or threads the plan may be another."""
    packages = {name: importlib.metadata.version(name) for name in ("numba", "numpy", "ortools")}
    return {"python": sys.version.split()[0], **packages, "threads": str(threads)}
