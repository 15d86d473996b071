"""What the runs share: a volunteer who is out every evening, a server that can be stopped, a browser that can be killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright
from sqlalchemy import select

from config import Settings
from planner.domain.calendar import WEEKDAYS
from planner.domain.vocabulary import Role
from planner.models import Base, Database, Shift, User, WeekPlan
from planner.services import accounts
from planner.services.accounts.devices import revoke_all
from planner.services.actors import Actor
from tests import builders as make
from web import create_app
from web.wsgi import server, stop

MONDAY = make.MONDAY
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE_MS = 60_000  # machines that do much else at the same time
PIXEL = {
    "width": 412,
    "height": 915,
    "deviceScaleFactor": 1,
    "mobile": True,
}  # drawn by the processor: more dots would measure that


# A clock that tells another day and goes on; the one of the browser's driver would move the stop-watch as well.
MOVED_CLOCK = """
{
  const Real = Date, ahead = AT_MS - Real.now();
  window.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + ahead); }
    static now() { return Real.now() + ahead; }
  };
}
"""


def evening(day: int) -> datetime:
    """Return 18:45 in Việt Nam of a day of the week that is published."""
    return datetime(MONDAY.year, MONDAY.month, MONDAY.day, 11, 45, tzinfo=UTC) + timedelta(days=day)


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Town:
    """A commune with its week published: Minh has `households` to visit, spread over seven evenings."""

    db: Database
    minh: User
    days: list[list[str]]  # the uids of each day's visits
    shifts: list[int]
    clock: Clock

    def link(self) -> str:
        with self.db.begin() as session:
            return accounts.issue_link(session, Actor.cli(self.minh.commune_id), self.minh.id, self.clock())

    def end_seats(self) -> None:
        """Let every browser of his be signed out, as when his session has expired."""
        with self.db.begin() as session:
            revoke_all(session, self.minh.id, self.clock())


def build_town(folder: Path, households: int, evenings: int = 7) -> Town:
    db = Database(f"sqlite:///{folder}/town.sqlite3", durable=False)
    Base.metadata.create_all(db.engine)
    with db.begin() as session:
        commune = make.a_commune(session)
        campaign = make.a_campaign(session, commune)
        hamlet = make.a_hamlet(session, commune)
        homes = [make.a_household(session, hamlet, f"Nguyễn Văn Hộ {n + 1}", 1) for n in range(households)]
        crew = [
            make.a_volunteer(session, commune, "Trần Quang Minh", [f"{d}_T" for d in WEEKDAYS], hamlet),
            make.a_volunteer(session, commune, "Lê Thu Nga", [f"{d}_T" for d in WEEKDAYS], hamlet, phone="0900000002"),
        ]
        minh = make.a_user(session, commune, Role.VOLUNTEER, "Minh", volunteer=crew[0])
        share = -(-households // evenings)
        parts = [(f"{day}_T", crew, homes[i * share : (i + 1) * share]) for i, day in enumerate(WEEKDAYS)]
        parts = [part for part in parts if part[2]]
        week: WeekPlan = make.a_published_week(session, parts, campaign)
        days = [[a.uid for home in part[2] for a in make.assignments_of(session, home)] for part in parts]
        ids = list(session.scalars(select(Shift.id).where(Shift.week_plan_id == week.id).order_by(Shift.on_date)))
    return Town(db, minh, days, ids, Clock(evening(0)))


class Server:
    """The application on a port of its own; what is stopped is gone, as behind a hill."""

    def __init__(self, town: Town, folder: Path) -> None:
        self.town = town
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.settings = replace(Settings("", folder, "benchmark " * 4, environment="test"), host="127.0.0.1", port=self.port)
        self.running: Any = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        app = create_app(self.settings, db=self.town.db, clock=self.town.clock)
        self.running = server(app, self.settings)
        self.thread = threading.Thread(target=self.running.run, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        if self.running is not None:
            stop(self.running)
            self.thread.join(5)
            self.running = None


class Phone:
    """A Chromium of its own, with its storage on disk: it can be killed as a phone's battery dies."""

    def __init__(self, playwright: Playwright, folder: Path, chromium: str = "", *, stands_still: bool = True) -> None:
        self.stands_still = stands_still
        self.playwright = playwright
        self.profile = folder / "profile"
        self.chromium = chromium or next(path for name in CHROMIUM if (path := shutil.which(name)))
        self.at = evening(0)

    def start(self) -> Page:
        marker = self.profile / "DevToolsActivePort"
        marker.unlink(missing_ok=True)
        options = ["--headless=new", "--no-sandbox", "--no-first-run", "--disable-gpu", "--remote-debugging-port=0", "--lang=vi"]
        self.process = subprocess.Popen(
            [self.chromium, *options, f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "TZ": "Asia/Ho_Chi_Minh"},
        )  # fmt: skip
        until(marker.exists, 30)
        until(lambda: marker.read_text().count("\n") >= 1, 10)
        self.browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{marker.read_text().split()[0]}")
        self.context: BrowserContext = self.browser.contexts[0]
        self.page = self.context.pages[0]
        self.page.set_default_timeout(PATIENCE_MS)
        self.cdp = self.context.new_cdp_session(self.page)
        self.cdp.send("Emulation.setDeviceMetricsOverride", PIXEL)
        if self.stands_still:
            self.context.clock.set_fixed_time(self.at)
        else:
            self.context.add_init_script(MOVED_CLOCK.replace("AT_MS", str(round(self.at.timestamp() * 1000))))
        return self.page

    def clock_at(self, at: datetime) -> None:
        self.at = at
        self.context.clock.set_fixed_time(at)

    def kill(self) -> None:
        """SIGKILL: nothing is flushed, nothing says good-bye."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def close(self) -> None:
        self.browser.close()
        self.kill()


def until(done: Callable[[], bool], seconds: float) -> None:
    """Wait for something outside of the browser."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s: {done}")
        time.sleep(0.05)


@contextmanager
def a_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Path(folder)
