"""Take the pictures of README and guide anew: `.venv/bin/python -m docs.screenshots` (needs Chromium and requirements-dev.txt).

Serves the synthetic sample commune in the midst of its first week, with the visits of its first days recorded.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from benchmarks.web.world import WEDNESDAY_EVENING as WARD_EVENING
from benchmarks.web.world import build
from commands.running import Running
from commands.sample import load_sample
from config import Settings
from planner.domain.calendar import local_date
from planner.domain.vocabulary import NeedResult, Outcome, Period, Role
from planner.jobs.scheduler import tick
from planner.models import Assignment, FieldEvent, Need, Service, Shift, ShiftMember, Volunteer
from planner.services import accounts, outcomes
from planner.services.actors import Actor
from planner.services.store import Database, migrate, open_database
from planner.services.visit_forms import ResultLine, VisitForm
from tests.browser.app_phone import AppPhone
from web import create_app
from web.wsgi import server, stop

IMAGES = Path(__file__).parent / "images"
SUNDAY = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
WEDNESDAY_EVENING = datetime(2026, 11, 25, 11, 40, tzinfo=UTC)
ENDINGS = (
    Outcome.MET,
    Outcome.MET,
    Outcome.ABSENT,
    Outcome.MET,
    Outcome.REFUSED,
    Outcome.MET,
    None,
)  # None: nobody wrote it down


class Clock:
    at = SUNDAY

    def __call__(self) -> datetime:
        return self.at


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        settings = Settings("", Path(folder), "pictures " * 5, environment="test", port=0)
        db = open_database(f"sqlite:///{folder}/pictures.sqlite3")
        migrate(db)
        run = Running()
        run.__dict__.update(db=db, settings=settings, clock=clock)
        load_sample(run, print, seconds=10)
        users = people(db, run.actor, clock)
        tick(db, lambda: WEDNESDAY_EVENING, "pictures", folder=Path(folder))
        clock.at = WEDNESDAY_EVENING
        live_a_day(db, run.actor, clock)
        httpd = server(create_app(replace(settings, host="127.0.0.1"), db=db, clock=clock), settings)
        threading.Thread(target=httpd.run, daemon=True).start()
        try:
            take(f"http://127.0.0.1:{httpd.effective_port}", db, users, clock)
        finally:
            stop(httpd)
            db.dispose()
    take_overview()


def take_overview() -> None:
    """Take the chairman's page in the eleventh week of a campaign: the sample's has only begun."""
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(f"sqlite:///{folder}/ward.sqlite3")
        migrate(db)
        ward = build(db, residents=3_000, visits=4_000)
        settings = Settings("", Path(folder), "pictures " * 5, environment="test", port=0)
        clock = Clock()
        clock.at = WARD_EVENING
        httpd = server(create_app(replace(settings, host="127.0.0.1"), db=db, clock=clock), settings)
        threading.Thread(target=httpd.run, daemon=True).start()
        url = f"http://127.0.0.1:{httpd.effective_port}"
        with sync_playwright() as playwright:
            chromium = next(path for name in ("chromium", "google-chrome", "chrome") if (path := shutil.which(name)))
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 1500}, locale="vi-VN")
            with db.begin() as session:
                token = accounts.issue_link(session, None, ward.users[Role.VIEWER], clock())
            page.goto(f"{url}/enter/{token}")
            page.locator("main form button").click()
            page.wait_for_url(lambda address: "/enter/" not in address.partition("#")[0])
            shoot(page, f"{url}/reports/overview", "overview")
            browser.close()
        stop(httpd)
        db.dispose()


def people(db: Database, desk: Actor, clock: Clock) -> dict[str, int]:
    """Return the duty officer, and the lead of a crew that is out on Wednesday evening (Tuesday is a public holiday)."""
    with db.begin() as session:
        lead = session.scalars(
            select(Volunteer)
            .join(ShiftMember)
            .join(Shift)
            .where(ShiftMember.is_lead, Shift.on_date == local_date(WEDNESDAY_EVENING), Shift.period == Period.EVENING)
            .order_by(Shift.number)
        ).first()
        assert lead is not None
        hoa = accounts.create_user(session, desk, accounts.UserForm("Nguyễn Thị Hoa", Role.DESK), clock())
        minh = accounts.create_user(session, desk, accounts.UserForm(lead.name, Role.VOLUNTEER, lead.id), clock())
    return {"desk": hoa.id, "field": minh.id}


def live_a_day(db: Database, desk: Actor, clock: Clock) -> None:
    """Record what the crews met on the days before."""
    with db.begin() as session:
        past = session.execute(
            select(Assignment.uid, Assignment.household_id, Assignment.starts_at, Assignment.need_ids)
            .join(Shift)
            .where(Shift.ends_at < clock())
            .order_by(Assignment.id)
        ).all()
        at_police = set(session.scalars(select(Need.id).join(Service, Service.id == Need.service_id).where(Service.at_police)))
        for number, promise in enumerate(past):
            ending = ENDINGS[number % len(ENDINGS)]
            if ending is None:
                continue
            done = [
                ResultLine(need_id, NeedResult.DONE, own_device=True) for need_id in promise.need_ids if need_id not in at_police
            ]
            form = VisitForm(
                event_id=str(uuid.uuid4()), household_id=promise.household_id, assignment_uid=promise.uid, outcome=ending,
                occurred_at=promise.starts_at, results=tuple(done) if ending is Outcome.MET else (),
            )  # fmt: skip
            outcomes.record_visit(session, desk, form, clock())


def take(url: str, db: Database, users: dict[str, int], clock: Clock) -> None:
    chromium = next(path for name in ("chromium", "google-chrome", "chrome") if (path := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        office = browser.new_page(viewport={"width": 1280, "height": 860}, locale="vi-VN")
        phone_options: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True}
        phone = browser.new_page(locale="vi-VN", **phone_options)
        for page, who in ((office, "desk"), (phone, "field")):
            with db.begin() as session:
                token = accounts.issue_link(session, None, users[who], clock())
            page.goto(f"{url}/enter/{token}")
            page.locator("main form button").click()
            page.wait_for_url(lambda address: "/enter/" not in address.partition("#")[0])
        for name, path in {
            "week": "/desk/week", "board": "/desk/board", "missed": "/desk/missed", "plan": "/desk/plan",
            "households": "/desk/households?q=nguyen", "grid": "/desk/volunteers/availability", "imports": "/desk/imports",
            "clock": "/desk/clock",
        }.items():  # fmt: skip
            shoot(office, url + path, name)
        take_app(AppPhone(phone, url, clock()), db)
        take_paper(office, url)
        shoot(phone, f"{url}/my/week", "phone")
        phone.locator(".next-visit").click()
        shoot(phone, phone.url, "phone-visit")
        phone.get_by_role("link", name="Gặp được").click()
        shoot(phone, phone.url, "phone-record")
        browser.close()


def take_app(app: AppPhone, db: Database) -> None:
    """Take the app: the list, the form at the door, without a line, and what the server had to say."""
    app.clock_at(app.at)
    app.open()
    app.page.locator(".next-visit").wait_for()
    app.page.get_by_text("Đã kết nối").wait_for()
    uids = app.page.locator(".stops-fold[open] .stop__link").evaluate_all("all => all.map((a) => a.hash.split('/').pop())")
    keep(app.page, "app-week")
    app.go(f"/door/{uids[0]}/met")
    app.page.locator(".need-form input").first.check()
    app.page.evaluate("() => scrollTo(0, 0)")
    keep(app.page, "app-door")
    app.page.locator(".save-bar button").click()
    app.page.wait_for_function("() => location.hash === '#/week'")
    app.send()
    app.worker_ready()
    with app.offline():
        app.open()
        for uid in uids[1:4]:
            app.record(uid, "absent")
        app.page.locator(".toast").evaluate("toast => toast.remove()")
        app.page.evaluate("() => scrollTo(0, 0)")
        keep(app.page, "app-offline")
    with db.begin() as session:
        given_away = session.scalars(select(Assignment).where(Assignment.uid == uids[1])).one()
        given_away.withdrawn_at, given_away.withdrawn_reason = WEDNESDAY_EVENING, "reassigned"
        taken = session.scalars(select(FieldEvent.event_id)).first()
    app.stored("outbox", f"rows.find((row) => row.body.assignment_uid !== '{uids[1]}').event_id = '{taken}'; return rows;")
    app.send()
    app.page.locator(".section-title").nth(1).evaluate("title => title.scrollIntoView()")
    keep(app.page, "app-conflict")


def keep(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"{name}.png")
    print(name, page.title())


def take_paper(office: Page, url: str) -> None:
    """Print the day's lists, and enter two rows of the first."""
    office.goto(f"{url}/desk/paper")
    office.get_by_label("Ngày").select_option(str(local_date(WEDNESDAY_EVENING)))
    office.get_by_role("button", name="Xem bản in").click()
    sheet = office.locator(".paper").last  # of the evening: nobody has been there yet
    box = sheet.bounding_box()
    assert box is not None
    top = {"x": box["x"], "y": box["y"], "width": box["width"], "height": min(box["height"], 900)}
    office.screenshot(path=IMAGES / "paper-list.png", clip=top, full_page=True)
    office.goto(f"{url}/desk/paper")
    office.get_by_role("link", name="Nhập danh sách số").last.click()
    address = office.url
    office.locator("#line").fill("1 V")
    office.locator("#line").press("Enter")
    office.get_by_role("status").wait_for()
    office.locator("#line").fill("2 H 28/11 T")
    office.locator("#line").press("Enter")
    office.get_by_role("status").wait_for()
    shoot(office, address, "paper-entry")


def shoot(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.screenshot(path=IMAGES / f"{name}.png")
    print(name, page.title())


if __name__ == "__main__":
    main()
