"""Every household without a visit says why, and every visit says what else there was."""

from collections.abc import Callable

import pytest

from solver.explain import explain_document
from tests.solver.judge.make_problem import make
from tests.solver.worlds import Document, a_household, a_volunteer, an_evening_out, one_lane, only, solved


def lane_with(household: Document, **changes: object) -> Document:
    """Return `one_lane` with the household "odd" added, and other parts replaced."""
    return only(one_lane(), households=[*one_lane()["households"], household], **changes)


def far_away() -> Document:
    problem = lane_with(a_household("odd", "moon"))
    problem["locations"].append({"id": "moon", "x": 10_000_000, "y": 0})
    return problem


def odd(**changes: object) -> Callable[[], Document]:
    return lambda: lane_with(a_household("odd", "m300", **changes))


def people(*volunteers: Document) -> Callable[[], Document]:
    return lambda: lane_with(a_household("odd", "m300"), volunteers=list(volunteers))


@pytest.mark.parametrize(
    ("world", "reason"),
    [
        (odd(reward={"night": 90}, visit_seconds=60), "never_visitable"),
        (odd(reward={}), "never_visitable"),
        (odd(windows=[]), "window_never_open"),
        (odd(windows=[[20000, 30000]]), "window_never_open"),
        (people(), "nobody_available"),
        (people(a_volunteer("hoa", skills=["lead"], max_shifts=0), a_volunteer("lan", slots=[])), "nobody_available"),
        (people(a_volunteer("hoa", skills=["lead"])), "no_crew_possible"),
        (people(a_volunteer("lan"), a_volunteer("mai")), "no_crew_possible"),
        (odd(avoid=["hoa", "lan", "minh"]), "avoids_all"),
        (odd(skills=["doctor"]), "no_crew_has_skill"),
        (odd(languages=["mnong", "ede"]), "no_crew_speaks_language"),
        (odd(languages=["km"], reward={"evening": 9}), "no_crew_speaks_language"),
        (odd(visit_seconds=7200), "unreachable_in_slot"),
        (odd(skills=["woman"], languages=["km"], avoid=["lan"]), "no_crew_has_skill"),
        (far_away, "unreachable_in_slot"),
    ],
)
def test_a_reason_that_can_be_proved_is_given(world: Callable[[], Document], reason: str) -> None:
    told = {u["household"]: u["reason"] for u in solved(world())["unassigned"]}
    assert told["odd"] == reason


def test_two_needs_that_no_two_people_meet_together_are_proved() -> None:
    trio = [a_volunteer("hoa", skills=["lead"]), a_volunteer("lan", skills=["woman"]), a_volunteer("ha", languages=["km"])]
    problem = lane_with(a_household("odd", "m300", skills=["woman"], languages=["km"]), volunteers=trio)
    assert {u["household"]: u["reason"] for u in solved(problem)["unassigned"]}["odd"] == "no_crew_fits"


def test_the_facts_name_what_is_missing() -> None:
    problem = lane_with(a_household("odd", "m300", skills=["doctor"], reward={"day": 9}))
    entry = next(u for u in solved(problem)["unassigned"] if u["household"] == "odd")
    assert entry == {"household": "odd", "reason": "no_crew_has_skill", "skill": "doctor", "slots": ["morning"]}


def test_a_household_that_others_were_preferred_to_is_displaced() -> None:
    homes = [a_household(f"h{n}", "m300") for n in range(40)]
    homes[7]["reward"] = {"evening": 1, "day": 1}
    told = {u["household"]: u for u in solved(only(one_lane(), households=homes), 300)["unassigned"]}
    assert told["h7"]["reason"] == "displaced"
    assert told["h7"]["crews"] >= 1


def test_an_assignment_tells_its_reward_its_worth_and_who_is_known() -> None:
    problem = one_lane()
    problem["households"][2]["known"] = ["lan"]
    found = {a["household"]: a for a in explain_document(problem, an_evening_out())["assignments"]}
    far = found["far"]
    assert (far["slot"], far["reward"], far["by_class"]) == ("evening", 60, {"day": 30, "evening": 60})
    assert far["known"] == ["lan"]
    # without it they would turn round at 600 m: 600 s of way less, 3.333 points at 20 an hour
    assert far["points"] == 60_000 - 3_333


def test_a_household_left_out_is_told_whose_place_it_could_take() -> None:
    people = [a_volunteer("hoa", skills=["lead"], slots=["evening"]), a_volunteer("lan", slots=["evening"])]
    homes = [a_household("long", "m300", visit_seconds=6000), a_household("other", "m300", visit_seconds=6000)]
    homes[1]["reward"] = {"evening": 50}
    problem = only(one_lane(), households=homes, volunteers=people)
    plan = solved(problem)
    (entry,) = explain_document(problem, plan)["unassigned"]
    assert entry["household"] == "other"
    assert entry["alternatives"] == [{"slot": "evening", "volunteers": ["hoa", "lan"], "gain": -10_000, "displaces": "long"}]


def test_a_whole_commune_is_explained() -> None:
    problem = make("mountain", 300, 24, 1)
    plan = solved(problem, 200)
    told = explain_document(problem, plan)
    visits = {v["household"] for c in plan["crews"] for v in c["visits"]}
    assert {a["household"] for a in told["assignments"]} == visits
    assert [u["reason"] for u in told["unassigned"]] == [u["reason"] for u in plan["unassigned"]]
    assert any(u["alternatives"] for u in told["unassigned"])


def test_a_plan_of_another_problem_is_refused() -> None:
    problem = only(one_lane(), households=[a_household("near", "m300")])
    with pytest.raises(ValueError, match=r"crews\[0\]: 'middle' is not in the problem"):
        explain_document(problem, an_evening_out())
