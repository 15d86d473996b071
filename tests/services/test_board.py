"""The board tells what is planned, due, done and missed, and each promise in five clears."""

from __future__ import annotations

import io
import zipfile
from datetime import time, timedelta

import openpyxl
import pytest

from planner.domain.calendar import instant
from planner.domain.fiveclear import render_five_clear
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import AssignmentState, AuditAction, Outcome, WeekState
from planner.models import AuditEntry, Database, Household
from planner.services import board, board_sheet
from planner.services.board import BoardFilter, Figures
from planner.services.comparing import planned_visits
from planner.services.states import absences, reports_of_week, states, visits_of_week
from planner.sheets.tables import table_workbook
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.worlds import World, a_running_week, one_alley

DURING = instant(MONDAY, time(19, 0))
AFTER = instant(MONDAY, time(23, 0))


@pytest.fixture
def world(db: Database) -> World:
    with db.begin() as session:
        world = a_running_week(session)
        (assignment,) = make.assignments_of(session, world.households[0])
        make.a_visit(session, world.households[0], Outcome.MET, instant(MONDAY, time(18, 45)), assignment)
        return world


def test_figures_follow_the_hour(db: Database, world: World) -> None:
    with db.read() as session:
        by_hour = [board.week(session, world.desk, MONDAY, at).figures for at in (DURING, AFTER)]
    assert by_hour == [Figures(planned=2, due=2, done=1), Figures(planned=2, done=1, missed=2)]
    assert by_hour[0].total == 5


def test_figures_stand_by_day_hamlet_and_crew(db: Database, world: World) -> None:
    with db.read() as session:
        found = board.week(session, world.desk, MONDAY, AFTER)
    assert [(day, figures.total) for day, figures in found.days] == [(MONDAY, 3), (MONDAY + timedelta(days=2), 2)]
    assert [(line.name, line.figures.total) for line in found.hamlets] == [("Ấp 1", 5)]
    assert [(line.number, line.members[0], line.figures.missed) for line in found.crews] == [
        (1, "Trần Quang Minh", 2),
        (1, "Phạm Văn Hải", 0),
    ]


def test_a_week_without_a_published_plan_is_empty(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        found = board.week(session, world.desk, MONDAY, NOW)
        assert board.five_clear(session, world.desk, MONDAY, None, 1, NOW).total == 0
        assert board.missed(session, world.desk, MONDAY, NOW) == ()
    assert (found.week_plan_id, found.figures) == (None, Figures())


def test_a_closed_week_can_still_be_looked_at(db: Database, world: World) -> None:
    with db.begin() as session:
        session.merge(world.week).state = WeekState.CLOSED  # type: ignore[union-attr]
    with db.read() as session:
        assert board.week(session, world.desk, MONDAY, NOW + timedelta(days=9)).figures.missed == 4


def test_another_commune_sees_nothing_of_it(db: Database, world: World) -> None:
    with db.read() as session:
        assert board.week(session, world.stranger, MONDAY, AFTER).week_plan_id is None
        assert board.missed(session, world.stranger, MONDAY, AFTER) == ()


def test_every_promise_stands_in_five_clears(db: Database, world: World) -> None:
    with db.read() as session:
        page = board.five_clear(session, world.desk, MONDAY, None, 1, AFTER)
    assert page.total == 5
    row = page.rows[1]
    texts = {clear.clear.value: clear.text for clear in render_five_clear(row.clear)}
    assert texts["person"].startswith("Tổ 1: Trần Quang Minh (tổ trưởng), 0900000001")
    assert "Trần Thị Bình" in texts["task"]
    assert texts["schedule"].startswith("thứ Hai 23/11, tối 18:30–21:00; lượt 2")
    assert texts["result"]
    assert "chịu trách nhiệm" in texts["accountability"]
    assert row.state is AssignmentState.MISSED


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (BoardFilter(on_date=MONDAY), 3),
        (BoardFilter(state=AssignmentState.MISSED), 2),
        (BoardFilter(state=AssignmentState.WITHDRAWN), 0),
        (BoardFilter(hamlet_id=10**6), 0),
        (BoardFilter(volunteer_id=10**6), 0),
    ],
)
def test_the_board_can_be_narrowed(db: Database, world: World, filters: BoardFilter, found: int) -> None:
    with db.read() as session:
        assert board.five_clear(session, world.desk, MONDAY, filters, 1, AFTER).total == found


def test_the_board_comes_in_pages(db: Database, world: World) -> None:
    with db.read() as session:
        pages = [board.five_clear(session, world.desk, MONDAY, None, number, AFTER, size=2) for number in (1, 2, 3, 9)]
    assert [len(page.rows) for page in pages] == [2, 2, 1, 1]
    assert (pages[0].pages, pages[1].first, pages[1].last, pages[3].page) == (3, 3, 4, 3)


def test_the_missed_are_listed_with_their_crew(db: Database, world: World) -> None:
    with db.read() as session:
        rows = board.missed(session, world.desk, MONDAY, AFTER)
    assert [(row.head_name, row.why, row.members) for row in rows] == [
        ("Trần Thị Bình", "shift_over", ("Trần Quang Minh", "Lê Thu Nga")),
        ("Lê Văn Cường", "shift_over", ("Trần Quang Minh", "Lê Thu Nga")),
    ]


def test_the_workbook_holds_every_promise_and_the_download_is_recorded(db: Database, world: World) -> None:
    with db.begin() as session:
        content = board_sheet.five_clear_xlsx(session, world.desk, MONDAY, None, AFTER)
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = list(page.iter_rows(values_only=True))
    assert rows[0][0] == "Bảng phân công 5 rõ, tuần 23/11–29/11/2026"
    assert rows[2][:3] == ("STT", "Thôn", "Rõ người")
    assert len(rows) == 3 + 5
    with db.read() as session:
        entry = session.query(AuditEntry).where(AuditEntry.action == AuditAction.ROSTER_EXPORTED).one()
    assert entry.after is not None
    assert entry.after["rows"] == 5


def test_no_cell_of_a_workbook_is_a_formula(db: Database, world: World) -> None:
    with db.begin() as session:
        session.get_one(Household, world.households[0].id).head_name = '=HYPERLINK("http://x")'
        session.get_one(Household, world.households[0].id).address = "+84\x1f"
        content = board_sheet.five_clear_xlsx(session, world.desk, MONDAY, None, AFTER)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    table = table_workbook("=1+1", ["a"], [["=cmd|' /C calc'!A0"], ["-5"], [None]], [10])
    page = openpyxl.load_workbook(io.BytesIO(table)).worksheets[0]
    assert [page.cell(1, 1).data_type, page.cell(4, 1).data_type] == ["s", "s"]
    assert page.cell(4, 1).quotePrefix
    assert page.cell(5, 1).value == "-5"


def test_the_reports_that_may_keep_a_promise_give_the_states_that_all_visits_give(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        households, at = world.households, NOW + timedelta(days=2)
        promises = [make.assignments_of(session, household)[0] for household in households]
        make.a_visit(session, households[0], at=promises[0].starts_at, assignment=promises[0])
        mistaken = make.a_visit(session, households[1], at=promises[1].starts_at, assignment=promises[1])
        make.a_visit(session, households[1], at=NOW - timedelta(days=9), corrects_id=mistaken.id)  # it was another day
        make.a_visit(session, households[2], at=promises[2].starts_at)  # for no promise, but on its day
        make.a_visit(session, households[3], at=promises[3].starts_at - timedelta(days=30))
        assert world.week is not None
        planned = planned_visits(session, world.week.id)
        away, settings = absences(session, world.commune.id, MONDAY), CampaignSettings()
        few = states(planned, reports_of_week(session, world.week.id, MONDAY), away, settings, at)
        assert few == states(planned, visits_of_week(session, world.week.id), away, settings, at)
        assert [few[p.id].value for p in promises[:3]] == ["done", "missed", "done"]
