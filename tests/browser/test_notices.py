"""Notices in a real browser: read on a small phone, without script too, copied at the desk, and a phone that is woken."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from planner.domain.notices import NoticeKind
from planner.models import Database, User
from planner.services import notices
from planner.services.notices import choosing, feed
from tests.browser.conftest import PHONE, Live, SignIn, assert_accessible, assert_no_sideways_scroll, assert_thumb_sized
from tests.builders import MONDAY, NOW
from tests.notices.samples import SAMPLES


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """How a page looks does not depend on the database."""
    return sqlite_db


def tell(live: Live, person: User, *kinds: NoticeKind) -> None:
    with live.db.begin() as session:
        for kind in kinds:
            notices.tell(session, [person.id], kind, SAMPLES[kind], kind.value, NOW)


def test_on_a_small_phone_notices_and_choices_are_large_enough_and_fit(live: Live, phone: Page, sign_in: SignIn) -> None:
    tell(live, live.world.minh, *NoticeKind)
    with live.db.begin() as session:
        feed.renew(session, live.world.volunteer, NOW)
        choosing.set_email(session, live.world.volunteer, live.world.minh.id, "minh@example.vn", NOW)
    sign_in(phone, live.world.minh)
    for address in ("/notices", "/notices/choices"):
        phone.goto(f"{live.url}{address}")
        assert_accessible(phone, enhanced=True)
        assert_no_sideways_scroll(phone)
        assert_thumb_sized(phone)
    phone.get_by_text("Cách thêm vào lịch").press("Enter")
    expect(phone.get_by_text("calendar.google.com")).to_be_visible()


def test_without_script_all_are_marked_read_and_taken_back(live: Live, browser: Browser, sign_in: SignIn) -> None:
    tell(live, live.world.hoa, NoticeKind.DRAFT_READY, NoticeKind.MISSED_FOUND)
    context = browser.new_context(java_script_enabled=False, **PHONE)
    page = context.new_page()
    sign_in(page, live.world.hoa)
    page.goto(f"{live.url}/desk/week")
    page.get_by_role("link", name="Thông báo, 2 chưa đọc").click()
    page.get_by_role("button", name="Đánh dấu đã đọc hết").click()
    expect(page.get_by_role("link", name="Thông báo", exact=True)).to_be_visible()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_role("link", name="Thông báo, 2 chưa đọc")).to_be_visible()
    page.goto(f"{live.url}/notices/chat?monday={MONDAY}")
    expect(page.get_by_label("Cả tuần", exact=True)).to_contain_text("Trần Quang Minh")
    context.close()


def test_the_text_for_the_group_chat_is_copied_by_a_press(live: Live, office: Page, sign_in: SignIn) -> None:
    office.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(office, live.world.hoa)
    office.goto(f"{live.url}/notices/chat?monday={MONDAY}")
    assert_accessible(office)
    office.get_by_role("button", name="Chép Cả tuần").press("Enter")
    expect(office.get_by_role("button", name="Đã chép")).to_be_visible()
    assert office.evaluate("navigator.clipboard.readText()").startswith("LỊCH ĐI THĂM HỘ, tuần 23/11–29/11/2026")


def test_a_phone_that_is_woken_shows_one_line_and_knows_where_it_leads(live: Live, phone: Page, sign_in: SignIn) -> None:
    phone.context.grant_permissions(["notifications", "background-sync"], origin=live.url)
    sign_in(phone, live.world.minh)
    phone.wait_for_function("() => navigator.serviceWorker.controller !== null")
    devtools = phone.context.new_cdp_session(phone)
    found: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(r["registrationId"] for r in told["registrations"])
    )
    devtools.send("ServiceWorker.enable")
    while not found:
        phone.wait_for_timeout(50)
    for data in (json.dumps({"title": "Năm Rõ", "body": "Sắp đến giờ đi", "url": "/notices/7", "tag": "a"}), "không phải JSON"):
        devtools.send("ServiceWorker.deliverPushMessage", {"origin": live.url, "registrationId": found[0], "data": data})
    phone.wait_for_function("async () => (await (await navigator.serviceWorker.ready).getNotifications()).length === 2")
    shown = phone.evaluate(
        "navigator.serviceWorker.ready.then(r => r.getNotifications())"
        ".then(all => all.map(n => [n.title, n.body, n.data.url ?? '']).sort())"
    )
    assert shown == [["Năm Rõ", "Có thông báo mới.", ""], ["Năm Rõ", "Sắp đến giờ đi", "/notices/7"]]
