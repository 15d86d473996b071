"""A real Chromium against a real server: waitress on a free port, the clock and the database of the test.

Chromium missing: on a developer's machine these tests are skipped and say how to get it; under CI=true the run fails,
since pages nobody has looked at are not tested.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from config import Settings
from planner.models import Database, User
from planner.services import accounts
from planner.services.actors import Actor
from tests import builders as make
from tests.browser.app_stage import STAGE
from tests.web.conftest import Clock, clock, data_dir, settings, world  # noqa: F401 - the same fixtures
from tests.worlds import World
from web import create_app
from web.static_files import AppFiles
from web.wsgi import server, stop

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
HOW_TO_GET_IT = (
    "No Chromium found, so the pages were not tested in a browser. Install one (Debian/Ubuntu: apt install chromium; "
    "Windows/macOS: Chrome or Edge) or name it: NAMRO_TEST_CHROMIUM=/path/to/chromium"
)
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
EVENING = datetime(2026, 11, 23, 11, 45, tzinfo=UTC)  # Monday 18:45 in Việt Nam
LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Thị Huyền Trang Phương Thảo Nguyên Anh"
# axe reads a page once and judges what it read: a screen drawn anew meanwhile (the app's, after it has heard from the
# server) has lost all that it judges, its heading too. It looks again at a page that changed.
LOOKS = 10
WATCH = """() => {
  window.drawnAnew = false;
  window.drawnWatcher?.disconnect();
  window.drawnWatcher = new MutationObserver(changes => { window.drawnAnew ||= changes.some(c => c.removedNodes.length); });
  window.drawnWatcher.observe(document, {childList: true, subtree: true});
}"""
OFFICE = {"viewport": {"width": 1366, "height": 800}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a Chromium."""
    given = os.environ.get("NAMRO_TEST_CHROMIUM")
    found = given or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(HOW_TO_GET_IT)
    pytest.skip(HOW_TO_GET_IT)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium: str) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium}


@dataclass
class Live:
    """A running server and what is in it."""

    url: str
    db: Database
    world: World
    clock: Clock

    def link_for(self, user: User) -> str:
        """Return a one-time link of a user."""
        with self.db.begin() as session:
            return f"{self.url}/enter/{accounts.issue_link(session, Actor.cli(user.commune_id), user.id, self.clock())}"


@pytest.fixture
def live(db: Database, world: World, settings: Settings, clock: Clock) -> Iterator[Live]:  # noqa: F811
    """Serve the application over the running week, on a free port."""
    from dataclasses import replace

    chosen = replace(settings, host="127.0.0.1", port=0)
    httpd = server(create_app(chosen, db=db, clock=clock), chosen)
    thread = threading.Thread(target=httpd.run, daemon=True)
    thread.start()
    yield Live(f"http://127.0.0.1:{httpd.effective_port}", db, world, clock)
    stop(httpd)
    thread.join(5)


@pytest.fixture
def evening(live: Live) -> Live:
    """Return the running week on Monday evening, with a household of a long name, a note and every kind of need."""
    live.clock.at = EVENING
    with live.db.begin() as session:
        household = session.merge(live.world.households[1])
        household.head_name, household.note, household.needs_woman = LONG_NAME, "Có chó dữ. Đường tối, mang đèn.", True
        household.languages = ["Xtiêng"]
        make.a_resident(session, household, "Trần Văn Sáu", documents={"bhyt": "owned", "gplx": "owned"}, phone="0900000009")
        make.rebuild(session, household)
        assignment = make.assignments_of(session, household)[0]
        assignment.need_ids = [need.id for need in make.needs_of(session, household).values()]
    return live


def _page(browser: Browser, options: dict[str, Any]) -> Iterator[Page]:
    """Yield a page; anything the browser complained about (a refused script, a missing file) fails the test."""
    context: BrowserContext = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **options)
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # The answer 404 or 422 to a whole page is part of many tests, and so is no line; the browser logs each.
        expected = ("the server responded with a status of 4", "net::ERR_INTERNET_DISCONNECTED")
        if message.type in ("error", "warning") and not any(words in message.text for words in expected):
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """Return a page on a small cheap phone."""
    yield from _page(browser, PHONE)


@pytest.fixture
def office(browser: Browser) -> Iterator[Page]:
    """Return a page on an office computer."""
    yield from _page(browser, OFFICE)


@pytest.fixture
def run(live: Live, phone: Page, data_dir: Path) -> Any:  # noqa: F811
    """Return a function that runs a script with the app's modules on a stage and returns what it returns."""
    root = f"/static/field/{AppFiles(data_dir / 'static').digest}"
    phone.goto(f"{live.url}/field/app-status.json")

    def on_stage(script: str, stage: str = STAGE) -> Any:
        return phone.evaluate(f"async () => {{ {stage.replace('ROOT', root)} {script.replace('ROOT', root)} }}")

    return on_stage


SignIn = Callable[[Page, User], None]


@pytest.fixture
def sign_in(live: Live) -> SignIn:
    """Return a function that signs a user in on a page by a one-time link."""

    def by_link(page: Page, user: User) -> None:
        page.goto(live.link_for(user))
        page.locator("main form button").click()
        page.wait_for_url(lambda address: "/enter/" not in address.partition("#")[0])
        page.locator("h1").first.wait_for()  # the app is there before it has drawn its first screen

    return by_link


def assert_accessible(page: Page, *, enhanced: bool = False) -> None:
    """Fail where axe finds anything; `enhanced`: text contrast of 7:1, as pages read in the sun need."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}  # what it found to be right it need not describe
    if enhanced:
        options["rules"] = {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}
    for _ in range(LOOKS):
        page.wait_for_load_state()
        page.evaluate(WATCH)
        found = Axe().run(page, options=options).response["violations"]
        if page.evaluate("window.drawnAnew") is False:
            break
    told = [f"{v['id']}: {v['help']} – " + "; ".join(n["html"][:200] for n in v["nodes"][:4]) for v in found]
    assert told == [], f"{page.url}\n" + "\n".join(told)


def assert_no_sideways_scroll(page: Page) -> None:
    """Fail where the page is wider than the screen."""
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= screen, f"{page.url} is {wide} px wide on a screen of {screen} px"


def assert_thumb_sized(page: Page, least_px: int = 48) -> None:
    """Fail where something to press, other than a link within text, is smaller than a thumb needs."""
    small = page.evaluate(
        """least => [...document.querySelectorAll('main button, main .button, main .choice, main .input, main summary, '
          + 'main .stop__link, .bottom-bar a, .menu a')]
          .filter(e => e.checkVisibility()).map(e => [e.textContent.trim().slice(0, 40), e.getBoundingClientRect().height])
          .filter(([, height]) => height < least)""",
        least_px,
    )
    assert small == [], f"{page.url}: {small}"
