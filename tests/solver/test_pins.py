"""Pins hold; those that cannot are rejected for their true reason, and of those that clash as few as possible."""

import random
from typing import Any

import pytest

from solver.check import check_plan
from solver.problem import parse_problem
from solver.promises import most_pins
from solver.routes import route
from solver.world import World
from tests.solver.judge.make_problem import make
from tests.solver.worlds import Document, a_household, a_volunteer, as_base, odd_week, one_lane, only, solved


def visit_of(plan: Document, household: str) -> tuple[str, set[str]] | None:
    for crew in plan["crews"]:
        if any(v["household"] == household for v in crew["visits"]):
            return crew["slot"], set(crew["volunteers"])
    return None


def rejected(problem: Document) -> dict[str, str]:
    plan = solved(problem, 40)
    assert check_plan(problem, plan).faults == ()
    return {p["household"]: p["reason"] for p in plan["rejected_pins"]}


def test_a_pin_moves_a_visit_to_its_slot_and_its_people() -> None:
    problem = only(one_lane(), pins=[{"household": "far", "slot": "morning", "volunteers": ["minh"]}])
    slot, people = visit_of(solved(problem), "far") or ("", set())
    assert slot == "morning"
    assert "minh" in people


def test_a_pin_without_slot_holds_even_where_the_visit_costs_more_than_it_brings() -> None:
    problem = only(one_lane(), pins=[{"household": "far"}], weights={"travel_per_hour": 10_000})
    plan = solved(problem)
    assert visit_of(plan, "far") is not None
    assert plan["total"] < 0


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        ({"household": "sold"}, "unknown_household"),
        ({"household": "near", "slot": "june"}, "unknown_slot"),
        ({"household": "night", "slot": "evening"}, "never_visitable"),
        ({"household": "shut"}, "never_visitable"),
        ({"household": "near", "slot": "evening", "volunteers": ["minh"]}, "volunteer_unavailable"),
        ({"household": "near", "volunteers": ["left"]}, "volunteer_unavailable"),
        ({"household": "near", "volunteers": ["hoa", "lan", "minh"], "slot": "morning"}, "conflict"),
        ({"household": "khmer", "slot": "evening"}, "conflict"),
    ],
)
def test_a_pin_that_cannot_hold_says_why(pin: dict[str, Any], reason: str) -> None:
    homes = [
        *one_lane()["households"],
        a_household("night", "m300", reward={"day": 3}),
        a_household("shut", "m300", windows=[]),
        a_household("khmer", "m300", languages=["km"]),
    ]
    assert rejected(only(one_lane(), households=homes, pins=[pin])) == {pin["household"]: reason}


def test_of_three_pins_that_share_one_hour_two_hold() -> None:
    # the slot has 7,200 s; each visit takes 3,000 s: two fit, three do not, whoever goes
    homes = [a_household(f"h{n}", "m300", visit_seconds=3000) for n in range(3)]
    pins = [{"household": f"h{n}", "slot": "evening"} for n in range(3)]
    assert list(rejected(only(one_lane(), households=homes, pins=pins)).values()) == ["conflict"]


def test_one_greedy_pin_gives_way_to_two_modest_ones() -> None:
    # Hoa can go out once: with Lan in the evening for one household, or in the morning with Minh for two
    people = [a_volunteer("hoa", skills=["lead"], max_shifts=1), a_volunteer("lan"), a_volunteer("minh", skills=["lead"])]
    pins = [
        {"household": "near", "slot": "evening", "volunteers": ["hoa", "lan"]},
        {"household": "middle", "slot": "morning", "volunteers": ["hoa", "minh"]},
        {"household": "far", "slot": "morning", "volunteers": ["hoa", "minh"]},
    ]
    assert rejected(only(one_lane(), volunteers=people, pins=pins)) == {"near": "conflict"}


def test_two_pins_on_one_household_that_contradict_each_other_are_told_as_a_conflict() -> None:
    pins = [{"household": "near", "slot": "evening"}, {"household": "near", "slot": "morning"}]
    assert rejected(only(one_lane(), pins=pins)) == {"near": "conflict"}


@pytest.mark.parametrize(
    "pin",
    [
        {"household": "near", "slot": "night"},  # nobody can work then
        {"household": "near", "volunteers": ["lan"]},  # whom it avoids
        {"household": "near", "volunteers": ["thu"]},  # who has no shift left
    ],
)
def test_a_pin_that_cannot_hold_does_not_bar_its_household(pin: Document) -> None:
    problem = only(one_lane(), pins=[pin])
    problem["slots"].append({"id": "night", "class": "evening", "start": 80000, "end": 87200})
    problem["volunteers"] += [a_volunteer("mai"), a_volunteer("thu", max_shifts=0)]
    problem["households"][0]["avoid"] = ["lan"]
    assert rejected(problem) == {"near": "conflict"}
    assert visit_of(solved(problem), "near") is not None


def test_a_household_whose_pin_gives_way_to_others_is_visited_elsewhere() -> None:
    homes = [a_household(f"h{n}", "m300", visit_seconds=3000) for n in range(3)]
    problem = only(one_lane(), households=homes, pins=[{"household": f"h{n}", "slot": "evening"} for n in range(3)])
    plan = solved(problem)
    (pin,) = plan["rejected_pins"]
    assert visit_of(plan, pin["household"]) is not None


def kept_pins(problem: Document) -> int:
    plan = solved(problem, 40)
    assert check_plan(problem, plan).faults == ()
    asked = ((pin, visit_of(plan, pin["household"])) for pin in problem["pins"])
    return sum(
        visit is not None and pin.get("slot", visit[0]) == visit[0] and set(pin.get("volunteers", ())) <= visit[1]
        for pin, visit in asked
    )


def test_of_two_pins_on_one_household_that_no_crew_holds_together_one_holds() -> None:
    # none of the two speaks Khmer: either may come, with Minh
    homes = [a_household("khmer", "m300", languages=["km"], reward={"day": 30})]
    pins = [{"household": "khmer", "volunteers": ["hoa"]}, {"household": "khmer", "volunteers": ["lan"]}]
    assert kept_pins(only(one_lane(), households=homes, pins=pins)) == 1


def test_of_many_pins_on_one_household_the_most_that_go_together_hold() -> None:
    # whoever takes the fewest people first takes Hoa, and with her only one of three pairs that make three people together
    people = [a_volunteer(name, skills=["lead"]) for name in ("hoa", "lan", "minh", "tu")]
    pairs = (["hoa"], ["lan", "minh"], ["minh", "tu"], ["lan", "tu"])
    pins = [{"household": "near", "volunteers": pair} for pair in pairs]
    assert kept_pins(only(one_lane(), volunteers=people, crew={"size": 3, "skills": []}, pins=pins)) == 3


def test_of_two_pins_on_one_household_one_holds_where_others_leave_no_crew_for_both() -> None:
    # Hoa is promised to a household far away all evening: near can have Lan, but not both of them
    people = [a_volunteer(name, skills=["lead"], slots=["evening"]) for name in ("hoa", "lan", "minh", "tu")]
    homes = [a_household("near", "m300"), a_household("all", "m900", visit_seconds=5400)]
    pins = [{"household": "all", "volunteers": ["hoa", "minh"]}] * 3
    pins = [*pins, {"household": "near", "volunteers": ["hoa"]}, {"household": "near", "volunteers": ["lan"]}]
    assert kept_pins(only(one_lane(), volunteers=people, households=homes, pins=pins)) == 4


@pytest.mark.parametrize("seed", range(30))
def test_no_more_pins_break_than_cp_sat_proves_necessary(seed: int) -> None:
    rng = random.Random(seed)
    problem = odd_week(seed)
    problem["pins"] = [
        {"household": h["id"], "slot": rng.choice(problem["slots"])["id"]} for h in problem["households"] if rng.random() < 0.5
    ]
    world = World(parse_problem(problem))
    plan = solved(problem, 0)
    conflicts = [p for p in plan["rejected_pins"] if p["reason"] == "conflict"]
    world.wish(
        [
            p
            for p in parse_problem(problem).pins
            if p.household not in {r["household"] for r in plan["rejected_pins"] if r["reason"] != "conflict"}
        ]
    )
    proposal = most_pins(world, None)
    kept = sum(len(houses) for _, _, houses in proposal.crews) if proposal else 0
    assert len(conflicts) == len(world.wishes) - kept


def test_hundreds_of_pins_from_a_plan_all_hold_without_its_base() -> None:
    problem = make("delta", 700, 60, 3)
    plan = solved(problem, 50)
    problem["pins"] = as_base(problem, plan)["base"]["visits"]
    random.Random(1).shuffle(problem["pins"])
    assert len(problem["pins"]) > 300
    assert rejected(problem) == {}


def test_a_route_is_found_whenever_there_is_one() -> None:
    problem = only(
        one_lane(),
        households=[
            a_household("late", "m300", windows=[[4000, 4000]]),
            a_household("early", "m900", windows=[[900, 900]]),
            a_household("between", "m600", windows=[[1800, 3400]]),
        ],
    )
    world = World(parse_problem(problem))
    assert route(world, 0, world.starts[0], (0, 1, 2)) == (1, 2, 0)
    assert route(world, 1, world.starts[0], (0, 1)) is None  # dusk begins at 3600, after the early one has shut
