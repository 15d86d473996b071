"""The command line keeps to docs/solver-format.md: exit codes, one line a fault, no plan for a malformed problem."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from solver.__main__ import main
from tests.solver.judge import check_plan as judge
from tests.solver.judge.make_problem import make
from tests.solver.worlds import Document, an_evening_out, one_lane


def write(path: Path, document: Document) -> str:
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def test_solve_writes_a_valid_plan_and_check_accepts_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem, plan = write(tmp_path / "problem.json", make("ward", 60, 8, 1)), str(tmp_path / "plan.json")
    assert main(["solve", problem, "--out", plan, "--iterations", "30", "--seed", "3", "--threads", "2", "--progress"]) == 0
    assert main(["check", problem, plan]) == 0
    assert capsys.readouterr().out.startswith("valid")
    assert judge.judge(json.loads(Path(problem).read_text()), json.loads(Path(plan).read_text()))[0] == []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["plan.json", "problem.json"]


def test_the_same_command_writes_the_same_bytes(tmp_path: Path) -> None:
    problem = write(tmp_path / "problem.json", make("delta", 60, 8, 1))
    for name in ("a", "b"):
        main(["solve", problem, "--out", str(tmp_path / name), "--iterations", "80", "--seed", "3"])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_malformed_problem_is_one_line_a_fault_and_no_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = one_lane()
    document["households"][1]["visit_seconds"] = -5
    document["crew"]["size"] = "two"
    problem = write(tmp_path / "problem.json", document)
    assert main(["solve", problem, "--out", str(tmp_path / "plan.json")]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "households[1].visit_seconds: -5 is not a positive integer",
        'crew.size: "two" is not a positive integer',
    ]
    assert not (tmp_path / "plan.json").exists()


def test_a_plan_that_must_change_more_than_allowed_is_written_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = one_lane()
    document["base"] = {"visits": [{"household": "far", "slot": "evening", "volunteers": ["hoa", "lan"]}]}
    document["max_changes"] = 0
    problem, plan = write(tmp_path / "problem.json", document), tmp_path / "plan.json"
    command = ["solve", problem, "--out", str(plan), "--iterations", "30"]
    assert main(command) == 0
    document["households"][2]["visit_seconds"] = 7200  # longer than the evening
    write(tmp_path / "problem.json", document)
    assert main(command) == 1
    assert capsys.readouterr().err.startswith("max_changes: 1 unforced changes, at most 0")
    assert judge.judge(document, json.loads(plan.read_text()))[0] == ["1 unforced changes, at most 0"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b'{"a": NaN}', "NaN is not a JSON number"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b"\xff\xfe", "is not JSON in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "problem: [] is not an object"),
    ],
)
def test_what_is_no_json_is_refused(text: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "problem.json").write_bytes(text)
    assert main(["solve", str(tmp_path / "problem.json"), "--out", str(tmp_path / "plan.json")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert said in lines[0]


@pytest.mark.parametrize(
    ("option", "value"),
    [("--time-limit", "0"), ("--time-limit", "nan"), ("--iterations", "-1"), ("--seed", "-1"), ("--threads", "0")],
)
def test_a_senseless_option_is_named(option: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = write(tmp_path / "problem.json", one_lane())
    assert main(["solve", problem, "--out", str(tmp_path / "plan.json"), option, value]) == 2
    assert option.lstrip("-").replace("-", "_").split("_")[0] in capsys.readouterr().err


def test_a_missing_file_and_an_unwritable_place_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "none.json"), "plan.json"]) == 2
    problem = write(tmp_path / "problem.json", one_lane())
    assert main(["solve", problem, "--out", str(tmp_path / "no" / "plan.json"), "--iterations", "1"]) == 2
    assert "none.json: cannot be read" in capsys.readouterr().err.splitlines()[0]


@pytest.mark.parametrize("out", [".", "no/plan.json", "folder"])
def test_a_place_for_the_plan_that_cannot_be_written_is_named_before_the_work_begins(
    out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    monkeypatch.setattr("solver.solve.solve", lambda *_args, **_kept: pytest.fail("the work began"))
    problem = write(tmp_path / "problem.json", one_lane())
    assert main(["solve", problem, "--out", out]) == 2
    assert [line.split(": ")[:2] for line in capsys.readouterr().err.splitlines()] == [[out, "cannot be written"]]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "problem.json"]


def test_check_tells_a_broken_plan_from_a_malformed_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = write(tmp_path / "problem.json", one_lane())
    good, bad = write(tmp_path / "good.json", an_evening_out()), write(tmp_path / "bad.json", an_evening_out() | {"total": 1})
    assert main(["check", problem, good]) == 0
    assert main(["check", problem, bad, "--json"]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["faults"] == ["total is stated as 1, is 170000"]
    assert main(["check", problem, write(tmp_path / "none.json", {"crews": 3})]) == 2


def test_the_module_runs_and_keeps_its_time(tmp_path: Path) -> None:
    problem = write(tmp_path / "problem.json", make("delta", 40, 6, 1))
    command = [sys.executable, "-m", "solver", "solve", problem, "--out", str(tmp_path / "plan.json")]
    command += ["--time-limit", "1.5", "--progress"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True, cwd=Path(__file__).parents[2])
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert told
    assert all({"seconds", "total"} <= set(line) <= {"seconds", "total", "bound", "stage"} for line in told)
    assert told[-1]["seconds"] <= 1.5 + 2  # what docs/solver-format.md promises on a busy machine
    assert json.loads((tmp_path / "plan.json").read_text())["total"] >= told[-1]["total"]


def test_check_lists_the_rules_with_what_there_is_of_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem, plan = write(tmp_path / "problem.json", one_lane()), write(tmp_path / "plan.json", an_evening_out())
    assert main(["check", "--rules", problem, plan]) == 0
    told = capsys.readouterr().out
    assert "visited_once         households            3 0 breaches     a household is visited at most once" in told
    assert "travel               crews              1800" in told


def test_explain_answers_for_one_household_or_for_the_whole_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem, plan = write(tmp_path / "problem.json", one_lane()), write(tmp_path / "plan.json", an_evening_out())
    assert main(["explain", problem, plan, "--household", "near"]) == 0
    assert json.loads(capsys.readouterr().out)["slot"] == "evening"
    assert main(["explain", problem, plan]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"assignments", "unassigned", "changes", "what_if"}


@pytest.mark.parametrize(
    ("problem", "arguments", "fault"),
    [
        (one_lane(), ["--household", "nobody"], "nobody: is no household of the problem"),
        (one_lane() | {"households": []}, [], "crews[0]: 'near' is not in the problem"),
        (one_lane() | {"crew": 3}, [], "crew: 3 is not an object"),
        ([], [], "problem: [] is not an object"),
    ],
)
def test_what_cannot_be_explained_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], problem: Document, arguments: list[str], fault: str
) -> None:
    files = [write(tmp_path / "problem.json", problem), write(tmp_path / "plan.json", an_evening_out())]
    assert main(["explain", *files, *arguments]) == 2
    assert capsys.readouterr().err.strip() == fault
