"""A target that is newly expected to be missed is told once, to desk and chairman, with what would help."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from planner.domain.notices import NoticeKind
from planner.domain.notices.wording import in_words
from planner.domain.vocabulary import Role
from planner.models import CourseChange, Database, Indicator, Notice
from tests import builders as make
from tests.jobs.clockwork import at_hour, ticked, told
from tests.services.test_progress import three_weeks
from tests.worlds import World

WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 11, day) for day in (25, 26, 27))
NEXT_MONDAY = date(2026, 11, 30)


@pytest.fixture
def world(db: Database) -> World:
    """Return the world of three weeks with one target, A1, and a chairman."""
    with db.begin() as session:
        made = three_weeks(session)
        make.a_user(session, made.commune, Role.VIEWER, "Sơn")
        make.a_user(session, made.commune, Role.LEADER, "Tám")
        others = update(Indicator).where(Indicator.campaign_id == made.campaign.id, Indicator.code != "a1")
        session.execute(others.values(active=False))
    return made


def night(db: Database, world: World, day: date, target_percent: float) -> None:
    """Let the clock forecast A1 against such a target."""
    with db.begin() as session:
        a1 = update(Indicator).where(Indicator.campaign_id == world.campaign.id, Indicator.code == "a1")
        session.execute(a1.values(target_percent=target_percent))
    ticked(db, at_hour(day, "00:30"), "forecast")


def test_desk_and_chairman_are_told_once_what_is_expected_and_what_would_help(db: Database, world: World) -> None:
    for day in (WEDNESDAY, THURSDAY, FRIDAY):
        night(db, world, day, 100)
    found = told(db, NoticeKind.FORECAST_SHORT)
    assert [name for name, _ in found] == ["Hoa", "Sơn"]
    facts = found[0][1]
    assert facts["target"] == 100
    assert facts["low"] <= facts["expected"] <= facts["high"] <= 100
    assert facts["extra_shifts_a_week"] or facts["beyond_shifts"]
    assert "Ấp Sậy" in facts["hamlets"]
    with db.read() as session:
        notice = session.scalars(select(Notice).where(Notice.kind == NoticeKind.FORECAST_SHORT)).first()
        assert notice is not None
        words = in_words(notice.kind, notice.facts, "vi")
    assert words.lines[0].startswith("Chỉ tiêu: 100 %. Dự kiến đến Chủ nhật 31/01: ")
    assert not any("Trần Văn" in line for line in words.lines)


def test_a_target_on_course_is_no_alarm(db: Database, world: World) -> None:
    night(db, world, WEDNESDAY, 25)
    assert told(db, NoticeKind.FORECAST_SHORT) == []


def test_a_target_about_which_it_goes_up_and_down_is_told_at_most_once_a_week(db: Database, world: World) -> None:
    night(db, world, WEDNESDAY, 100)
    night(db, world, THURSDAY, 25)
    night(db, world, FRIDAY, 100)
    assert len(told(db, NoticeKind.FORECAST_SHORT)) == 2
    night(db, world, NEXT_MONDAY, 25)
    night(db, world, date(2026, 12, 1), 100)
    assert len(told(db, NoticeKind.FORECAST_SHORT)) == 4
    with db.read() as session:
        assert [row.course.value for row in session.scalars(select(CourseChange).order_by(CourseChange.id))][1] == "on_course"


def test_a_job_killed_before_its_slot_was_ended_tells_nobody_twice(db: Database, world: World) -> None:
    from planner.services import progress
    from planner.services.actors import Actor

    actor = Actor.for_job(world.commune.id, "forecast")
    with db.begin() as session:
        session.execute(update(Indicator).where(Indicator.code == "a1").values(target_percent=100))
    with db.begin() as session:
        progress.alarm(session, actor, at_hour(WEDNESDAY, "00:30"))
        session.rollback()
    assert told(db, NoticeKind.FORECAST_SHORT) == []
    for _ in range(2):
        with db.begin() as session:
            progress.alarm(session, actor, at_hour(WEDNESDAY, "00:30"))
    assert len(told(db, NoticeKind.FORECAST_SHORT)) == 2
