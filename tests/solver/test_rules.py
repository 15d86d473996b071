"""Each hard rule alone: a plan that breaks only it, which the public judge refuses too, and which passes once it is dropped."""

import re
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from solver import rules
from solver.check import check_plan
from solver.plan import plan_from_dict
from solver.problem import parse_problem
from solver.rules.reading import read
from solver.rules.registry import MEASURES, RULES, Rule, name_of
from tests.solver.judge import check_plan as judge
from tests.solver.worlds import Document, a_household, a_volunteer, an_evening_out, one_lane, only, restated

Broken = tuple[Document, Document]
BREAKING: dict[str, Callable[[], Broken]] = {}


def breaks(rule: str) -> Callable[[Callable[[], Broken]], Callable[[], Broken]]:
    """Register a world in which a plan breaks this rule and no other."""

    def register(make: Callable[[], Broken]) -> Callable[[], Broken]:
        assert rule not in BREAKING
        BREAKING[rule] = make
        return make

    return register


def changed_crew(**changes: object) -> Document:
    """Return the evening out with other values in its crew."""
    plan = an_evening_out()
    plan["crews"][0].update(changes)
    return plan


def changed_home(**changes: object) -> Broken:
    """Return the evening out in a lane whose nearest household is different."""
    return one_lane() | {"households": [a_household("near", "m300", **changes), *one_lane()["households"][1:]]}, an_evening_out()


@breaks("known_ids")
def a_stranger_leads() -> Broken:
    plan = an_evening_out()
    plan["crews"].append({"slot": "morning", "volunteers": ["nobody", "lan"], "start": "m0", "visits": []})
    return one_lane(), plan


@breaks("crew_size")
def hoa_goes_alone() -> Broken:
    return one_lane(), changed_crew(volunteers=["hoa"])


@breaks("crew_skills")
def nobody_leads() -> Broken:
    people = [a_volunteer("hoa"), *one_lane()["volunteers"][1:]]
    return one_lane() | {"volunteers": people}, an_evening_out()


@breaks("volunteer_available")
def lan_has_no_time() -> Broken:
    people = [one_lane()["volunteers"][0], a_volunteer("lan", slots=["morning"])]
    return one_lane() | {"volunteers": people}, an_evening_out()


@breaks("one_crew_at_a_time")
def evening_and_dusk_at_once() -> Broken:
    plan = an_evening_out()
    first, *others = plan["crews"][0]["visits"]
    plan["crews"][0]["visits"] = others
    plan["crews"].append({**plan["crews"][0], "slot": "dusk", "visits": [{**first, "start": 3900}]})
    return one_lane(), plan


@breaks("max_shifts")
def one_shift_too_many() -> Broken:
    plan = an_evening_out()
    first, *others = plan["crews"][0]["visits"]
    plan["crews"][0]["visits"] = others
    plan["crews"].append({**plan["crews"][0], "slot": "morning", "visits": [{**first, "start": 40300}]})
    people = [a_volunteer("hoa", skills=["lead"], max_shifts=1), *one_lane()["volunteers"][1:]]
    return one_lane() | {"volunteers": people}, plan


@breaks("starts_at_a_member")
def they_start_where_nobody_lives() -> Broken:
    return one_lane(), changed_crew(start="m300")


@breaks("reachable_in_time")
def they_fly_to_the_second_door() -> Broken:
    plan = an_evening_out()
    plan["crews"][0]["visits"][1]["start"] -= 1
    return one_lane(), plan


@breaks("back_by_slot_end")
def they_linger() -> Broken:
    plan = an_evening_out()
    # the way back from 900 m takes 900 s after ten minutes' visit: 7200 - 1500 = 5700 is the last start in time
    plan["crews"][0]["visits"][2]["start"] = 5701
    return one_lane(), plan


@breaks("within_windows")
def they_come_between_two_windows() -> Broken:
    return changed_home(windows=[[0, 299], [301, 400]])


@breaks("visitable_class")
def never_in_the_evening() -> Broken:
    return changed_home(reward={"day": 30}, visit_seconds={"day": 600, "evening": 600})


@breaks("household_skills")
def no_doctor_comes() -> Broken:
    return changed_home(skills=["doctor"])


@breaks("household_languages")
def nobody_speaks_khmer() -> Broken:
    return changed_home(languages=["km"])


@breaks("household_avoids")
def lan_is_not_welcome() -> Broken:
    return changed_home(avoid=["lan"])


@breaks("visited_once")
def they_come_back() -> Broken:
    plan = an_evening_out()
    plan["crews"][0]["visits"].append({"household": "near", "start": 3300})
    return one_lane(), plan


@breaks("pins_hold")
def a_pin_is_forgotten() -> Broken:
    return one_lane() | {"pins": [{"household": "far", "slot": "morning"}]}, an_evening_out()


@breaks("all_accounted_for")
def one_household_is_passed_over() -> Broken:
    plan = an_evening_out()
    plan["crews"][0]["visits"].pop()
    return one_lane(), plan


@breaks("max_changes")
def a_visit_moves_without_need() -> Broken:
    base = {"visits": [{"household": "far", "slot": "dusk", "volunteers": ["hoa", "lan"]}]}
    return one_lane() | {"base": base, "max_changes": 0}, an_evening_out()


@breaks("true_total")
def the_total_is_one_too_high() -> Broken:
    return one_lane(), an_evening_out() | {"total": 170_001}


@breaks("true_bound")
def the_bound_is_below_the_total() -> Broken:
    return one_lane(), an_evening_out() | {"bound": 169_999}


def broken(rule: str) -> Broken:
    """Return the registered world, its total restated where the total is not the point, and no bound in the way."""
    problem, plan = BREAKING[rule]()
    if rule in ("true_total", "true_bound"):
        return problem, plan
    return problem, restated(problem, {**plan, "bound": None})


def test_the_evening_out_is_valid() -> None:
    assert check_plan(one_lane(), an_evening_out()).faults == ()
    assert judge.judge(one_lane(), an_evening_out())[0] == []


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_a_plan_that_breaks_only_this_rule_is_refused_for_it_alone(rule: Rule) -> None:
    name = name_of(rule)
    problem, plan = broken(name)

    assert check_plan(problem, plan).faults, "the rule sees nothing"
    assert check_plan(problem, plan, [r for r in RULES if r is not rule]).faults == (), "another rule sees it as well"
    assert list(check_plan(problem, plan).faults) == judge.judge(problem, plan)[0]


def test_every_rule_has_its_broken_plan_and_its_title() -> None:
    assert {name_of(rule) for rule in RULES} == set(BREAKING)
    assert len({rule.TITLE for rule in RULES}) == len(RULES)


def test_every_file_is_a_rule_or_a_summand_and_says_whom_it_concerns() -> None:
    files = {p.stem for p in Path(rules.__path__[0]).glob("*.py")} - {"__init__", "registry", "reading"}
    listed = {name_of(rule): rule for rule in (*RULES, *MEASURES.values())}
    assert files == set(listed)
    assert {rule.CONCERNS for rule in listed.values()} == {"households", "volunteers", "crews", "plan"}
    assert all(rule.TITLE and not rule.TITLE.endswith(".") for rule in listed.values())


def test_the_summands_are_those_of_the_total() -> None:
    assert set(MEASURES) == {"reward", "travel_seconds", "extra_shifts", "new_faces", "changes"}


def test_every_rule_measures_how_often_it_bears_on_a_plan() -> None:
    problem = one_lane()
    problem["households"][0] |= {"skills": ["woman"], "windows": [[0, 900]], "avoid": ["minh"]}
    problem["pins"] = [{"household": "far"}]
    reading = read(parse_problem(problem), plan_from_dict({**an_evening_out(), "bound": 170_005}))
    measured = {name_of(rule): rule.measure(reading) for rule in RULES}
    assert measured == {
        "all_accounted_for": 0, "back_by_slot_end": 1, "crew_size": 1, "crew_skills": 1, "household_avoids": 1,
        "household_languages": 0, "household_skills": 1, "known_ids": 4, "max_changes": 0, "max_shifts": 0,
        "one_crew_at_a_time": 0, "pins_hold": 1, "reachable_in_time": 3, "starts_at_a_member": 1, "true_bound": 5,
        "true_total": 170_000, "visitable_class": 0, "visited_once": 3, "volunteer_available": 2, "within_windows": 1,
    }  # fmt: skip


def test_the_example_of_the_documentation_is_a_rule() -> None:
    """The page's file is a whole rule; its broken plan is seen by it alone, and a plan of a dozen doors is not."""
    page = (Path(__file__).parents[2] / "docs" / "adding-a-rule.md").read_text(encoding="utf-8")
    rule_file, test_file = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    rule = types.ModuleType("solver.rules.doors_a_shift")
    exec(rule_file, rule.__dict__)
    tried: dict[str, Callable[[], Broken]] = {}
    exec(test_file, {**globals(), "breaks": lambda name: lambda make: tried.setdefault(name, make)})

    problem, plan = tried["doors_a_shift"]()
    plan = restated(problem, {**plan, "bound": None})
    assert check_plan(problem, plan).faults == ()
    assert check_plan(problem, plan, [*RULES, rule]).faults == ("crews[0]: 13 visits, at most 12",)
    assert {"TITLE", "CONCERNS", "measure", "breaches"} <= set(vars(rule))
    plan["crews"][0]["visits"].pop()
    reading = read(parse_problem(problem), plan_from_dict(plan))
    assert list(rule.breaches(reading)) == []
    assert rule.measure(reading) == 1


def test_a_pin_rejected_for_an_untrue_reason_is_refused() -> None:
    problem = only(one_lane(), pins=[{"household": "far", "slot": "morning"}])
    plan = an_evening_out() | {"rejected_pins": [{"household": "far", "reason": "never_visitable"}]}
    assert check_plan(problem, plan).faults == ("pin on far is rejected as 'never_visitable', which is not so",)
    plan["rejected_pins"][0]["reason"] = "conflict"
    assert check_plan(problem, plan).valid


def test_a_start_that_is_no_whole_second_is_no_visit() -> None:
    plan = an_evening_out()
    plan["crews"][0]["visits"][0]["start"] = 300.0
    faults = check_plan(one_lane(), plan).faults
    assert "crews[0]: near starts at 300.0, not an integer" in faults
    assert sorted(faults) == sorted(judge.judge(one_lane(), plan)[0])
