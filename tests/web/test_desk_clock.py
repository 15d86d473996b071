"""The page of the clock, the banner, and what a watcher hears from /health."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from planner.domain.notices import Channel, DeliveryState, NoticeKind
from planner.domain.vocabulary import JobState, NeedState, Role
from planner.jobs import scheduler
from planner.models import Database, JobRun, NoticeChoice, NoticeDelivery
from planner.services import heartbeat, notices, volunteers
from tests import builders as make
from tests.conftest import NOW
from tests.web.at_the_desk import words
from tests.web.conftest import Browser, Clock, SignIn
from tests.worlds import World


@pytest.fixture
def hoa(world: World, signed_in: SignIn) -> Browser:
    return signed_in(world.hoa)


# Health


def test_health_is_green_while_the_clock_ticks_and_needs_no_sign_in(db: Database, anyone: Browser, clock: Clock) -> None:
    clock.go(hours=1)
    heartbeat.beat(db, "one", clock())
    clock.go(seconds=119)
    answer = anyone.get("/health")
    assert (answer.status_code, answer.get_json()) == (
        200,
        {
            "status": "ok", "database": "ok", "clock": "ok", "silent_seconds": 119, "notices_waiting": 0,
            "oldest_notice_seconds": 0,
        },
    )  # fmt: skip


def test_health_turns_red_when_the_clock_stands_still_for_two_minutes(db: Database, anyone: Browser, clock: Clock) -> None:
    clock.go(hours=1)
    heartbeat.beat(db, "one", clock())
    clock.go(seconds=120)
    answer = anyone.get("/health")
    assert (answer.status_code, answer.get_json()["clock"]) == (503, "still")
    heartbeat.beat(db, "one", clock())
    clock.go(seconds=6)
    assert anyone.get("/health").status_code == 200


def test_an_installation_just_started_is_given_its_first_minutes(anyone: Browser, clock: Clock) -> None:
    clock.go(seconds=100)
    assert (anyone.get("/health").status_code, anyone.get("/health").get_json()["clock"]) == (200, "starting")
    clock.go(seconds=100)
    assert anyone.get("/health").status_code == 503


def test_health_is_red_when_the_database_takes_no_writes(
    app: Flask, db: Database, anyone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "can_write", lambda *_: False)
    answer = anyone.get("/health")
    assert (answer.status_code, answer.get_json()["database"]) == (503, "cannot_write")


def test_a_watcher_in_a_hurry_does_not_keep_the_database_writing(
    app: Flask, anyone: Browser, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    monkeypatch.setattr(heartbeat, "can_write", lambda *_: looks.append(1) is None)
    for seconds in (0, 1, 3, 2):
        clock.go(seconds=seconds)
        anyone.get("/health")
    assert len(looks) == 2


def test_notices_that_wait_are_told_but_are_no_reason_for_red(db: Database, anyone: Browser, clock: Clock, world: World) -> None:
    a_letter_waits(db, world)
    heartbeat.beat(db, "one", clock())
    clock.go(seconds=90)
    answer = anyone.get("/health")
    assert (answer.status_code, answer.get_json()["notices_waiting"], answer.get_json()["oldest_notice_seconds"]) == (200, 1, 90)


def a_letter_waits(db: Database, world: World, error: str = "") -> None:
    """Tell Hoa something by e-mail."""
    with db.begin() as session:
        session.add(NoticeChoice(user_id=world.hoa.id, email="hoa@example.vn", off=[], changed_at=NOW))
        session.flush()
        facts = {"monday": make.MONDAY, "missed": 2}
        notices.tell(session, [world.hoa.id], NoticeKind.REPLAN_PROPOSED, facts, "replan:1", NOW)
        session.execute(update(NoticeDelivery).where(NoticeDelivery.channel == Channel.EMAIL).values(error=error))


# The banner


def test_every_page_of_the_desk_says_so_when_the_clock_stands_still(
    db: Database, hoa: Browser, clock: Clock, world: World, signed_in: SignIn
) -> None:
    minh = signed_in(world.minh)
    assert "đang đứng yên" not in words(hoa.get("/desk/journal"))
    clock.go(minutes=5)
    assert "đang đứng yên" in words(hoa.get("/desk/journal"))
    assert "đang đứng yên" not in words(minh.get("/my/week")), "it is the desk's to mend"
    heartbeat.beat(db, "one", clock())
    assert "đang đứng yên" not in words(hoa.get("/desk/journal"))


# The page


def test_the_page_shows_each_jobs_last_and_next_run_and_the_reports_countdown(db: Database, hoa: Browser, clock: Clock) -> None:
    scheduler_tick(db, clock, "remind_tomorrow")
    page = words(hoa.get("/desk/clock"))
    assert "Nhắc ca ngày mai 19:00 thứ Bảy 21/11" in page
    assert "Báo cáo tháng trước ngày 02/12/2026 còn 9 ngày" in page
    assert "Báo cáo tổng kết trước ngày 05/02/2027" in page


def scheduler_tick(db: Database, clock: Clock, name: str) -> None:
    everything = scheduler.JOBS
    scheduler.JOBS = tuple(job for job in everything if job.name == name)
    try:
        scheduler.tick(db, clock, "one")
    finally:
        scheduler.JOBS = everything


def test_a_failure_is_shown_with_its_cure_and_tried_again_at_a_button(db: Database, hoa: Browser, world: World) -> None:
    with db.begin() as session:
        row = JobRun(
            job="back_up", campaign_id=world.campaign.id, due_at=NOW - timedelta(hours=5), state=JobState.FAILED, attempt=10,
            finished_at=NOW, result={"error": "pg_dump_missing"},
        )  # fmt: skip
        session.add(row)
        session.flush()
        run_id = row.id
    page = words(hoa.get("/desk/clock"))
    assert "Không tìm thấy chương trình pg_dump" in page
    assert "Đã thử 10 lần. Máy không thử lại nữa." in page
    assert hoa.post(f"/desk/clock/runs/{run_id}/retry").status_code == 302
    with db.read() as session:
        assert session.get_one(JobRun, run_id).state is JobState.DUE
    assert "Máy không thử lại nữa" not in words(hoa.get("/desk/clock"))


def test_the_page_says_what_waits_to_be_sent_since_when_and_what_hinders_it(
    db: Database, hoa: Browser, world: World, clock: Clock
) -> None:
    assert "Thư điện tử máy chủ này chưa cài kênh gửi 0 – – 0" in words(hoa.get("/desk/clock"))
    a_letter_waits(db, world, "smtp_login_refused")
    clock.go(hours=2)
    assert "1 2 giờ 00 phút: máy chủ thư không nhận tên hoặc mật khẩu của hệ thống – 0" in words(hoa.get("/desk/clock"))
    with db.begin() as session:
        session.execute(update(NoticeDelivery).values(state=DeliveryState.FAILED, error="smtp_550"))
    assert "0 – 1: không có hộp thư này 0" in words(hoa.get("/desk/clock"))


def test_the_desk_marks_a_report_as_sent_and_takes_it_back(hoa: Browser) -> None:
    form = {"code": "monthly", "due_on": "2026-12-01"}
    assert hoa.post("/desk/clock/reports", {**form, "sent": "yes"}).status_code == 302
    assert "Báo cáo tháng trước ngày 02/12/2026 – " in words(hoa.get("/desk/clock"))
    assert hoa.post("/desk/clock/reports", {**form, "sent": "yes"}).status_code == 409
    assert hoa.post("/desk/clock/reports", {**form, "sent": "no"}).status_code == 302
    assert "còn 9 ngày" in words(hoa.get("/desk/clock"))


@pytest.mark.parametrize(
    "form", [{"code": "weekly"}, {"code": "monthly", "due_on": "1/12"}, {"code": "final", "due_on": "2026-12-01"}]
)
def test_a_report_that_the_plan_does_not_have_cannot_be_marked(hoa: Browser, form: dict[str, str]) -> None:
    assert hoa.post("/desk/clock/reports", {"sent": "yes", **form}).status_code == 404


def test_what_waits_long_for_an_answer_is_listed_with_its_household(db: Database, hoa: Browser, world: World) -> None:
    with db.begin() as session:
        need = next(iter(make.needs_of(session, world.households[1]).values()))
        need.state, need.state_since_at = NeedState.SUBMITTED, NOW - timedelta(days=12)
        session.merge(need)
    page = words(hoa.get("/desk/follow-ups"))
    assert "Trần Thị Bình" in page
    assert "12 ngày" in page


def test_a_closed_week_says_so_to_volunteers_and_the_desk_opens_it_again(
    db: Database, hoa: Browser, world: World, signed_in: SignIn
) -> None:
    minh = signed_in(world.minh)
    with db.begin() as session:
        volunteers.close(session, world.desk, world.campaign.id, make.MONDAY, NOW)
    assert "Đã hết hạn báo lịch rảnh" in words(minh.get("/my/availability?monday=2026-11-23"))
    assert minh.post("/my/availability?monday=2026-11-23", {"free": ["2026-11-23_T"]}).status_code == 409
    assert "đã khép" in words(hoa.get("/desk/clock"))
    assert hoa.post("/desk/clock/availability/reopen", {"monday": "2026-11-23"}).status_code == 302
    assert minh.post("/my/availability?monday=2026-11-23", {"free": ["2026-11-23_T"]}).status_code == 302


# Retention


def test_one_person_proposes_to_erase_and_only_another_can_approve(
    db: Database, hoa: Browser, world: World, signed_in: SignIn, clock: Clock
) -> None:
    with db.begin() as session:
        son = make.a_user(session, world.commune, Role.VIEWER, "Sơn")
    assert hoa.post("/desk/retention").status_code == 409, "too early"
    clock.go(days=110)
    hoa, chairman = signed_in(world.hoa), signed_in(son)
    assert "Đề nghị xóa" in words(hoa.get("/desk/retention"))
    assert hoa.post("/desk/retention").status_code == 302
    with db.read() as session:
        from planner.models import Erasure

        erasure_id = session.scalars(select(Erasure.id)).one()
    assert hoa.post(f"/desk/retention/{erasure_id}/approve").status_code == 403
    assert "Hoa đề nghị" in words(chairman.get("/desk/retention"))
    assert chairman.post(f"/desk/retention/{erasure_id}/approve").status_code == 302
    assert "Nguyễn Văn An" not in words(hoa.get("/desk/roster"))
    assert "Sơn duyệt" in words(hoa.get("/desk/retention"))


@pytest.fixture(autouse=True)
def no_files_of_other_tests(data_dir: Path) -> None:
    (data_dir / "erasures.jsonl").unlink(missing_ok=True)
