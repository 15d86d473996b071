"""The weekly loop as people live it, from the sample commune's published week to its missed visits published anew."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from commands.running import Running
from commands.sample import load_sample
from config import Settings
from planner.domain.calendar import local_date, monday_of
from planner.domain.vocabulary import Outcome, Period, Role, WeekState
from planner.jobs import scheduler
from planner.models import Assignment, Campaign, Database, Shift, ShiftMember, User, Visit, Volunteer, WeekPlan
from planner.services import accounts
from planner.services.actors import Actor
from planner.services.runners import Runner
from tests.browser.conftest import Live, assert_accessible, assert_no_sideways_scroll
from tests.web.conftest import Clock
from web import create_app
from web.wsgi import server, stop

SECONDS = 2  # of search: enough for a plan of the sample commune


@dataclass
class Commune:
    """The sample commune with its week published, served; Hoa is its duty officer, Minh the lead of a crew."""

    live: Live
    hoa: User
    minh: User
    shift: Shift  # Minh's first, on an evening early in the week, with three households or more


@pytest.fixture
def commune(db: Database, settings: Settings, clock: Clock) -> Iterator[Commune]:
    run = Running()
    run.__dict__.update(db=db, settings=settings, clock=clock)
    load_sample(run, lambda _text: None, seconds=SECONDS)
    hoa, minh, shift = cast(db, clock)
    chosen = replace(settings, host="127.0.0.1", port=0)
    runner = Runner(db, clock)
    httpd = server(create_app(chosen, db=db, clock=clock, runner=runner), chosen)
    thread = threading.Thread(target=httpd.run, daemon=True)
    thread.start()
    live = Live(f"http://127.0.0.1:{httpd.effective_port}", db, None, clock)  # type: ignore[arg-type]
    yield Commune(live, hoa, minh, shift)
    stop(httpd)
    thread.join(5)
    runner.shutdown()


def cast(db: Database, clock: Clock) -> tuple[User, User, Shift]:
    """Return the duty officer, and a volunteer who leads an evening of three visits or more on Monday or Wednesday."""
    with db.begin() as session:
        campaign = session.scalars(select(Campaign)).one()
        campaign.settings = {**campaign.settings, "solver_seconds": SECONDS}
        visits = select(func.count()).where(Assignment.shift_id == Shift.id).scalar_subquery()
        shift = session.scalars(
            select(Shift).where(Shift.period == Period.EVENING, visits >= 4).order_by(Shift.on_date, Shift.number).limit(1)
        ).one()
        lead = session.scalars(
            select(Volunteer).join(ShiftMember).where(ShiftMember.shift_id == shift.id, ShiftMember.is_lead)
        ).one()
        desk = Actor.cli(campaign.commune_id)
        hoa = accounts.create_user(session, desk, accounts.UserForm("Hoa", Role.DESK), clock())
        minh = accounts.create_user(session, desk, accounts.UserForm(lead.name, Role.VOLUNTEER, lead.id), clock())
        return session.get_one(User, hoa.id), session.get_one(User, minh.id), shift


def enter(page: Page, live: Live, user: User) -> None:
    page.goto(live.link_for(user))
    page.locator("main form button").click()
    page.wait_for_url(lambda address: "/enter/" not in address.partition("#")[0])


def record(phone: Page, outcome: str) -> None:
    """Open the next visit and record how it ended."""
    phone.locator(".next-visit").click()
    phone.get_by_role("link", name=outcome, exact=True).click()
    if outcome == "Gặp được":
        expect(phone.get_by_role("button", name="Lưu")).to_be_visible()
        done = phone.get_by_label("Đã xong")  # what only the police desk can finish is never done at the door
        (done if done.count() else phone.get_by_label("Chưa làm được")).first.check()
        own_device = phone.get_by_label("Của chính họ").first
        if own_device.is_visible():
            own_device.check()
    phone.get_by_role("button", name="Lưu").click()
    expect(phone.get_by_role("status")).to_contain_text(outcome)


def test_a_published_week_is_walked_missed_reassigned_and_published_anew(
    commune: Commune, office: Page, phone: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    live, clock = commune.live, commune.live.clock
    monday = monday_of(local_date(clock()) + timedelta(days=7))
    assert commune.shift.on_date >= monday

    # The desk sees the published week.
    enter(office, live, commune.hoa)
    office.goto(f"{live.url}/desk/week?monday={monday}")
    expect(office.get_by_text("Theo thôn")).to_be_visible()
    assert_accessible(office)

    # The evening has come: the volunteer sees the list and records a met, an absent and a refused.
    clock.at = commune.shift.starts_at + timedelta(minutes=15)
    enter(phone, live, commune.minh)
    phone.goto(f"{live.url}/my/week")
    assert_no_sideways_scroll(phone)
    for outcome in ("Gặp được", "Vắng nhà", "Từ chối"):
        record(phone, outcome)
    with live.db.read() as session:
        recorded = session.scalars(select(Visit.outcome).order_by(Visit.id)).all()
        promised = session.scalar(select(func.count()).where(Assignment.shift_id == commune.shift.id))
    assert recorded == [Outcome.MET, Outcome.ABSENT, Outcome.REFUSED]

    # Time passes: shift and grace are over, the clock finds what was missed.
    # (The clock's own proposal is left out: here the desk asks for other hours itself.)
    clock.at = commune.shift.ends_at + timedelta(hours=2, minutes=1)
    monkeypatch.setattr(scheduler, "JOBS", tuple(job for job in scheduler.JOBS if job.name == "missed"))
    done = [line for line in scheduler.tick(live.db, clock, "test") if line.job == "missed" and line.result.get("missed")]
    assert done
    office.goto(f"{live.url}/desk/missed?monday={monday}")
    missed = office.locator("tbody tr").count()
    assert missed >= (promised or 0) - 3 > 0
    assert_accessible(office)

    # The desk reassigns all of it, looks at what would change, and publishes.
    office.get_by_role("button", name="Phân công lại tất cả").click()
    office.get_by_role("link", name="Xem thay đổi").click(timeout=60_000)
    expect(office.get_by_text("Giữ nguyên").first).to_be_visible()
    assert_accessible(office)
    office.get_by_role("button", name="Công bố thay đổi").click()
    office.wait_for_url("**/desk/week**")
    with live.db.read() as session:
        revisions = session.execute(select(WeekPlan.revision, WeekPlan.state).order_by(WeekPlan.revision)).all()
        replaced = session.scalar(
            select(func.count()).where(Assignment.replaces_id.is_not(None), Assignment.withdrawn_at.is_(None))
        )
    assert [tuple(row) for row in revisions] == [(1, WeekState.SUPERSEDED), (2, WeekState.PUBLISHED)]
    assert replaced
    office.goto(f"{live.url}/desk/missed?monday={monday}")
    assert office.locator("tbody tr").count() < missed
