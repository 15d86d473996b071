"""What an explanation says is so: each difference it states is that of two totals which the public judge computes itself."""

import random
import subprocess
import sys
from collections.abc import Iterable
from functools import cache

import numpy as np
import pytest

from solver.explain import assignment, changes, explain_document, explain_household, left_out, standing_of, what_if
from solver.explain.figures import RELAXED, fairness, more_crews, relaxation, rules
from solver.explain.newcomers import Enlarged, typical
from solver.explain.standing import Standing
from solver.explain.ways import ways_in
from solver.plan import plan_from_dict
from solver.problem import parse_problem
from solver.rules.registry import MEASURES, RULES, name_of
from solver.tour import Tour
from tests.solver.judge.check_plan import judge
from tests.solver.judge.make_problem import make
from tests.solver.worlds import (
    Document,
    a_household,
    a_volunteer,
    a_week_later,
    an_evening_out,
    as_base,
    odd_week,
    one_lane,
    only,
    restated,
    solved,
)


def standing(problem: Document, plan: Document) -> Standing:
    return standing_of(parse_problem(problem), plan_from_dict(plan))


def total_of(problem: Document, plan: Document, tours: Iterable[Tour]) -> int:
    """Return the judge's total of these tours, once it has found nothing wrong with them."""
    crews = []
    for tour in tours:
        world, state = tour.world, tour.state
        visits = [
            {"household": world.problem.households[h].id, "start": begin}
            for h, begin in zip(state.visits, state.begins, strict=True)
        ]
        crews.append(
            {
                "slot": world.problem.slots[tour.slot].id,
                "volunteers": [problem["volunteers"][v]["id"] for v in tour.members],
                "start": world.problem.locations[tour.start].id,
                "visits": visits,
            }
        )
    seen = {visit["household"] for crew in crews for visit in crew["visits"]}
    absent = [{"household": h["id"], "reason": "x"} for h in problem["households"] if h["id"] not in seen]
    changed = restated(problem, {"crews": crews, "unassigned": absent, "rejected_pins": plan["rejected_pins"], "total": 0})
    faults, measures = judge(problem, changed)
    assert faults == []
    return int(measures["total"])


@cache
def weeks() -> list[tuple[Document, Document]]:
    """Return problems of all kinds with plans that leave something to be desired."""
    found = []
    for seed in range(12):
        problem = odd_week(seed + 100)
        found.append((problem, solved(problem, 5)))
    for seed, profile in enumerate(("delta", "mountain", "ward")):
        problem = make(profile, 90, 16, seed, expected=bool(seed % 2))
        plan = solved(problem, 30, seed)
        later = a_week_later(problem, plan, seed)
        found += [(problem, plan), (later, solved(later, 10, seed))]
    return found


@pytest.fixture(params=range(18))
def week(request: pytest.FixtureRequest) -> tuple[Document, Document]:
    return weeks()[request.param]


def test_a_standing_plan_has_the_total_that_was_stated(week: tuple[Document, Document]) -> None:
    assert standing(*week).total == week[1]["total"]


def test_every_way_to_visit_a_household_is_a_valid_plan_of_the_stated_total(week: tuple[Document, Document]) -> None:
    now = standing(*week)
    for house in random.Random(1).sample(range(len(now.world.place_of)), min(25, len(now.world.place_of))):
        for way in ways_in(now, house, most=6):
            tours = []
            for tour in now.tours:
                if not way.is_new and (tour.slot, tour.members) == (way.crew.slot, way.crew.members):
                    continue
                tours.append(tour.without(house) if house in tour.state.visits else tour)
            tours = [*(t for t in tours if t.state.visits), way.crew]
            assert total_of(*week, tours) == now.total + way.gain
            assert house in way.crew.state.visits


def test_no_single_way_was_missed() -> None:
    """All ways with one crew, tried out order by order, are no better than the one that is told."""
    problem = make("delta", 40, 8, 3)
    plan = solved(problem, 20)
    now = standing(problem, plan)
    for house in np.flatnonzero(now.left_out)[:8].tolist():
        best = max((way.gain for way in ways_in(now, house, most=99) if not way.is_new), default=None)
        tried = []
        for n, tour in enumerate(now.tours):
            for gone in (None, *tour.state.visits):
                rest = tour if gone is None else tour.without(gone)
                for at in range(len(rest.state.visits) + 1):
                    visits = (*rest.state.visits[:at], house, *rest.state.visits[at:])
                    state = tour.schedule(visits) if tour.pool.suits[house] else None
                    if state is not None:
                        tried.append(now.difference({n: state}))
        assert best is not None or not tried
        assert best is None or best >= max(tried)


def test_the_worth_of_a_visit_is_what_the_total_loses_without_it(week: tuple[Document, Document]) -> None:
    now = standing(*week)
    for house, number in list(now.owner.items())[:15]:
        if house in now.world.wishes or now.world.allowed_changes is not None:
            continue  # without it the plan would not be valid
        told = assignment(now, house)
        rest = [t.without(house) if n == number else t for n, t in enumerate(now.tours)]
        assert total_of(*week, [t for t in rest if t.state.visits]) == now.total - told["points"]
        assert told["household"] == week[0]["households"][house]["id"]


def test_the_worth_of_newcomers_is_that_of_the_enlarged_problem() -> None:
    asked = 0
    for seed in range(4):
        problem = make(["delta", "mountain"][seed % 2], 120, 12, seed)
        plan = solved(problem, 20)
        now = standing(problem, plan)
        gift, slots = typical(now.world), [s["id"] for s in problem["slots"]]
        larger = Enlarged(now, gift)
        newcomers = [
            {
                "id": f"newcomer {n}", "start": problem["households"][0]["location"],
                "slots": slots, "max_shifts": 14, "skills": sorted(gift.skills), "languages": sorted(gift.languages),
            }
            for n in range(2)
        ]  # fmt: skip
        wider = only(problem, volunteers=[*problem["volunteers"], *newcomers])
        for slot in range(3):
            tour = larger.outing(slot, now.world.place_of[0], now.left_out)
            if tour is None:
                continue  # nobody in reach who is left
            asked += 1
            assert total_of(wider, plan, [*now.tours, tour]) == now.total + larger.gain([tour])
    assert asked >= 8


def test_more_crews_are_told_by_area_and_class_the_best_first() -> None:
    problem = make("delta", 120, 12, 5)
    now = standing(problem, solved(problem, 20))
    names = [h["id"] for h in problem["households"]]
    cells = more_crews(now, {"north": names[:60], "south": names[60:], "nowhere": ["gone"]}, [5.0] * 14)
    assert {(c["area"], c["class"]) for c in cells} == {
        (area, kind) for area in ("north", "south") for kind in ("weekday_day", "weekday_evening", "weekend_day")
    }
    assert [c["gain"] for c in cells] == sorted((c["gain"] for c in cells), reverse=True)
    assert all(c["visits"] and c["price"] == 5 for c in cells)


def test_where_everybody_is_visited_one_more_crew_is_worth_nothing() -> None:
    problem, plan = one_lane(), an_evening_out()
    (cell, *_) = more_crews(standing(problem, plan), {"lane": ["near", "middle"]})
    assert (cell["visits"], cell["gain"], cell["price"]) == (0, 0, None)


def crowded(**changes: object) -> Document:
    """One evening of 7,200 s in the lane, and doors that take 3,000 s each: there is room for two."""
    pair = [a_volunteer("hoa", skills=["lead"], slots=["evening"]), a_volunteer("lan", slots=["evening"])]
    homes = [
        a_household(f"h{n}", "m300", visit_seconds=3000, reward={"evening": points}) for n, points in enumerate((60, 50, 40, 30))
    ]
    return only(one_lane(), households=homes, volunteers=pair, **changes)


def test_a_household_left_out_is_told_what_it_would_add_and_push_out() -> None:
    problem = crowded()
    plan = solved(problem)
    told = explain_household(problem, plan, "h2")
    assert (told["reason"], told["proved"], told["crews"]) == ("displaced", False, 1)
    (way,) = told["ways"]
    assert (way["slot"], way["volunteers"], way["new"]) == ("evening", ["hoa", "lan"], False)
    assert (way["gain"], way["adds"], way["loses"], way["displaces"]) == (-10_000, 40_000, 50_000, ["h1"])


def test_a_household_left_out_is_told_how_many_more_crews_bring_it_in() -> None:
    problem = crowded()
    (entry,) = explain_household(problem, solved(problem), "h3")["brings_in"]
    # the next crew out takes the two that are left
    assert (entry["class"], entry["slot"], entry["crews"], entry["visits"]) == ("evening", "evening", 1, 2)
    assert entry["gain"] == 70_000


def test_a_household_that_nobody_understands_is_told_that_a_speaker_would_bring_it_in() -> None:
    problem = crowded()
    for n in (1, 3):
        problem["households"][n]["languages"] = ["khmer"]
    told = explain_household(problem, solved(problem), "h3")
    assert (told["reason"], told["proved"], told["ways"], told["like_it"]) == ("no_crew_speaks_language", True, [], 2)
    (entry,) = told["brings_in"]
    assert (entry["languages"], entry["crews"]) == (["khmer"], 1)


def test_a_household_that_no_hour_suits_is_promised_no_crew() -> None:
    problem = crowded()
    problem["households"][3]["windows"] = []
    assert explain_household(problem, solved(problem), "h3")["brings_in"] == []


def test_people_who_stay_at_home_are_told_of_with_the_crew_they_could_form() -> None:
    problem = crowded()
    problem["volunteers"] += [a_volunteer("minh", skills=["lead"], slots=["dusk"]), a_volunteer("mai", slots=["dusk"])]
    plan = solved(crowded())
    told = explain_household(problem, plan, "h2")
    best = told["ways"][0]
    assert (best["new"], best["slot"], best["volunteers"], best["joins"]) == (True, "dusk", ["minh", "mai"], ["h3"])
    assert best["gain"] == 70_000 - 3_333  # both live at 300 m: once there and back


def test_an_assignment_tells_who_would_take_its_place() -> None:
    problem = crowded()
    told = explain_household(problem, solved(problem), "h1")
    assert (told["reward"], told["best_class"], told["pinned"], told["in_force"]) == (50, True, False, False)
    assert told["instead"] == {"household": "h2", "gain": -10_000}
    assert told["alternatives"] == []


def test_an_assignment_names_who_brings_what_the_household_asks_for() -> None:
    problem = one_lane()
    problem["households"][0] |= {"skills": ["woman"], "languages": ["vi", "km"], "known": ["lan"]}
    told = explain_household(problem, an_evening_out(), "near")
    assert told["skills"] == {"woman": ["lan"]}
    assert told["languages"] == {"vi": ["hoa", "lan"]}
    assert told["known"] == ["lan"]


def test_the_alternatives_of_an_assignment_are_other_crews() -> None:
    problem = make("delta", 90, 16, 2)
    now = standing(problem, solved(problem, 60))
    for house in list(now.owner)[:5]:
        told = assignment(now, house)
        own = told["slot"], tuple(told["volunteers"])
        assert len(told["alternatives"]) == 3
        assert all((way["slot"], tuple(way["volunteers"])) != own for way in told["alternatives"])


# --- changes of the plan in force


def moved(problem: Document, plan: Document) -> dict[str, Document]:
    return {change["household"]: change for change in changes(standing(problem, plan))}


def in_force(*visits: tuple[str, str, list[str]]) -> Document:
    return {"visits": [{"household": h, "slot": slot, "volunteers": people} for h, slot, people in visits]}


def test_a_promise_that_is_kept_is_no_change() -> None:
    problem = as_base(one_lane(), an_evening_out())
    assert moved(problem, restated(problem, an_evening_out())) == {}


@pytest.mark.parametrize(
    ("visit", "parts", "reason", "counted"),
    [
        (("gone", "evening", ["hoa", "lan"]), {}, "household_gone", False),
        (("near", "night", ["hoa", "lan"]), {}, "slot_gone", False),
        (("near", "dusk", ["hoa", "tu"]), {}, "volunteer_gone", False),
        (("near", "evening", ["hoa", "minh"]), {}, "volunteer_away", False),
        (("near", "morning", ["lan", "minh"]), {"volunteers": {"minh": {"max_shifts": 0}}}, "no_shift_left", True),
        (("near", "morning", ["lan", "minh"]), {"volunteers": {"minh": {"skills": []}}}, "no_crew_any_more", True),
        (("near", "morning", ["lan", "minh"]), {"households": {"near": {"reward": {"evening": 60}}}}, "never_visitable", True),
        (("near", "morning", ["lan", "minh"]), {"households": {"near": {"windows": [[0, 400]]}}}, "window_closed", True),
        (("near", "morning", ["hoa", "minh"]), {"households": {"near": {"skills": ["woman"]}}}, "skill_lacking", True),
        (("near", "morning", ["hoa", "lan"]), {"households": {"near": {"languages": ["km"]}}}, "language_lacking", True),
        (("near", "morning", ["lan", "minh"]), {"households": {"near": {"avoid": ["minh"]}}}, "avoided", True),
        (("near", "morning", ["lan", "minh"]), {"pins": [{"household": "near", "slot": "evening"}]}, "pinned", True),
    ],
)
def test_a_forced_change_names_what_forced_it(
    visit: tuple[str, str, list[str]], parts: dict[str, Document], reason: str, counted: bool
) -> None:
    problem = one_lane()
    for key, rows in parts.items():
        if key == "pins":
            problem["pins"] = rows
        else:
            problem[key] = [row | rows.get(row["id"], {}) for row in problem[key]]
    problem["base"] = in_force(visit)
    change = moved(problem, restated(problem, an_evening_out()))[visit[0]]
    assert (change["reason"], change["forced"], change["counted"], change["gain"]) == (reason, True, counted, None)


def test_a_visit_of_a_crew_that_goes_out_and_has_no_time_for_it_any_more_does_not_make_room() -> None:
    problem = one_lane()
    problem["households"].append(a_household("long", "m300", visit_seconds=7200))
    problem["base"] = in_force(("long", "evening", ["hoa", "lan"]))
    change = moved(problem, restated(problem, an_evening_out()))["long"]
    assert (change["reason"], change["forced"], change["gain"]) == ("does_not_fit", True, None)


def test_a_pin_that_the_plan_rejects_is_not_told_as_held() -> None:
    problem = one_lane() | {"pins": [{"household": "near", "slot": "morning"}, {"household": "far"}]}
    plan = restated(problem, an_evening_out() | {"rejected_pins": [{"household": "near", "reason": "conflict"}]})
    pinned = {a["household"]: a["pinned"] for a in explain_document(problem, plan)["assignments"]}
    assert pinned == {"near": False, "middle": False, "far": True}
    assert not explain_household(problem, plan, "near")["pinned"]


def test_a_week_without_any_place_can_be_explained() -> None:
    problem = one_lane() | {"locations": [], "volunteers": [], "households": []}
    plan = {"format": "weekly-plan/1", "crews": [], "unassigned": [], "rejected_pins": [], "total": 0}
    assert explain_document(problem, plan, {"everywhere": []})["what_if"]["more_crews"] == []


def test_a_visit_that_makes_room_says_for_whom_and_what_that_gains() -> None:
    problem = crowded(base=in_force(("h3", "evening", ["hoa", "lan"])))
    plan = solved(problem)
    change = moved(problem, plan)["h3"]
    assert (change["reason"], change["forced"], change["counted"], change["now"]) == ("made_room", False, True, None)
    assert sorted(change["for"]) == ["h0", "h1"]
    # 50 against 30, and 6 for the change
    assert change["gain"] == 14_000


def test_people_who_go_out_otherwise_say_with_whom() -> None:
    problem = one_lane() | {"base": in_force(("near", "dusk", ["hoa", "lan"]))}
    change = moved(problem, restated(problem, an_evening_out()))["near"]
    assert (change["reason"], change["forced"]) == ("crew_regrouped", False)
    assert change["crews"] == [{"slot": "evening", "volunteers": ["hoa", "lan"]}]
    assert change["now"] == {"slot": "evening", "volunteers": ["hoa", "lan"]}
    # they would visit one door in place of three: two less, 600 s of way in place of 1,800, one promise kept
    assert change["gain"] == 120_000 - (10_000 - 3_334) - 6_000


def test_the_changes_are_those_that_the_judge_counts(week: tuple[Document, Document]) -> None:
    told = changes(standing(*week))
    measures = judge(*week)[1]
    assert len(told) == measures["changes"]
    assert sum(change["counted"] for change in told) == measures["unforced_changes"]


# --- what other rules and people would be worth


def test_a_rule_that_binds_nobody_costs_nothing() -> None:
    assert rules(standing(one_lane(), an_evening_out())) == []


def test_a_rule_costs_what_the_week_would_be_worth_more_without_it() -> None:
    problem = crowded()
    problem["households"][0]["skills"] = ["doctor"]
    cost = {entry["rule"]: entry["cost"] for entry in rules(standing(problem, solved(problem)))}
    assert cost["household_skills"] == 20_000  # 60 in the place of 40
    # a quarter of an hour more is no room for a third door
    assert "back_by_slot_end" not in cost


def test_every_rule_that_is_priced_is_a_rule_or_a_measure_of_the_list() -> None:
    assert set(RELAXED) <= {name_of(rule) for rule in (*RULES, *MEASURES.values())}


def test_the_price_of_fairness_is_what_extra_shifts_cost() -> None:
    homes = [a_household(f"h{n}", "m0", visit_seconds=3600, reward={"evening": 60, "day": 60}) for n in range(4)]
    others = [a_volunteer(f"v{n}", slots=["morning"]) for n in range(3)]
    pair = [a_volunteer("hoa", skills=["lead"]), a_volunteer("lan")]
    problem = only(one_lane(), households=homes, volunteers=[*pair, *others])
    plan = solved(problem, 200)
    told = fairness(standing(problem, plan))
    shifts = [v for crew in plan["crews"] for v in crew["volunteers"]]
    fair = -(-len(shifts) // 5)
    assert told["people"] == {v: shifts.count(v) - fair for v in sorted(set(shifts)) if shifts.count(v) > fair}
    assert told["paid"] == 15_000 * told["extra_shifts"]
    assert told["weight"] == 15


def test_without_the_rules_as_they_are_a_plan_is_worth_no_less(week: tuple[Document, Document]) -> None:
    now = standing(*week)
    for change in (lambda p: p, *RELAXED.values()):
        assert relaxation(now, change) >= 0


def test_a_whole_commune_is_explained() -> None:
    problem = make("mountain", 300, 24, 1)
    plan = solved(problem, 200)
    told = explain_document(problem, plan, {"all": [h["id"] for h in problem["households"]]})
    visits = {v["household"] for c in plan["crews"] for v in c["visits"]}
    assert {a["household"] for a in told["assignments"]} == visits
    assert [u["reason"] for u in told["unassigned"]] == [u["reason"] for u in plan["unassigned"]]
    assert set(told["what_if"]) == {"more_crews", "fairness", "rules"}
    assert "what_if" not in explain_document(problem, plan)
    assert what_if(standing(problem, plan), {})["more_crews"] == []


def test_a_plan_of_another_problem_is_refused() -> None:
    problem = only(one_lane(), households=[a_household("near", "m300")])
    with pytest.raises(ValueError, match=r"crews\[0\]: 'middle' is not in the problem"):
        explain_document(problem, an_evening_out())


def test_a_household_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        explain_household(one_lane(), an_evening_out(), "nobody")


def test_left_out_agrees_with_the_plan_on_the_reason(week: tuple[Document, Document]) -> None:
    now = standing(*week)
    for entry in week[1]["unassigned"][:20]:
        assert left_out(now, now.world.house_index[entry["household"]])["reason"] == entry["reason"]


def test_a_question_about_one_household_loads_no_engine() -> None:
    """A page asks it; OR-Tools and the compiled kernels are for the process that solves."""
    asked = "import sys, solver.explain; print(sorted({'ortools', 'numba'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.strip() == "[]"
