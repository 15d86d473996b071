"""The search as a whole: the best plan of tiny weeks, something to show at once, as many coolings as there are steps for."""

import threading
import time

import pytest

from solver.bound import Prover
from solver.crews import Estimates
from solver.meanwhile import Meanwhile
from solver.params import SolveParams
from solver.pins import accept_pins, lay_down
from solver.problem import parse_problem
from solver.proof import FEW_HOUSEHOLDS, HURRIED_SECONDS, Proof
from solver.restore import Patience
from solver.search import Search
from solver.solve import solve, solve_document
from solver.watch import STEPS_OF_A_CREW, Watch
from solver.week import Week
from solver.world import World
from tests.solver.exact import optimum
from tests.solver.judge.check_plan import judge
from tests.solver.judge.make_problem import make
from tests.solver.tiny import tiny_week
from tests.solver.worlds import Document, one_lane, only, solved


def watched(problem: Document, **params: float | int | None) -> Watch:
    return Watch(parse_problem(problem), SolveParams(**params), None, None, None)


def test_nearly_all_tiny_weeks_end_with_the_best_plan_there_is() -> None:
    weeks = [tiny_week(seed) for seed in range(2000, 2100)]
    reached = sum(solved(week, 4000)["total"] == optimum(week) for week in weeks)
    assert reached >= 93


@pytest.mark.parametrize("changes", [{"slots": []}, {"slots": [], "pins": [{"household": "near"}]}, {}])
def test_where_nobody_can_go_out_the_empty_plan_is_there_at_once_and_proved(changes: Document) -> None:
    problem = {**one_lane(), **changes}
    problem["base"] = {"visits": [{"household": "near", "slot": "evening", "volunteers": ["hoa", "lan"]}]}
    problem["volunteers"] = [{**person, "slots": []} for person in problem["volunteers"]]
    started = time.monotonic()
    plan = solve_document(problem, {"time_limit_seconds": 30.0})
    assert time.monotonic() - started < 5
    assert judge(problem, plan)[0] == []
    assert (plan["crews"], plan["total"], plan["bound"]) == ([], -6000, -6000)


def test_a_larger_total_does_not_make_good_for_a_broken_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = parse_problem(only(one_lane(), pins=[{"household": "far", "slot": "morning"}]))
    world = World(problem)
    accept_pins(world)
    week = Week(world)
    plain = Meanwhile(week, Estimates(world), 1, Watch(problem, SolveParams(), None, None, None))
    lay_down(week, Patience(bool, lambda: None))

    def visit_near_by_evening(search: Search, week: Week) -> None:
        for number in list(week.tours):
            week.close(number)
        week.tours[week.open(0, (0, 1), 0)].insert(0, 0)

    monkeypatch.setattr(Search, "put_back", visit_near_by_evening)
    plain.put_back(week)
    assert week.penalty() == 0


def test_a_plain_plan_is_there_at_once_and_rises_while_others_work_on_the_week() -> None:
    problem = parse_problem(make("delta", 300, 20, 1))
    world = World(problem)
    accept_pins(world)
    week = Week(world)
    told: list[int] = []
    rose = threading.Event()

    def hear(progress: dict[str, int]) -> None:
        told.append(progress["total"])
        if told[-1] > told[0]:
            rose.set()

    plain = Meanwhile(week, Estimates(world), 1, Watch(problem, SolveParams(time_limit_seconds=600.0), hear, None, None))
    at_once = plain.total
    assert not week.tours, "the week is empty again for whoever finds better crews"
    assert week.free.all()
    told.append(at_once)
    with plain:
        assert rose.wait(30)
    plain.put_back(week)
    assert week.total() == plain.total > at_once > 0


def test_what_is_told_never_falls_although_the_first_crews_give_way_to_better_ones() -> None:
    told: list[int] = []
    watch = Watch(parse_problem(one_lane()), SolveParams(), lambda progress: told.append(progress["total"]), None, None)
    for total in (50, 30, 70):
        watch.tell(total, None, last=True)
    assert told == [50, 50, 70]


def test_whoever_cancels_in_the_first_moment_has_a_plan() -> None:

    began = time.monotonic()
    plan = solve(parse_problem(make("delta", 600, 30, 1)), SolveParams(time_limit_seconds=600.0), should_stop=lambda: True)
    assert time.monotonic() - began < 20
    assert plan.total >= 0


@pytest.mark.parametrize(
    ("steps", "crews", "coolings"),
    [(0, 3, 1), (STEPS_OF_A_CREW, 1, 1), (6 * STEPS_OF_A_CREW, 3, 2), (6 * STEPS_OF_A_CREW, 1, 3), (10_000, 90, 1)],
)
def test_a_week_is_cooled_as_often_as_its_crews_can_use(steps: int, crews: int, coolings: int) -> None:
    assert watched(one_lane(), iterations=steps).coolings(crews) == coolings


def test_with_more_cores_searches_run_side_by_side_and_the_best_counts() -> None:
    problem = make("mountain", 60, 12, 3, True)
    alone = [solve(parse_problem(problem), SolveParams(iterations=300, seed=seed)).total for seed in (7, 8, 9)]
    together = [solve(parse_problem(problem), SolveParams(iterations=300, seed=7, threads=4)) for _ in range(2)]
    assert len(set(alone)) > 1
    assert together[0].total == max(alone)
    assert together[0] == together[1]


def test_cooling_again_never_loses_the_best_week() -> None:
    problem = make("delta", 40, 4, 3)
    once, again = solved(problem, 2 * STEPS_OF_A_CREW), solved(problem, 6 * STEPS_OF_A_CREW)
    assert again["total"] >= 0.99 * once["total"]
    assert again["total"] <= again["bound"]


def test_in_a_hurry_no_proof_is_begun_that_cannot_be_broken_off() -> None:
    problem = make("delta", FEW_HOUSEHOLDS + 1, 20, 1)
    world = World(parse_problem(problem))
    with Proof(world, watched(problem, time_limit_seconds=HURRIED_SECONDS)) as proof:
        proof.tighten(lambda: 0)
        assert proof.finish() is None
    with Proof(world, watched(problem, time_limit_seconds=HURRIED_SECONDS + 5)) as proof:
        assert (proof.finish() or 0) > 0


def test_a_proof_that_fails_costs_nobody_the_plan_nor_what_was_proven(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    problem = make("delta", 60, 6, 2)

    def fail(*_: object, **__: object) -> None:
        raise KeyError("no row")

    monkeypatch.setattr(Prover, "improve", fail)
    plan = solve(parse_problem(problem), SolveParams(time_limit_seconds=2.5, threads=2))
    assert plan.crews
    assert plan.bound is not None
    assert plan.total <= plan.bound
    assert "the proof ended early" in caplog.text
