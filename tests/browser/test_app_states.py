"""Every state the app can be in is said plainly, loses nothing, and is readable by everyone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect

from planner.domain.vocabulary import Role
from planner.models import Database
from planner.services import accounts
from planner.services.actors import Actor
from tests import builders as make
from tests.browser.app_phone import AppPhone, events, uid_of
from tests.browser.conftest import (
    EVENING,
    LONG_NAME,
    PHONE,
    Live,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_thumb_sized,
)
from web.field.app import switch


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    return sqlite_db


@pytest.fixture
def app(evening: Live, phone: Page) -> AppPhone:
    mine = AppPhone(phone, evening.url, EVENING)
    mine.enrol(evening.link_for(evening.world.minh))
    return mine


def look_at(app: AppPhone) -> None:
    """Look at the whole of a screen: as tall as it is, so that nothing lies under the bar at its foot."""
    page, small = app.page, app.page.viewport_size
    assert_no_sideways_scroll(page)
    page.evaluate("() => document.querySelector('.toast')?.remove()")
    page.set_viewport_size({"width": small["width"], "height": page.evaluate("document.documentElement.scrollHeight") + 200})
    assert_accessible(page, enhanced=True)
    assert_thumb_sized(page)
    page.set_viewport_size(small)


def screens(evening: Live) -> list[str]:
    uid, shift = uid_of(evening, 1), 1
    endings = ("met", "absent", "refused", "callback", "moved", "wrong_address", "unsafe", "not_reached")
    return [
        "/week", f"/visit/{uid}", *(f"/door/{uid}/{ending}" for ending in endings), f"/found/{uid}", f"/found/{uid}/nowhere",
        f"/sketch/{shift}",
        f"/photos/{shift}", f"/decline/{shift}", "/availability", "/availability/2026-11-30", "/mine", "/outbox", "/people",
        "/settings", "/visit/nowhere",
    ]  # fmt: skip


def test_the_screen_of_a_household_just_found_is_readable_too(evening: Live, app: AppPhone) -> None:
    app.page.set_viewport_size({"width": 320, "height": 640})
    app.go(f"/found/{uid_of(evening, 1)}")
    app.page.get_by_text("Gặp một hộ chưa có trong danh sách?").click()
    app.page.get_by_label("Tên chủ hộ").fill(LONG_NAME)
    app.page.get_by_label("Địa chỉ").fill("Cuối ngõ 3")
    app.page.get_by_role("button", name="Lưu hộ mới").click()
    expect(app.page.locator("h1")).to_have_text(LONG_NAME)
    look_at(app)
    app.go(f"/found/{uid_of(evening, 1)}")
    look_at(app)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_is_readable_in_the_sun_and_fits_the_smallest_phone(evening: Live, app: AppPhone, scheme: str) -> None:
    app.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    app.page.set_viewport_size({"width": 320, "height": 640})
    app.record(uid_of(evening, 0), "absent")  # something waits
    for address in screens(evening):
        app.go(address)
        app.page.wait_for_timeout(50)
        look_at(app)


def test_with_text_twice_as_large_nothing_is_cut_off(evening: Live, app: AppPhone) -> None:
    app.page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    for address in screens(evening):
        app.go(address)
        assert_no_sideways_scroll(app.page)


def test_offline_waiting_for_long_and_a_wrong_clock_are_said(evening: Live, app: AppPhone) -> None:
    app.worker_ready()
    with app.offline():
        app.open()
        app.record(uid_of(evening, 0), "absent")
        app.wait(days=1, hours=2)
        app.go("/mine")
        app.go("/week")
        expect(app.page.get_by_text("Có lượt ghi chờ hơn một ngày")).to_be_visible()
        expect(app.page.locator(".strip--offline")).to_contain_text("1 lượt chờ gửi")
        look_at(app)
    app.send()
    app.go("/week")
    expect(app.page.get_by_text("Đồng hồ điện thoại sai 1560 phút.")).to_be_visible()
    look_at(app)
    (event,) = events(evening.db)
    assert event.verdict.value == "accepted"


def test_an_expired_list_is_erased_and_what_waits_is_not(evening: Live, app: AppPhone) -> None:
    app.worker_ready()
    with app.offline():
        app.open()
        app.record(uid_of(evening, 0), "absent")
        app.wait(days=20)
        app.open()
        expect(app.page.get_by_text("Danh sách đã hết hạn và đã được xóa khỏi máy.")).to_be_visible()
        look_at(app)
        assert app.stored("docs") == []
        assert app.waiting() == 1


def test_a_seat_that_ended_keeps_all_and_a_new_link_sends_it(evening: Live, app: AppPhone) -> None:
    app.record(uid_of(evening, 0), "absent")
    with evening.db.begin() as session:
        desk = Actor.of_user(session.merge(evening.world.hoa))
        (device,) = accounts.devices(session, desk, evening.world.minh.id)
        accounts.revoke_device(session, desk, device.id, EVENING)
    app.page.get_by_role("link", name="Gửi nhận").click()
    app.page.get_by_role("button", name="Gửi ngay").click()
    expect(app.page.get_by_text("Máy này đã bị trực ban thu hồi.")).to_be_visible()
    look_at(app)
    assert app.stored("docs") == []
    assert app.waiting() == 1
    app.enrol(evening.link_for(evening.world.minh))
    app.send()
    assert len(events(evening.db)) == 1


def test_reports_for_a_visit_that_was_taken_away_are_credited_and_the_person_is_told(evening: Live, app: AppPhone) -> None:
    app.worker_ready()
    uid = uid_of(evening, 0)
    with app.offline():
        app.open()
        app.record(uid, "absent")
    with evening.db.begin() as session:
        withdrawn = make.assignments_of(session, evening.world.households[0])[0]
        withdrawn.withdrawn_at, withdrawn.withdrawn_reason = EVENING, "reassigned"
    app.send()
    app.go("/outbox")
    expect(app.page.get_by_text("Đã nhận, ngoài phân công")).to_be_visible()
    expect(app.page.get_by_text("Đã lưu và tính cho anh/chị")).to_be_visible()
    look_at(app)


def test_an_id_that_is_taken_gets_a_new_one_and_both_are_kept(evening: Live, app: AppPhone) -> None:
    app.record(uid_of(evening, 0), "absent")
    app.send()
    taken = events(evening.db)[0].event_id
    app.record(uid_of(evening, 1), "absent")
    app.stored("outbox", f"rows[0].event_id = '{taken}'; return rows;")
    app.send()
    app.go("/outbox")
    expect(app.page.get_by_text("Mã cũ bị trùng trên máy chủ")).to_be_visible()
    look_at(app)
    kept = [e.verdict.value for e in events(evening.db)]
    assert kept.count("accepted") == 2


def test_a_report_that_contradicts_itself_is_kept_shown_and_blocks_no_other(evening: Live, app: AppPhone) -> None:
    app.record(uid_of(evening, 0), "absent")
    app.record(uid_of(evening, 1), "absent")
    app.stored("outbox", "rows[0].body.household_id = 987654; return rows;")
    app.send()
    app.go("/outbox")
    expect(app.page.get_by_text("Đã nhận, trực ban xem lại")).to_be_visible()
    look_at(app)
    assert sorted(e.verdict.value for e in events(evening.db)) == ["accepted", "quarantined"]


def test_a_full_phone_says_not_saved_and_keeps_the_form(evening: Live, app: AppPhone) -> None:
    uid = uid_of(evening, 0)
    app.go(f"/door/{uid}/absent")
    app.page.get_by_label("Ghi chú").fill("khóa cổng")
    app.page.evaluate(
        "() => { window.kept = IDBObjectStore.prototype.add;"
        " IDBObjectStore.prototype.add = function () { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    app.page.locator(".save-bar button").click()
    expect(app.page.get_by_role("alert")).to_contain_text("CHƯA lưu được: điện thoại hết chỗ")
    look_at(app)
    assert app.page.get_by_label("Ghi chú").input_value() == "khóa cổng"
    app.page.evaluate("() => { IDBObjectStore.prototype.add = window.kept; }")
    app.page.locator(".save-bar button").click()
    expect(app.page.locator(".toast")).to_contain_text("Đã lưu")
    assert len(app.stored("outbox")) == 1


def test_the_focus_stays_on_what_it_was_while_rows_go_and_the_exchange_is_told(evening: Live, app: AppPhone) -> None:
    page = app.page
    app.record(uid_of(evening, 0), "absent")
    app.record(uid_of(evening, 1), "absent")
    app.go("/outbox")
    first, second = (row["event_id"] for row in sorted(app.stored("outbox"), key=lambda row: row["counter"]))
    page.locator(f"[data-key='{second}'] button").focus()
    app.stored("outbox", f"return rows.filter((row) => row.event_id !== '{first}')")
    rounds = app.rounds()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(f"[data-key='{first}']")).to_have_count(0)
    expect(page.locator(f"[data-key='{second}'] button")).to_be_focused()
    page.wait_for_function("n => Number(document.querySelector('.strip').dataset.rounds) > n", arg=rounds)
    app.go("/settings")
    page.locator(".masthead a[href='#/people']").focus()
    rounds = app.rounds()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_function("n => Number(document.querySelector('.strip').dataset.rounds) > n", arg=rounds)
    expect(page.locator(".masthead a[href='#/people']")).to_be_focused()


def test_two_people_share_a_phone_each_under_their_own_name(evening: Live, app: AppPhone) -> None:
    with evening.db.begin() as session:
        nga = make.a_user(session, evening.world.commune, Role.VOLUNTEER, "Nga", volunteer=evening.world.volunteers[1])
    app.go("/settings")
    app.page.get_by_label("Mã PIN, 4 chữ số trở lên").fill("4711")
    app.page.get_by_role("button", name="Lưu mã PIN").click()
    expect(app.page.locator(".toast")).to_contain_text("Đã lưu mã PIN")
    app.record(uid_of(evening, 0), "absent")
    app.enrol(evening.link_for(nga))
    expect(app.page.locator(".masthead .name")).to_have_text("Nga")
    app.record(uid_of(evening, 1), "absent")
    app.go("/people")
    look_at(app)
    app.page.get_by_role("link", name="Minh").click()
    app.page.get_by_label("Mã PIN của Minh").fill("0000")
    app.page.get_by_role("button", name="Mở", exact=True).click()
    expect(app.page.get_by_role("alert")).to_contain_text("Mã PIN không đúng.")
    look_at(app)
    app.page.get_by_label("Mã PIN của Minh").fill("4711")
    app.page.get_by_role("button", name="Mở", exact=True).click()
    app.page.wait_for_function("() => location.hash === '#/week'")
    expect(app.page.locator(".masthead .name")).to_have_text("Minh")
    app.send()
    assert len(events(evening.db, evening.world.minh)) == len(events(evening.db, nga)) == 1


def test_a_locked_screen_leads_to_nobodys_notices(evening: Live, app: AppPhone) -> None:
    expect(app.page.locator(".bell")).to_be_visible()
    app.go("/settings")
    app.page.get_by_label("Mã PIN, 4 chữ số trở lên").fill("4711")
    app.page.get_by_role("button", name="Lưu mã PIN").click()
    expect(app.page.locator(".toast")).to_contain_text("Đã lưu mã PIN")
    app.page.evaluate("sessionStorage.removeItem('open')")  # as in another tab
    app.open()
    expect(app.page.get_by_label("Mã PIN của Minh")).to_be_visible()
    expect(app.page.locator(".bell")).to_have_count(0)


def test_a_form_stays_with_the_person_it_was_drawn_for_though_another_takes_the_phone_in_another_window(
    evening: Live, app: AppPhone
) -> None:
    with evening.db.begin() as session:
        nga = make.a_user(session, evening.world.commune, Role.VOLUNTEER, "Nga", volunteer=evening.world.volunteers[1])
    app.go(f"/door/{uid_of(evening, 0)}/absent")
    other = AppPhone(app.context.new_page(), app.url, app.at)
    other.enrol(evening.link_for(nga))
    for field in ("Có người trông nhà", ""):  # heard of while nothing was typed yet, and afterwards
        rounds = app.rounds()
        app.page.evaluate("window.dispatchEvent(new Event('online'))")
        app.page.wait_for_function("n => Number(document.querySelector('.strip').dataset.rounds) > n", arg=rounds)
        expect(app.page.locator(".masthead .name")).to_have_text("Minh")
        if field:
            app.page.get_by_label("Ghi chú (nếu cần)").fill(field)
    app.page.locator(".save-bar button").click()
    expect(app.page.locator(".toast")).to_contain_text("Đã lưu")
    (row,) = app.stored("outbox")
    assert (row["user"], row["body"]["note"]) == (evening.world.minh.id, "Có người trông nhà")


def test_logging_out_waits_for_what_is_unsent_and_leaves_no_list_behind(evening: Live, app: AppPhone) -> None:
    app.record(uid_of(evening, 0), "absent")
    app.go("/settings")
    expect(app.page.get_by_text("Còn 1 mục chưa gửi.")).to_be_visible()
    look_at(app)
    app.page.get_by_role("button", name="Đăng xuất", exact=True).click(force=True)  # it says that it is of no use yet
    expect(app.page.locator(".toast")).to_contain_text("chưa đăng xuất được")
    assert app.stored("docs")
    app.send()
    app.go("/settings")
    app.page.get_by_role("button", name="Đăng xuất", exact=True).click()
    app.page.locator("dialog").get_by_role("button", name="Đăng xuất").click()
    expect(app.page.locator("h1")).to_have_text("Máy này chưa được ghi danh")
    look_at(app)
    assert app.stored("docs") == []
    assert app.stored("people")[0]["name"] == ""


def test_an_encrypted_file_carries_what_cannot_be_sent_to_another_phone(evening: Live, app: AppPhone, browser: Browser) -> None:
    app.record(uid_of(evening, 0), "absent")
    app.go("/settings")
    app.page.get_by_text("Tệp dự phòng (phương án cuối cùng)").click()
    app.page.get_by_label("Đặt cụm mật khẩu cho tệp").fill("mưa nắng gió bão")
    with app.page.expect_download() as download:
        app.page.get_by_role("button", name="Xuất 1 mục chưa gửi").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "absent" not in text
    context = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **PHONE)
    other = AppPhone(context.new_page(), evening.url, EVENING)
    other.enrol(evening.link_for(evening.world.minh))
    other.go("/settings")
    other.page.get_by_text("Đọc lại tệp dự phòng").click()
    other.page.get_by_label("Tệp dự phòng đã xuất").set_input_files(download.value.path())
    other.page.get_by_label("Cụm mật khẩu của tệp").fill("nhầm rồi nhé bạn")
    other.page.get_by_role("button", name="Đọc tệp và gửi").click()
    expect(other.page.get_by_role("alert")).to_contain_text("cụm mật khẩu sai")
    other.page.get_by_label("Cụm mật khẩu của tệp").fill("mưa nắng gió bão")
    other.page.get_by_role("button", name="Đọc tệp và gửi").click()
    expect(other.page.locator(".toast")).to_contain_text("Đã đọc 1 lượt ghi, 0 ảnh")
    other.send()
    app.send()  # the first phone has a line again: the same event, once
    assert len(events(evening.db)) == 1
    context.close()


def test_switched_off_the_app_says_so_and_leads_to_the_plain_pages(
    evening: Live, app: AppPhone, settings: object, request: pytest.FixtureRequest
) -> None:
    data_dir = settings.data_dir  # type: ignore[attr-defined]
    request.addfinalizer(lambda: switch.turn(data_dir, True))
    app.worker_ready()
    app.record(uid_of(evening, 0), "absent")
    switch.turn(data_dir, False)
    app.page.reload()
    expect(app.page.get_by_text("Trực ban đã tạm tắt ứng dụng này.")).to_be_visible()
    look_at(app)
    app.send()  # nothing recorded is lost to it
    assert len(events(evening.db)) == 1
    app.page.wait_for_function("() => caches.keys().then((names) => names.length === 0)")
    app.page.reload()
    expect(app.page.locator("h1")).to_have_text("Ứng dụng đang tạm tắt")
    expect(app.page.get_by_role("link", name="Dùng các trang web thường")).to_have_attribute("href", "/my/week")


def test_over_plain_http_the_app_says_what_is_missing_and_works(
    evening: Live, browser_type: BrowserType, browser_type_launch_args: dict[str, object]
) -> None:
    mapped = {**browser_type_launch_args, "args": ["--host-resolver-rules=MAP namro.lan 127.0.0.1"]}
    browser = browser_type.launch(**mapped)  # type: ignore[arg-type]
    context = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **PHONE)
    url = evening.url.replace("127.0.0.1", "namro.lan")
    app = AppPhone(context.new_page(), url, EVENING)
    app.enrol(evening.link_for(evening.world.minh).replace("127.0.0.1", "namro.lan"))
    expect(app.page.get_by_text("Địa chỉ này không phải https")).to_be_visible()
    look_at(app)
    app.record(uid_of(evening, 0), "absent")
    app.send()
    assert len(events(evening.db)) == 1
    browser.close()


def test_a_server_that_fails_is_told_from_no_line(evening: Live, app: AppPhone) -> None:
    app.page.route("**/field/api/v1/hello", lambda route: route.fulfill(status=429, headers={"Retry-After": "30"}, json={}))
    app.record(uid_of(evening, 0), "absent")
    app.go("/outbox")
    app.page.get_by_role("button", name="Gửi ngay").click()
    expect(app.page.locator(".strip--trouble")).to_contain_text("Máy chủ bận, sẽ tự gửi lại")
    look_at(app)
    app.page.unroute("**/field/api/v1/hello")
    app.send()
    assert len(events(evening.db)) == 1


def test_a_portal_page_in_between_is_no_answer(evening: Live, app: AppPhone) -> None:
    app.page.route("**/field/api/v1/**", lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Wi-Fi</h1>"))
    app.record(uid_of(evening, 0), "absent")
    app.go("/outbox")
    app.page.get_by_role("button", name="Gửi ngay").click()
    expect(app.page.locator(".strip--offline")).to_contain_text("Không có mạng")
    assert app.waiting() == 1


def test_the_app_speaks_the_language_of_its_person_and_another_when_asked(evening: Live, phone: Page) -> None:
    with evening.db.begin() as session:
        session.merge(evening.world.minh).language = "en"
    app = AppPhone(phone, evening.url, EVENING)
    phone.clock.set_fixed_time(EVENING)
    phone.goto(evening.link_for(evening.world.minh))
    phone.locator("main form button").click()
    expect(phone.locator("h1")).to_have_text("My week", timeout=20_000)
    app.go("/settings")
    phone.get_by_label("Tiếng Việt").check()
    expect(phone.locator("h1")).to_have_text("Cài đặt")
    app.go("/week")
    expect(phone.locator("h1")).to_have_text("Tuần của tôi")


def test_nobody_on_the_phone_yet(evening: Live, phone: Page) -> None:
    app = AppPhone(phone, evening.url, EVENING)
    app.open()
    expect(phone.locator("h1")).to_have_text("Máy này chưa được ghi danh")
    look_at(app)


LONG_AGO = timedelta(days=3650)


def test_a_clock_ten_years_off_loses_nothing(evening: Live, phone: Page) -> None:
    app = AppPhone(phone, evening.url, EVENING + LONG_AGO)
    app.enrol(evening.link_for(evening.world.minh))
    app.record(uid_of(evening, 0), "absent")
    app.send()
    (event,) = events(evening.db)
    assert "clock_ahead" in event.flags
    assert app.stored("docs")
