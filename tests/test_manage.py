"""The command line: the weekly loop without a page, and what its exit status says."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from manage import manage
from tests.solver.judge import check_plan

ROOT = Path(__file__).resolve().parents[1]
ROSTERS = ROOT / "tests" / "data" / "rosters"
MESSY, MESSY_VOLUNTEERS = ROSTERS / "lon-xon-mau.xlsx", ROSTERS / "lon-xon-mau.tinh-nguyen-vien.xlsx"
CLEAN = ROSTERS / "loc-hoa-mau.xlsx"
SUNDAY = "2026-11-22T12:00"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"NAMRO_DATA_DIR": str(tmp_path / "data"), "NAMRO_ENVIRONMENT": "test"}


@pytest.fixture
def run(environ: dict[str, str]) -> Any:
    """Return what runs a command at Sunday noon and gives its result."""

    def command(*arguments: object, at: str = SUNDAY) -> Result:
        return CliRunner().invoke(manage, ["--at", at, *map(str, arguments)], env=environ)

    return command


def report_of(run: Any, tmp_path: Path, *arguments: object) -> tuple[int, dict[str, Any]]:
    file = tmp_path / "report.json"
    result = run("roster", "import", *arguments, "--report", file)
    return result.exit_code, json.loads(file.read_text(encoding="utf-8"))


def test_a_faulty_roster_changes_nothing_and_ends_with_one(run: Any, tmp_path: Path) -> None:
    status, report = report_of(run, tmp_path, MESSY)
    assert status == 1
    assert {
        "households",
        "residents",
        "created",
        "updated",
        "unchanged",
        "refused",
        "hamlets",
        "state",
        "issues",
    } <= report.keys()
    assert {"severity", "code", "sheet", "row", "column", "field", "message"} <= report["issues"][0].keys()
    assert report_of(run, tmp_path, MESSY, "--skip-faulty", "--dry-run")[1]["created"] == report["created"] > 0


def test_a_dry_run_counts_what_skipping_the_faulty_brings_in(run: Any, tmp_path: Path) -> None:
    dry = report_of(run, tmp_path, MESSY, "--dry-run")
    done = report_of(run, tmp_path, MESSY, "--skip-faulty")
    assert (dry[0], done[0]) == (1, 0)
    assert {k: dry[1][k] for k in ("households", "residents", "state", "hamlets")} == {
        k: done[1][k] for k in ("households", "residents", "state", "hamlets")
    }
    again = report_of(run, tmp_path, MESSY, "--skip-faulty")[1]
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, done[1]["residents"])


def test_an_import_writes_a_copy_in_which_its_issues_are_marked(run: Any, tmp_path: Path) -> None:
    _status, report = report_of(run, tmp_path, MESSY, "--dry-run", "--marked", tmp_path / "marked.xlsx")
    listed = load_workbook(tmp_path / "marked.xlsx", read_only=True)["Lỗi"]
    assert sum(1 for _ in listed.iter_rows()) == len(report["issues"]) + 1


def test_a_file_that_is_no_workbook_is_refused_with_two(run: Any, tmp_path: Path) -> None:
    page = tmp_path / "danh-sach.xlsx"
    page.write_text("<html><table><tr><td>Họ tên</td></tr></table></html>", encoding="utf-8")
    status, report = report_of(run, tmp_path, page)
    assert status == 2
    assert [issue["scope"] for issue in report["issues"]] == ["file"]


def test_the_last_import_is_undone_as_a_whole(run: Any, tmp_path: Path) -> None:
    report_of(run, tmp_path, MESSY, "--skip-faulty")
    assert run("roster", "undo").exit_code == 0
    assert report_of(run, tmp_path, MESSY, "--dry-run")[1]["created"] == 1107


def test_each_lists_undo_takes_back_its_own_last_import(run: Any) -> None:
    assert run("roster", "import", CLEAN).exit_code == 0
    assert run("volunteers", "import", MESSY_VOLUNTEERS, "--skip-faulty").exit_code == 0
    assert CLEAN.name in run("roster", "undo").output
    assert run("volunteers", "undo", "--batch", 1).exit_code == 1
    assert MESSY_VOLUNTEERS.name in run("volunteers", "undo").output
    assert run("volunteers", "undo").exit_code == 1


@pytest.mark.parametrize("option", ["--report", "--marked"])
def test_a_report_that_cannot_be_written_is_told_before_anything_is_imported(run: Any, tmp_path: Path, option: str) -> None:
    refused = run("roster", "import", CLEAN, option, tmp_path / "missing" / "file")
    assert (refused.exit_code, "no such folder" in refused.output) == (2, True)
    assert report_of(run, tmp_path, CLEAN, "--dry-run")[1]["created"] > 0, "nothing came in"


def test_what_was_exported_comes_in_again_without_a_change(run: Any, tmp_path: Path) -> None:
    assert report_of(run, tmp_path, CLEAN)[0] == 0
    assert run("roster", "export", tmp_path / "out.xlsx").exit_code == 0
    status, report = report_of(run, tmp_path, tmp_path / "out.xlsx")
    assert (status, report["created"], report["updated"]) == (0, 0, 0), report["issues"][:5]


def judged(folder: Path) -> tuple[list[str], dict[str, Any]]:
    """Return what the public judge says of kept files."""
    problem, plan = (json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("problem", "plan"))
    return check_plan.judge(problem, plan)


def test_the_weekly_loop_needs_no_page(run: Any, tmp_path: Path) -> None:
    assert run("roster", "import", MESSY, "--skip-faulty").exit_code == 0
    volunteers = run("volunteers", "import", MESSY_VOLUNTEERS, "--json")
    assert volunteers.exit_code == 0
    assert (json.loads(volunteers.stdout)["volunteers"], json.loads(volunteers.stdout)["slots"]) == (25, 146)

    drafted = run("week", "draft", "--iterations", 60, "--keep-files", tmp_path / "kept", "--json")
    assert drafted.exit_code == 0, drafted.output
    assert json.loads(drafted.stdout)["better_by_percent"] >= 0
    faults, measures = judged(tmp_path / "kept")
    assert faults == []
    assert measures["visits"] > 0
    published = run("week", "publish", "--json")
    assert json.loads(published.stdout)["assignments"] == measures["visits"]

    late = "2026-11-29T06:00"  # Sunday morning: of a week of Wednesday to Sunday all but one day is over
    missed = json.loads(run("week", "missed", "--json", at=late).stdout)
    assert missed
    again = run("week", "reassign", "--time-limit", 2, "--publish", "--keep-files", tmp_path / "again", "--json", at=late)
    assert again.exit_code == 0, again.output
    problem, plan = (
        json.loads((tmp_path / "again" / f"{name}.json").read_text(encoding="utf-8")) for name in ("problem", "plan")
    )
    assert check_plan.judge(problem, plan)[0] == []
    changes = json.loads(again.stdout)["changes"]
    assert len(changes["moved"]) + len(changes["unplaced"]) >= len(missed) > 0
    assert len(json.loads(run("week", "missed", "--json", at=late).stdout)) < len(missed)


def test_the_week_is_told_in_the_words_of_the_pages(run: Any) -> None:
    run("roster", "import", CLEAN)
    told = run("week", "show").stdout
    assert all(word in told for word in ("đã thăm", "đến lịch", "bỏ lỡ"))


def test_nothing_to_publish_is_said_in_a_sentence(run: Any) -> None:
    run("roster", "import", MESSY, "--skip-faulty")
    result = run("week", "publish")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_a_refused_command_says_why_and_ends_with_three(run: Any) -> None:
    run("roster", "import", MESSY, "--skip-faulty")
    result = run("week", "reassign", "--monday", "2026-11-23")
    assert (result.exit_code, result.stderr.strip()) == (3, "Tuần 23/11/2026 chưa được công bố nên không có gì để phân công lại.")


def test_a_setting_that_cannot_be_used_stops_the_start(environ: dict[str, str]) -> None:
    result = CliRunner().invoke(manage, ["config"], env={**environ, "NAMRO_PORT": "eighty"})
    assert (result.exit_code, "NAMRO_PORT" in result.output) == (2, True)
    unknown = CliRunner().invoke(manage, ["config"], env={**environ, "NAMRO_PROT": "80"})
    assert (unknown.exit_code, "NAMRO_PROT" in unknown.output) == (2, True)


def test_the_settings_are_listed_without_their_secrets(environ: dict[str, str]) -> None:
    secret = {"NAMRO_SECRET_KEY": "s" * 40, "NAMRO_DATABASE_URL": "postgresql://hoa:mat-khau@localhost/namro"}
    result = CliRunner().invoke(manage, ["config", "--json"], env={**environ, **secret})
    assert "mat-khau" not in result.output
    assert "s" * 40 not in result.output
    assert json.loads(result.stdout)["NAMRO_DATABASE_URL"] == "postgresql://hoa:•••@localhost/namro"


def test_a_backup_is_a_whole_database_and_overwrites_nothing(run: Any, tmp_path: Path, environ: dict[str, str]) -> None:
    run("roster", "import", MESSY, "--skip-faulty")
    copy = tmp_path / "copy.sqlite3"
    assert run("backup", copy).exit_code == 0
    assert run("backup", copy).exit_code == 1
    environ["NAMRO_DATABASE_URL"] = f"sqlite:///{copy}"
    assert report_of(run, tmp_path, MESSY, "--skip-faulty", "--dry-run")[1]["unchanged"] == 1107


def test_a_restored_backup_is_what_it_was_and_the_present_is_kept(run: Any, tmp_path: Path) -> None:
    run("roster", "import", MESSY, "--skip-faulty")
    copy = tmp_path / "copy.sqlite3"
    assert run("backup", copy).exit_code == 0
    assert run("campaign", "set", "max_attempts=2").exit_code == 0
    assert run("restore", tmp_path / "none.sqlite3", "--yes").exit_code == 1
    assert run("restore", copy).exit_code == 1, "it asks first, and nobody answered"
    assert json.loads(run("campaign", "show").stdout)["settings"]["max_attempts"] == 2
    done = run("restore", copy, "--yes")
    assert done.exit_code == 0
    assert "before-restore" in done.output
    assert "max_attempts" not in json.loads(run("campaign", "show").stdout)["settings"]


def test_an_upgrade_counts_what_the_program_before_it_counted_otherwise(
    run: Any, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("roster", "import", CLEAN)
    assert "counted anew" not in run("db", "upgrade").output
    monkeypatch.setattr("planner.domain.tally.RULES", 999)
    assert "counted anew: " in run("db", "upgrade").output
    assert "counted anew" not in run("db", "upgrade").output


def test_the_jobs_are_listed_with_how_the_sending_of_notices_stands(run: Any) -> None:
    run("roster", "import", CLEAN)
    listed = run("jobs", "list")
    assert listed.exit_code == 0, listed.output
    assert "email                chờ / waiting 0, hỏng / given up 0, đã gửi / sent 0" in listed.output
    assert [queue["channel"] for queue in json.loads(run("jobs", "list", "--json").stdout)["queues"]] == ["email", "push"]


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one process on Windows")
def test_start_serves_pages_and_stops_cleanly_on_ctrl_c(environ: dict[str, str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "start", "--empty"]
    settings = {**os.environ, **environ, "NAMRO_PORT": str(port), "PYTHONUTF8": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        lines: list[str] = []
        for line in server.stderr:
            lines.append(line)
            if str(port) in line:
                break
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
            assert answer.status == 200
        server.send_signal(signal.SIGINT)
        rest = server.stderr.read()
    assert server.returncode == 0, "".join(lines) + rest
    assert "Traceback" not in rest


def test_goals_are_shown_changed_and_taken_back(run: Any, tmp_path: Path) -> None:
    made = run(
        "campaign", "create", "--commune-code", "25432", "--commune-name", "Lộc Hòa", "--starts-on", "2026-11-23",
        "--ends-on", "2027-02-07",
    )  # fmt: skip
    assert made.exit_code == 0
    assert run("campaign", "goals", "services.mst.active=false", "indicators.a1.target_percent=85").exit_code == 0
    goals = json.loads(run("campaign", "goals").stdout)
    assert (goals["services"]["mst"]["active"], goals["indicators"]["a1"]["target_percent"]) == (False, 85)
    assert "mst" not in json.loads(run("campaign", "show").stdout)["services"]
    assert run("campaign", "goals", "--undo").exit_code == 0
    assert json.loads(run("campaign", "goals").stdout)["services"]["mst"]["active"]
    wrong = run("campaign", "goals", "indicators.a1.target_percent=101")
    assert wrong.exit_code != 0
    assert "indicators.a1.target_percent" in wrong.output
