"""The compiled search against the reference: the same total, the same plan without compiling, nothing left on the table."""

import json
import os
import random
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba.core.registry import CPUDispatcher

from solver.__main__ import main
from solver.bound import Prover
from solver.check import check_plan
from solver.compiling import compile_all, compile_proof, compile_search
from solver.crews import Estimates, form_crews
from solver.kernel.board import empty_board
from solver.kernel.jit import KEPT_IN, KERNELS
from solver.kernel.linking import Part
from solver.kernel.look import look_last
from solver.kernel.memory import BEST
from solver.kernel.route import leg
from solver.kernel.search import BROKEN, OVER
from solver.kernel.town import town_of
from solver.kernel.warm import compiled
from solver.kernel.weeks import lay_out, put_back
from solver.pins import accept_pins, lay_down
from solver.problem import parse_problem
from solver.restore import Patience
from solver.search import Search
from solver.week import BROKEN_PIN, OVER_LIMIT, Week
from solver.world import World
from tests.solver.judge.make_problem import make
from tests.solver.worlds import Document, a_week_later, odd_week, solved

ROOT = Path(__file__).parents[2]
ROUNDING = 1.0
"""Milli-points: the way of all crews is rounded once for the whole week."""


def begun(problem: Document, kept: bool = True) -> Week:
    """Return the crews of a week before the search, with the promises laid down or not."""
    world = World(parse_problem(problem))
    accept_pins(world)
    week = Week(world)
    if kept:
        lay_down(week, Patience(bool, lambda: None))
    form_crews(week, Estimates(world), bool)
    return week


def searched(week: Week, steps: int, seed: int = 1) -> Search:
    """Return a search that has gone on from a week."""
    search = Search(week, Prover(week.world).first(), seed)
    search.run(steps, 0.5)
    return search


def most_to_gain(week: Week) -> float:
    """Return the most milli-points that a household left out would add in a crew that has room for it, 0 or less for none."""
    most = 0.0
    for tour in week.tours.values():
        live = np.flatnonzero(week.free[tour.pool.houses])
        if len(live):
            most = max(most, float(tour.insertions(live)[0].max()))
    return most


def kernels() -> dict[str, Any]:
    """Return every compiled function under the name it is listed by."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": kernel
        for folder in ("kernel", "bound")
        for file in sorted((ROOT / "solver" / folder).glob("[!_]*.py"))
        for module in [import_module(f"solver.{folder}.{file.stem}")]
        for name, kernel in vars(module).items()
        if isinstance(kernel, CPUDispatcher) and kernel.__module__ == module.__name__
    }


@st.composite
def weeks(draw: st.DrawFn) -> Document:
    """Draw small weeks with everything the format allows, some of them with promises and people who fell ill."""
    seed = draw(st.integers(0, 10**6))
    if draw(st.booleans()):
        problem = odd_week(seed)
    else:
        profile = draw(st.sampled_from(["delta", "mountain", "ward"]))
        problem = make(profile, draw(st.integers(1, 60)), draw(st.integers(1, 12)), seed, draw(st.booleans()))
    if draw(st.booleans()):
        problem = a_week_later(problem, solved(problem, 20, 1), seed)
    return problem


@settings(max_examples=120, deadline=None)
@given(problem=weeks(), kept=st.booleans(), steps=st.sampled_from([0, 1, 40, 800]), seed=st.integers(0, 2**31 - 1))
def test_the_total_of_the_search_is_that_of_the_reference_wherever_it_stops(
    problem: Document, kept: bool, steps: int, seed: int
) -> None:
    week = begun(problem, kept)
    search = searched(week, steps, seed)
    rank = search._memory.ranks[BEST].tolist()
    with patch("solver.search.look_last", lambda *_: 0):
        search.finish(week)
    assert search.total == week.total()
    assert -rank[BROKEN] * BROKEN_PIN - rank[OVER] * OVER_LIMIT == week.penalty()


@settings(max_examples=60, deadline=None)
@given(problem=weeks())
def test_no_household_left_out_would_add_to_the_total_where_a_crew_has_room(problem: Document) -> None:
    week = begun(problem)
    search = searched(week, 60)
    search.finish(week)
    assert week.total() >= search.total
    assert most_to_gain(week) < ROUNDING


@settings(max_examples=60, deadline=None)
@given(problem=weeks())
def test_the_last_look_fills_crews_with_a_single_visit(problem: Document) -> None:
    week = begun(problem)
    for number, tour in week.tours.items():
        offer = tour.best_insertion(week.free, np.ones(len(week.free)), 0.0)
        if not tour.state.visits and offer is not None and tour.insert(offer.house, offer.at):
            week.take(number, [offer.house])
    town = town_of(week.world)
    board = empty_board(town)
    lay_out(board, town, week)
    before, visits = week.total(), sum(len(tour.state.visits) for tour in week.tours.values())
    added = look_last(town, board)
    put_back(board, week.world, week)
    assert sum(len(tour.state.visits) for tour in week.tours.values()) == visits + added
    assert week.total() >= before
    assert most_to_gain(week) < ROUNDING


def test_without_compiling_the_same_plan_comes_out_byte_for_byte(tmp_path: Path) -> None:
    problem = tmp_path / "problem.json"
    problem.write_text(json.dumps(a_week_later(first := make("mountain", 60, 12, 3, True), solved(first, 20), 3)))
    options = ["--iterations", "400", "--seed", "5"]
    main(["solve", str(problem), "--out", str(tmp_path / "compiled.json"), *options])
    subprocess.run(
        [sys.executable, "-m", "solver", "solve", str(problem), "--out", str(tmp_path / "python.json"), *options],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"}, cwd=ROOT, check=True, timeout=120,
    )  # fmt: skip
    assert json.loads((tmp_path / "compiled.json").read_bytes())["total"] > 0
    assert (tmp_path / "compiled.json").read_bytes() == (tmp_path / "python.json").read_bytes()


@pytest.mark.parametrize("seed", range(4))
def test_rows_in_another_order_are_the_same_week(seed: int) -> None:
    problem = make("delta", 50, 10, seed, True)
    rng, shuffled = random.Random(seed), json.loads(json.dumps(problem))
    for rows in ("households", "volunteers", "slots", "locations"):
        rng.shuffle(shuffled[rows])
    first, second = solved(problem, 200), solved(shuffled, 200)
    assert check_plan(problem, second).faults == ()
    assert second["total"] <= first["bound"]
    assert second["total"] > 0.97 * first["total"]


def test_warming_leaves_nothing_to_compile() -> None:
    compile_all()
    kept = {file.name.rpartition("-")[0] for file in KEPT_IN.rglob("*.nbi")}
    assert {name for name, compiled_one in kernels().items() if not isinstance(compiled_one, Part)} == kept
    assert compiled() == len(set(KERNELS))


def test_a_part_called_by_python_says_what_to_do_instead_of_ending_the_process() -> None:
    with pytest.raises(TypeError, match=r"leg is part of compiled code.*@entry"):
        leg(np.zeros((1, 2)), np.zeros((1, 1), dtype=np.int32), 1.0, 0, 0, 0)


def test_every_kernel_is_compiled_for_one_kind_of_arguments() -> None:
    compile_search()
    compile_proof()
    signatures = {name: kernel.signatures for name, kernel in kernels().items()}
    assert signatures.keys() == set(KERNELS)
    assert {name: kinds for name, kinds in signatures.items() if len(kinds) > 1} == {}
