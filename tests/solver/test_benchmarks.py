"""What the benchmark tells of other engines is only fair if they get the whole problem and their plans are judged as they are."""

import re
from itertools import pairwise

import numpy as np
import pytest

from benchmarks.solver import page
from benchmarks.solver.replanning import evening_rained_off, one_crew_gone, visits_of
from benchmarks.solver.routing import RoutingCase, plan_of, routing_case
from solver.problem import parse_problem
from tests.solver.judge.check_plan import judge, travel_seconds
from tests.solver.judge.make_problem import make
from tests.solver.worlds import Document, an_evening_out, one_lane, only, solved


@pytest.fixture(scope="module")
def week() -> tuple[Document, Document]:
    """A commune of two languages with lengths by class of slot, and its plan."""
    problem = make("mountain", 300, 30, 4, expected=True)
    return problem, solved(problem, 40)


def visits_by_crew(plan: Document) -> list[list[str]]:
    return [[v["household"] for v in crew["visits"]] for crew in plan["crews"]]


def cost_to_an_engine(case: RoutingCase, routes: list[list[str]]) -> int:
    """Return what the engines minimise, negated, in points times `point_cost`."""
    number = {door: i for i, door in enumerate(case.door_ids)}
    total = 0
    for crew, route in enumerate(routes):
        stops = [case.place_of_crew[crew], *(number[door] for door in route), case.place_of_crew[crew]]
        way = sum(case.travel_seconds[a, b] for a, b in pairwise(stops))
        points = case.points[case.class_of_crew[crew], stops[1:-1]].sum()
        total += case.point_cost * points - case.second_cost * way
    return int(total)


def test_a_plan_is_worth_to_the_engines_what_the_judge_counts(week: tuple[Document, Document]) -> None:
    problem, plan = only(week[0], weights={"travel_per_hour": 20}), week[1]
    case = routing_case(problem, plan["crews"])
    total = judge(problem, {**plan, "total": 0})[1]["total"]
    assert cost_to_an_engine(case, visits_by_crew(plan)) * 1000 // case.point_cost == total


def test_a_valid_plan_comes_back_as_it_went(week: tuple[Document, Document]) -> None:
    problem, plan = week
    back, dropped = plan_of(problem, plan["crews"], visits_by_crew(plan), travel_seconds(problem))
    assert dropped == 0
    assert judge(problem, {**back, "total": plan["total"]})[0] == []


def test_visits_that_the_rules_forbid_are_taken_out_and_counted() -> None:
    problem = one_lane()
    problem["households"][0]["avoid"] = ["lan"]
    problem["households"][1]["windows"] = [[0, 100]]
    crews = an_evening_out()["crews"]
    plan, dropped = plan_of(problem, crews, [["near", "middle", "far"]], travel_seconds(problem))
    assert (dropped, visits_by_crew(plan)) == (2, [["far"]])
    assert judge(problem, {**plan, "total": 0})[0] == ["total is stated as 0, is 50000"]


def test_every_door_is_open_to_the_crews_that_may_visit_it() -> None:
    problem = one_lane()
    problem["households"][0]["languages"] = ["km"]
    problem["households"][1]["skills"] = ["woman"]
    problem["households"][2]["avoid"] = ["hoa"]
    crews = [*an_evening_out()["crews"], {"slot": "morning", "volunteers": ["hoa", "minh"], "start": "m0"}]
    case = routing_case(problem, crews)
    may = case.welcome & ~case.avoided
    assert [case.door_ids[i] for i in np.flatnonzero(may[0])] == ["middle"]
    assert [case.door_ids[i] for i in np.flatnonzero(may[1])] == ["near"]


def test_no_crews_of_one_profile_may_visit_different_doors(week: tuple[Document, Document]) -> None:
    case = routing_case(week[0], week[1]["crews"])
    welcome, group = case.crews_alike
    assert (welcome[group] == case.welcome).all()


def test_candidates_are_those_most_worth_their_time(week: tuple[Document, Document]) -> None:
    problem, plan = week
    few, many = routing_case(problem, plan["crews"], 0.5), routing_case(problem, plan["crews"])
    assert set(few.door_ids) < set(many.door_ids)
    of_few = np.isin(many.door_ids, few.door_ids)
    assert many.best_points[of_few].mean() > many.best_points[~of_few].mean()


def test_the_scenes_of_replanning_are_well_formed_problems(week: tuple[Document, Document]) -> None:
    problem, plan = week
    gone = one_crew_gone(problem, plan)
    parse_problem(gone)
    assert gone["base"]["visits"] == visits_of(plan)
    assert {p["slot"][:2] for p in gone["pins"]} <= {"d0", "d1"}
    rained_off = evening_rained_off(problem, plan)
    parse_problem(rained_off)
    assert {s["id"][:2] for s in rained_off["slots"]} == {"d2", "d3", "d4", "d5", "d6"}


def test_the_page_has_a_place_for_every_table() -> None:
    names = re.findall(r"<!-- table: ([a-z ]+) -->", page.PAGE.read_text(encoding="utf-8"))
    assert sorted(names) == sorted(page.TABLES)
