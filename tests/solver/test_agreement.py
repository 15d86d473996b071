"""The project's checker and the public judge say the same of every plan, sound or spoilt."""

import copy
import json
import random

import pytest

from solver.check import check_plan
from tests.solver.judge import check_plan as judge
from tests.solver.judge.make_problem import make
from tests.solver.worlds import Document, a_week_later, odd_week, solved


def spoil(plan: Document, problem: Document, rng: random.Random) -> None:
    """Change one thing in a plan, as a mistake of a solver, a database or a person would."""
    crews = [c for c in plan["crews"] if c["visits"]]
    crew = rng.choice(crews)
    visit = rng.choice(crew["visits"])
    people = [v["id"] for v in problem["volunteers"]]
    slots = [s["id"] for s in problem["slots"]]

    def swap_crews() -> None:
        other = rng.choice(crews)
        crew["volunteers"], other["volunteers"] = other["volunteers"], crew["volunteers"]

    def move_visit() -> None:
        crew["visits"].remove(visit)
        rng.choice(crews)["visits"].append(visit)

    def forget_visit() -> None:
        crew["visits"].remove(visit)

    def drop_unassigned() -> None:
        plan["unassigned"] = plan["unassigned"][1:]

    def reject() -> None:
        reason = rng.choice(["conflict", "never_visitable", "unknown_slot", "volunteer_unavailable"])
        plan["rejected_pins"].append({"household": rng.choice(problem["households"])["id"], "reason": reason})

    rng.choice(
        [
            swap_crews,
            move_visit,
            forget_visit,
            drop_unassigned,
            reject,
            lambda: crew.update(volunteers=[*crew["volunteers"], rng.choice(people)]),
            lambda: crew.update(volunteers=crew["volunteers"][1:]),
            lambda: crew.update(volunteers=[crew["volunteers"][0]] * len(crew["volunteers"])),
            lambda: crew.update(volunteers=["nobody", *crew["volunteers"][1:]]),
            lambda: crew.update(slot=rng.choice([*slots, "never"])),
            lambda: crew.update(start=rng.choice(problem["locations"])["id"]),
            lambda: rng.shuffle(crew["visits"]),
            lambda: visit.update(start=visit["start"] + rng.choice([-1, 1, -600, 600, 4000])),
            lambda: visit.update(start=rng.choice([float(visit["start"]), str(visit["start"]), None, True])),
            lambda: visit.update(household=rng.choice(problem["households"])["id"]),
            lambda: visit.update(household="nowhere"),
            lambda: plan.update(total=plan["total"] + rng.choice([-1, 1, 0.0])),
            lambda: plan.update(bound=rng.choice([plan["total"] - 1, 1.5, True, None])),
            lambda: plan["unassigned"].append({"household": rng.choice(["nowhere", visit["household"]]), "reason": "no_room"}),
            lambda: plan["unassigned"].append({"household": "nowhere", "reason": rng.choice(["", None, 3])}),
            lambda: plan["crews"].append(copy.deepcopy(crew)),
            lambda: plan["crews"].append({**crew, "visits": []}),
        ]
    )()


def agree(problem: Document, plan: Document) -> bool:
    """Assert that both say the same, and return whether the plan is valid."""
    document = json.loads(json.dumps(plan))
    faults, measures = judge.judge(problem, document)
    result = check_plan(problem, document)
    assert sorted(result.faults) == sorted(faults)
    assert result.measures == measures
    return not faults


@pytest.mark.parametrize("seed", range(12))
def test_both_see_the_same_faults_in_a_spoilt_plan(seed: int) -> None:
    rng = random.Random(seed)
    problem = make(rng.choice(["delta", "mountain", "ward"]), 60, 14, seed)
    problem = a_week_later(problem, solved(problem, 20, seed), seed)
    plan = solved(problem, 20, seed)
    assert agree(problem, plan)

    refused = 0
    for _ in range(60):
        spoilt = copy.deepcopy(plan)
        for _ in range(rng.randint(1, 3)):
            if any(c["visits"] for c in spoilt["crews"]):
                spoil_safely(spoilt, problem, rng)
        refused += not agree(problem, spoilt)
    assert refused > 30


def spoil_safely(plan: Document, problem: Document, rng: random.Random) -> None:
    """Spoil a plan; one spoilt before may have no number left to add to."""
    try:
        spoil(plan, problem, rng)
    except TypeError:
        plan["total"] = "a lot"


@pytest.mark.parametrize("seed", range(40))
def test_both_see_the_same_in_odd_weeks(seed: int) -> None:
    rng = random.Random(seed)
    problem = odd_week(seed)
    plan = solved(problem, 10)
    assert agree(problem, plan)
    for _ in range(10):
        spoilt = copy.deepcopy(plan)
        if any(c["visits"] for c in spoilt["crews"]):
            spoil_safely(spoilt, problem, rng)
        agree(problem, spoilt)
