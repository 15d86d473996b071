"""Every problem gets a plan that the public judge accepts."""

import json

import pytest

from solver.plan import plan_from_dict, plan_to_dict
from solver.solve import solve_document
from tests.solver.judge import check_plan as judge
from tests.solver.judge.make_problem import make
from tests.solver.worlds import Document, a_week_later, odd_week, one_lane, only, solved

SIZES = [(0, 0), (0, 8), (1, 0), (1, 1), (7, 2), (40, 5), (120, 12), (400, 30), (1000, 50), (2000, 70)]


def faults(problem: Document, plan: Document) -> list[str]:
    return judge.judge(problem, json.loads(json.dumps(plan)))[0]


@pytest.mark.parametrize("expected", [False, True], ids=["flat", "expected"])
@pytest.mark.parametrize("profile", ["mountain", "delta", "ward"])
@pytest.mark.parametrize(("households", "volunteers"), SIZES)
def test_every_synthetic_commune_gets_a_valid_plan(profile: str, households: int, volunteers: int, expected: bool) -> None:
    seed = 1 + households % 7
    problem = make(profile, households, volunteers, seed, expected)
    assert faults(problem, solved(problem, 25, seed)) == []


@pytest.mark.parametrize("seed", range(60))
def test_odd_weeks_and_what_comes_after_them_get_valid_plans(seed: int) -> None:
    problem = odd_week(seed)
    for later in range(3):
        plan = solved(problem, 40, seed)
        assert faults(problem, plan) == []
        problem = a_week_later(problem, plan, seed + later)


@pytest.mark.parametrize("households", [0, 12, 150])
def test_no_round_of_improvement_is_still_a_valid_plan(households: int) -> None:
    problem = make("ward", households, 10, 3)
    assert faults(problem, solved(problem, 0)) == []


def test_one_lane_is_solved_to_the_best_plan_there_is() -> None:
    plan = solved(one_lane(), 200)
    # all three doors in one evening, 180 points less half an hour's way; nobody could do better, see the bound
    assert plan["total"] == 170_000
    assert plan["total"] <= plan["bound"]


def test_improving_longer_is_better() -> None:
    problem = make("delta", 300, 20, 1)
    assert solved(problem, 0)["total"] < solved(problem, 100)["total"] < solved(problem, 1500)["total"]


def test_the_same_input_and_seed_give_the_same_plan_byte_for_byte() -> None:
    problem = a_week_later(first := make("mountain", 200, 24, 2), solved(first, 100), 2)
    plans = {json.dumps(solved(problem, 300, seed=7)) for _ in range(2)}
    assert len(plans) == 1


def test_another_seed_is_another_search() -> None:
    problem = make("delta", 200, 20, 2)
    assert len({json.dumps(solved(problem, 200, seed)) for seed in (1, 2, 3)}) > 1


def test_a_plan_survives_the_way_to_json_and_back() -> None:
    plan = solved(make("mountain", 80, 10, 1))
    assert plan_to_dict(plan_from_dict(json.loads(json.dumps(plan)))) == plan


def test_waiting_at_the_door_is_worth_it() -> None:
    problem = one_lane()
    problem["households"][0]["windows"] = [[10, 20], [5000, 5100]]
    visits = {v["household"]: v["start"] for c in solved(problem, 200)["crews"] if c["slot"] == "evening" for v in c["visits"]}
    assert visits.get("near") == 5000


def test_an_asymmetric_matrix_is_followed_in_its_direction() -> None:
    there, back = 100, 6000
    matrix = [[0, there, 9000, 9000], [back, 0, 9000, 9000], [9000] * 4, [9000] * 4]
    problem = only(one_lane(), travel={"seconds": matrix})
    plan = solved(problem)
    # 100 out, 600 at the door, 6,000 back: 6,700 of 7,200 s
    assert faults(problem, plan) == []
    assert [v["household"] for c in plan["crews"] for v in c["visits"]] == ["near"]


def test_a_progress_listener_hears_a_true_total_and_stopping_keeps_the_best_plan() -> None:
    problem = make("delta", 120, 12, 1)
    asked = 0

    def enough() -> bool:
        nonlocal asked
        asked += 1
        return asked > 300

    plan = solve_document(problem, {"time_limit_seconds": 600.0}, should_stop=enough)
    assert faults(problem, plan) == []
    assert asked < 320


def test_being_stopped_at_once_is_still_a_valid_plan() -> None:
    problem = a_week_later(first := make("delta", 300, 30, 1), solved(first, 30), 1)
    plan = solve_document(problem, {"time_limit_seconds": 600.0}, should_stop=lambda: True)
    assert faults(problem, plan) == []
