"""The chairman's page in a real browser: at 360 px and in the office, nothing axe would say, even at 7:1."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from planner.domain.vocabulary import Role
from planner.models import Database, User
from planner.services import campaigns
from tests import builders as make
from tests.browser.conftest import Live, SignIn, assert_accessible, assert_no_sideways_scroll
from tests.services.test_progress import TODAY, three_weeks
from tests.worlds import World

PAGES = (
    "/reports/overview", "/reports/progress?by=hamlet", "/reports/progress?by=crew", "/reports/progress?by=organisation",
    "/reports/figures/a1?part=all",
)  # fmt: skip


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """How a page looks does not depend on the database."""
    return sqlite_db


@pytest.fixture
def world(db: Database) -> World:
    with db.begin() as session:
        world = three_weeks(session)
        make.a_user(session, world.commune, Role.VIEWER, "Chủ tịch", login="chutich")
        make.a_resident(session, world.households[0], "Đỗ Thị Cán", official_of="Trường Trung học cơ sở Lộc Hòa")
        make.rebuild(session, world.households[0])
        campaigns.change_settings(session, world.desk, {"organisation_quotas": {"Đoàn Thanh niên": 200}}, TODAY)
        return world


def test_the_chairman_reads_every_page_on_every_screen(live: Live, phone: Page, office: Page, sign_in: SignIn) -> None:
    live.clock.at = TODAY
    with live.db.read() as session:
        chairman = session.scalars(select(User).where(User.login == "chutich")).one()
    for screen, pages in ((phone, PAGES), (office, PAGES[:1])):
        sign_in(screen, chairman)
        for path in pages:
            screen.goto(live.url + path)
            assert_accessible(screen, enhanced=True)
            assert_no_sideways_scroll(screen)
    screen = phone
    screen.goto(live.url + PAGES[0])
    expect(screen.get_by_role("heading", name="Có kịp không?")).to_be_visible()
    expect(screen.locator(".chart").first).to_be_visible()
    screen.get_by_role("link", name="Các hộ còn thiếu").first.click()
    expect(screen.locator("main")).to_contain_text("Ấp Sậy")
