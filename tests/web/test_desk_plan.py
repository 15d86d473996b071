"""Lập kế hoạch and Bỏ lỡ: asked for, watched, looked through, published; and never over another planner's head."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from planner.domain.vocabulary import Outcome, Period, RunKind, RunState, WeekState
from planner.models import Assignment, Database, PlanRun, WeekPlan
from planner.services import planning, volunteers
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.services.plans import drafted, published
from tests.web.at_the_desk import HereAndNow, NeverDone, words
from tests.web.conftest import Browser, Clock, SignIn
from tests.worlds import World
from web import create_app

LATER = MONDAY + timedelta(days=7)


@pytest.fixture
def runner(db: Database, clock: Clock) -> HereAndNow:
    return HereAndNow(db, clock)


@pytest.fixture
def app(db: Database, settings: Settings, clock: Clock, runner: HereAndNow) -> Flask:
    return create_app(settings, db=db, clock=clock, runner=runner)


@pytest.fixture
def hoa(world: World, signed_in: SignIn) -> Browser:
    return signed_in(world.hoa)


def only_draft(db: Database) -> WeekPlan:
    with db.read() as session:
        return session.scalars(select(WeekPlan).where(WeekPlan.state == WeekState.DRAFT)).one()


def version_fields(draft: WeekPlan) -> dict[str, Any]:
    return {"version": draft.version, "base_version": "" if draft.base_version is None else draft.base_version}


def test_a_week_is_drafted_looked_through_and_published(db: Database, world: World, hoa: Browser) -> None:
    answer = hoa.post("/desk/plan", {"monday": MONDAY, "seconds": "1"})
    assert answer.status_code == 302
    said = words(hoa.get(answer.headers["Location"]))
    assert "Đã có bản nháp" in said
    draft = only_draft(db)
    said = words(hoa.get(f"/desk/plan/drafts/{draft.id}"))
    assert "Nguyễn Văn An" in said
    assert "tổ trưởng" in said
    answer = hoa.post(f"/desk/plan/drafts/{draft.id}/publish", version_fields(draft))
    assert answer.status_code == 302
    assert "Đã công bố" in words(hoa.get(answer.headers["Location"]))
    with db.read() as session:
        assert session.get_one(WeekPlan, draft.id).state is WeekState.PUBLISHED


def test_a_draft_says_what_it_was_made_from_and_what_was_lacking(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        household = session.merge(world.households[0])
        household.lat = household.lon = None
    run = drafted(db, world.desk, monday=MONDAY)
    said = words(hoa.get(f"/desk/plan/drafts/{run.week_plan_id}"))
    assert "4 tình nguyện viên đi được" in said
    assert "1 hộ chưa có tọa độ" in said


def test_a_draft_is_filtered_by_day(db: Database, world: World, hoa: Browser) -> None:
    run = drafted(db, world.desk, monday=LATER)
    said = words(hoa.get(f"/desk/plan/drafts/{run.week_plan_id}?day=2026-12-01"))
    assert "Không có ca nào khớp" in said


def test_who_has_no_visit_is_told_with_the_reason(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        make.a_household(session, world.hamlet, "Y Bhiao", 1, languages=["Mông"])
    run = drafted(db, world.desk, monday=LATER)
    said = words(hoa.get(f"/desk/plan/drafts/{run.week_plan_id}/unplaced"))
    assert "Y Bhiao" in said
    assert "Không tổ nào nói được tiếng của hộ" in said
    assert "30/11" in said, "which week it is"


def test_a_pin_set_while_looking_through_leads_back_to_the_draft(db: Database, world: World, hoa: Browser) -> None:
    run = drafted(db, world.desk, monday=LATER)
    here = f"/desk/plan/drafts/{run.week_plan_id}"
    form = {"household": world.households[0].id, "decide": "forbid:::", "monday": LATER, "next": here}
    assert hoa.post("/desk/rules", form).headers["Location"] == here
    again = drafted(db, world.desk, monday=LATER)
    assert "Nguyễn Văn An" not in words(hoa.get(f"/desk/plan/drafts/{again.week_plan_id}"))
    assert "Không đến" in words(hoa.get(f"/desk/plan?monday={LATER}"))


def test_a_visit_of_a_draft_is_pinned_to_its_slot_by_one_button(db: Database, world: World, hoa: Browser) -> None:
    form = {"household": world.households[0].id, "decide": "pin:2026-12-02:T:", "monday": LATER}
    assert hoa.post("/desk/rules", form).status_code == 302
    assert "Ghim: thứ Tư 02/12, buổi tối" in words(hoa.get(f"/desk/plan?monday={LATER}"))


@pytest.mark.parametrize("seconds", ["0", "-1", "3601", "eine", "1e9", ""])
def test_a_senseless_time_is_told_beside_its_field(db: Database, hoa: Browser, seconds: str) -> None:
    answer = hoa.post("/desk/plan", {"monday": LATER, "seconds": seconds})
    assert answer.status_code == 422
    assert "Hãy nhập số giây từ 1 đến 3600." in words(answer)
    with db.read() as session:
        assert session.scalar(select(func.count(PlanRun.id))) == 0


def test_a_week_that_is_over_is_not_planned(db: Database, hoa: Browser) -> None:
    assert hoa.post("/desk/plan", {"monday": "2026-11-09", "seconds": "1"}).status_code in (409, 422)


def test_a_week_outside_the_campaign_is_told_with_a_link_to_the_choice_of_weeks(hoa: Browser) -> None:
    answer = hoa.post("/desk/plan", {"monday": "2027-03-01"})
    assert answer.status_code == 422
    assert 'href="#monday"' in answer.get_data(as_text=True)
    for source in (answer, hoa.get("/desk/missed")):
        assert source.get_data(as_text=True).count('id="monday"') == 1


def test_any_time_the_server_takes_can_be_typed(hoa: Browser) -> None:
    assert re.search(r'name="seconds"[^>]* min="1"', hoa.get("/desk/plan").get_data(as_text=True))


def test_two_clicks_start_one_run(db: Database, world: World, settings: Settings, clock: Clock) -> None:
    runner = NeverDone(db, clock)
    browser = _hoa_of(create_app(settings, db=db, clock=clock, runner=runner), db, world, clock)
    first = browser.post("/desk/plan", {"monday": LATER, "seconds": "1"})
    second = browser.post("/desk/plan", {"monday": LATER, "seconds": "1"})
    assert first.headers["Location"] == second.headers["Location"]
    assert len(runner.submitted) == 1


def _hoa_of(app: Flask, db: Database, world: World, clock: Clock) -> Browser:
    from planner.services import accounts

    with db.begin() as session:
        token = accounts.issue_link(session, world.desk, world.hoa.id, clock())
    browser = Browser(app.test_client())
    browser.post(f"/enter/{token}")
    return browser


def test_a_run_shows_its_progress_and_can_be_stopped(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        run_id = planning.request_draft(session, world.desk, LATER, RunKind.DRAFT, {}, NOW)
    page = hoa.get(f"/desk/plan/runs/{run_id}").get_data(as_text=True)
    assert "<progress" in page
    assert '<noscript><meta http-equiv="refresh"' in page  # without script the page still moves
    hoa.post(f"/desk/plan/runs/{run_id}/cancel")
    assert "Đã dừng theo yêu cầu" in words(hoa.get(f"/desk/plan/runs/{run_id}"))


def working(db: Database, world: World, **progress: object) -> int:
    """Return a run at work that has told so much."""
    with db.begin() as session:
        run_id = planning.request_draft(session, world.desk, LATER, RunKind.DRAFT, {}, NOW)
        run = session.get_one(PlanRun, run_id)
        run.state, run.started_at, run.alive_at, run.progress = RunState.RUNNING, NOW, NOW, {"fraction": 0.4, **progress}
        return run_id


def test_a_run_at_work_tells_how_good_its_plan_is_already(db: Database, world: World, hoa: Browser) -> None:
    run_id = working(db, world, stage="solving", total=100_000, bound=103_100)
    said = words(hoa.get(f"/desk/plan/runs/{run_id}"))
    assert "Đang chọn hộ và xếp đường đi" in said
    assert "Cho đến lúc này: Dù xếp cách nào, kết quả cũng không thể tốt hơn quá 3,1 %." in said


def test_a_run_without_a_proof_so_far_claims_nothing(db: Database, world: World, hoa: Browser) -> None:
    assert "tốt hơn" not in words(hoa.get(f"/desk/plan/runs/{working(db, world, stage='solving', total=100_000, bound=None)}"))


def test_a_machine_that_compiles_for_the_first_time_says_so(db: Database, world: World, hoa: Browser) -> None:
    said = words(hoa.get(f"/desk/plan/runs/{working(db, world, stage='compiling', total=100_000, bound=None)}"))
    assert "Đang chuẩn bị bộ tính cho máy này (chỉ lần đầu" in said


def test_a_finished_run_and_its_draft_tell_what_is_proven(db: Database, world: World, hoa: Browser) -> None:
    run = drafted(db, world.desk, monday=LATER)
    with db.begin() as session:
        row = session.get_one(PlanRun, run.id)
        row.total, row.bound = 100_000, 104_000
    for page in (f"/desk/plan/runs/{run.id}", f"/desk/plan/drafts/{run.week_plan_id}"):
        assert "không thể tốt hơn quá 4,0 %" in words(hoa.get(page))


def test_htmx_gets_the_part_only(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        run_id = planning.request_draft(session, world.desk, LATER, RunKind.DRAFT, {}, NOW)
    part = hoa.get(f"/desk/plan/runs/{run_id}", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<progress" in part
    assert "<html" not in part


def test_a_failed_run_says_why_and_leaves_the_week_as_it_was(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        run_id = planning.request_draft(session, world.desk, LATER, RunKind.DRAFT, {}, NOW)
        run = session.get_one(PlanRun, run_id)
        run.state, run.error_code = RunState.LOST, "run_lost"
    said = words(hoa.get(f"/desk/plan/runs/{run_id}"))
    assert "Bị gián đoạn" in said
    assert "Kế hoạch đang công bố vẫn giữ nguyên." in said


def test_a_second_planner_is_shown_the_difference_and_overwrites_nothing(db: Database, world: World, hoa: Browser) -> None:
    mine, theirs = drafted(db, world.desk), drafted(db, world.desk)
    assert mine.week_plan_id is not None
    with db.read() as session:
        draft = session.get_one(WeekPlan, mine.week_plan_id)
    # Both were made from the same week; the other planner's is published while this page is open.
    with db.begin() as session:
        session.get_one(WeekPlan, mine.week_plan_id).state = WeekState.SUPERSEDED
    published(db, world.desk, theirs)
    with db.begin() as session:
        session.get_one(WeekPlan, mine.week_plan_id).state = WeekState.DRAFT
        draft = session.get_one(WeekPlan, mine.week_plan_id)
        session.flush()
    answer = hoa.post(f"/desk/plan/drafts/{draft.id}/publish", version_fields(draft))
    assert answer.status_code == 409
    said = words(answer)
    assert "Đã có người công bố trước" in said
    assert "Nếu công bố bản nháp này" in said
    with db.read() as session:
        in_force = session.scalars(select(WeekPlan).where(WeekPlan.state == WeekState.PUBLISHED)).one()
        assert in_force.id == theirs.week_plan_id


def test_a_draft_can_be_put_away(db: Database, world: World, hoa: Browser) -> None:
    run = drafted(db, world.desk, monday=LATER)
    hoa.post(f"/desk/plan/drafts/{run.week_plan_id}/discard", {"monday": LATER})
    with db.read() as session:
        assert session.get_one(WeekPlan, run.week_plan_id).state is WeekState.DISCARDED


def test_another_communes_plan_is_not_there(db: Database, world: World, signed_in: SignIn) -> None:
    run = drafted(db, world.desk, monday=LATER)
    lan = signed_in(world.lan)
    for address in (
        f"/desk/plan/drafts/{run.week_plan_id}",
        f"/desk/plan/runs/{run.id}",
        f"/desk/missed/drafts/{run.week_plan_id}",
    ):
        assert lan.get(address).status_code == 404
    for address in (f"/desk/plan/drafts/{run.week_plan_id}/publish", f"/desk/plan/drafts/{run.week_plan_id}/discard"):
        assert lan.post(address).status_code == 404


def test_the_missed_are_listed_with_the_crew_that_did_not_come(world: World, hoa: Browser, clock: Clock) -> None:
    clock.at = NOW + timedelta(days=2)
    said = words(hoa.get("/desk/missed"))
    assert "3 lượt bỏ lỡ" in said
    assert "Trần Quang Minh , Lê Thu Nga" in said
    assert "Đã qua ca mà chưa ai ghi kết quả" in said


def test_an_absent_member_makes_the_visits_ahead_missed(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        volunteers.mark_absent(session, world.desk, world.volunteers[2].id, MONDAY + timedelta(days=2), Period.EVENING, "ốm", NOW)
    said = words(hoa.get(f"/desk/missed?monday={MONDAY}"))
    assert "Phạm Văn Hải báo vắng" in said
    assert "ốm" not in said


def test_nothing_missed_says_so(hoa: Browser) -> None:
    assert "Không có lượt nào bị bỏ lỡ" in words(hoa.get(f"/desk/missed?monday={MONDAY}"))


def test_the_chosen_missed_are_reassigned_shown_and_published(db: Database, world: World, hoa: Browser, clock: Clock) -> None:
    clock.at = NOW + timedelta(days=2)
    an, binh = world.households[:2]
    answer = hoa.post("/desk/missed", {"monday": MONDAY, "which": "chosen", "household": [an.id, binh.id]})
    assert answer.status_code == 302
    draft = only_draft(db)
    said = words(hoa.get(f"/desk/missed/drafts/{draft.id}"))
    assert "Phương án phân công lại" in said
    assert "Nguyễn Văn An" in said
    assert "Lê Văn Cường" not in said
    assert "Đã qua ca mà chưa ai đến" in said
    assert hoa.post(f"/desk/plan/drafts/{draft.id}/publish", version_fields(draft)).status_code == 302
    with db.read() as session:
        moved = [a for a in make.assignments_of(session, an) if a.withdrawn_at is None]
        assert len(moved) == 1
        assert moved[0].starts_at > clock.at


def test_of_a_reserve_door_the_changes_say_until_when(db: Database, world: World, hoa: Browser, clock: Clock) -> None:
    clock.at = NOW + timedelta(days=2)
    hoa.post("/desk/missed", {"monday": MONDAY, "which": "chosen", "household": [world.households[0].id]})
    draft = only_draft(db)
    assert "trước" not in words(hoa.get(f"/desk/missed/drafts/{draft.id}"))
    with db.begin() as session:
        make.assignments_of(session, world.households[0])[-1].reserve = True
    assert words(hoa.get(f"/desk/missed/drafts/{draft.id}")).count("trước") == 1


def test_all_missed_are_reassigned_at_once(db: Database, world: World, hoa: Browser, clock: Clock) -> None:
    clock.at = NOW + timedelta(days=2)
    assert hoa.post("/desk/missed", {"monday": MONDAY, "which": "all"}).status_code == 302
    with db.read() as session:
        run = session.scalars(select(PlanRun)).one()
    assert len(run.parameters["household_ids"]) == 3


def test_none_chosen_is_told(hoa: Browser, clock: Clock) -> None:
    clock.at = NOW + timedelta(days=2)
    answer = hoa.post("/desk/missed", {"monday": MONDAY, "which": "chosen"})
    assert answer.status_code == 422
    assert "Hãy chọn ít nhất một lượt." in words(answer)


def test_a_foreign_household_is_not_reassigned(db: Database, world: World, signed_in: SignIn) -> None:
    answer = signed_in(world.lan).post(
        "/desk/missed", {"monday": MONDAY, "which": "chosen", "household": [world.households[0].id]}
    )
    assert answer.status_code in (404, 409)
    with db.read() as session:
        assert session.scalar(select(func.count(PlanRun.id))) == 0
        assert session.scalar(select(func.count(Assignment.id)).where(Assignment.withdrawn_at.is_not(None))) == 0


def test_the_board_shows_every_clear_of_every_promise(db: Database, world: World, hoa: Browser) -> None:
    said = words(hoa.get(f"/desk/board?monday={MONDAY}"))
    for clear in ("Rõ người", "Rõ việc", "Rõ tiến độ", "Rõ kết quả", "Rõ trách nhiệm"):
        assert clear in said
    assert "5 lượt thăm" in said
    assert "Trần Quang Minh chịu trách nhiệm" in said


def test_the_board_is_filtered_by_day_and_state(db: Database, world: World, hoa: Browser, clock: Clock) -> None:
    said = words(hoa.get(f"/desk/board?monday={MONDAY}&day=2026-11-25"))
    assert "Phạm Thị Dung" in said
    assert "Nguyễn Văn An" not in said
    with db.begin() as session:
        promise = make.assignments_of(session, world.households[0])[0]
        make.a_visit(session, world.households[0], Outcome.MET, promise.starts_at, promise)
    clock.at = NOW + timedelta(days=2)
    assert "1 lượt thăm" in words(hoa.get(f"/desk/board?monday={MONDAY}&state=done"))


def test_week_and_board_say_how_many_doors_were_reserve_and_not_reached(
    db: Database, world: World, hoa: Browser, clock: Clock
) -> None:
    """The board lists them, the week's figures do not count them: whoever adds up finds the difference in words."""
    with db.begin() as session:
        promise = make.assignments_of(session, world.households[2])[0]
        promise.reserve = True
    clock.at = NOW + timedelta(days=2)
    assert "Ngoài ra 1 hộ dự phòng chưa tới" in words(hoa.get(f"/desk/week?monday={MONDAY}"))
    assert "5 lượt thăm, trong đó 1 hộ dự phòng chưa tới" in words(hoa.get(f"/desk/board?monday={MONDAY}"))
    assert "trong đó" not in words(hoa.get(f"/desk/board?monday={MONDAY}&state=spared"))


def test_the_print_has_a_sheet_a_crew_with_boxes_and_room_to_sign(hoa: Browser) -> None:
    answer = hoa.get(f"/desk/board/print?monday={MONDAY}")
    assert answer.get_data(as_text=True).count('<article class="sheet"') == 2
    assert "Ký tên" in words(answer)
    assert "Tổ trưởng ký:" in words(answer)


def test_the_board_leaves_as_a_workbook_that_reads_the_same(hoa: Browser) -> None:
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(hoa.get(f"/desk/board.xlsx?monday={MONDAY}").data))
    cells = [str(value) for row in book.active.iter_rows(values_only=True) for value in row if value is not None]
    assert any("Nguyễn Văn An" in cell for cell in cells)
    assert "Rõ trách nhiệm" in cells
