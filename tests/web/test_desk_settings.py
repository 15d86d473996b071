"""Thiết lập: the campaign's dates and settings, who may sign in, the journal; and the chairman's page."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import Role
from planner.models import Campaign, Database, Device, User
from tests import builders as make
from tests.web.at_the_desk import words
from tests.web.conftest import Browser, SignIn
from tests.worlds import World

INPUT = re.compile(r'<(?:input|textarea)[^>]* name="([^"]+)"(?:[^>]* value="([^"]*)")?')


@pytest.fixture
def hoa(world: World, signed_in: SignIn) -> Browser:
    return signed_in(world.hoa)


def as_shown(browser: Browser) -> dict[str, str]:
    """Return the settings form as the page fills it in."""
    page = (
        browser.get("/desk/settings").get_data(as_text=True).split('<form method="post" class="settings"')[1].split("</form>")[0]
    )
    form = {name: value for name, value in INPUT.findall(page) if name != "csrf_token"}
    for unticked in re.findall(r'<input type="checkbox" name="([^"]+)" id="[^"]+" value="yes"(?! checked)', page):
        form.pop(unticked, None)
    return form | {"clears": "5", "draft_weekday": "5", "availability_weekday": "4", "exploration": "none"}


def settings_of(db: Database, world: World) -> CampaignSettings:
    with db.read() as session:
        return CampaignSettings.from_dict(session.get_one(Campaign, world.campaign.id).settings)


def test_the_form_saved_as_shown_changes_nothing(db: Database, world: World, hoa: Browser) -> None:
    before = settings_of(db, world)
    assert hoa.post("/desk/settings", as_shown(hoa)).status_code == 302
    assert settings_of(db, world) == before


def test_settings_are_saved(db: Database, world: World, hoa: Browser) -> None:
    form = as_shown(hoa) | {
        "crew_size": "3",
        "periods-T-from": "19:00",
        "closed_dates": "31/12/2026\n1/1/2027",
        "desk_name": "Đ/c Lan",
        "clears": "6",
        "ends_on": "31/03/2027",
    }
    assert hoa.post("/desk/settings", form).status_code == 302
    saved = settings_of(db, world)
    assert (saved.crew_size, f"{saved.periods['T'][0]:%H:%M}", len(saved.closed_dates), len(saved.clears)) == (3, "19:00", 2, 6)
    with db.read() as session:
        assert f"{session.get_one(Campaign, world.campaign.id).ends_on}" == "2027-03-31"


def test_the_list_of_former_places_is_kept_as_typed_and_shown_again(db: Database, world: World, hoa: Browser) -> None:
    typed = "xã Tân Lập = xã Lộc Hòa\nẤp 1, xã Tân Lập = Ấp 1A"
    assert hoa.post("/desk/settings", as_shown(hoa) | {"former_places": typed}).status_code == 302
    assert settings_of(db, world).former_places == {"xã Tân Lập": "xã Lộc Hòa", "Ấp 1, xã Tân Lập": "Ấp 1A"}
    assert typed in hoa.get("/desk/settings").get_data(as_text=True)
    assert "Hãy viết: tên cũ = tên nay" in words(hoa.post("/desk/settings", as_shown(hoa) | {"former_places": "xã Tân Lập"}))
    assert len(settings_of(db, world).former_places) == 2


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("crew_size", "0", "Số người mỗi tổ: phải từ 1 đến 5."),
        ("crew_size", "hai", "Hãy nhập một số nguyên."),
        ("periods-T-from", "21:30", "Ca tối"),
        ("periods-C-from", "12:00", "Ca chiều: chạm vào giờ nghỉ trưa."),
        ("quiet_from", "25:00", "Giờ nghỉ đêm, từ"),
        ("closed_dates", "31/02/2026", "“31/02/2026” không phải là ngày."),
        ("starts_on", "mai", "Hãy nhập ngày"),
        ("ends_on", "01/01/2020", "Ngày kết thúc phải sau ngày bắt đầu."),
        ("starts_on", "01/01/0001", "trong các năm 2000–2100"),
        ("ends_on", "31/12/9999", "Ngày 31/12/9999 quá xa"),
        ("ends_on", "31/12/2040", "một đợt kéo dài nhiều nhất 3 năm"),
        ("name", "  ", "Ô này không được để trống."),
    ],
)
def test_a_wrong_setting_is_told_by_its_name_and_nothing_is_saved(
    db: Database, world: World, hoa: Browser, name: str, value: str, said: str
) -> None:
    before = settings_of(db, world)
    answer = hoa.post("/desk/settings", as_shown(hoa) | {"crew_size": "3", name: value})
    assert answer.status_code == 422
    assert said in words(answer)
    assert f'href="#{name}"' in answer.get_data(as_text=True)
    assert settings_of(db, world) == before


def test_a_made_up_setting_is_refused(hoa: Browser) -> None:
    assert hoa.post("/desk/settings", as_shown(hoa) | {"store_id_numbers": "yes"}).status_code == 422


def test_a_new_user_gets_in_by_the_link_on_the_page(app: object, world: World, hoa: Browser, anyone: Browser) -> None:
    answer = hoa.post("/desk/users/new", {"name": "Nga", "role": "leader", "volunteer": world.volunteers[1].id})
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "<svg" in page
    link = re.search(r"/enter/[\w-]+", page)
    assert link is not None
    assert anyone.post(link.group()).status_code == 302
    assert anyone.post(link.group()).status_code == 404  # once


def test_a_new_users_volunteer_is_named_without_diacritics(db: Database, world: World, hoa: Browser) -> None:
    assert hoa.post("/desk/users/new", {"name": "Nga", "role": "leader", "volunteer": "le thu nga"}).status_code == 200
    with db.read() as session:
        assert session.scalars(select(User.volunteer_id).where(User.name == "Nga")).one() == world.volunteers[1].id


def test_from_a_volunteers_page_name_and_person_are_filled_in(world: World, hoa: Browser) -> None:
    page = hoa.get(f"/desk/users/new?volunteer={world.volunteers[1].id}").get_data(as_text=True)
    assert 'value="Lê Thu Nga"' in page
    assert 'name="volunteer" value="Lê Thu Nga (Ấp 1)"' in page


def test_a_volunteers_account_needs_its_volunteer(hoa: Browser) -> None:
    answer = hoa.post("/desk/users/new", {"name": "Ai Đó", "role": "volunteer", "volunteer": ""})
    assert answer.status_code == 422
    assert 'href="#volunteer"' in answer.get_data(as_text=True)


def test_a_device_is_revoked_at_once(db: Database, world: World, hoa: Browser, signed_in: SignIn) -> None:
    minh = signed_in(world.minh)
    assert minh.get("/my/week").status_code == 200
    with db.read() as session:
        device = session.scalars(select(Device).where(Device.user_id == world.minh.id)).one()
    hoa.post(f"/desk/users/{world.minh.id}/devices/{device.id}/revoke")
    assert minh.get("/my/week").status_code == 302


def test_a_locked_person_is_out_at_once_and_back_by_a_new_link_only(world: World, hoa: Browser, signed_in: SignIn) -> None:
    minh = signed_in(world.minh)
    hoa.post(f"/desk/users/{world.minh.id}/state", {"disabled": "yes"})
    assert minh.get("/my/week").status_code == 302
    assert "Đang khóa" in words(hoa.get("/desk/users"))
    hoa.post(f"/desk/users/{world.minh.id}/state", {"disabled": "no"})
    assert minh.get("/my/week").status_code == 302


def test_the_last_desk_cannot_lock_itself_out(world: World, hoa: Browser) -> None:
    assert hoa.post(f"/desk/users/{world.hoa.id}/state", {"disabled": "yes"}).status_code == 409
    assert hoa.post(f"/desk/users/{world.hoa.id}", {"name": "Hoa", "role": "viewer"}).status_code == 409


def test_a_role_that_is_none_is_refused(world: World, hoa: Browser) -> None:
    assert hoa.post(f"/desk/users/{world.minh.id}", {"name": "Minh", "role": "king"}).status_code == 422


def test_another_communes_people_are_not_there(db: Database, world: World, signed_in: SignIn) -> None:
    lan, minh = signed_in(world.lan), world.minh
    assert lan.get(f"/desk/users/{minh.id}").status_code == 404
    for what in ("link", "state"):
        assert lan.post(f"/desk/users/{minh.id}/{what}").status_code == 404
    assert lan.post(f"/desk/users/{minh.id}", {"name": "x", "role": "desk"}).status_code == 404
    assert "Minh" not in words(lan.get("/desk/users"))
    with db.read() as session:
        assert session.get_one(User, minh.id).role is Role.VOLUNTEER


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_calendars_ends_is_no_filter_of_the_journal(hoa: Browser, day: str) -> None:
    assert hoa.get(f"/desk/journal?on={day}").status_code == 200


def test_the_journal_tells_who_did_what_and_only_of_this_commune(world: World, hoa: Browser, signed_in: SignIn) -> None:
    hoa.post(f"/desk/households/{world.households[0].id}/stop", {"reason": "refused"})
    said = words(hoa.get("/desk/journal"))
    assert "Hoa Ngừng đến hộ lý do: Đã từ chối; rút: 1" in said
    assert "Ngừng đến hộ" in words(hoa.get("/desk/journal?action=contact_stopped")).split("Trước và sau")[-1]
    assert "Chưa có gì trong nhật ký" in words(hoa.get("/desk/journal?on=2020-01-01"))
    assert "Hoa Ngừng" not in words(signed_in(world.lan).get("/desk/journal"))


def test_the_chairman_sees_targets_and_the_week_but_no_names(db: Database, world: World, signed_in: SignIn) -> None:
    with db.begin() as session:
        viewer = make.a_user(session, world.commune, Role.VIEWER, "Chủ tịch")
    said = words(signed_in(viewer).get("/reports/overview"))
    assert "Chỉ tiêu" in said
    assert "1 trên 5; chỉ tiêu 80 %" in said
    for name in ("Nguyễn Văn An", "Trần Quang Minh", "0900000001"):
        assert name not in said


def test_the_targets_follow_the_facts(db: Database, world: World, signed_in: SignIn) -> None:
    with db.begin() as session:
        viewer = make.a_user(session, world.commune, Role.VIEWER, "Chủ tịch")
    chairman = signed_in(viewer)
    assert "1 trên 5" in words(chairman.get("/reports/overview"))
    hoa = signed_in(world.hoa)
    from planner.domain.vocabulary import NeedState
    from planner.services import settling

    with db.begin() as session:
        need = make.needs_of(session, world.households[1])["activate"]
        settling.settle(session, world.desk, need.id, NeedState.DONE, make.NOW)
    assert "2 trên 5" in words(chairman.get("/reports/overview"))
    assert "2 trên 5" in words(hoa.get("/reports/overview"))


def test_the_inspector_has_a_page_that_says_what_is_to_come(db: Database, world: World, signed_in: SignIn) -> None:
    with db.begin() as session:
        inspector = make.a_user(session, world.commune, Role.INSPECTOR, "Kiểm")
    assert "Chưa có mẫu kiểm tra nào" in words(signed_in(inspector).get("/", follow_redirects=True))
