"""The pages that say why, in a real browser: nothing axe would say, no sideways scroll on a phone, found from the draft."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from planner.models import Database
from tests import builders as make
from tests.browser.conftest import Live, SignIn, assert_accessible, assert_no_sideways_scroll
from tests.builders import MONDAY
from tests.services.plans import drafted, promised

LONG_NAME = "Công Tằng Tôn Nữ Thị Nguyễn Phước Hoàng Thiên Kim Ngọc Diễm Huyền Trân"


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """How a page looks does not depend on the database."""
    return sqlite_db


@pytest.fixture
def pages(live: Live) -> dict[str, str]:
    """Draft a week with far more households than visits; return the addresses of the pages that say why."""
    with live.db.begin() as session:
        homes = [make.a_household(session, live.world.hamlet, f"{LONG_NAME} {n}", 1).id for n in range(110)]
        stranger = make.a_household(session, live.world.hamlet, "Y Bhiao", 1, languages=["Mông"]).id
    run = drafted(live.db, live.world.desk, monday=MONDAY + timedelta(days=7))
    here = f"{live.url}/desk/plan/drafts/{run.week_plan_id}"
    with live.db.read() as session:
        visited = promised(session, run.week_plan_id or 0)
    left = next(h for h in homes if h not in visited)
    return {
        "draft": here,
        "left": f"{here}/households/{left}",
        "stranger": f"{here}/households/{stranger}",
        "visited": f"{here}/households/{next(iter(visited))}",
        "more": f"{here}/more-people",
    }


@pytest.fixture(params=["phone", "office"])
def page(request: pytest.FixtureRequest, live: Live, sign_in: SignIn) -> Page:
    page: Page = request.getfixturevalue(request.param)
    sign_in(page, live.world.hoa)
    return page


def test_the_pages_that_say_why_fit_the_screen_and_satisfy_axe(page: Page, pages: dict[str, str]) -> None:
    for address in pages.values():
        page.goto(address)
        assert_accessible(page)
        assert_no_sideways_scroll(page)


def test_from_the_draft_one_link_leads_to_the_reason_and_on_to_what_more_people_bring(
    office: Page, live: Live, sign_in: SignIn, pages: dict[str, str]
) -> None:
    sign_in(office, live.world.hoa)
    office.goto(pages["draft"])
    office.get_by_role("link", name="Vì sao tổ này?").first.click()
    expect(office.get_by_role("heading", name="Vì sao tổ này?")).to_be_visible()
    office.goto(f"{pages['draft']}/unplaced")
    office.get_by_role("link", name="Vì sao chưa xếp?").first.click()
    expect(office.get_by_role("heading", name="Nếu vẫn xếp thì sao")).to_be_visible()
    office.get_by_role("link", name="Thêm người thì sao?").click()
    expect(office.get_by_role("table", name="Thêm một tổ, theo thôn và loại buổi")).to_be_visible()


def test_a_way_is_pinned_where_it_is_read(office: Page, live: Live, sign_in: SignIn, pages: dict[str, str]) -> None:
    sign_in(office, live.world.hoa)
    office.goto(pages["left"])
    office.get_by_role("button", name="Ghim vào ca này").first.click()
    expect(office.get_by_role("heading", name="Vì sao chưa xếp?")).to_be_visible()
    expect(office.get_by_role("status")).to_be_visible()
