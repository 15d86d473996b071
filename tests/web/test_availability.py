"""When I can come, and what I cannot keep after all."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import func, select

from planner.models import AvailabilityChange, Database
from tests import builders as make
from tests.web.at_the_door import text_of
from tests.web.conftest import Browser, Clock
from tests.worlds import World


def test_my_free_hours_of_a_week_are_what_i_tick(minh: Browser, db: Database, world: World) -> None:
    page = minh.get("/my/availability?monday=2026-11-30").get_data(as_text=True)
    assert re.search(r'value="2026-11-30_T" checked', page), "usual hours are ticked"
    ticked = ["2026-11-30_T", "2026-12-01_S"]
    assert minh.post("/my/availability?monday=2026-11-30", {"free": ticked}).status_code == 302
    page = minh.get("/my/availability?monday=2026-11-30").get_data(as_text=True)
    assert re.findall(r'value="([^"]+)" checked', page) == ticked
    with db.read() as session:
        said = session.execute(select(AvailabilityChange.on_date, AvailabilityChange.available)).all()
    assert len(said) == 3, "Tuesday morning more, Wednesday evening and Saturday morning less"


def test_days_gone_by_stay_as_they_were(minh: Browser, db: Database, clock: Clock) -> None:
    clock.at = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
    minh.post("/my/availability?monday=2026-11-23", {})
    with db.read() as session:
        days = session.scalars(select(AvailabilityChange.on_date)).all()
    assert [day.day for day in days] == [28], "of Monday, Wednesday and Saturday only Saturday is still ahead"


def test_who_cannot_come_says_so_and_may_take_it_back(minh: Browser, db: Database) -> None:
    page = minh.get("/my/availability?monday=2026-11-23").get_data(as_text=True)
    (shift,) = re.findall(r"/my/shifts/(\d+)/decline", page)
    assert "3 hộ" in text_of(minh.get(f"/my/shifts/{shift}/decline"))
    assert minh.post(f"/my/shifts/{shift}/decline", {"reason": "ốm"}).status_code == 302
    assert "Đã báo không đi được" in minh.get("/my/availability?monday=2026-11-23").get_data(as_text=True)
    assert minh.post(f"/my/shifts/{shift}/come").status_code == 302
    assert "Đã báo không đi được" not in minh.get("/my/availability?monday=2026-11-23").get_data(as_text=True)


def test_nobody_declines_a_shift_of_another_crew(minh: Browser, db: Database, world: World) -> None:
    with db.read() as session:
        other = make.assignments_of(session, world.households[3])[0].shift_id
    for way in ("decline", "come"):
        assert minh.post(f"/my/shifts/{other}/{way}").status_code == 404
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(AvailabilityChange)) == 0
