"""Minh's evening on a small phone: every page looked at, the loop at the door walked through, with and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from planner.domain.vocabulary import Outcome
from planner.models import Database, Visit
from tests import builders as make
from tests.browser.conftest import (
    PHONE,
    Live,
    SignIn,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_thumb_sized,
)


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """Pages look the same over either database; the loop itself is tested over both elsewhere."""
    return sqlite_db


def uid_of(live: Live, number: int) -> str:
    with live.db.read() as session:
        return make.assignments_of(session, live.world.households[number])[0].uid


def outcomes(live: Live) -> list[Outcome]:
    with live.db.read() as session:
        return list(session.scalars(select(Visit.outcome).order_by(Visit.id)))


def look_at(page: Page) -> None:
    assert_accessible(page, enhanced=True)
    assert_no_sideways_scroll(page)
    assert_thumb_sized(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_field_is_readable_in_the_sun_and_fits_a_small_phone(
    evening: Live, phone: Page, sign_in: SignIn, scheme: str
) -> None:
    phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    phone.goto(f"{evening.url}/sign-in")
    look_at(phone)
    phone.goto(f"{evening.url}/enter/some-link")
    look_at(phone)
    sign_in(phone, evening.world.minh)
    look_at(phone)
    uid = uid_of(evening, 1)
    endings = [f"/my/visits/{uid}/record/{outcome.value}" for outcome in Outcome]
    week = ["/my/week", "/my/week?monday=2026-12-07", "/my/availability", "/me", "/nowhere"]
    for address in (*week, f"/my/visits/{uid}", *endings):
        phone.goto(evening.url + address)
        look_at(phone)


def test_a_met_an_absent_and_a_refused_are_recorded_at_the_door(evening: Live, phone: Page, sign_in: SignIn) -> None:
    sign_in(phone, evening.world.minh)
    phone.goto(f"{evening.url}/my/week")
    phone.locator(".next-visit").click()
    expect(phone.locator("h1")).to_have_text("Nguyễn Văn An")
    phone.get_by_role("link", name="Gặp được").click()
    phone.get_by_label("Đã xong").first.check()
    phone.get_by_label("Của chính họ").first.check()
    phone.get_by_role("button", name="Lưu").click()
    expect(phone.get_by_role("status")).to_contain_text("Đã ghi: Gặp được – Nguyễn Văn An")
    for name in ("Vắng nhà", "Từ chối"):
        phone.locator(".next-visit").click()
        phone.get_by_role("link", name=name, exact=True).click()
        phone.get_by_role("button", name="Lưu").click()
        expect(phone.get_by_role("status")).to_contain_text(name)
    expect(phone.locator(".next-visit")).to_have_count(0)
    assert outcomes(evening) == [Outcome.MET, Outcome.ABSENT, Outcome.REFUSED]


def test_the_outcome_buttons_and_the_next_visit_are_on_screen_without_scrolling(
    evening: Live, phone: Page, sign_in: SignIn
) -> None:
    sign_in(phone, evening.world.minh)
    phone.goto(f"{evening.url}/my/week")
    expect(phone.locator(".next-visit")).to_be_in_viewport(ratio=1)
    phone.locator(".next-visit").click()
    for name in ("Gặp được", "Vắng nhà", "Từ chối", "Hẹn lại"):
        expect(phone.get_by_role("link", name=name, exact=True)).to_be_in_viewport(ratio=1)
    expect(phone.locator(".masthead .name")).to_have_text("Minh")


def test_a_question_comes_up_only_with_the_answer_that_needs_it(evening: Live, phone: Page, sign_in: SignIn) -> None:
    sign_in(phone, evening.world.minh)
    phone.goto(f"{evening.url}/my/visits/{uid_of(evening, 0)}/record/met")
    reason, device = phone.get_by_label("Lý do").first, phone.get_by_text("Làm trên điện thoại của ai?").first
    expect(reason).to_be_hidden()
    expect(device).to_be_hidden()
    phone.get_by_label("Bị trả lại").first.check()
    expect(reason).to_be_visible()
    phone.get_by_label("Đã xong").first.check()
    expect(reason).to_be_hidden()
    expect(device).to_be_visible()


def test_an_error_is_focused_on_top_and_leads_to_its_field(evening: Live, phone: Page, sign_in: SignIn) -> None:
    sign_in(phone, evening.world.minh)
    phone.goto(f"{evening.url}/my/visits/{uid_of(evening, 0)}/record/callback")
    phone.get_by_role("button", name="Lưu").click()
    summary = phone.get_by_role("alert")
    expect(summary).to_be_focused()
    look_at(phone)
    summary.get_by_role("link").first.click()
    expect(phone.locator("#callback_on")).to_be_in_viewport()


def test_without_script_a_visit_is_recorded_all_the_same(evening: Live, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, **PHONE)
    page = context.new_page()
    page.goto(evening.link_for(evening.world.minh))
    page.locator("main form button").click()
    page.goto(f"{evening.url}/my/visits/{uid_of(evening, 0)}")
    page.get_by_role("link", name="Hẹn lại").click()
    page.get_by_label("Ngày mai").check()
    page.get_by_label("Tối", exact=True).check()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("status")).to_contain_text("Hẹn lại")
    context.close()
    assert outcomes(evening) == [Outcome.CALLBACK]


def test_pressing_save_twice_in_a_hurry_is_one_visit(evening: Live, phone: Page, sign_in: SignIn) -> None:
    sign_in(phone, evening.world.minh)
    phone.goto(f"{evening.url}/my/visits/{uid_of(evening, 0)}/record/absent")
    phone.get_by_role("button", name="Lưu").dblclick()
    expect(phone.get_by_role("status")).to_contain_text("Vắng nhà")
    assert outcomes(evening) == [Outcome.ABSENT]


@pytest.mark.parametrize("name", ["<script>document.title='x'</script>", "'\"><img src=x onerror=alert(1)>", "{{ 7*7 }}"])
def test_a_name_that_is_a_script_stays_a_name(evening: Live, phone: Page, sign_in: SignIn, name: str) -> None:
    with evening.db.begin() as session:
        session.merge(evening.world.households[0]).head_name = name
    sign_in(phone, evening.world.minh)
    for address in ("/my/week", f"/my/visits/{uid_of(evening, 0)}"):
        phone.goto(evening.url + address)
        expect(phone.locator("main")).to_contain_text(name)
        assert "Năm Rõ" in phone.title()


def test_a_volunteer_says_which_shift_they_cannot_keep(evening: Live, phone: Page, sign_in: SignIn) -> None:
    evening.clock.go(hours=-6)
    sign_in(phone, evening.world.minh)
    phone.goto(f"{evening.url}/my/availability")
    phone.get_by_role("link", name="Tôi không đi được").click()
    look_at(phone)
    phone.get_by_label("Lý do").fill("ốm")
    phone.get_by_role("button", name="tôi không đi được").click()
    expect(phone.get_by_role("status")).to_contain_text("Đã báo trực ban")
    look_at(phone)
    phone.get_by_role("button", name="Tôi đi được").click()
    expect(phone.get_by_role("status")).to_contain_text("anh/chị đi được ca này")


def test_the_office_reads_the_same_pages_wide(evening: Live, office: Page, sign_in: SignIn) -> None:
    sign_in(office, evening.world.minh)
    for address in ("/my/week", f"/my/visits/{uid_of(evening, 1)}", "/me"):
        office.goto(evening.url + address)
        assert_accessible(office)
        assert_no_sideways_scroll(office)
