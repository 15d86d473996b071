"""The chairman's page in a real browser: at 360 px and in the office, nothing axe would say, even at 7:1."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from planner.domain.vocabulary import Role
from planner.models import Database, User
from tests import builders as make
from tests.browser.conftest import OFFICE, PHONE, Live, SignIn, _page, assert_accessible, assert_no_sideways_scroll
from tests.services.test_progress import TODAY, three_weeks
from tests.worlds import World

PAGES = (
    "/reports/overview", "/reports/progress?by=hamlet", "/reports/progress?by=group", "/reports/progress?by=team",
    "/reports/progress?by=organisation", "/reports/figures/a1?part=all", "/reports/figures/attempts",
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
        return world


@pytest.fixture(params=[PHONE, OFFICE], ids=["phone", "office"])
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    yield from _page(browser, request.param)


def test_chairman_and_desk_read_every_page_on_every_screen(live: Live, screen: Page, sign_in: SignIn, world: World) -> None:
    live.clock.at = TODAY
    with live.db.read() as session:
        chairman = session.query(User).filter(User.login == "chutich").one()
    sign_in(screen, chairman)
    for path in PAGES:
        screen.goto(live.url + path)
        assert_accessible(screen, enhanced=True)
        assert_no_sideways_scroll(screen)
    screen.goto(live.url + PAGES[0])
    expect(screen.get_by_role("heading", name="Có kịp không?")).to_be_visible()
    expect(screen.locator(".chart").first).to_be_visible()
    screen.get_by_role("link", name="Các hộ còn thiếu").first.click()
    expect(screen.locator("main")).to_contain_text("Ấp Sậy")
