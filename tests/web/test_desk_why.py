"""Vì sao chưa xếp, vì sao tổ này, thêm người thì sao: the pages answer in plain words, in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from config import Settings
from planner.domain.vocabulary import Period, RuleKind, RunKind
from planner.models import Database, PlanRun, WeekPlan
from planner.services import planning, volunteers
from planner.services.planning import RuleForm
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.services.plans import drafted, promised, published
from tests.web.at_the_desk import HereAndNow, words
from tests.web.conftest import Browser, Clock, SignIn
from tests.worlds import World, one_alley
from web import create_app
from web.desk import why_words

LATER = MONDAY + timedelta(days=7)


@pytest.fixture
def world(db: Database) -> World:
    """Return a commune whose weeks nobody has planned yet."""
    with db.begin() as session:
        return one_alley(session)


@pytest.fixture
def app(db: Database, settings: Settings, clock: Clock) -> Flask:
    return create_app(settings, db=db, clock=clock, runner=HereAndNow(db, clock))


@pytest.fixture
def hoa(world: World, signed_in: SignIn) -> Browser:
    return signed_in(world.hoa)


def a_visited(db: Database, week_plan_id: int | None) -> int:
    with db.read() as session:
        return next(iter(promised(session, week_plan_id or 0)))


def test_a_household_nobody_understands_leads_from_the_list_to_what_would_bring_it_in(
    db: Database, world: World, hoa: Browser
) -> None:
    with db.begin() as session:
        home = make.a_household(session, world.hamlet, "Y Bhiao", 1, languages=["Mông"]).id
        make.a_household(session, world.hamlet, "Y Moan", 1, languages=["Mông"])
    run = drafted(db, world.desk, monday=LATER)
    here = f"/desk/plan/drafts/{run.week_plan_id}"
    assert f"{here}/households/{home}" in hoa.get(f"{here}/unplaced").get_data(as_text=True)
    said = words(hoa.get(f"{here}/households/{home}"))
    assert "Vì sao chưa xếp?" in said
    assert "Hộ cần người nói tiếng Mong" in said
    assert "chắc chắn không có cách nào xếp được" in said
    assert "có người nói tiếng Mong: đến được hộ này" in said
    assert "Còn 1 hộ chưa xếp cũng cần như vậy." in said


def test_a_household_that_others_came_before_is_told_whom_it_would_push_out(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:  # more than they can visit
        homes = [make.a_household(session, world.hamlet, f"Hộ {n}", 1).id for n in range(110)]
    run = drafted(db, world.desk, monday=LATER)
    with db.read() as session:
        visited = promised(session, run.week_plan_id or 0)
    home = next(h for h in homes if h not in visited)
    said = words(hoa.get(f"/desk/plan/drafts/{run.week_plan_id}/households/{home}"))
    assert "đã dành thời gian cho những hộ cần hơn" in said
    assert "Nếu vẫn xếp thì sao" in said
    assert "Phải bỏ 1 lượt đáng" in said
    assert "Ghim vào ca này" in said
    assert "Cần gì để đến được" in said


def test_a_way_is_pinned_by_one_button_and_leads_back(db: Database, world: World, hoa: Browser) -> None:
    run = drafted(db, world.desk, monday=LATER)
    home = a_visited(db, run.week_plan_id)
    here = f"/desk/plan/drafts/{run.week_plan_id}/households/{home}"
    form = {"household": home, "monday": LATER, "decide": "pin:2026-12-02:T:", "next": here}
    assert hoa.post("/desk/rules", form).headers["Location"] == here


def test_a_visit_leads_from_the_draft_to_why_this_crew(db: Database, world: World, hoa: Browser) -> None:
    run = drafted(db, world.desk, monday=LATER)
    home = a_visited(db, run.week_plan_id)
    here = f"/desk/plan/drafts/{run.week_plan_id}"
    assert f"{here}/households/{home}" in hoa.get(here).get_data(as_text=True)
    said = words(hoa.get(f"{here}/households/{home}"))
    assert "Vì sao tổ này?" in said
    assert "Bỏ lượt này thì cả tuần mất" in said
    assert "Những cách khác, tốt nhất trước" in said


def test_a_pinned_visit_says_so(db: Database, world: World, hoa: Browser) -> None:
    home = world.households[1].id
    with db.begin() as session:
        wednesday = LATER + timedelta(days=2)
        planning.add_rule(session, world.desk, RuleForm(home, RuleKind.PIN, LATER, wednesday, Period.EVENING), NOW)
    run = drafted(db, world.desk, monday=LATER)
    said = words(hoa.get(f"/desk/plan/drafts/{run.week_plan_id}/households/{home}"))
    assert "Hộ đã được ghim hoặc đã hẹn giờ" in said


def test_a_household_the_week_does_not_look_at_says_why(db: Database, world: World, hoa: Browser) -> None:
    home = world.households[0].id
    with db.begin() as session:
        planning.add_rule(session, world.desk, RuleForm(home, RuleKind.FORBID, LATER), NOW)
    run = drafted(db, world.desk, monday=LATER)
    said = words(hoa.get(f"/desk/plan/drafts/{run.week_plan_id}/households/{home}"))
    assert "Anh/chị đã chọn không xếp." in said
    assert "Cần gì để đến được" not in said


def test_more_people_are_told_by_hamlet_and_kind_of_hours(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        for n in range(110):
            make.a_household(session, world.hamlet, f"Hộ {n}", 1)
    run = drafted(db, world.desk, monday=LATER)
    assert "more-people" in hoa.get(f"/desk/plan/drafts/{run.week_plan_id}").get_data(as_text=True)
    said = words(hoa.get(f"/desk/plan/drafts/{run.week_plan_id}/more-people"))
    assert f"Được nhiều nhất: thêm một tổ ở {world.hamlet.name} đi" in said
    assert "Giá một tổ ở đâu cũng được" in said
    assert "Chia đều số ca" in said
    assert "Quy định nào tốn nhất" in said


def test_a_week_that_reaches_everybody_says_that_nobody_is_lacking(db: Database, world: World, hoa: Browser) -> None:
    run = drafted(db, world.desk, monday=LATER)
    assert "Tuần này không thiếu người" in words(hoa.get(f"/desk/plan/drafts/{run.week_plan_id}/more-people"))


def test_a_plan_without_figures_says_how_to_get_them(db: Database, world: World, hoa: Browser) -> None:
    run = drafted(db, world.desk, monday=LATER)
    with db.begin() as session:
        session.get_one(PlanRun, run.id).insight = None
    assert "Lập lại bản nháp thì có." in words(hoa.get(f"/desk/plan/drafts/{run.week_plan_id}/more-people"))


def test_a_reassignment_says_who_cannot_come(db: Database, world: World, hoa: Browser) -> None:
    run = drafted(db, world.desk)
    published(db, world.desk, run)
    with db.begin() as session:
        (home, (slot, crew)), *_ = promised(session, run.week_plan_id or 0).items()
        on_date = MONDAY + timedelta(days=["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(slot[:3]))
        volunteers.mark_absent(session, world.desk, min(crew), on_date, Period(slot[-1]), "ốm", NOW)
        name = next(v.name for v in world.volunteers if v.id == min(crew))
    again = drafted(db, world.desk, kind=RunKind.REASSIGN, household_ids=[home])
    said = words(hoa.get(f"/desk/missed/drafts/{again.week_plan_id}"))
    assert f"Có người trong tổ báo vắng; {name}: không rảnh buổi đó" in said


@pytest.mark.parametrize("path", ["households/999999", "households/1/x"])
def test_a_household_that_is_not_there_is_not_found(db: Database, world: World, hoa: Browser, path: str) -> None:
    run = drafted(db, world.desk, monday=LATER)
    assert hoa.get(f"/desk/plan/drafts/{run.week_plan_id}/{path}").status_code == 404


def test_the_published_week_answers_as_its_draft_did(db: Database, world: World, hoa: Browser) -> None:
    run = drafted(db, world.desk, monday=LATER)
    published(db, world.desk, run)
    home = a_visited(db, run.week_plan_id)
    said = words(hoa.get(f"/desk/plan/drafts/{run.week_plan_id}/households/{home}"))
    assert "Vì sao tổ này?" in said
    assert "Ghim vào ca này" not in said
    with db.read() as session:
        assert session.get_one(WeekPlan, run.week_plan_id).published_at is not None


@pytest.mark.parametrize(
    ("points", "said"), [(31.4, "31 điểm"), (-27.0, "27 điểm"), (0.2, "chưa đến 1 điểm"), (8500, "8.500 điểm")]
)
def test_points_are_told_whole(app: Flask, points: float, said: str) -> None:
    with app.test_request_context():
        assert why_words.points_words(points) == said


def test_a_household_page_leads_to_why_in_the_week_in_force(db: Database, world: World, hoa: Browser) -> None:
    run = drafted(db, world.desk, monday=MONDAY)
    published(db, world.desk, run)
    home = a_visited(db, run.week_plan_id)
    said = hoa.get(f"/desk/households/{home}").get_data(as_text=True)
    assert f"/desk/plan/drafts/{run.week_plan_id}/households/{home}" in said
    assert "more-people" in hoa.get(f"/desk/week?monday={MONDAY}").get_data(as_text=True)
