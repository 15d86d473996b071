"""The app on a small phone against the real server: an evening at the doors, with and without a line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from planner.domain.vocabulary import NeedResult, Outcome
from planner.models import Database, Visit
from tests import builders as make
from tests.browser.app_phone import AppPhone, events, uid_of
from tests.browser.conftest import Live

BACK_AT_THE_CARD = "() => location.hash.startsWith('#/visit/')"
EVENING = datetime(2026, 11, 23, 11, 45, tzinfo=UTC)  # Monday 18:45 in Việt Nam


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """Screens look the same over either database; the protocol itself is tested over both elsewhere."""
    return sqlite_db


@pytest.fixture
def evening(live: Live) -> Live:
    live.clock.at = EVENING
    return live


@pytest.fixture
def app(evening: Live, phone: Page) -> AppPhone:
    """Return Minh's phone with his list on it."""
    mine = AppPhone(phone, evening.url, EVENING)
    mine.enrol(evening.link_for(evening.world.minh))
    return mine


def outcomes(live: Live) -> list[Outcome]:
    with live.db.read() as session:
        return list(session.scalars(select(Visit.outcome).order_by(Visit.id)))


def test_a_one_time_link_leads_to_the_app_with_name_and_list_on_screen(app: AppPhone) -> None:
    expect(app.page.locator(".masthead .name")).to_have_text("Minh")
    expect(app.page.locator(".stop__name")).to_have_text(["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường"])
    expect(app.page.locator(".next-visit__name")).to_have_text("Nguyễn Văn An")
    app.page.locator(".next-visit").click()
    expect(app.page.locator("h1")).to_have_text("Nguyễn Văn An")
    expect(app.page.locator(".five-clear dt")).to_have_count(5)
    for name in ("Gặp được", "Vắng nhà", "Từ chối", "Hẹn lại"):
        expect(app.page.get_by_role("link", name=name, exact=True)).to_be_in_viewport(ratio=1)


def test_an_outcome_is_two_taps_saved_and_sent(evening: Live, app: AppPhone) -> None:
    app.record(uid_of(evening, 0), "absent")
    assert app.waiting() == 1
    assert [row["kind"] for row in app.stored("outbox")] == ["visit"]
    app.send()
    assert (app.waiting(), app.stored("outbox")) == (0, [])
    assert outcomes(evening) == [Outcome.ABSENT]
    (receipt,) = app.stored("receipts")
    assert receipt["verdict"] == "accepted"


def test_without_a_line_the_app_opens_shows_the_list_and_saves(evening: Live, app: AppPhone) -> None:
    app.worker_ready()
    with app.offline():
        app.open()
        expect(app.page.locator(".stop__name")).to_have_count(3)
        expect(app.page.locator(".strip__line")).to_have_text("Không có mạng")
        for number, outcome in enumerate(("absent", "refused", "absent")):
            app.record(uid_of(evening, number), outcome)
        assert app.waiting() == 3
        assert outcomes(evening) == []
    app.send()
    assert app.waiting() == 0
    assert outcomes(evening) == [Outcome.ABSENT, Outcome.REFUSED, Outcome.ABSENT]


def test_an_event_can_be_undone_until_it_is_sent_and_is_corrected_afterwards(evening: Live, app: AppPhone) -> None:
    uid = uid_of(evening, 0)
    app.record(uid, "absent")
    app.page.locator(".toast").get_by_role("button", name="Hoàn tác").click()
    expect(app.page.locator(".toast")).to_contain_text("Đã bỏ lượt ghi")
    assert app.stored("outbox") == []
    app.record(uid, "absent")
    app.send()
    app.go(f"/visit/{uid}")
    app.page.get_by_role("link", name="Ghi nhầm? Sửa lại").click()
    app.page.get_by_text("đổi sang kết quả khác?").click()
    app.page.get_by_role("link", name="Không an toàn").click()
    app.page.locator(".save-bar button").click()
    app.send()
    first, second = events(evening.db)
    assert second.sent["body"]["corrects_event_id"] == first.event_id
    assert outcomes(evening) == [Outcome.ABSENT, Outcome.UNSAFE]
    app.go(f"/visit/{uid}")
    expect(app.page.locator("main")).to_contain_text("Đã ghi: Không an toàn")


def test_met_asks_per_need_and_only_what_the_answer_needs(evening: Live, app: AppPhone) -> None:
    with evening.db.begin() as session:
        household = session.merge(evening.world.households[0])
        make.a_resident(session, household, "Trần Văn Sáu", documents={"bhyt": "owned", "gplx": "owned"})
        make.rebuild(session, household)
    app.send()
    app.go(f"/door/{uid_of(evening, 0)}/met")
    page = app.page
    page.locator(".save-bar button").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("ghi kết quả ít nhất một việc")
    form = page.locator(".need-form").first
    expect(form.get_by_label("Lý do")).to_be_hidden()
    form.get_by_label("Bị trả lại").check()
    page.locator(".save-bar button").click()
    expect(page.get_by_role("alert")).to_contain_text("Bị trả lại vì sao?")
    form.get_by_label("Đã xong").check()
    page.get_by_label("Của chính họ").first.check()
    page.get_by_label("Đã nhờ họ tự làm lại, và họ làm được").first.check()
    page.locator(".save-bar button").click()
    app.send()
    (event,) = events(evening.db)
    line = event.sent["body"]["results"][0]
    assert (line["result"], line["own_device"], line["teach_back"]) == ("done", True, True)
    with evening.db.read() as session:
        visit = session.scalars(select(Visit)).one()
        assert [r.result for r in visit.results] == [NeedResult.DONE]


def test_a_correction_begins_with_all_that_was_said(evening: Live, app: AppPhone) -> None:
    with evening.db.begin() as session:
        household = session.merge(evening.world.households[2])
        make.a_resident(session, household, "Trần Văn Sáu", documents={"bhyt": "owned", "gplx": "owned"})
        make.rebuild(session, household)
    app.send()
    app.go(f"/door/{uid_of(evening, 2)}/met")
    page = app.page
    page.get_by_label("Hẹn ra công an", exact=True).first.check()
    other = page.locator(".resident-form", has_text="Trần Văn Sáu").first
    other.get_by_label("Đã xong").first.check()
    other.get_by_label("Của người khác").check()
    other.get_by_label("Đã nhờ họ tự làm lại, và họ làm được").check()
    page.get_by_label("Giờ còn chỗ").select_option(index=1)
    if page.locator("[name=police_who]").count():
        page.locator("[name=police_who]").first.check()
    page.get_by_label("Họ đề nghị từ nay không đến nữa").check()
    page.locator(".save-bar button").click()
    app.send()
    app.go(f"/visit/{uid_of(evening, 2)}")
    page.get_by_role("link", name="Ghi nhầm? Sửa lại").click()
    expect(page.locator("main form")).to_contain_text("Họ đã đề nghị từ nay không đến nữa; chỉ trực ban mới sửa lại được.")
    page.locator(".save-bar button").click()
    app.send()
    first, second = (event.sent["body"] for event in events(evening.db))
    assert first["police_appointment"]
    assert first["stop_whole_household"]
    assert {**second, "corrects_event_id": None} == first


def test_a_callback_is_a_day_and_an_hour(evening: Live, app: AppPhone) -> None:
    app.go(f"/door/{uid_of(evening, 1)}/callback")
    app.page.locator(".save-bar button").click()
    expect(app.page.get_by_role("alert")).to_contain_text("Chọn ngày người dân hẹn.")
    app.page.get_by_label("Ngày mai").check()
    app.page.get_by_text("Hẹn đúng giờ?").click()
    app.page.get_by_label("Từ", exact=True).fill("21:30")
    app.page.get_by_label("Đến", exact=True).fill("22:00")
    app.page.locator(".save-bar button").click()
    expect(app.page.get_by_role("alert")).to_contain_text("Không đến nhà dân từ 21:00 đến 07:00.")
    app.page.get_by_label("Từ", exact=True).fill("18:30")
    app.page.get_by_label("Đến", exact=True).fill("19:00")
    app.page.locator(".save-bar button").click()
    app.send()
    (event,) = events(evening.db)
    assert event.sent["body"]["callback"] == {"on_date": "2026-11-24", "starts": "18:30", "ends": "19:00"}
    assert event.verdict.value == "accepted"


def test_where_a_found_household_stands_is_noted_at_a_press_and_can_be_dropped(evening: Live, app: AppPhone) -> None:
    app.go(f"/found/{uid_of(evening, 1)}")
    app.page.get_by_text("Gặp một hộ chưa có trong danh sách?").click()
    note = app.page.get_by_role("button", name="Ghi vị trí nhà này")
    note.click()
    expect(app.page.get_by_text("Điện thoại không cho phép lấy vị trí. Địa chỉ là đủ.")).to_be_visible()
    app.context.grant_permissions(["geolocation"])
    app.context.set_geolocation({"latitude": 10.00000049, "longitude": 106.5, "accuracy": 450})
    note.click()
    expect(app.page.get_by_text("Vị trí còn sai tới 450 m nên chưa ghi.")).to_be_visible()
    app.context.set_geolocation({"latitude": 10.12345678, "longitude": 106.5, "accuracy": 11.2})
    note.click()
    expect(app.page.get_by_text("Đã ghi vị trí, sai số khoảng 12 m.")).to_be_visible()
    app.page.get_by_role("button", name="Bỏ vị trí").click()
    expect(app.page.get_by_role("button", name="Bỏ vị trí")).to_be_hidden()
    note.click()
    expect(app.page.get_by_text("Đã ghi vị trí, sai số khoảng 12 m.")).to_be_visible()
    app.page.get_by_label("Tên chủ hộ").fill("Hộ Mới")
    app.page.get_by_label("Địa chỉ").fill("Cuối ngõ 3")
    app.page.get_by_role("button", name="Lưu hộ mới").click()
    expect(app.page.locator("h1")).to_have_text("Hộ Mới")
    nobody_else(app)
    app.send()
    (event,) = events(evening.db)
    assert (event.sent["body"]["lat"], event.sent["body"]["lon"]) == (10.123457, 106.5)


def test_somebody_found_and_facts_that_changed_reach_the_desk(evening: Live, app: AppPhone) -> None:
    uid = uid_of(evening, 1)
    app.go(f"/found/{uid}")
    app.page.get_by_label("Họ và tên").fill("Trần Văn Mới")
    app.page.get_by_role("button", name="Lưu người mới").click()
    expect(app.page.locator(".toast")).to_contain_text("Đã lưu: Trần Văn Mới")
    app.page.wait_for_function(BACK_AT_THE_CARD)
    app.go(f"/found/{uid}")
    app.page.get_by_text("Gặp một hộ chưa có trong danh sách?").click()
    app.page.get_by_label("Tên chủ hộ").fill("Hộ Mới")
    app.page.get_by_label("Địa chỉ").fill("Cuối ngõ 3")
    app.page.get_by_role("button", name="Lưu hộ mới").click()
    expect(app.page.locator(".toast")).to_contain_text("Đã lưu: Hộ Mới")
    expect(app.page.locator("h1")).to_have_text("Hộ Mới")
    app.go(f"/visit/{uid}")
    app.page.get_by_role("link", name="Sửa thông tin").first.click()
    app.page.get_by_label("Số điện thoại").fill("0912345678")
    app.page.get_by_label("Làm theo ca").check()
    app.page.get_by_role("button", name="Lưu thông tin").click()
    app.page.wait_for_function(BACK_AT_THE_CARD)
    app.send()
    assert [(e.kind.value, e.verdict.value) for e in events(evening.db)] == [
        ("found_resident", "accepted"), ("found_household", "accepted"), ("facts", "accepted"),
    ]  # fmt: skip
    receipts = {row["kind"]: row["body"] for row in app.stored("receipts")}
    assert receipts["found_resident"]["name"] == receipts["found_household"]["address"] == ""
    assert receipts["facts"]["changes"].keys() == {"working_pattern"}  # the number is not kept on the phone


def a_household_found(app: AppPhone, uid: str, name: str) -> None:
    app.go(f"/found/{uid}")
    app.page.get_by_text("Gặp một hộ chưa có trong danh sách?").click()
    app.page.get_by_label("Tên chủ hộ").fill(name)
    app.page.get_by_label("Địa chỉ").fill("Cuối ngõ 3")
    app.page.get_by_role("button", name="Lưu hộ mới").click()
    expect(app.page.locator("h1")).to_have_text(name)


def nobody_else(app: AppPhone) -> None:
    app.page.get_by_role("link", name="Không còn ai, về hộ trong danh sách").click()
    app.page.wait_for_function(BACK_AT_THE_CARD)


def somebody_there(app: AppPhone, name: str) -> None:
    app.page.get_by_label("Họ và tên").fill(name)
    app.page.get_by_role("button", name="Lưu người mới").click()
    expect(app.page.locator(".toast")).to_contain_text(f"Đã lưu: {name}")


def test_people_of_a_household_just_found_are_noted_at_once_with_or_without_a_line(evening: Live, app: AppPhone) -> None:
    uid = uid_of(evening, 1)
    with app.offline():
        a_household_found(app, uid, "Hộ Mới")
        somebody_there(app, "Vàng Thị Mai")
        expect(app.page.get_by_text("Đã ghi thêm 1 người trong hộ này.")).to_be_visible()
        new_household = app.page.evaluate("() => location.hash")
        nobody_else(app)
    app.send()
    app.go(f"/found/{uid}")  # its receipt has no name; the app open still knows it
    app.page.get_by_role("link", name="Thêm người ở hộ mới: Hộ Mới").click()
    app.page.wait_for_function("hash => location.hash === hash", arg=new_household)
    somebody_there(app, "Vàng A Páo")
    nobody_else(app)
    app.send()
    house, *people = events(evening.db)
    assert [(e.kind.value, e.verdict.value) for e in (house, *people)] == [
        ("found_household", "accepted"), ("found_resident", "accepted"), ("found_resident", "accepted"),
    ]  # fmt: skip
    assert {e.sent["body"]["household_uid"] for e in people} == {house.sent["body"]["household_uid"]}
    assert all("household_id" not in e.sent["body"] for e in people)


def test_a_new_household_taken_back_takes_its_people_with_it(evening: Live, app: AppPhone) -> None:
    with app.offline():
        a_household_found(app, uid_of(evening, 1), "Hộ Mới")
        somebody_there(app, "Vàng Thị Mai")
        app.go("/outbox")
        app.page.get_by_role("button", name="Hoàn tác Thêm hộ mới – Hộ Mới").click()
        expect(app.page.locator(".toast")).to_contain_text("Đã bỏ hộ mới và 1 người đã ghi ở đó")
        assert app.stored("outbox") == []


def test_availability_is_one_tap_a_slot_and_many_taps_one_event(evening: Live, app: AppPhone) -> None:
    app.go("/availability/2026-11-30")
    for slot in ("Sáng Thứ Ba 01/12", "Chiều Thứ Ba 01/12"):
        app.page.get_by_label(slot).check()
        expect(app.page.get_by_label(slot)).to_be_checked()
    expect(app.page.get_by_text("Đã lưu trên máy, chờ gửi.")).to_be_visible()
    app.page.wait_for_function("() => document.querySelector('.strip').dataset.waiting === '1'")
    app.send()
    (event,) = events(evening.db)
    assert {"2026-12-01_morning", "2026-12-01_afternoon"} <= set(event.sent["body"]["free"])
    app.go("/availability/2026-11-23")
    expect(app.page.get_by_text("Lịch tuần này đã khép")).to_be_visible()
    expect(app.page.get_by_label("Tối Thứ Hai 23/11")).to_be_disabled()


def test_a_shift_one_cannot_keep_is_told_and_taken_back(evening: Live, app: AppPhone) -> None:
    app.page.get_by_role("link", name="Tôi không đi được ca này").click()
    app.page.get_by_label("Lý do").fill("ốm")
    app.page.locator(".save-bar button").click()
    expect(app.page.get_by_text("Đã báo không đi được")).to_be_visible()
    app.page.get_by_role("link", name="Tôi đi được ca này").click()
    app.page.locator(".save-bar button").click()
    app.send()
    assert [e.kind.value for e in events(evening.db)] == ["decline", "undecline"]


def test_a_name_that_is_a_script_stays_a_name(evening: Live, app: AppPhone) -> None:
    name = "<img src=x onerror=\"document.title='x'\">{{ 7*7 }}"
    with evening.db.begin() as session:
        session.merge(evening.world.households[0]).head_name = name
    app.send()
    app.go("/week")
    expect(app.page.locator(".stop__name").first).to_have_text(name)
    assert "Năm Rõ" in app.page.title()


def test_mine_shows_what_the_server_has_apart_from_what_waits(evening: Live, app: AppPhone) -> None:
    app.record(uid_of(evening, 0), "absent")
    app.go("/mine")
    expect(app.page.locator(".figure--warning dd").first).to_have_text("1")
    expect(app.page.locator(".figure--done dd").first).to_have_text("0")
    app.send()
    app.go("/mine")
    expect(app.page.locator(".figure--done dd").first).to_have_text("1")
    expect(app.page.locator(".figure--warning")).to_have_count(0)
    expect(app.page.locator("main")).to_contain_text("Máy chủ đang giữ 1 lượt ghi")


def test_the_office_reads_the_app_wide(evening: Live, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 800}, locale="vi-VN")
    wide = AppPhone(context.new_page(), evening.url, EVENING)
    wide.enrol(evening.link_for(evening.world.minh))
    expect(wide.page.locator(".stop__name")).to_have_count(3)
    context.close()
