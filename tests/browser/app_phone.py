"""A phone with the app on it: what a person does with it, in their words, and what is in its store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from planner.models import Database, FieldEvent, User
from tests import builders as make
from tests.browser.conftest import Live

SLOW_MS = 20_000  # machines that do much else at the same time
STORE = """async (name) => {
  const open = indexedDB.open('namro-field', 1);
  const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const all = () => new Promise((done) => {
    const asked = db.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => done(asked.result);
  });
  const change = (rows) => { CHANGE };
  const changed = change(await all());
  if (changed) {
    const tx = db.transaction(name, 'readwrite');
    tx.objectStore(name).clear();
    for (const row of changed) tx.objectStore(name).put(row);
    await new Promise((done) => { tx.oncomplete = done; });
  }
  const found = await all();
  db.close();
  return JSON.parse(JSON.stringify(found, (key, value) => (value instanceof ArrayBuffer ? value.byteLength : value)));
}"""


@dataclass
class AppPhone:
    """One browser with the app. Its clock stands still at `at` until it is told otherwise."""

    page: Page
    url: str
    at: datetime

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def clock_at(self, at: datetime) -> None:
        self.at = at
        self.context.clock.set_fixed_time(at)

    def wait(self, **span: float) -> None:
        self.clock_at(self.at + timedelta(**span))

    def enrol(self, link: str) -> None:
        """Follow a one-time link, and have the list on the phone."""
        self.context.clock.set_fixed_time(self.at)
        self.page.goto(link)
        self.page.locator("main form button").click()
        self.page.wait_for_url("**/field/app#/week")
        expect(self.page.locator(".strip__line")).to_have_text("Đã kết nối", timeout=SLOW_MS)

    def go(self, address: str) -> None:
        """Open a screen as the links of the app do."""
        self.page.evaluate("address => { location.hash = address; }", f"#{address}")
        self.page.wait_for_function("address => location.hash === address", arg=f"#{address}")

    def open(self) -> None:
        """Start the app anew."""
        self.page.goto(f"{self.url}/field/app")
        self.page.wait_for_selector("html[data-ready]")

    def record(self, uid: str, outcome: str) -> None:
        """Record an outcome in two taps."""
        self.go(f"/visit/{uid}")
        self.page.locator(f".door__button--{outcome}, a[href$='/{outcome}']").first.click()
        self.page.locator(".save-bar button").click()
        self.page.wait_for_function("() => location.hash === '#/week'")
        expect(self.page.locator(".toast")).to_contain_text("Đã lưu", timeout=SLOW_MS)

    def send(self, left: int = 0) -> None:
        """Press "Gửi ngay" and wait until it is through; `left`: how much waits afterwards."""
        self.page.wait_for_function("() => !/^#.(door|facts|found|decline)/.test(location.hash)")
        self.go("/outbox")
        before = self.rounds()
        self.page.get_by_role("button", name="Gửi ngay").click()
        self.page.wait_for_function(
            "n => Number(document.querySelector('.strip').dataset.rounds) > n", arg=before, timeout=SLOW_MS
        )
        expect(self.page.locator(".strip")).to_have_attribute("data-waiting", str(left), timeout=SLOW_MS)
        expect(self.page.locator(".strip__line")).to_have_text("Đã kết nối", timeout=SLOW_MS)

    def rounds(self) -> int:
        """Return how often the app has exchanged with the server since it was opened."""
        return int(self.page.locator(".strip").get_attribute("data-rounds") or 0)

    def waiting(self) -> int:
        """Return what the strip on top says is waiting."""
        return int(self.page.locator(".strip").get_attribute("data-waiting") or 0)

    def stored(self, name: str, change: str = "") -> list[dict[str, Any]]:
        """Return what the phone keeps in one of its stores; `change`: a JavaScript body that returns other rows to keep."""
        found: list[dict[str, Any]] = self.page.evaluate(STORE.replace("CHANGE", change), name)
        return found

    @contextmanager
    def offline(self) -> Iterator[None]:
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)

    def worker_ready(self) -> None:
        """Wait until the service worker keeps the shell and answers for it."""
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function("() => Boolean(navigator.serviceWorker.controller)")


def events(db: Database, user: User | None = None) -> list[FieldEvent]:
    """Return what the server keeps of a person, in the order of receipt."""
    with db.read() as session:
        wanted = select(FieldEvent).order_by(FieldEvent.id)
        return list(session.scalars(wanted if user is None else wanted.where(FieldEvent.user_id == user.id)))


def uid_of(live: Live, number: int) -> str:
    with live.db.read() as session:
        return make.assignments_of(session, live.world.households[number])[0].uid
