"""The parts of the search, each where its answer can be worked out or proved."""

import math
from itertools import permutations

import numpy as np
import pytest

from solver.bound import upper_bound
from solver.crews import Estimates, complete, needs_of
from solver.params import SolveParams
from solver.problem import parse_problem
from solver.roster import Effort, rostered
from solver.solve import solve
from solver.tour import Tour
from solver.travel import Legs
from solver.week import Week
from solver.world import World
from tests.solver.judge.check_plan import travel_seconds
from tests.solver.judge.make_problem import make
from tests.solver.worlds import Document, a_household, a_volunteer, odd_week, one_lane, only, solved


def world_of(problem: Document) -> World:
    return World(parse_problem(problem))


@pytest.mark.parametrize("seed", range(10))
def test_legs_are_those_of_the_judge_to_the_second(seed: int) -> None:
    problem = make("delta", 30, 3, seed) if seed % 2 else odd_week(seed)
    legs, exact = Legs(parse_problem(problem)), travel_seconds(problem)
    ids = [p["id"] for p in problem["locations"]]
    everywhere = np.arange(len(ids))
    for a, here in enumerate(ids):
        expected = [exact(here, there) for there in ids]
        assert [legs.leg(a, b) for b in range(len(ids))] == expected
        assert legs.outward(a, everywhere).tolist() == expected
        assert legs.inward(everywhere, a).tolist() == [exact(there, here) for there in ids]


def test_a_leg_of_exactly_a_minute_is_not_rounded_up() -> None:
    problem = only(one_lane(), travel={"metres_per_second": 3, "detour": 0.6, "fixed_seconds": 0})
    assert Legs(parse_problem(problem)).leg(0, 1) == 60  # 0.6 * 300 / 3 is 60.00000000000001 for a computer


@pytest.mark.parametrize("seed", range(40))
def test_the_bound_is_not_below_the_best_plan_of_one_crew(seed: int) -> None:
    problem = odd_week(seed)
    world = world_of(problem | {"pins": []})
    bound = upper_bound(world).total
    best = 0
    for slot in range(len(world.ends)):
        for v, slots in enumerate(world.can_work):
            if world.size > 1 or slot not in slots or not world.max_shifts[v] or not world.is_crew((v,)):
                continue
            tour = Tour(world, slot, (v,), world.starts[v])
            houses = np.flatnonzero(world.suits(slot, (v,))).tolist()[:6]
            for count in range(1, len(houses) + 1):
                for order in permutations(houses, count):
                    state = tour.schedule(order)
                    if state is not None:
                        cost = math.ceil(1000 * problem["weights"]["travel_per_hour"] * state.travel / 3600)
                        best = max(best, state.value - cost)
    assert best <= bound
    assert solved(problem, 100)["total"] <= bound


def test_the_bound_of_full_slots_is_worked_out() -> None:
    # one crew, one slot of 7,200 s, ten doors in one house that take 1,000 s each: 7.2 of them, 60 points each
    homes = [a_household(f"h{n}", "m0", visit_seconds=1000, reward={"evening": 60}) for n in range(10)]
    pair = [a_volunteer("hoa", skills=["lead"], slots=["evening"]), a_volunteer("lan", slots=["evening"])]
    bound = upper_bound(world_of(only(one_lane(), households=homes, volunteers=pair))).total
    assert 432_000 <= bound <= 433_000


def test_a_week_without_people_or_homes_is_worth_nothing() -> None:
    assert upper_bound(world_of(only(one_lane(), volunteers=[]))).total == 0
    assert upper_bound(world_of(make("delta", 0, 8, 1))).total == 0


def test_a_crew_is_completed_for_what_its_household_needs() -> None:
    people = [
        a_volunteer("hoa", skills=["lead"]),
        a_volunteer("lan", skills=["woman"]),
        a_volunteer("mai", skills=["lead", "woman"]),
        a_volunteer("tu", languages=["km"]),
    ]
    home = a_household("odd", "m300", skills=["woman"], languages=["km"])
    world = world_of(only(one_lane(), volunteers=people, households=[home]))
    assert complete(world, (), [0, 1, 2, 3], needs_of(world)) == (0, 1)
    assert complete(world, (), [0, 1, 2, 3], needs_of(world, [0])) == (2, 3)
    assert complete(world, (0,), [1, 3], needs_of(world, [0])) is None


def test_cp_sat_gives_the_scarce_lead_to_the_slot_worth_most() -> None:
    people = [a_volunteer("hoa", skills=["lead"], max_shifts=1), a_volunteer("lan"), a_volunteer("mai")]
    world = world_of(only(one_lane(), volunteers=people))
    roster = rostered(Week(world), (10.0, 10.0, 99.0), Estimates(world), Effort(None, 1.0))
    assert roster is not None
    assert {slot: len(who) for slot, who in roster.items() if who} == {2: 2}
    assert 0 in roster[2]


def test_cp_sat_spreads_shifts_where_an_extra_one_costs_more_than_it_brings() -> None:
    people = [a_volunteer(f"v{n}", skills=["lead"]) for n in range(4)]
    problem = only(one_lane(), volunteers=people, weights={"extra_shift": 1000})
    world = world_of(problem)
    roster = rostered(Week(world), (50.0, 0.0, 50.0), Estimates(world), Effort(None, 1.0))
    assert roster is not None
    assert sum(len(who) for who in roster.values()) == 8  # everybody twice: two shifts are fair


def test_a_crew_looks_at_a_household_that_can_be_reached_by_way_of_others_only() -> None:
    problem = one_lane()
    problem["travel"] = {"seconds": [[0, 100, 100, 9000], [100, 0, 100, 100], [100, 100, 0, 100], [9000, 100, 100, 0]]}
    assert 2 in Tour(World(parse_problem(problem)), 0, (0, 1), 0).pool.houses


def test_undoing_a_step_restores_the_week_exactly() -> None:
    world = world_of(make("delta", 60, 10, 1))
    week = Week(world)
    slot = next(s for s in range(14) if sum(week.can_join(v, s) for v in range(10)) >= 2)
    pair = [v for v in range(10) if week.can_join(v, slot)][:2]
    number = week.open(slot, pair, world.starts[pair[0]])
    week.fill([number], np.ones(60), 1.0)
    week.keep()
    before = week.rank(), week.free.tolist(), list(week.shifts), [set(b) for b in week.busy]
    week.strip(number, set(week.tours[number].state.visits[:2]))
    week.close(number)
    week.open(slot, pair, world.starts[pair[1]])
    week.undo()
    assert (week.rank(), week.free.tolist(), week.shifts, week.busy) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_limit_seconds": 0.0},
        {"time_limit_seconds": float("nan")},
        {"time_limit_seconds": "60"},
        {"iterations": -1},
        {"iterations": 1.5},
        {"seed": -1},
        {"seed": True},
        {"threads": 0},
    ],
)
def test_senseless_parameters_are_refused_by_name(wrong: dict) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SolveParams(**wrong)


def test_a_long_run_uses_the_roster_and_is_repeatable() -> None:
    problem = parse_problem(make("delta", 150, 16, 4))
    first, second = (solve(problem, SolveParams(iterations=1000, seed=2)) for _ in range(2))
    assert first == second
