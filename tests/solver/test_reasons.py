"""Every household without a visit says why; what is proved is proved for every plan."""

from collections.abc import Callable
from itertools import combinations, product

import numpy as np
import pytest

from solver.explain import explain_document, explain_household
from solver.problem import parse_problem
from solver.reasons import Reasons, _Reach, never_visited
from solver.tour import Tour
from solver.world import World
from tests.solver.judge.check_plan import judge
from tests.solver.tiny import a_week_of_detours
from tests.solver.worlds import (
    Document,
    a_household,
    a_volunteer,
    an_evening_out,
    odd_week,
    one_lane,
    only,
    restated,
    solved,
)


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


def test_crews_that_could_not_get_there_in_time_displace_nobody() -> None:
    """Both crews of the evening could visit it, were it not for the way; only the long morning has time for it, and nobody."""
    problem = lane_with(a_household("odd", "outside"))
    problem["slots"] = [problem["slots"][0], {"id": "long", "class": "day", "start": 20000, "end": 40000}]
    problem["locations"].append({"id": "outside", "x": 7000, "y": 0})
    problem["volunteers"] = [
        a_volunteer("hoa", skills=["lead"], slots=["evening"]),
        a_volunteer("lan", slots=["evening"]),
        a_volunteer("minh", skills=["lead"], slots=["long"]),
        a_volunteer("tu", slots=["long"]),
    ]
    problem["households"][3]["reward"] = {"evening": 60, "day": 0}
    plan = restated(problem, an_evening_out())
    found = {u["household"]: u for u in explain_document(problem, plan)["unassigned"]}
    assert found["odd"]["reason"] == "no_room"
    assert explain_household(problem, plan, "odd")["reason"] == "no_room"


@pytest.mark.parametrize("seed", range(20))
def test_who_is_in_reach_is_told_of_many_as_of_each(seed: int) -> None:
    for world in (World(parse_problem(problem)) for problem in (odd_week(seed), a_week_of_detours(seed))):
        houses = range(len(world.place_of))
        reasons, many = Reasons(world), np.arange(len(houses))
        for slot, start in product(range(len(world.ends)), sorted(set(world.starts))):
            together = _Reach(world, many)(slot, {start}).tolist()
            assert together == [reasons.in_reach(h, slot, (start,)) for h in houses]


def test_a_way_round_that_is_shorter_than_the_leg_is_a_way_to_get_there() -> None:
    """From the house of culture to the far door there is no way but past the others."""
    problem = one_lane()
    problem["travel"] = {"seconds": [[0, 100, 100, 9000], [100, 0, 100, 100], [100, 100, 0, 100], [9000, 100, 100, 0]]}
    assert never_visited(World(parse_problem(problem))) == {}
    assert judge(problem, solved(problem))[1]["visits"] == 3


def test_an_assignment_tells_its_reward_its_worth_and_who_is_known() -> None:
    problem = one_lane()
    problem["households"][2]["known"] = ["lan"]
    found = {a["household"]: a for a in explain_document(problem, an_evening_out())["assignments"]}
    far = found["far"]
    assert (far["slot"], far["reward"], far["by_class"]) == ("evening", 60, {"day": 30, "evening": 60})
    assert far["known"] == ["lan"]
    # without it they would turn round at 600 m: 600 s of way less, 3.333 points at 20 an hour
    assert far["points"] == 60_000 - 3_333


def test_too_many_people_to_try_every_crew_are_no_obstacle_to_a_proof() -> None:
    """Of 200 people some have each skill and nobody both; a crew of two would need a third."""
    kinds = [{"skills": ["lead"]}, {"skills": ["woman"]}, {"languages": ["km"]}]
    crowd = [a_volunteer(f"v{n}", **kinds[n % 3]) for n in range(200)]
    problem = lane_with(a_household("odd", "m300", skills=["woman"], languages=["km"]), volunteers=crowd)
    assert never_visited(World(parse_problem(problem)))["odd"].reason == "no_crew_fits"


def test_one_who_could_come_but_starts_too_far_away_is_no_way_to_get_there() -> None:
    """The only one who speaks Khmer, and so whoever goes with them, starts at the other end."""
    near, far = a_volunteer("hoa", skills=["lead"]), a_volunteer("ha", skills=["lead"], languages=["km"], start="moon")
    lan = a_volunteer("lan", slots=["evening"])
    problem = far_away()
    problem["households"] = [a_household("odd", "m300", languages=["km"])]
    problem["volunteers"] = [near, far, lan]
    told = never_visited(World(parse_problem(problem)))
    assert told == {}  # Hoa goes with Ha, and they start at Hoa's
    problem["volunteers"] = [far, {**far, "id": "mai"}]
    assert never_visited(World(parse_problem(problem)))["odd"].reason == "unreachable_in_slot"


@pytest.mark.parametrize("seed", range(30))
def test_what_is_proved_before_planning_is_never_visited_by_any_crew(seed: int) -> None:
    """Every crew that could be formed is tried in every slot from every start: whom none can visit is proved, and nobody else."""
    world = World(parse_problem(odd_week(seed)))
    proved = never_visited(world)
    for h, home in enumerate(world.problem.households):
        reachable = any(
            bool(world.suits(slot, crew)[h]) and any(Tour(world, slot, crew, world.starts[v]).schedule((h,)) for v in crew)
            for slot in range(len(world.ends))
            for crew in combinations([v for v, s in enumerate(world.can_work) if slot in s and world.max_shifts[v]], world.size)
            if world.is_crew(crew)
        )
        assert not (home.id in proved and reachable)
        # a matrix may reward detours: there other households may be on the way
        assert reachable or home.id in proved or not world.legs.symmetric
