"""The solver's own process: its plan comes back checked, and its death or its deafness harms nobody."""

from __future__ import annotations

import os
from typing import Any

import pytest

from planner.services.solving import ChildEngine, InlineEngine, SolvingFailed
from tests.services import children
from tests.solver.judge.check_plan import judge
from tests.solver.judge.make_problem import make

PROBLEM: dict[str, Any] = make("delta", 30, 12, 1)
ROUNDS = {"iterations": 20, "seed": 1}


def told(_: dict[str, Any]) -> bool:
    return False


def test_a_child_gives_the_same_plan_as_this_process() -> None:
    here, there = InlineEngine().solve(PROBLEM, ROUNDS, told), ChildEngine().solve(PROBLEM, ROUNDS, told)
    assert there == here
    assert judge(PROBLEM, there.plan)[0] == []


def asked(problem: dict[str, Any], parameters: dict[str, Any], folder: str) -> dict[str, Any]:
    """Answer with what was asked for."""
    return {"plan": parameters, "explanation": {}, "versions": {}}


def test_an_installation_says_how_many_threads_and_a_run_may_say_otherwise() -> None:
    engine = ChildEngine(work=asked, threads=5)
    assert engine.solve(PROBLEM, ROUNDS, told).plan["threads"] == 5
    assert engine.solve(PROBLEM, {**ROUNDS, "threads": 1}, told).plan["threads"] == 1


def test_a_child_that_dies_is_told_as_such() -> None:
    with pytest.raises(SolvingFailed) as failed:
        ChildEngine(work=children.die).solve(PROBLEM, ROUNDS, told)
    assert failed.value.code == "solver_died"


def test_a_child_that_never_ends_is_killed_after_its_time() -> None:
    with pytest.raises(SolvingFailed) as failed:
        ChildEngine(grace_seconds=0.5, work=children.hang).solve(PROBLEM, {"time_limit_seconds": 1}, told)
    assert (failed.value.code, failed.value.facts) == ("solver_timed_out", {"seconds": 1})


def test_a_child_stops_when_asked_and_gives_what_it_has() -> None:
    solved = ChildEngine().solve(PROBLEM, {"time_limit_seconds": 120, "seed": 1}, lambda _: True)
    assert judge(PROBLEM, solved.plan)[0] == []


def test_whoever_watches_may_fail_and_no_child_is_left_behind() -> None:
    seen: list[int] = []

    def failing(progress: dict[str, Any]) -> bool:
        seen.append(os.getpid())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ChildEngine(work=children.hang).solve(PROBLEM, {"time_limit_seconds": 600}, failing)
    assert seen == [os.getpid()]
