"""Tuần này: figures that add up, and the one thing to do next."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from planner.domain.vocabulary import Outcome, RunKind, WeekState
from planner.models import Campaign, Database
from planner.services import planning
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.web.at_the_desk import words
from tests.web.conftest import Browser, Clock, SignIn
from tests.worlds import World, one_alley


@pytest.fixture
def hoa(world: World, signed_in: SignIn) -> Browser:
    return signed_in(world.hoa)


def during(days: int, hours: int = 0) -> datetime:
    """Return a moment of the planned week: noon in Việt Nam, that many days after its Monday."""
    return NOW + timedelta(days=1 + days, hours=hours)


def test_the_week_counts_what_is_done_due_missed_and_ahead(db: Database, world: World, hoa: Browser, clock: Clock) -> None:
    with db.begin() as session:
        first = make.assignments_of(session, world.households[0])[0]
        make.a_visit(session, world.households[0], Outcome.MET, first.starts_at, first)
    clock.at = during(1)
    said = words(hoa.get(f"/desk/week?monday={MONDAY}"))
    assert "Đã thăm 1 / 5" in said
    assert "Bỏ lỡ 2" in said
    assert "Sắp tới 2" in said


def test_the_week_names_its_crews_and_hamlets(hoa: Browser) -> None:
    said = words(hoa.get(f"/desk/week?monday={MONDAY}"))
    assert "thứ Hai 23/11, tối 18:30–21:00" in said
    assert "Trần Quang Minh , Lê Thu Nga" in said
    assert "Ấp 1" in said


def test_another_day_lists_its_own_crews(hoa: Browser) -> None:
    said = words(hoa.get(f"/desk/week?monday={MONDAY}&day=2026-11-25"))
    assert "Phạm Văn Hải , Võ Thị Yến" in said
    assert "Trần Quang Minh" not in said


def test_a_public_holiday_is_named_on_its_day(hoa: Browser) -> None:
    assert "Ngày Văn hóa Việt Nam" in words(hoa.get(f"/desk/week?monday={MONDAY}"))


def test_a_week_nobody_planned_says_what_to_do(hoa: Browser) -> None:
    said = words(hoa.get("/desk/week?monday=2026-12-07"))
    assert "Tuần này không có kế hoạch" in said
    assert "Lập kế hoạch" in said


@pytest.mark.parametrize("monday", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_an_address_without_a_week_is_no_page(hoa: Browser, monday: str) -> None:
    assert hoa.get(f"/desk/week?monday={monday}").status_code == 404


def test_any_day_of_a_week_leads_to_it(hoa: Browser) -> None:
    assert "Tuần 23/11" in words(hoa.get("/desk/week?monday=2026-11-26"))


def test_missed_visits_come_before_next_weeks_plan(hoa: Browser, clock: Clock) -> None:
    clock.at = during(1)
    assert "Có 3 lượt thăm bị bỏ lỡ" in words(hoa.get("/desk/week"))


def test_with_all_on_its_way_the_next_week_is_to_be_planned(hoa: Browser, clock: Clock) -> None:
    clock.at = during(0, -4)
    assert "Tuần sau, 30/11–06/12, chưa có kế hoạch." in words(hoa.get("/desk/week"))


def test_with_next_week_published_too_nothing_is_to_be_done(db: Database, world: World, hoa: Browser, clock: Clock) -> None:
    with db.begin() as session:
        make.a_published_week(session, [], world.campaign, MONDAY + timedelta(days=7))
    clock.at = during(0, -4)
    answer = hoa.get("/desk/week")
    assert "Chưa có gì phải làm thêm" in words(answer)
    assert "Tuần sau đã công bố: tuần 30/11–06/12/2026" in words(answer)
    assert 'href="/desk/week?monday=2026-11-30"' in answer.get_data(as_text=True)


def test_in_the_last_week_no_further_one_is_asked_for(db: Database, world: World, hoa: Browser, clock: Clock) -> None:
    with db.begin() as session:
        session.get_one(Campaign, world.campaign.id).ends_on = MONDAY + timedelta(days=6)
    clock.at = during(0, -4)
    said = words(hoa.get("/desk/week"))
    assert "Chưa có gì phải làm thêm" in said
    assert "Tuần sau đã công bố" not in said


def test_a_draft_is_to_be_looked_through(db: Database, world: World, hoa: Browser, clock: Clock) -> None:
    with db.begin() as session:
        make.a_published_week(session, [], world.campaign, MONDAY + timedelta(days=7), WeekState.DRAFT)
    clock.at = during(0, -4)
    assert "Bản nháp tuần 30/11–06/12 đã sẵn sàng" in words(hoa.get("/desk/week"))


def test_a_run_at_work_is_to_be_watched(db: Database, world: World, hoa: Browser, clock: Clock) -> None:
    clock.at = during(0, -4)
    with db.begin() as session:
        planning.request_draft(session, world.desk, MONDAY + timedelta(days=7), RunKind.DRAFT, {}, clock())
    said = words(hoa.get("/desk/week"))
    assert "Máy đang lập kế hoạch." in said
    assert "Xem tiến độ" in said


def test_an_empty_commune_is_asked_for_its_roster_first_and_then_for_volunteers(db: Database, signed_in: SignIn) -> None:
    with db.begin() as session:
        commune = make.a_commune(session)
        make.a_campaign(session, commune)
        user = make.a_user(session, commune)
    hoa = signed_in(user)
    assert "Chưa có hộ nào" in words(hoa.get("/desk/week"))
    with db.begin() as session:
        make.a_household(session, make.a_hamlet(session, commune), group=1)
    assert "Nhập tình nguyện viên" in words(hoa.get("/desk/week"))


def test_with_lists_but_no_plan_the_week_is_to_be_planned(db: Database, signed_in: SignIn, clock: Clock) -> None:
    with db.begin() as session:
        world = one_alley(session)
    clock.at = during(0, -4)
    assert "Lập kế hoạch tuần này" in words(signed_in(world.hoa).get("/desk/week"))
