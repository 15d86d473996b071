"""Re-planning a week in force: whatever is pinned of it, and however its file is ordered, what can stay does."""

import json
import random
from typing import Any

import pytest

from solver.circuit import best_circuit
from solver.ordering import Round, arranged, arranged_by_kernel
from solver.problem import parse_problem
from solver.routes import best_route
from solver.solve import solve_document
from solver.tour import Tour
from solver.world import World
from tests.solver.exact import optimum
from tests.solver.judge import check_plan as judge
from tests.solver.judge.make_problem import make
from tests.solver.tiny import a_week_of_detours
from tests.solver.worlds import Document, a_household, a_volunteer, a_week_later, as_base, one_lane, only, solved

PARTS: dict[str, tuple[str, ...]] = {
    "household": ("household",),
    "slot": ("household", "slot"),
    "crew": ("household", "slot", "volunteers"),
}

ASKED = (("crew", 1.0, 0), ("slot", 0.5, 10), ("household", 1.0, 143), ("household", 0.5, 0), ("crew", 0.5, None))
"""What pins name, the share of the visits that is pinned, and the limit on changes."""


def in_force(profile: str, households: int, volunteers: int, seed: int) -> tuple[Document, Document]:
    """Return a commune and its plan, by which many of the households have been promised an hour since."""
    problem = make(profile, households, volunteers, seed, True)
    plan = solved(problem, 60, seed)
    rng = random.Random(seed)
    homes = {h["id"]: h for h in problem["households"]}
    for crew in plan["crews"]:
        for visit in crew["visits"]:
            if rng.random() < 0.4:
                opens = visit["start"] - rng.randint(0, 1800)
                homes[visit["household"]]["windows"] = [[opens, opens + 1800]]
    return problem, plan


def replanned(problem: Document, plan: Document, parts: tuple[str, ...], share: float, seed: int) -> Document:
    """Return the problem with the plan in force in no order, a share of it pinned, and a few households more."""
    rng = random.Random(seed)
    later = as_base(problem, plan)
    visits = later["base"]["visits"]
    rng.shuffle(visits)
    later["pins"] = [{part: visit[part] for part in parts} for visit in visits if rng.random() < share]
    newcomers = rng.sample(later["households"], min(5, len(later["households"])))
    later["households"] += [{**home, "id": f"new-{home['id']}"} for home in newcomers]
    return later


def judged(problem: Document, plan: Document) -> tuple[list[str], dict[str, Any]]:
    faults, measures = judge.judge(problem, json.loads(json.dumps(plan)))
    return faults, measures


@pytest.mark.parametrize("profile", ["mountain", "delta", "ward"])
@pytest.mark.parametrize(
    ("households", "volunteers", "seed"),
    [(0, 0, 1), (0, 6, 1), (1, 2, 1), (9, 4, 2), (40, 6, 3), (120, 14, 4), (250, 26, 5), (400, 34, 6)],
)
def test_a_plan_in_force_can_be_kept_whatever_is_pinned_of_it(profile: str, households: int, volunteers: int, seed: int) -> None:
    problem, plan = in_force(profile, households, volunteers, seed)
    for named, share, limit in ASKED:
        later = replanned(problem, plan, PARTS[named], share, seed)
        if limit is not None:
            later["max_changes"] = limit
        faults, measures = judged(later, solved(later, 40, seed))
        assert faults == []
        assert measures["rejected_pins"] == 0


@pytest.mark.parametrize("profile", ["mountain", "delta", "ward"])
@pytest.mark.parametrize("seed", range(3))
def test_what_the_missing_leave_behind_changes_nothing_beyond_the_limit(profile: str, seed: int) -> None:
    problem, plan = in_force(profile, 120, 18, seed)
    later = replanned(problem, plan, PARTS["slot"], 1.0, seed)
    for person in random.Random(seed).sample(later["volunteers"], 3):
        person["slots"] = []
    for limit in (0, 10):
        again = solved(only(later, max_changes=limit), 40, seed)
        assert judged(only(later, max_changes=limit), again)[0] == []


def test_a_run_that_is_over_at_once_still_keeps_to_the_limit() -> None:
    problem, plan = in_force("delta", 400, 34, 9)
    later = only(replanned(problem, plan, PARTS["crew"], 1.0, 9), max_changes=0)
    again = solve_document(later, {"time_limit_seconds": 600.0}, should_stop=lambda: True)
    faults, measures = judged(later, again)
    assert faults == []
    assert measures["rejected_pins"] == 0


def test_pins_against_the_plan_in_force_give_way_to_the_limit_on_changes() -> None:
    # all three are visited in the evening; pins want them in the morning, and one of them may move
    visits = [{"household": h, "slot": "evening", "volunteers": ["hoa", "lan"]} for h in ("near", "middle", "far")]
    pins = [{"household": h, "slot": "morning"} for h in ("near", "middle", "far")]
    problem = only(one_lane(), base={"visits": visits}, pins=pins, max_changes=1)
    faults, measures = judged(problem, solved(problem))
    assert faults == []
    assert (measures["unforced_changes"], measures["rejected_as_conflict"]) == (1, 2)


@pytest.mark.parametrize("tenth", range(4))
def test_where_a_matrix_rewards_detours_weeks_are_planned_and_planned_again_by_all_rules(tenth: int) -> None:
    for seed in range(tenth, 60, 4):
        problem = a_week_of_detours(seed)
        plan = solved(problem, 200)
        faults, measures = judged(problem, plan)
        assert faults == []
        assert measures["total"] <= optimum(problem) <= plan["bound"]
        later = only(a_week_later(problem, plan, seed), max_changes=len(problem["base"]["visits"]) + 20)
        assert judged(later, solved(later, 100))[0] == []


def test_of_crews_that_cannot_all_go_out_any_more_those_stay_that_keep_most_promises() -> None:
    # Hoa and Minh may go out once now: their crew has four visits, the two that they are in with others have six
    people = [a_volunteer(name, skills=["lead"], max_shifts=1) for name in ("hoa", "minh", "lan", "tu")]
    visits = [{"household": f"h{n}", "slot": "evening", "volunteers": ["hoa", "minh"]} for n in range(4)]
    visits += [{"household": f"h{n}", "slot": "dusk", "volunteers": ["hoa", "lan"]} for n in range(4, 7)]
    visits += [{"household": f"h{n}", "slot": "morning", "volunteers": ["minh", "tu"]} for n in range(7, 10)]
    homes = [a_household(f"h{n}", "m300") for n in range(10)]
    problem = only(one_lane(), volunteers=people, households=homes, base={"visits": visits}, max_changes=4)
    faults, measures = judged(problem, solved(problem, 0))
    assert faults == []
    assert measures["unforced_changes"] == 4


def test_a_pin_that_would_break_up_a_crew_gives_way_to_the_limit_on_changes() -> None:
    visits = [{"household": h, "slot": "evening", "volunteers": ["hoa", "lan"]} for h in ("near", "middle")]
    people = [a_volunteer("hoa", skills=["lead"]), a_volunteer("lan"), a_volunteer("minh")]
    pins = [{"household": "far", "slot": "evening", "volunteers": ["hoa", "minh"]}]
    problem = only(one_lane(), volunteers=people, base={"visits": visits}, pins=pins)
    strict = only(problem, max_changes=1)
    faults, measures = judged(strict, solved(strict))
    assert faults == []
    assert (measures["unforced_changes"], measures["rejected_as_conflict"]) == (0, 1)
    assert judged(problem, solved(problem))[1]["rejected_pins"] == 0


def test_where_the_plan_in_force_became_impossible_as_little_changes_as_can() -> None:
    # six doors at one place, two hours: with one visit of two hours no plan can keep all of them
    homes = [a_household(f"h{n}", "m300") for n in range(6)]
    problem = only(one_lane(), households=homes)
    later = only(as_base(problem, solved(problem)), max_changes=0)
    later["households"][2]["visit_seconds"] = 7200
    faults, _ = judged(later, solved(later))
    assert faults == ["1 unforced changes, at most 0"]


def a_tight_round(seed: int, doors: int) -> tuple[World, tuple[int, ...]]:
    """Return doors along a random way that fills its slot to the last second, half of them with narrow hours, and that way."""
    rng = random.Random(seed)
    problem = one_lane()
    problem["locations"] += [{"id": f"d{n}", "x": rng.randint(0, 900), "y": rng.randint(0, 900)} for n in range(doors)]
    order = list(range(doors))
    rng.shuffle(order)
    homes = [a_household(f"h{n}", f"d{n}", visit_seconds=rng.randint(60, 400)) for n in range(doors)]
    problem["households"] = homes
    problem["slots"][0]["end"] = 10**6
    tour = Tour(World(parse_problem(problem)), 0, (0, 1), 0)
    state = tour.schedule(tuple(order))
    assert state is not None
    for house, begin in zip(order, state.begins, strict=True):
        if rng.random() < 0.5:
            homes[house]["windows"] = [[begin - rng.randint(0, 300), begin + rng.randint(0, 300)]]
    world = World(parse_problem(problem))
    finished = state.departs[-1] + world.legs.leg(world.place_of[order[-1]], 0)
    world.ends[0] = finished
    return world, tuple(order)


@pytest.mark.parametrize("seed", range(12))
def test_the_order_of_a_full_round_is_found_again(seed: int) -> None:
    world, _ = a_tight_round(seed, 14)
    worth = dict.fromkeys(range(14), 1)
    found = arranged(world, 0, 0, worth, 40)
    if len(found) < 14:
        found, _ = best_circuit(world, 0, 0, worth, found, 20.0, None)
    assert sorted(found) == list(range(14))
    assert Tour(world, 0, (0, 1), 0).schedule(found) is not None


@pytest.mark.parametrize("seed", range(12))
def test_two_exact_ways_agree_on_what_a_crew_has_room_for(seed: int) -> None:
    world, _ = a_tight_round(seed, 7)
    world.ends[0] -= 400
    rng = random.Random(seed)
    worth = {h: rng.randint(1, 9) for h in range(7)}
    by_labels = best_route(world, 0, 0, worth)
    by_circuit, _ = best_circuit(world, 0, 0, worth, (), 20.0, None)
    assert sum(worth[h] for h in by_labels) == sum(worth[h] for h in by_circuit)
    for order in (by_labels, by_circuit, arranged(world, 0, 0, worth)):
        assert Tour(world, 0, (0, 1), 0).schedule(order) is not None


@pytest.mark.parametrize("seed", range(8))
def test_an_order_costs_no_more_than_the_slot_exactly_where_it_can_be_walked(seed: int) -> None:
    world, order = a_tight_round(seed, 8)
    way, rng = Round(world, 0, 0, order), random.Random(seed)
    assert way.fits(way.cost(range(8)))
    assert not way.cannot_fit(range(8))
    for _ in range(30):
        shuffled = rng.sample(range(8), rng.randint(2, 8))
        walked = Tour(world, 0, (0, 1), 0).schedule(tuple(order[i] for i in shuffled))
        assert way.fits(way.cost(shuffled)) == (walked is not None)


@pytest.mark.parametrize("seed", range(6))
def test_compiled_code_and_python_agree_on_what_a_crew_has_room_for(seed: int) -> None:
    world, _ = a_tight_round(seed, 9)
    world.ends[0] -= 500
    rng = random.Random(seed)
    worth = {h: rng.randint(1, 9) for h in range(9)}
    compiled = arranged_by_kernel(Round(world, 0, 0, tuple(worth)), worth, 6)
    assert sum(worth[h] for h in compiled) == sum(worth[h] for h in best_route(world, 0, 0, worth))
    assert Tour(world, 0, (0, 1), 0).schedule(compiled) is not None


@pytest.mark.parametrize("seed", range(6))
def test_of_many_visits_that_do_not_all_fit_few_worth_little_are_left_out(seed: int) -> None:
    world, _ = a_tight_round(seed, 13)
    world.ends[0] -= 900
    rng = random.Random(seed)
    worth = {h: rng.randint(1, 9) for h in range(13)}
    found = arranged_by_kernel(Round(world, 0, 0, tuple(worth)), worth, 40)
    best, _ = best_circuit(world, 0, 0, worth, (), 20.0, None)
    assert sum(worth[h] for h in found) == sum(worth[h] for h in best)
    assert Tour(world, 0, (0, 1), 0).schedule(found) is not None


def test_where_nothing_is_compiled_yet_promises_are_kept_by_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.ordering.is_compiled", lambda: False)
    problem, plan = in_force("delta", 120, 14, 4)
    later = only(replanned(problem, plan, PARTS["crew"], 1.0, 4), max_changes=0)
    faults, measures = judged(later, solved(later, 40))
    assert faults == []
    assert measures["rejected_pins"] == 0
