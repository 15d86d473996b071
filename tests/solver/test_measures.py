"""What the total is made of, worked out by hand."""

from solver.check import check_plan
from tests.solver.worlds import a_volunteer, an_evening_out, one_lane, only, restated


def measures(problem: dict, plan: dict) -> dict:
    return check_plan(problem, restated(problem, plan)).measures


def test_reward_is_that_of_the_slots_class() -> None:
    assert measures(one_lane(), an_evening_out())["reward"] == 180  # 3 x 60 in the evening; by day it would be 3 x 30


def test_travel_counts_the_first_leg_and_the_way_back() -> None:
    assert measures(one_lane(), an_evening_out())["travel_seconds"] == 1800  # 300 + 300 + 300 out, 900 back


def test_travel_is_rounded_up_once_for_the_whole_week() -> None:
    problem = only(one_lane(), weights={"travel_per_hour": 1})
    # 1,800 s at one point an hour are 500 milli-points; one second less would be 499.72, rounded up to 500
    assert measures(problem, an_evening_out())["total"] == 180_000 - 500


def test_a_shift_beyond_the_fair_share_is_extra() -> None:
    plan = an_evening_out()
    first, *others = plan["crews"][0]["visits"]
    plan["crews"][0]["visits"] = others
    plan["crews"].append({**plan["crews"][0], "slot": "morning", "visits": [{**first, "start": 40300}]})
    people = [*one_lane()["volunteers"], *(a_volunteer(f"idle{n}") for n in range(2))]
    # 4 seats, 5 people with a slot: one shift is fair; Hoa and Lan have two each
    assert measures(one_lane() | {"volunteers": people}, plan)["extra_shifts"] == 2


def test_a_crew_without_anybody_known_is_a_new_face() -> None:
    problem = one_lane()
    problem["households"][0]["known"] = ["minh"]
    problem["households"][1]["known"] = ["lan", "minh"]
    problem["households"][2]["known"] = ["somebody who left"]
    assert measures(problem, an_evening_out())["new_faces"] == 2


def test_a_base_visit_by_other_people_is_a_change_and_forced_only_where_it_had_to_be() -> None:
    same, other, gone = ["lan", "hoa"], ["hoa", "minh"], ["hoa", "left"]
    rows = ("near", "evening", same), ("middle", "morning", other), ("far", "evening", gone), ("sold", "evening", same)
    visits = [{"household": h, "slot": s, "volunteers": v} for h, s, v in rows]
    found = measures(one_lane() | {"base": {"visits": visits}}, an_evening_out())
    assert (found["changes"], found["unforced_changes"]) == (3, 1)
