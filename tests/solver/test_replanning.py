"""A plan in force stays as it is, but for what has to change and what is allowed to."""

import pytest

from solver.bound import Prover
from solver.check import check_plan
from solver.pins import accept_pins, lay_down
from solver.problem import parse_problem
from solver.restore import Patience
from solver.rules.max_changes import changed
from solver.rules.reading import read
from solver.search import Search
from solver.solve import solve_document
from solver.week import Week
from solver.world import World
from tests.solver.judge.make_problem import make
from tests.solver.worlds import Document, a_household, as_base, one_lane, only, solved


@pytest.fixture(scope="module")
def in_force() -> tuple[Document, Document]:
    """A commune of 400 households and the plan it works by."""
    problem = make("delta", 400, 40, 5)
    return problem, solved(problem, 200)


def crews(plan: Document) -> set[tuple[str, frozenset[str]]]:
    return {(c["slot"], frozenset(c["volunteers"])) for c in plan["crews"]}


def measures(problem: Document, plan: Document) -> dict:
    result = check_plan(problem, plan)
    assert result.faults == ()
    return result.measures


def test_nothing_changes_where_nothing_may(in_force: tuple[Document, Document]) -> None:
    problem, plan = in_force
    problem = only(as_base(problem, plan), max_changes=0)
    again = solved(problem, 200)
    assert measures(problem, again)["changes"] == 0
    assert crews(again) >= crews(plan)


@pytest.mark.parametrize("limit", [0, 3, 10])
def test_no_more_changes_than_allowed_after_people_fell_ill(in_force: tuple[Document, Document], limit: int) -> None:
    problem, plan = in_force
    problem = only(as_base(problem, plan), max_changes=limit)
    ill = plan["crews"][0]["volunteers"][0]
    next(v for v in problem["volunteers"] if v["id"] == ill)["slots"] = []
    again = solved(problem, 200)
    found = measures(problem, again)
    assert found["unforced_changes"] <= limit
    assert found["changes"] > 0


def test_the_dearer_a_change_the_fewer(in_force: tuple[Document, Document]) -> None:
    problem, plan = in_force
    problem = as_base(problem, plan)
    for home in problem["households"][::9]:
        home["reward"] = {kind: 5 + 3 * points for kind, points in home["reward"].items()}

    def changes(price: int) -> int:
        dear = only(problem, weights={**problem["weights"], "change": price})
        return measures(dear, solved(dear, 600))["changes"]

    assert changes(10_000) < changes(0)


def test_what_has_begun_is_pinned_and_stays_with_its_crew(in_force: tuple[Document, Document]) -> None:
    problem, plan = in_force
    problem = as_base(problem, plan)
    begun = [v for v in problem["base"]["visits"] if v["slot"] < "d3"]
    problem["pins"] = begun
    gone = plan["crews"][-1]["volunteers"][0]
    person = next(v for v in problem["volunteers"] if v["id"] == gone)
    person["slots"] = [s for s in person["slots"] if s < "d3"]
    again = solved(problem, 200)
    assert measures(problem, again)["rejected_pins"] == 0
    visited = {v["household"]: (c["slot"], frozenset(c["volunteers"])) for c in again["crews"] for v in c["visits"]}
    assert all(visited[v["household"]] == (v["slot"], frozenset(v["volunteers"])) for v in begun)


def test_a_base_of_people_and_homes_that_are_gone_is_a_forced_change() -> None:
    visits = [
        {"household": "sold", "slot": "evening", "volunteers": ["hoa", "lan"]},
        {"household": "near", "slot": "evening", "volunteers": ["hoa", "left"]},
    ]
    problem = only(one_lane(), base={"visits": visits}, max_changes=0)
    found = measures(problem, solved(problem))
    assert (found["changes"], found["unforced_changes"]) == (2, 0)


def test_a_base_visit_that_grew_too_long_is_the_only_one_to_go() -> None:
    homes = [a_household(f"h{n}", "m300") for n in range(6)]
    problem = only(one_lane(), households=homes)
    plan = solved(problem)
    later = as_base(problem, plan)
    later["households"][2]["visit_seconds"] = 7200
    again = solved(later)
    from solver.plan import plan_from_dict

    reading = read(parse_problem(later), plan_from_dict(again))
    assert {b.household for b in changed(reading)} == {"h2"}


def test_the_week_in_force_is_there_before_anything_is_improved(in_force: tuple[Document, Document]) -> None:
    problem, plan = in_force
    problem = as_base(problem, plan)
    told: list[dict] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("solver.watch.TELL_EVERY_SECONDS", 0.0)
        solve_document(problem, {"iterations": 20}, on_progress=told.append)
    # the same visits, perhaps in another order or from another home
    assert told[0]["total"] == pytest.approx(measures(problem, plan)["total"], rel=0.001)
    assert told[0]["bound"] is None


def test_a_promised_visit_that_lost_its_place_is_found_again_by_the_search(in_force: tuple[Document, Document]) -> None:
    problem, plan = in_force
    world = World(parse_problem(only(as_base(problem, plan), max_changes=1000)))
    accept_pins(world)
    week = Week(world)
    lay_down(week, Patience(bool, lambda: None))
    promised = {h for crew in world.base.values() for h in crew.visits}
    for number in list(week.tours):
        week.strip(number, set(week.tours[number].state.visits[:1]))
    search = Search(week, Prover(world).first(), seed=1)
    search.run(2000, 0.9)
    search.finish(week)
    assert not any(week.free[h] for h in promised)


@pytest.mark.parametrize("limit", [0, 5])
def test_a_run_of_a_blink_keeps_to_the_limit_on_changes(in_force: tuple[Document, Document], limit: int) -> None:
    problem, plan = in_force
    problem = only(as_base(problem, plan), max_changes=limit)
    for home in problem["households"][::7]:
        home["reward"] = {kind: 5 + 3 * points for kind, points in home["reward"].items()}
    again = solve_document(problem, {"time_limit_seconds": 0.06})
    assert measures(problem, again)["unforced_changes"] <= limit
