"""The proven bound: never below the best plan there is, and near it; exact where it can be worked out by hand."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from numba.core.registry import CPUDispatcher

from solver.bound import Prover, ahead, arcs, groups, pricing, routes, upper_bound, ways
from solver.bound.prices import Fast
from solver.problem import parse_problem
from solver.travel import Floats
from solver.world import World
from tests.solver.exact import optimum
from tests.solver.judge.make_problem import make
from tests.solver.tiny import a_week_of_detours, tiny_week
from tests.solver.worlds import Document, a_household, a_volunteer, one_lane, only, solved

TINY_WEEKS = 520
WEEKS_OF_DETOURS = 200
FEW_ROUNDS = 4


def world_of(problem: Document) -> World:
    return World(parse_problem(problem))


def proved(problem: Document, rounds: int = FEW_ROUNDS) -> Prover:
    prover = Prover(world_of(problem))
    prover.first()
    prover.improve(lower=lambda: 0, should_stop=lambda: False, rounds=rounds)
    return prover


@pytest.mark.parametrize("tenth", range(10))
def test_no_bound_is_below_the_best_plan_of_a_tiny_week(tenth: int) -> None:
    for seed in range(tenth, TINY_WEEKS, 10):
        problem = tiny_week(seed)
        best = optimum(problem)
        assert upper_bound(world_of(problem)).total >= best, f"the fast bound of week {seed}"
        assert proved(problem).bound >= best, f"the bound of week {seed}"


@pytest.mark.parametrize("tenth", range(10))
def test_no_bound_is_below_the_best_plan_where_a_matrix_rewards_detours(tenth: int) -> None:
    for seed in range(tenth, WEEKS_OF_DETOURS, 10):
        problem = a_week_of_detours(seed)
        best = optimum(problem)
        assert upper_bound(world_of(problem)).total >= best, f"the fast bound of week {seed}"
        assert proved(problem).bound >= best, f"the bound of week {seed}"


def test_the_bound_of_plain_tiny_weeks_is_near_their_best_plan() -> None:
    weeks = [tiny_week(seed) for seed in range(0, 120, 4)]
    best = sum(optimum(problem) for problem in weeks)
    fast = sum(upper_bound(world_of(problem)).total for problem in weeks)
    slow = sum(proved(problem, 25).bound for problem in weeks)
    # crews are fractions, so a gap remains where there is one crew or two
    assert slow <= 1.08 * best
    assert slow - best <= 0.6 * (fast - best)


@pytest.mark.parametrize("profile", ["delta", "mountain", "ward"])
def test_the_bound_of_a_small_commune_holds_and_tightens_round_by_round(profile: str) -> None:
    problem = make(profile, 150, 12, 3, expected=profile == "delta")
    prover = Prover(world_of(problem))
    bounds = [prover.first().bound]
    for _ in range(3):
        prover.improve(lower=lambda: 0, should_stop=lambda: False, rounds=2)
        bounds.append(prover.bound)
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[-1] < bounds[0]
    assert solved(problem, 300)["total"] <= bounds[-1]


def test_the_same_rounds_prove_the_same_bound() -> None:
    problem = make("mountain", 120, 10, 5)
    shuffled = {**problem, "households": problem["households"][::-1]}
    one, same = proved(problem), proved(problem)
    assert (one.bound, one.prices.house_price.tolist()) == (same.bound, same.prices.house_price.tolist())
    # the order of rows changes sums in their last bits only
    assert abs(proved(shuffled).bound - one.bound) <= 1e-3 * one.bound


def test_a_proof_that_is_stopped_keeps_the_bound_it_had() -> None:
    prover = Prover(world_of(make("delta", 120, 10, 1)))
    first = prover.first()
    prover.improve(lower=lambda: 0, should_stop=lambda: True)
    assert (prover.bound, prover.prices) == (first.bound, first)
    prover.improve(lower=lambda: prover.bound, should_stop=lambda: False)
    assert prover.bound == first.bound


def pricing_of(problem: Document) -> pricing.Pricing:
    fast = Fast(world_of(problem))
    fast.run()
    return pricing.Pricing(fast, np.zeros(1, dtype=np.bool_))


def ordered(worth: Floats) -> tuple[float, Floats]:
    """Stand for the crews' program: every block is used."""
    return float(worth.sum()), np.full(len(worth), -np.inf)


def test_routes_of_the_proof_keep_the_time_and_are_worth_what_they_say() -> None:
    problem = make("delta", 150, 10, 2)
    world = world_of(problem)
    priced = pricing_of(problem)
    priced.evaluate(Prover(world).first().house_price, 20.0, ordered, bool)
    assert priced.pool.routes
    for route in priced.pool.routes:
        family = priced.families[route.family]
        slot = priced.groups[family.group].slots[0]
        start = priced.fast.nodes.node_of_start[family.place]
        stops = [start, *route.visits, start]
        way = sum(priced.fast.nodes.way(a, b) for a, b in pairwise(stops))
        assert dict(zip(route.houses, route.times, strict=True)) == Counter(route.visits)
        assert way + sum(world.length[slot][h] for h in route.visits) <= world.ends[slot] - world.opens_start[slot]
        points = sum(1000 * world.reward[slot][h] for h in route.visits)
        new_faces = 1000 * problem["weights"]["new_face"] * len(route.visits)
        assert points - new_faces <= route.worth + 1000 * 20 * way / 3600 + 1 <= points + 2


def test_a_route_of_more_visits_than_there_is_room_for_is_not_told() -> None:
    tell = getattr(routes._tell, "py_func", routes._tell)
    visits = routes.LONGEST + 1
    fields = np.zeros((6, visits + 1), dtype=np.int32)
    fields[0], fields[2] = np.arange(visits + 1), np.arange(-1, visits)
    row = np.full(routes.LONGEST + 1, 7, dtype=np.int32)
    tell(visits - 2, 0, fields, row)
    assert (row[:-1].tolist(), row[-1]) == (list(range(routes.LONGEST)), routes.LONGEST)
    for one, two in ((visits - 1, 0), (0, visits - 1), (visits - 2, 1)):
        tell(one, two, fields, row)
        assert row[-1] == 0


def test_so_many_short_visits_that_no_route_can_be_told_are_bounded_all_the_same() -> None:
    homes = [a_household(f"h{n}", "m0", visit_seconds=20) for n in range(180)]
    problem = only(one_lane(), households=homes, weights={})
    assert proved(problem, 2).bound >= 180 * 60_000


def test_routes_of_a_plan_are_taken_up_with_what_they_are_worth_at_most() -> None:
    problem = make("delta", 150, 10, 2)
    world, plan, priced = world_of(problem), solved(problem, 200), pricing_of(problem)
    places = {p["id"]: n for n, p in enumerate(problem["locations"])}
    told = [
        (world.slot_index[c["slot"]], places[c["start"]], tuple(world.house_index[v["household"]] for v in c["visits"]))
        for c in plan["crews"]
    ]
    priced.learn([*told, *told, (0, -1, (1,)), (told[0][0], told[0][1], ())])
    assert len(priced.pool.routes) == len(told)
    # one crew a route: all of them together are worth the plan, but for shifts beyond the fair share and new faces
    assert sum(route.worth for route in priced.pool.routes) >= plan["total"]
    at_prices = priced.pool.worth(np.full(150, 1000.0))
    assert at_prices.tolist() == pytest.approx([r.worth - 1000.0 * len(r.visits) for r in priced.pool.routes])


def test_a_plan_that_is_known_makes_the_next_prices_better() -> None:
    problem = make("delta", 200, 16, 4)
    world, plan = world_of(problem), solved(problem, 500)
    places = {p["id"]: n for n, p in enumerate(problem["locations"])}
    told = [
        (world.slot_index[c["slot"]], places[c["start"]], tuple(world.house_index[v["household"]] for v in c["visits"]))
        for c in plan["crews"]
    ]
    alone, helped = proved(problem, 2), Prover(world)
    helped.first()
    helped.improve(lower=lambda: 0, should_stop=bool, rounds=2, met=lambda: told)
    assert plan["total"] <= helped.bound <= alone.bound


def test_a_plan_may_go_where_no_route_of_the_proof_would() -> None:
    problem = make("mountain", 300, 12, 4)
    world, prover, priced = world_of(problem), Prover(world_of(problem)), pricing_of(problem)
    prices = prover.first()
    for group in priced.groups:
        group.prepare(prices.house_price)
    shunned = set(range(300)).difference(*(group.reached.tolist() for group in priced.groups))
    assert shunned
    offer = priced.fast.crews.offers[0]
    prover.improve(
        lower=lambda: 0, should_stop=bool, rounds=2, met=lambda: [(offer.slot, world.starts[offer.person], (min(shunned),))]
    )
    assert solved(problem, 300)["total"] <= prover.bound < prices.bound


def test_slots_in_which_nobody_is_worth_visiting_bring_nothing() -> None:
    """At these prices no household is; a crew of theirs is bounded all the same, by a visit that it could make at a loss."""
    priced = pricing_of(make("delta", 60, 10, 2))
    worth = priced.evaluate(np.full(60, 1e12), 20.0, ordered, bool)
    assert worth is not None
    assert worth <= 0


def test_the_price_of_a_second_is_what_full_slots_bring() -> None:
    homes = [a_household(f"h{n}", "m0", visit_seconds=1000, reward={"evening": 60}) for n in range(10)]
    pair = [a_volunteer("hoa", skills=["lead"], slots=["evening"]), a_volunteer("lan", slots=["evening"])]
    prices = Prover(world_of(only(one_lane(), households=homes, volunteers=pair))).first()
    assert prices.second_price[0] == pytest.approx(60)  # 60 points in 1,000 s
    assert prices.house_price == pytest.approx(np.zeros(10))
    # whole visits only: seven of them, which routes know
    assert proved(only(one_lane(), households=homes, volunteers=pair), 10).bound <= 420_000 + 1


@pytest.mark.parametrize("profile", ["delta", "ward"])
def test_compiled_code_does_what_its_python_does(profile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = make(profile, 26, 4, 1)
    compiled = proved(problem, 2)
    for module in (ways, groups, pricing, arcs, routes, ahead):
        for name, found in list(vars(module).items()):
            if isinstance(found, CPUDispatcher):
                monkeypatch.setattr(module, name, found.py_func)
    interpreted = proved(problem, 2)
    assert interpreted.bound == compiled.bound
    assert interpreted.prices.house_price.tolist() == compiled.prices.house_price.tolist()
