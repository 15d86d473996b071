"""A malformed problem is refused with every fault: its path, its value, what is wrong with it."""

import copy
import json
import pickle
from typing import Any

import pytest

from solver.problem import InvalidProblem, parse_problem
from tests.solver.judge.make_problem import make
from tests.solver.worlds import Document, one_lane

NAN, INF = float("nan"), float("inf")


def put(path: str, value: Any) -> Document:
    """Return `one_lane` with a value at a path such as ``households.0.reward.evening``."""
    problem = copy.deepcopy(one_lane())
    *way, last = path.split(".")
    at: Any = problem
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    at[int(last) if isinstance(at, list) else last] = value
    return problem


def faults(document: object) -> list[str]:
    with pytest.raises(InvalidProblem) as refusal:
        parse_problem(document)
    return refusal.value.faults


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("format", "weekly-problem/2", 'format: "weekly-problem/2" is not "weekly-problem/1"'),
        ("households", None, "households: null is not a list"),
        ("households.2", 7, "households[2]: 7 is not an object"),
        ("households.0.visit_seconds", -5, "households[0].visit_seconds: -5 is not a positive integer"),
        ("households.0.visit_seconds", 0, "households[0].visit_seconds: 0 is not a positive integer"),
        ("households.0.visit_seconds", 600.0, "households[0].visit_seconds: 600.0 is not a positive integer"),
        ("households.0.visit_seconds", True, "households[0].visit_seconds: true is not a positive integer"),
        ("households.0.visit_seconds", "600", 'households[0].visit_seconds: "600" is not a positive integer'),
        ("households.0.visit_seconds", NAN, "households[0].visit_seconds: NaN is not a positive integer"),
        ("households.0.visit_seconds", 10**30, f"households[0].visit_seconds: {10**30} is more than 1000000000"),
        (
            "households.0.visit_seconds",
            {"day": 9},
            "households[0].visit_seconds.evening: missing, though the reward has this class",
        ),
        ("households.0.reward", {"\ud800": 60}, 'households[0].reward: "\\ud800" is not a non-empty text'),
        (
            "households.0.visit_seconds",
            {"evening": 9, "day": 9, "\ud800": 9},
            'households[0].visit_seconds: "\\ud800" is not a non-empty text',
        ),
        ("volunteers.0.skills", None, "volunteers[0].skills: null is not a list"),
        ("volunteers.0.languages", None, "volunteers[0].languages: null is not a list"),
        ("crew.skills", None, "crew.skills: null is not a list"),
        ("pins", None, "pins: null is not a list"),
        ("base.visits", None, "base.visits: null is not a list"),
        ("max_changes", None, "max_changes: null is not a non-negative integer"),
        ("households.0.reward", [60], "households[0].reward: [60] is not an object"),
        ("households.0.reward.evening", -1, "households[0].reward.evening: -1 is not a non-negative integer"),
        ("households.0.reward.evening", 10**10, "households[0].reward.evening: 10000000000 is more than 1000000000"),
        ("households.0.id", "", 'households[0].id: "" is not a non-empty text'),
        ("households.0.id", "\ud800", 'households[0].id: "\\ud800" is not a non-empty text'),
        ("households.1.id", "near", 'households[1].id: "near" is already the id of households[0]'),
        ("households.0.location", "moon", 'households[0].location: "moon" is no location'),
        ("households.0.windows", [[5, 4]], "households[0].windows[0]: [5, 4] closes before it opens"),
        ("households.0.windows", [[5]], "households[0].windows[0]: [5] is not a pair [open, close]"),
        ("households.0.windows", [[5, None]], "households[0].windows[0][1]: null is not a non-negative integer"),
        ("households.0.skills", "woman", 'households[0].skills: "woman" is not a list'),
        ("households.0.avoid", [3], "households[0].avoid[0]: 3 is not a non-empty text"),
        ("volunteers.0.start", "moon", 'volunteers[0].start: "moon" is no location'),
        ("volunteers.0.slots", ["noon"], 'volunteers[0].slots: "noon" is no slot'),
        ("volunteers.0.max_shifts", -1, "volunteers[0].max_shifts: -1 is not a non-negative integer"),
        ("volunteers.1.id", "hoa", 'volunteers[1].id: "hoa" is already the id of volunteers[0]'),
        ("slots.0.end", 0, "slots[0].end: 0 is not after the start 0"),
        ("slots.0.class", 3, "slots[0].class: 3 is not a non-empty text"),
        ("locations.0.x", INF, "locations[0].x: Infinity is not a finite number"),
        ("locations.0.x", "0", 'locations[0].x: "0" is not a number'),
        ("locations.0.y", 1e12, "locations[0].y: 1000000000000.0 is not from -1e+09 to 1e+09"),
        ("travel.metres_per_second", 0, "travel.metres_per_second: 0 is not from 0.001 to 1e+06"),
        ("travel.fixed_seconds", 1.5, "travel.fixed_seconds: 1.5 is not a non-negative integer"),
        ("travel", {"seconds": [[0] * 4]}, "travel.seconds: 1 rows for 4 locations"),
        ("travel", {"seconds": [[0] * 4] * 3 + [[0, 0, -1, 0]]}, "travel.seconds[3][2]: -1 is not a non-negative integer"),
        ("crew.size", 0, "crew.size: 0 is not a positive integer"),
        ("pins", [{"slot": "evening"}], "pins[0].household: missing"),
        ("base", [], "base: [] is not an object"),
        ("base.visits", [{"household": "near", "slot": "evening"}], "base.visits[0].volunteers: missing"),
        ("max_changes", -1, "max_changes: -1 is not a non-negative integer"),
        ("weights.change", -6, "weights.change: -6 is not a non-negative integer"),
        ("weights.new_face", NAN, "weights.new_face: NaN is not a non-negative integer"),
    ],
)
def test_a_fault_names_its_place_and_its_value(path: str, value: object, fault: str) -> None:
    assert faults(put(path, value)) == [fault]


@pytest.mark.parametrize("key", ["locations", "slots", "volunteers", "households", "travel"])
def test_a_missing_part_is_named(key: str) -> None:
    problem = one_lane()
    del problem[key]
    assert f"{key}: missing" in faults(problem)


@pytest.mark.parametrize("document", [None, [], "problem", 3])
def test_what_is_no_object_is_no_problem(document: object) -> None:
    assert len(faults(document)) == 1


def test_all_faults_are_named_at_once() -> None:
    problem = put("households.2.visit_seconds", -5)
    problem["slots"][1]["end"] = "late"
    problem["weights"]["change"] = None
    assert [fault.split(":")[0] for fault in faults(problem)] == ["slots[1].end", "households[2].visit_seconds", "weights.change"]


def test_last_weeks_references_to_people_and_homes_that_are_gone_are_no_faults() -> None:
    problem = one_lane()
    problem["households"][0] |= {"avoid": ["left"], "known": ["left"]}
    problem["pins"] = [{"household": "sold", "slot": "june", "volunteers": ["left"]}]
    problem["base"] = {"visits": [{"household": "sold", "slot": "june", "volunteers": ["left"]}]}
    parse_problem(problem)


def test_unknown_keys_and_absent_optional_parts_are_no_faults() -> None:
    problem = {k: v for k, v in one_lane().items() if k not in ("pins", "base", "weights", "crew", "name")}
    problem["households"][0] |= {"hamlet": "3", "windows": None, "skills": None}
    parsed = parse_problem(problem)
    assert parsed.crew.size == 1
    assert parsed.households[0].windows is None


def test_windows_that_overlap_are_one() -> None:
    problem = put("households.0.windows", [[50, 60], [0, 100], [10, 20], [90, 200], [300, 400]])
    assert parse_problem(problem).households[0].windows == ((0, 200), (300, 400))


def test_a_problem_and_its_refusal_can_be_sent_to_another_process() -> None:
    problem = parse_problem(make("mountain", 20, 4, 1))
    assert pickle.loads(pickle.dumps(problem)) == problem
    refusal = pickle.loads(pickle.dumps(InvalidProblem(["a: 1 is wrong"])))
    assert refusal.faults == ["a: 1 is wrong"]


def test_a_length_by_class_is_read() -> None:
    home = parse_problem(json.loads(json.dumps(put("households.0.visit_seconds", {"evening": 300, "day": 900})))).households[0]
    assert home.visit_seconds == {"evening": 300, "day": 900}
