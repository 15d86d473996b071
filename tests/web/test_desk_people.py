"""Tình nguyện viên: who they are, when they can come, who is absent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from planner.domain.vocabulary import AuditAction
from planner.models import AuditEntry, AvailabilityChange, Database, Volunteer
from tests import builders as make
from tests.builders import MONDAY
from tests.web.at_the_desk import words
from tests.web.conftest import Browser, SignIn
from tests.worlds import World


@pytest.fixture
def hoa(world: World, signed_in: SignIn) -> Browser:
    return signed_in(world.hoa)


def cells(volunteer: Volunteer, *moments: str) -> list[str]:
    return [f"{volunteer.id}:{moment}" for moment in moments]


def test_a_volunteer_is_found_without_diacritics(hoa: Browser) -> None:
    said = words(hoa.get("/desk/volunteers?q=yen"))
    assert "Võ Thị Yến" in said
    assert "Phạm Văn Hải" not in said


def test_someone_without_free_times_stands_out(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        make.a_volunteer(session, world.commune, "Ca Lê Hiến", slots=())
    assert "chưa có" in words(hoa.get("/desk/volunteers"))


def test_the_grid_shows_the_usual_times_of_the_coming_week(world: World, hoa: Browser) -> None:
    page = hoa.get(f"/desk/volunteers/availability?monday={MONDAY}").get_data(as_text=True)
    minh = world.volunteers[0]
    assert f'value="{minh.id}:2026-11-23:T" checked' in page
    assert f'value="{minh.id}:2026-11-23:S" checked' not in page


def test_a_ticked_cell_holds_for_that_week_only(db: Database, world: World, hoa: Browser) -> None:
    minh = world.volunteers[0]
    ticked = cells(minh, "2026-11-23:S", "2026-11-25:T")
    assert hoa.post("/desk/volunteers/availability", {"monday": MONDAY, "volunteer": minh.id, "free": ticked}).status_code == 302
    page = hoa.get(f"/desk/volunteers/availability?monday={MONDAY}").get_data(as_text=True)
    assert f'value="{minh.id}:2026-11-23:S" checked' in page
    assert f'value="{minh.id}:2026-11-23:T" checked' not in page
    assert page.count("(khác thường lệ)") == page.count(">✱<") > 0, "told in words and by a sign, not by colour alone"
    later = hoa.get(f"/desk/volunteers/availability?monday={MONDAY + timedelta(days=7)}").get_data(as_text=True)
    assert f'value="{minh.id}:2026-11-30:T" checked' in later


def test_people_on_other_pages_of_the_grid_stay_as_they_are(db: Database, world: World, hoa: Browser) -> None:
    minh = world.volunteers[0]
    hoa.post("/desk/volunteers/availability", {"monday": MONDAY, "volunteer": minh.id})
    with db.read() as session:
        assert {row.volunteer_id for row in session.scalars(select(AvailabilityChange))} == {minh.id}


@pytest.mark.parametrize("cell", ["x", "1:2:3", "1:2026-11-23:X", "999999999999:2026-11-23:S", "-1:2026-11-23:S"])
def test_a_cell_that_is_none_changes_nothing(db: Database, hoa: Browser, cell: str) -> None:
    assert hoa.post("/desk/volunteers/availability", {"monday": MONDAY, "free": cell}).status_code == 302
    with db.read() as session:
        assert session.scalars(select(AvailabilityChange)).all() == []


def test_an_absence_leads_to_the_visits_it_costs(db: Database, world: World, hoa: Browser) -> None:
    hai = world.volunteers[2]
    answer = hoa.post(f"/desk/volunteers/{hai.id}/absent", {"on_date": "2026-11-25", "period": "T", "reason": "ốm"})
    said = words(hoa.get(answer.headers["Location"]))
    assert "2 lượt thăm của người này" in said
    assert "Phạm Thị Dung" in said
    with db.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.VOLUNTEER_ABSENT)).one()
        assert "ốm" not in str(entry.after)


def test_an_absence_can_be_taken_back(world: World, hoa: Browser) -> None:
    hai = world.volunteers[2]
    hoa.post(f"/desk/volunteers/{hai.id}/absent", {"on_date": "2026-11-25", "period": "T"})
    assert "Bỏ báo vắng" in words(hoa.get(f"/desk/volunteers/{hai.id}"))
    hoa.post(f"/desk/volunteers/{hai.id}/present", {"on_date": "2026-11-25", "period": "T"})
    assert "Không có lượt nào bị bỏ lỡ" in words(hoa.get(f"/desk/missed?monday={MONDAY}"))


def test_what_is_known_of_a_volunteer_can_be_changed(db: Database, world: World, hoa: Browser) -> None:
    minh = world.volunteers[0]
    form = {"org": "Hội Phụ nữ", "phone": "0912345678", "max_shifts": "2", "languages": "Việt, Thái", "usual": ["sun_S"]}
    assert hoa.post(f"/desk/volunteers/{minh.id}", form).status_code == 302
    with db.read() as session:
        row = session.get_one(Volunteer, minh.id)
        assert (row.org, row.max_shifts, row.languages, row.can_lead) == ("Hội Phụ nữ", 2, ["Việt", "Thái"], False)
        assert [(a.weekday, a.period.value) for a in row.availability] == [(6, "S")]


@pytest.mark.parametrize("form", [{"max_shifts": "99"}, {"max_shifts": "zwei"}, {"org": "a" * 300}, {"usual": "any_X"}])
def test_a_wrong_value_changes_nothing_and_is_told(db: Database, world: World, hoa: Browser, form: dict[str, str]) -> None:
    minh = world.volunteers[0]
    assert hoa.post(f"/desk/volunteers/{minh.id}", form).status_code == 422
    with db.read() as session:
        assert session.get_one(Volunteer, minh.id).org == "Đoàn Thanh niên"


def test_another_communes_volunteer_is_not_there(db: Database, world: World, signed_in: SignIn) -> None:
    lan, minh = signed_in(world.lan), world.volunteers[0]
    assert lan.get(f"/desk/volunteers/{minh.id}").status_code == 404
    assert lan.post(f"/desk/volunteers/{minh.id}", {"org": "x"}).status_code == 404
    assert lan.post(f"/desk/volunteers/{minh.id}/absent", {"on_date": "2026-11-25"}).status_code == 404
    form = {"monday": MONDAY, "volunteer": minh.id, "free": cells(minh, "2026-11-23:S")}
    assert lan.post("/desk/volunteers/availability", form).status_code == 404
    with db.read() as session:
        assert session.scalars(select(AvailabilityChange)).all() == []
