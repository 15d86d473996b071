"""Từ điện thoại in a real browser: read, recorded, dismissed and taken back by keyboard and on a small screen."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from planner.models import Database
from planner.services.sync.epoch import Life
from planner.services.sync.receiving import Sender, receive_events
from tests.browser.conftest import Live, SignIn, assert_accessible, assert_no_sideways_scroll
from tests.builders import NOW
from tests.web.phone import report_of


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """How a page looks does not depend on the database."""
    return sqlite_db


@pytest.fixture
def sent(live: Live, tmp_path: Path) -> None:
    """Send from Minh's phone what the desk must look at, of several kinds."""
    world = live.world
    live.clock.at = NOW + timedelta(days=1, hours=7)
    reports = [
        report_of(1, "visit", live.clock(), household_id=world.households[3].id, outcome="absent", note="Nhà có chó <b>dữ</b>"),
        report_of(2, "facts", live.clock(), resident_id=1, changes={"phone": {"from": "1", "to": "0912345678"}}),
        report_of(3, "found_household", live.clock(), household_uid=str(uuid.uuid4()), head_name="Vàng A Sử"),
        report_of(4, "visit", live.clock(), household_id=987654, outcome="absent"),
        report_of(5, "availability", live.clock(), monday="2026-11-23", free=["2026-11-27_evening"]),
    ]
    receive_events(live.db, Life(live.db, tmp_path), Sender(world.volunteer, None, 1), reports, live.clock())


@pytest.mark.parametrize("screen", ["office", "phone"])
def test_what_phones_sent_can_be_read_and_decided(
    live: Live, sent: None, sign_in: SignIn, request: pytest.FixtureRequest, screen: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    sign_in(page, live.world.hoa)
    page.goto(f"{live.url}/desk/phones")
    expect(page.locator("main section.panel")).to_have_count(5)
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.locator("main section.panel").nth(0).get_by_role("button", name="Ghi, tính cho Minh").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã ghi")
    unknown = page.locator("main section.panel").filter(has_text="Không tìm thấy hộ này")
    unknown.get_by_role("button", name="Bỏ qua").click()
    expect(page.get_by_role("alert")).to_contain_text("Hãy ghi vì sao bỏ qua")
    assert_accessible(page)
    unknown.get_by_label("Bỏ qua, vì").fill("gõ nhầm số")
    unknown.get_by_role("button", name="Bỏ qua").click()
    expect(page.locator("main section.panel")).to_have_count(3)
    page.goto(f"{live.url}/desk/phones?show=decided")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Mở lại").first.click()
    expect(page.locator("main section.panel")).to_have_count(4)
