"""A week without a line, on a real browser: outcomes and photos arrive once, and what the phone says is waiting is never wrong.

    .venv/bin/python -m benchmarks.field.week_offline [--outcomes 200] [--photos 40] [--kills 14]

Seven evenings at the doors without a line; the browser is killed (SIGKILL) right after something was saved, and while it sends;
meanwhile the seat has expired and the server brings a newer version of the app.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from playwright.sync_api import Page, Playwright, sync_playwright
from sqlalchemy import func, select

from benchmarks.field.stage import Phone, Server, Town, a_folder, build_town, evening, until
from planner.models import Evidence, FieldEvent, Visit
from web import static_files

ENDINGS = ("absent", "met", "absent", "refused", "callback")
MOST_PHOTO_BYTES = 250_000
CANARY = b"GPS of somebody's house"
NEWER_WAITS = "async () => Boolean((await navigator.serviceWorker.getRegistration('/field/')).waiting)"
ALL_SENT = "document.querySelector('.strip')?.dataset.waiting === '0'"
LARGEST_PHOTO = """async () => {
  const opened = indexedDB.open('namro-field', 1);
  const db = await new Promise((done) => { opened.onsuccess = () => done(opened.result); });
  const asked = db.transaction('photos').objectStore('photos').getAll();
  const photos = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  db.close();
  return Math.max(0, ...photos.map((photo) => photo.size));
}"""
SEED = 20261123


@dataclass
class Report:
    """What was done, and what came of it."""

    outcomes: int
    photos: int
    kills: int = 0
    counter_checks: int = 0
    wrong_counters: list[str] = field(default_factory=list)
    events_stored: int = 0
    events_twice: int = 0
    visits: int = 0
    photos_stored: int = 0
    largest_photo_bytes: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)
    upgraded: bool = False
    links_again: int = 0
    left_on_phone: int = 0
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        arrived = self.events_stored == self.visits == self.outcomes and self.photos_stored == self.photos
        once = self.left_on_phone == self.events_twice == 0
        return arrived and once and self.upgraded and not self.wrong_counters and self.largest_photo_bytes <= MOST_PHOTO_BYTES


def run(
    playwright: Playwright, folder: Path, outcomes: int, photos: int, kills: int, *, evenings: int = 7, chromium: str = ""
) -> Report:
    """Live through the week and return what came of it."""
    began = time.monotonic()
    report = Report(outcomes, photos)
    town = build_town(folder, outcomes, evenings)
    server, phone = Server(town, folder), Phone(playwright, folder, chromium)
    server.start()
    page = phone.start()
    try:
        enrol(page, server, town)
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function("() => Boolean(navigator.serviceWorker.controller)")
        server.stop()
        Week(town, server, phone, report, a_picture(page, folder)).live(random.Random(SEED), kills)
        come_home(town, server, phone, report)
        count(town, phone, report)
    finally:
        phone.close()
        server.stop()
        town.db.dispose()
    report.seconds = round(time.monotonic() - began, 1)
    return report


def enrol(page: Page, server: Server, town: Town) -> None:
    page.goto(f"{server.url}/enter/{town.link()}")
    page.locator("main form button").click()
    page.wait_for_url("**/field/app#/week")
    page.wait_for_selector(".stop__name")


@dataclass
class Week:
    """Seven evenings without a line."""

    town: Town
    server: Server
    phone: Phone
    report: Report
    picture: Path
    waiting: int = 0

    def live(self, chance: random.Random, kills: int) -> None:
        plan = [(day, uid) for day, uids in enumerate(self.town.days) for uid in uids]
        with_photo = Counter(chance.choices(range(len(plan)), k=self.report.photos))
        with_kill = set(chance.sample(range(len(plan)), min(kills, len(plan))))
        today = -1
        for number, (day, uid) in enumerate(plan):
            if day != today:
                today = day
                self.town.clock.at = evening(day)
                self.phone.clock_at(evening(day))
                self.open()
            self.record(uid, ENDINGS[number % len(ENDINGS)])
            for _ in range(with_photo[number]):
                self.take_photo(self.town.shifts[day])
            if number in with_kill:
                self.phone.kill()
                self.report.kills += 1
                self.phone.start()
                self.open()

    def open(self) -> None:
        self.phone.page.goto(f"{self.server.url}/field/app")
        self.phone.page.wait_for_selector("html[data-ready]")
        self.check("opened")

    def record(self, uid: str, ending: str) -> None:
        page = self.phone.page
        go(page, f"#/door/{uid}/{ending}")
        if ending == "met":
            page.locator(".need-form").first.locator("input[type=radio]").first.check()
        if ending == "callback":
            page.locator("[name=callback_on]").nth(2).check()
            page.locator("[name=callback_period]").last.check()
        page.locator(".save-bar button").click()
        page.wait_for_function("() => location.hash === '#/week' && document.querySelector('.shift')")
        self.waiting += 1
        self.check(f"{ending} saved")

    def take_photo(self, shift_id: int) -> None:
        page = self.phone.page
        go(page, f"#/photos/{shift_id}")
        page.locator("#f-picture").set_input_files(self.picture)
        page.wait_for_selector(".preview canvas")
        page.locator("[name=consent]").check()
        page.locator(".save-bar button").click()
        self.waiting += 1
        page.wait_for_selector(".preview", state="hidden")
        self.check("photo saved")

    def check(self, when: str) -> None:
        """What the strip says must be what is in the store, and what we did."""
        said = int(self.phone.page.locator(".strip").get_attribute("data-waiting") or -1)
        self.report.counter_checks += 1
        if not said == self.waiting == kept(self.phone.page):
            self.report.wrong_counters.append(f"{when}: {said} said, {kept(self.phone.page)} kept, {self.waiting} recorded")


def come_home(town: Town, server: Server, phone: Phone, report: Report) -> None:
    """A line again: a seat that has expired, a newer app, a browser killed while it sends."""
    recorded = report.outcomes + report.photos
    town.end_seats()
    with a_newer_app():
        server.start()
        page = phone.page
        page.goto(f"{server.url}/field/app")
        before = shell(page)
        page.wait_for_selector(".notice--error")  # the seat is over: said, and all of it kept
        expect_waiting(report, page, recorded, "seat over")
        until(lambda: page.evaluate(NEWER_WAITS), 30)
        go(page, "#/mine")
        page.wait_for_function("before => !document.querySelector(`link[href*='${before}']`)", arg=before)
        page.wait_for_selector("html[data-ready]")
        report.upgraded = shell(page) != before
        expect_waiting(report, page, recorded, "after the upgrade")
        go(page, "#/week")
        page.goto(f"{server.url}/enter/{town.link()}")
        page.locator("main form button").click()
        page.wait_for_url("**/field/app#/week")
        page.wait_for_function("() => document.querySelector('.strip').textContent.includes('Đang gửi')")
        phone.kill()
        report.kills += 1
        page = phone.start()
        page.goto(f"{server.url}/field/app")
        page.wait_for_function(f"() => {ALL_SENT} || document.querySelector('.notice--warning, .notice--error')", timeout=180_000)
        if not page.evaluate(f"() => {ALL_SENT}"):
            # Chromium writes cookies to the disk every half a minute: the new seat died with the browser. The list says so.
            report.links_again += 1
            page.goto(f"{server.url}/enter/{town.link()}")
            page.locator("main form button").click()
            page.wait_for_function(f"() => {ALL_SENT}", timeout=180_000)


def count(town: Town, phone: Phone, report: Report) -> None:
    report.left_on_phone = kept(phone.page)
    report.largest_photo_bytes = phone.page.evaluate(LARGEST_PHOTO)
    with town.db.read() as session:
        ids = session.scalars(select(FieldEvent.event_id)).all()
        report.events_stored, report.events_twice = len(set(ids)), len(ids) - len(set(ids))
        report.visits = session.scalar(select(func.count()).select_from(Visit)) or 0
        report.photos_stored = session.scalar(select(func.count(Evidence.uuid.distinct()))) or 0
        report.verdicts = dict(Counter(session.scalars(select(FieldEvent.verdict)).all()))


def go(page: Page, address: str) -> None:
    page.evaluate("address => { location.hash = address; }", address)
    page.wait_for_function("() => document.getElementById('main')")


def kept(page: Page) -> int:
    """Return how much is in the phone's own store and not acknowledged."""
    return int(
        page.evaluate("""async () => {
          const opened = indexedDB.open('namro-field', 1);
          const db = await new Promise((done) => { opened.onsuccess = () => done(opened.result); });
          const all = (name) => new Promise((done) => {
            const asked = db.transaction(name).objectStore(name).getAll();
            asked.onsuccess = () => done(asked.result);
          });
          const rows = (await all('outbox')).length + (await all('photos')).filter((p) => p.state !== 'sent').length;
          db.close();
          return rows;
        }""")
    )


def expect_waiting(report: Report, page: Page, recorded: int, when: str) -> None:
    said = int(page.locator(".strip").get_attribute("data-waiting") or -1)
    report.counter_checks += 1
    if said != recorded:
        report.wrong_counters.append(f"{when}: {said} said, {recorded} recorded")


def shell(page: Page) -> str:
    return str(page.evaluate("() => document.querySelector('link[rel=stylesheet]').getAttribute('href').split('/')[3]"))


@contextmanager
def a_newer_app() -> Iterator[None]:
    """Let servers started meanwhile serve another version of the app."""
    real = static_files._app_contents

    def newer() -> dict[str, bytes]:
        return {name: content + b"\n" if name.endswith(".css") else content for name, content in real().items()}

    with mock.patch.object(static_files, "_app_contents", newer):
        yield


def a_picture(page: Page, folder: Path) -> Path:
    """Return a noisy picture of 3 megapixels such as a cheap phone takes, with a place in its metadata."""
    data = page.evaluate("""async () => {
      const canvas = new OffscreenCanvas(2000, 1500);
      const context = canvas.getContext('2d');
      for (let i = 0; i < 4000; i += 1) {
        context.fillStyle = `hsl(${(i * 47) % 360} 60% ${(i * 13) % 100}%)`;
        context.fillRect((i * 379) % 2000, (i * 211) % 1500, 90, 60);
      }
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
      return [...new Uint8Array(await blob.arrayBuffer())];
    }""")
    plain = bytes(data)
    exif = b"Exif\x00\x00" + CANARY
    file = folder / "picture.jpg"
    file.write_bytes(plain[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + plain[2:])
    return file


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--outcomes", type=int, default=200)
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--kills", type=int, default=14)
    given = parser.parse_args()
    with a_folder() as folder, sync_playwright() as playwright:
        report = run(playwright, folder, given.outcomes, given.photos, given.kills)
    print(json.dumps(report.__dict__, ensure_ascii=False, indent=1, default=str))
    print("good" if report.good else "NOT good")
    return 0 if report.good else 1


if __name__ == "__main__":
    raise SystemExit(main())
