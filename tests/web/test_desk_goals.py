"""Việc và chỉ tiêu: changed by the desk, told where it is wrong, never over another's change, taken back."""

from __future__ import annotations

import re

import pytest

from planner.models import Campaign, Database, Indicator, Service
from planner.services import goals
from tests.builders import NOW
from tests.web.at_the_desk import words
from tests.web.conftest import Browser, SignIn
from tests.worlds import World

PAGE = "/desk/settings/goals"
INPUT = re.compile(r"<input([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


@pytest.fixture
def hoa(world: World, signed_in: SignIn) -> Browser:
    return signed_in(world.hoa)


def as_shown(browser: Browser, page: str = PAGE) -> dict[str, str]:
    """Return the form as the page fills it in."""
    form = browser.get(page).get_data(as_text=True).split('class="settings"')[1].split("</form>")[0]
    filled = {}
    for found in INPUT.findall(form):
        given = dict(ATTRIBUTE.findall(found))
        if given["name"] != "csrf_token" and ("checked" in found or given.get("type") != "checkbox"):
            filled[given["name"]] = given["value"]
    return filled


def plain(db: Database, world: World) -> dict[str, object]:
    with db.read() as session:
        return goals.goals(session, world.desk).plain()


def test_the_form_saved_as_shown_changes_nothing(db: Database, world: World, hoa: Browser) -> None:
    before = plain(db, world)
    assert hoa.post(PAGE, as_shown(hoa)).status_code == 302
    assert plain(db, world) == before
    with db.read() as session:
        assert session.get_one(Campaign, world.campaign.id).version == 1


def test_services_and_targets_are_saved(db: Database, world: World, hoa: Browser) -> None:
    form = as_shown(hoa) | {
        "services-gplx-minutes": "6",
        "indicators-a1-target_percent": "82,5",
        "indicators-a2-denominator_value": "8.500",
        "indicators-a2-denominator_source": "BHXH cơ sở",
        "indicators-a2-as_of_on": "1/11/2026",
    }
    del form["services-mst-active"]
    assert hoa.post(PAGE, form).status_code == 302
    with db.read() as session:
        services = {row.code: row for row in session.query(Service).where(Service.campaign_id == world.campaign.id)}
        rows = {row.code: row for row in session.query(Indicator).where(Indicator.campaign_id == world.campaign.id)}
    assert (services["mst"].active, services["gplx"].minutes, services["bhyt"].active) == (False, 6, True)
    assert rows["a1"].target_percent == 82.5
    assert (rows["a2"].denominator_value, f"{rows['a2'].as_of_on}") == (8500, "2026-11-01")
    said = words(hoa.get("/reports/overview"))
    assert "mẫu số: BHXH cơ sở, ngày 01/11/2026" in said
    assert "đếm từ danh sách hộ, hôm nay" in said
    assert "Tích hợp mã số thuế" not in words(hoa.get("/desk/households")).split("Việc còn cần")[1]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("services-mst-minutes", "0", "phải từ 1 đến 240"),
        ("services-mst-weight", "nhiều", "Hãy nhập một số nguyên."),
        ("indicators-a1-target_percent", "101", "phải từ 1"),
        ("indicators-a1-target_percent", "nan", "phải là một số"),
        ("indicators-a1-target_percent", "tám mươi", "Hãy nhập một số, ví dụ 82,5."),
        ("indicators-a1-denominator_value", "-5", "Hãy nhập một số nguyên."),
        ("indicators-a1-as_of_on", "31/02/2026", "Hãy nhập ngày"),
    ],
)
def test_a_wrong_value_is_told_beside_its_field_and_nothing_is_saved(
    db: Database, world: World, hoa: Browser, name: str, value: str, said: str
) -> None:
    before = plain(db, world)
    answer = hoa.post(PAGE, as_shown(hoa) | {"services-bhyt-minutes": "7", name: value})
    assert answer.status_code == 422
    assert said in words(answer)
    assert f'href="#{name}"' in answer.get_data(as_text=True)
    assert f'value="{value}"' in answer.get_data(as_text=True)
    assert plain(db, world) == before


def test_a_figure_without_its_source_is_refused_at_the_source(hoa: Browser) -> None:
    answer = hoa.post(PAGE, as_shown(hoa) | {"indicators-a1-denominator_value": "900"})
    assert 'href="#indicators-a1-denominator_source"' in answer.get_data(as_text=True)


def test_without_any_service_left_the_list_is_pointed_at(hoa: Browser) -> None:
    form = {name: value for name, value in as_shown(hoa).items() if not re.fullmatch(r"services-\w+-active", name)}
    answer = hoa.post(PAGE, form)
    assert answer.status_code == 422
    assert 'href="#services-title"' in answer.get_data(as_text=True)


def test_a_made_up_goal_is_refused(hoa: Browser) -> None:
    assert hoa.post(PAGE, as_shown(hoa) | {"indicators-a1-numerator": "officials"}).status_code == 422


def test_who_comes_second_sees_what_changed_and_keeps_what_was_typed(db: Database, world: World, hoa: Browser) -> None:
    form = as_shown(hoa) | {"indicators-a1-target_percent": "90"}
    with db.begin() as session:
        goals.change(session, world.desk, {"indicators": {"a1": {"target_percent": 85}}}, NOW)
    answer = hoa.post(PAGE, form)
    assert answer.status_code == 409
    said = words(answer)
    assert "Người khác vừa sửa" in said
    assert "mức phải đạt (phần trăm): đang là 85,0, anh/chị nhập 90,0" in said
    assert 'value="90"' in answer.get_data(as_text=True)
    assert plain(db, world)["indicators"]["a1"]["target_percent"] == 85  # type: ignore[index]
    assert hoa.post(PAGE, form | {"version": "2"}).status_code == 302  # having looked, the same may be saved


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999"])
def test_a_form_without_a_version_never_overwrites(hoa: Browser, version: str) -> None:
    assert hoa.post(PAGE, as_shown(hoa) | {"version": version}).status_code == 409


def test_settings_filled_in_over_older_ones_are_not_saved_either(db: Database, world: World, hoa: Browser) -> None:
    form = as_shown(hoa, "/desk/settings") | {
        "clears": "5", "draft_weekday": "5", "availability_weekday": "4", "exploration": "none",
    }  # fmt: skip
    with db.begin() as session:
        goals.change(session, world.desk, {"indicators": {"a1": {"target_percent": 85}}}, NOW)
    answer = hoa.post("/desk/settings", form | {"crew_size": "3"})
    assert answer.status_code == 409
    assert "các ô sau sẽ đổi: Số người mỗi tổ" in words(answer)


def test_the_latest_change_is_told_and_taken_back(db: Database, world: World, hoa: Browser) -> None:
    before = plain(db, world)
    assert "Lần sửa gần nhất" not in words(hoa.get(PAGE))
    form = as_shown(hoa)
    del form["indicators-a3_gcn-active"]
    hoa.post(PAGE, form)
    said = words(hoa.get(PAGE))
    assert "Hoa : Đăng ký xe của người có tài khoản mức 2 đã tích hợp: đang dùng: Có → Không" in said
    assert hoa.post("/desk/settings/undo", {"version": "1"}).status_code == 409
    assert hoa.post("/desk/settings/undo", {"version": "2", "next": PAGE}).headers["Location"] == PAGE
    assert plain(db, world) == before
    journal = words(hoa.get("/desk/journal?action=campaign_changed"))
    assert "chỉ tiêu: a3_gcn đang dùng Có → chỉ tiêu: a3_gcn đang dùng Không" in journal


def test_another_desk_sees_its_own_goals(db: Database, world: World, hoa: Browser, signed_in: SignIn) -> None:
    hoa.post(PAGE, as_shown(hoa) | {"indicators-a1-target_percent": "90"})
    assert 'id="indicators-a1-target_percent" name="indicators-a1-target_percent" value="80"' in signed_in(world.lan).get(
        PAGE
    ).get_data(as_text=True)
