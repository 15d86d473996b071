"""A file of results typed from paper: whole or not at all, every fault at its row and column."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from manage import manage
from planner.domain.errors import NotAllowed
from planner.domain.paper import row_code
from planner.domain.vocabulary import NeedResult, Outcome
from planner.models import Appointment, Database, Visit
from planner.services import paper
from planner.services.paper import FileEntered, SheetRefused
from tests.builders import MONDAY, NOW
from tests.worlds import World, a_running_week

TUESDAY_MORNING = NOW + timedelta(days=1, hours=21)
HEAD = "danh sách;dòng;kết quả;giờ đến;việc 1;lý do 1;máy của họ 1;tự làm lại 1;hẹn ngày;hẹn buổi;ghi chú"
GOOD = f"""{HEAD}
1;1;V;19:05;;;;;;;
1;2;Gặp được;19h20;1;;x;x;;;Rất vui
1;3;H;;;;;;25/11;T;
"""


@pytest.fixture
def world(db: Database) -> World:
    with db.begin() as session:
        world = a_running_week(session)
        paper.make_lists(session, world.desk, MONDAY, NOW)
    return world


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "giấy.csv"


def entered(db: Database, world: World, file: Path, text: str, **options: bool) -> FileEntered:
    file.write_text(text, encoding="utf-8")
    return paper.enter_file(db, world.desk, file, TUESDAY_MORNING, **options)


def count(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(Visit)) or 0


def told(done: FileEntered) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.code) for fault in done.faults]


def test_a_file_records_its_rows_as_typing_them_would(db: Database, world: World, file: Path) -> None:
    done = entered(db, world, file, GOOD)
    assert (done.rows, done.recorded, done.faults) == (3, 3, ())
    with db.read() as session:
        rows = session.scalars(select(Visit).order_by(Visit.id)).all()
        assert [(v.outcome, v.note) for v in rows] == [
            (Outcome.ABSENT, ""), (Outcome.MET, "Rất vui"), (Outcome.CALLBACK, ""),
        ]  # fmt: skip
        (result,) = rows[1].results
        assert (result.result, result.own_device, result.teach_back) == (NeedResult.DONE, True, True)
        assert f"{rows[1].occurred_at:%H:%M}" == "12:20"
        assert session.scalar(select(func.count()).select_from(Appointment)) == 1


def test_the_same_file_again_changes_nothing(db: Database, world: World, file: Path) -> None:
    entered(db, world, file, GOOD)
    again = entered(db, world, file, GOOD)
    assert (again.recorded, again.unchanged, count(db)) == (0, 3, 3)


def test_a_code_stands_for_list_and_row_and_columns_may_be_english(db: Database, world: World, file: Path) -> None:
    done = entered(db, world, file, f"Outcome,Code\nabsent,{row_code(1, 1)}\nMoved away,{row_code(2, 1).lower()}\n")
    assert (done.recorded, done.faults) == (2, ())


def test_a_day_before_the_campaign_is_told_at_its_cell(db: Database, world: World, file: Path) -> None:
    done = entered(db, world, file, "danh sách;dòng;kết quả;ngày đến\n1;1;V;24/11/2006\n1;2;V;1/1/0001\n")
    assert told(done) == [(2, "D", "paper_day_before_campaign"), (3, "D", "paper_value_unreadable")]


def test_a_dry_run_counts_and_keeps_nothing(db: Database, world: World, file: Path) -> None:
    done = entered(db, world, file, GOOD, dry_run=True)
    assert (done.recorded, count(db)) == (3, 0)
    assert entered(db, world, file, GOOD).recorded == 3


FAULTS = {
    "an outcome that is none": ("1;1;Q;;;;;;;;", [(2, "C", "paper_value_unreadable")]),
    "no outcome": ("1;1;;;;;;;;;", [(2, "C", "paper_value_unreadable")]),
    "a list that is not there": ("9;1;V;;;;;;;;", [(2, "A", "paper_list_unknown")]),
    "a row that is not there": ("1;9;V;;;;;;;;", [(2, "B", "paper_row_unknown")]),
    "a row that is no number": ("1;x;V;;;;;;;;", [(2, "B", "paper_value_unreadable")]),
    "an hour that is none": ("1;1;V;25:70;;;;;;;", [(2, "D", "paper_value_unreadable")]),
    "a result that is none": ("1;2;G;;9;;;;;;", [(2, "E", "paper_value_unreadable")]),
    "a result this need cannot have": ("1;3;G;;1;;;;;;", [(2, "E", "result_not_possible")]),
    "a rejection without a reason": ("1;2;G;;3;;;;;;", [(2, "F", "paper_reason_needed")]),
    "a result without a meeting": ("1;2;V;;1;;;;;;", [(2, "B", "results_without_meeting")]),
    "a callback without its day": ("1;1;H;;;;;;;T;", [(2, "I", "paper_value_unreadable")]),
    "a day that is none": ("1;1;H;;;;;;31/2;T;", [(2, "I", "paper_value_unreadable")]),
    "a day at the calendar's end": ("1;1;H;;;;;;1/1/0001;T;", [(2, "I", "paper_value_unreadable")]),
    "a row twice": ("1;1;V;;;;;;;;\n1;1;C;;;;;;;;", [(3, "", "paper_file_row_twice"), (3, "B", "paper_row_recorded")]),
    "an hour ahead of now": ("1;1;V;;;;;;;;\n2;1;V;19:00;;;;;;;", [(3, "D", "paper_hour_ahead")]),
    "several at once": (
        "1;1;Q;;;;;;;;\n1;2;V;;;;;;;;\n1;3;V;99;;;;;;;",
        [(2, "C", "paper_value_unreadable"), (4, "D", "paper_value_unreadable")],
    ),
}


@pytest.mark.parametrize(("lines", "expected"), FAULTS.values(), ids=FAULTS.keys())
def test_every_fault_is_told_at_its_row_and_column_and_nothing_is_kept(
    db: Database, world: World, file: Path, lines: str, expected: list[tuple[int, str, str]]
) -> None:
    done = entered(db, world, file, f"{HEAD}\n{lines}\n")
    assert told(done) == expected
    assert (done.recorded, count(db)) == (0, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        (f"{HEAD}\n", [(1, "", "paper_file_empty")]),
        ("danh sách;kết quả\n1;V\n", [(1, "", "paper_file_columns")]),
        ("danh sách;dòng;kết quả;lương\n1;1;V;9\n", [(1, "D", "paper_file_column_unknown")]),
        ("danh sách;dòng;kết quả;Dong\n1;1;V;1\n", [(1, "D", "paper_file_column_twice")]),
        ("danh sách;dòng;kết quả;việc 0\n1;1;V;1\n", [(1, "D", "paper_file_column_unknown")]),
        ("mã;kết quả\nNR-1-1-BB;V\n", [(2, "A", "paper_code_mistyped")]),
        ("mã;kết quả\nNR-1;V\n", [(2, "A", "paper_code_unreadable")]),
        ('danh sách;dòng;kết quả\n1;1;"V\n', None),
    ],
)
def test_a_file_that_is_not_a_list_of_results_is_refused(
    db: Database, world: World, file: Path, text: str, expected: list[tuple[int, str, str]] | None
) -> None:
    if expected is None:
        with pytest.raises(SheetRefused):
            entered(db, world, file, text)
    else:
        assert told(entered(db, world, file, text)) == expected
    assert count(db) == 0


def test_a_row_recorded_otherwise_is_a_fault_unless_the_paper_is_said_to_be_right(db: Database, world: World, file: Path) -> None:
    entered(db, world, file, GOOD)
    changed = GOOD.replace("1;1;V", "1;1;C")
    assert told(entered(db, world, file, changed)) == [(2, "B", "paper_row_recorded")]
    assert count(db) == 3
    done = entered(db, world, file, changed, correct=True)
    assert (done.corrected, done.unchanged, count(db)) == (1, 2, 4)
    assert entered(db, world, file, changed, correct=True).unchanged == 3


def test_another_communes_lists_are_not_there(db: Database, world: World, file: Path) -> None:
    file.write_text(GOOD, encoding="utf-8")
    done = paper.enter_file(db, world.stranger, file, TUESDAY_MORNING)
    assert {fault.code for fault in done.faults} == {"paper_list_unknown"}
    with pytest.raises(NotAllowed):
        paper.enter_file(db, world.volunteer, file, TUESDAY_MORNING)


def test_the_command_tells_faults_in_words_and_by_its_status(sqlite_db: Database, file: Path) -> None:
    from planner.models.schema import migrate

    path = Path(str(sqlite_db.url.database)).with_name("for-the-command.sqlite3")
    database = Database(f"sqlite:///{path}", durable=False)
    migrate(database)
    with database.begin() as session:
        world = a_running_week(session)
        paper.make_lists(session, world.desk, MONDAY, NOW)
    environ = {"NAMRO_DATA_DIR": str(path.parent), "NAMRO_DATABASE_URL": f"sqlite:///{path}", "NAMRO_ENVIRONMENT": "test"}

    def run(*arguments: object) -> tuple[int, str]:
        given = ["--at", "2026-11-24T09:00", "--commune", world.commune.code, "visits", "paper", str(file), *map(str, arguments)]
        result = CliRunner().invoke(manage, given, env=environ)
        return result.exit_code, result.output

    file.write_text(f"{HEAD}\n1;1;Q;;;;;;;;\n", encoding="utf-8")
    status, output = run()
    assert status == 1
    assert "dòng / row 2, cột / column C: Không hiểu «Q»" in output
    file.write_text(GOOD, encoding="utf-8")
    assert run("--dry-run")[0] == 0
    status, output = run("--json")
    assert (status, json.loads(output)["recorded"]) == (0, 3)
    file.write_text(GOOD.replace("1;1;V", "1;1;C"), encoding="utf-8")
    assert "Vắng nhà" in run()[1]
    file.write_bytes(b"PK\x03\x04 not a table\x00")
    assert run()[0] == 2
    database.dispose()
