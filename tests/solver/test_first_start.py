"""A machine that compiles for the first time: the plan does not wait for it, and says why it is a plain one."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from solver.check import check_plan
from solver.kernel import warm
from solver.solve import solve_document
from tests.solver.judge.make_problem import make
from tests.solver.worlds import Document, as_base, solved

PROBLEM: Document = make("delta", 600, 30, 1)
NEVER_ENDS, FAILS = "import time; time.sleep(600)", "raise SystemExit(1)"
COMPILES = "from pathlib import Path; mark = Path({!r}); mark.parent.mkdir(); mark.touch()"


class Cold:
    """A machine on which nothing is compiled yet; what it would start to compile does something else instead."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.started: list[subprocess.Popen[bytes]] = []
        self.does = NEVER_ENDS
        self.mark = folder / warm._mark().name
        begin = subprocess.Popen

        def popen(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
            if command[1:] == ["-m", "solver", "warm"]:
                self.started.append(begin([sys.executable, "-c", self.does]))
                return self.started[-1]
            return begin(command, **options)

        monkeypatch.setattr(warm, "KEPT_IN", folder)
        monkeypatch.setattr(subprocess, "Popen", popen)


@pytest.fixture(scope="module")
def short() -> Document:
    """Return what a few steps of the compiled search plan."""
    return solved(PROBLEM, 20)


@pytest.fixture(scope="module")
def in_force(short: Document) -> Document:
    """Return the problem of the week in which that plan is in force, and every visit takes a quarter longer than was planned."""
    problem = as_base(PROBLEM, short)
    for home in problem["households"]:
        home["visit_seconds"] = home["visit_seconds"] * 5 // 4
    return problem


@pytest.fixture(scope="module")
def again(in_force: Document) -> Document:
    """Return what a few steps make of it on a machine that has compiled."""
    return solved(in_force, 20)


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cold:
    return Cold(monkeypatch, tmp_path / "none")


def test_a_cold_machine_has_a_plan_within_the_limit_and_says_that_it_compiles(short: Document, cold: Cold) -> None:
    told: list[dict[str, Any]] = []
    began = time.monotonic()
    plan = solve_document(PROBLEM, {"time_limit_seconds": 3.0}, told.append)
    assert time.monotonic() - began < 3.0 + 2.0
    assert check_plan(PROBLEM, plan).faults == ()
    assert plan["total"] > 0.5 * short["total"]
    assert "compiling" in [state.get("stage") for state in told]
    assert [process.poll() is not None for process in cold.started] == [True], "nothing is left behind"


def test_whoever_cancels_on_a_cold_machine_does_not_wait_for_it(cold: Cold) -> None:
    began = time.monotonic()
    plan = solve_document(PROBLEM, {"time_limit_seconds": 600.0}, should_stop=lambda: time.monotonic() > began + 1.0)
    assert time.monotonic() - began < 10.0
    assert check_plan(PROBLEM, plan).faults == ()


def test_a_compilation_that_fails_leaves_it_to_the_run(short: Document, cold: Cold) -> None:
    cold.does = FAILS
    assert solved(PROBLEM, 20)["total"] > 0.9 * short["total"]
    assert cold.started


def test_where_steps_are_counted_a_cold_machine_makes_the_plan_of_a_warm_one(short: Document, cold: Cold) -> None:
    cold.does = COMPILES.format(str(cold.mark))
    told: list[dict[str, Any]] = []
    assert solve_document(PROBLEM, {"iterations": 20, "seed": 1}, told.append) == short
    assert len(cold.started) == 1


def test_and_so_it_does_where_a_week_is_in_force(in_force: Document, again: Document, cold: Cold) -> None:
    """Promised visits are put in order by compiled code, and by Python where there is none yet: the two choose differently."""
    cold.does = COMPILES.format(str(cold.mark))
    assert solved(in_force, 20) == again


def test_cancelling_gives_the_best_plan_told_so_far() -> None:
    told: list[int] = []
    plan = solve_document(
        PROBLEM, {"time_limit_seconds": 600.0}, lambda state: told.append(state["total"]), should_stop=lambda: len(told) > 1
    )
    assert plan["total"] >= max(told) > 0
    assert check_plan(PROBLEM, plan).faults == ()
