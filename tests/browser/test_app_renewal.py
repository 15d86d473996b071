# ruff: noqa: E501 - scripts for the browser, one statement a line
"""A newer version of the app takes over between two screens, never over a form, and never misses its turn."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from sqlalchemy import func, select

from planner.models import Database, Visit
from tests.browser.app_phone import SLOW_MS, AppPhone, uid_of
from tests.browser.conftest import EVENING, Live
from web.field.app import views

WAITING = "() => navigator.serviceWorker.getRegistration().then((r) => Boolean(r.waiting))"
NONE_WAITS = "() => navigator.serviceWorker.getRegistration().then((r) => !r.waiting)"
# The browser changes workers once the former one has nothing to do. It looks at once; had the worker something to do just
# then, it looks again when it stops the idle worker, which a browser that is driven by a test never does by itself.
CHANGE_MS = 20_000
STOPS = 3
LOADED_ANEW = "() => !window.loadedOnce && Boolean(document.documentElement.dataset.ready)"
# A browser whose newer worker waits, and takes over when it is asked to.
STAGE = """
const at = (name) => import(`ROOT/field/${name}.js`);
const [{ startWorker }, { createFormLock }] = await Promise.all(['worker_client', 'form_lock'].map(at));
class Browser extends EventTarget {
  controller = {};
  asked = 0;
  registration = { waiting: null, update: async () => {} };
  async register() { return this.registration; }
  newerWaits() {
    this.registration.waiting = { postMessage: () => { this.asked += 1; this.registration.waiting = null; this.takesOver(); } };
  }
  takesOver() { this.controller = {}; this.dispatchEvent(new Event('controllerchange')); }
}
let busy = false;
let reloads = 0;
const ctx = { isBusy: () => busy, switchedOff: false, refresh: async () => {} };
const fill = () => { busy = true; ctx.onBusy(busy); };
const save = () => { busy = false; ctx.onBusy(busy); };
const settled = async () => { for (let i = 0; i < 20; i += 1) await new Promise((done) => setTimeout(done, 5)); };
const until = async (what) => { for (let i = 0; i < 1000 && !what(); i += 1) await new Promise((done) => setTimeout(done, 5)); };
const start = (container, formLock = createFormLock(), waits = {}) => startWorker(ctx, {}, { container, formLock, reload: () => { reloads += 1; }, ...waits });
"""


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    return sqlite_db


@pytest.fixture
def play(run: Any) -> Any:
    """Return a function that runs a script with such a browser."""
    return lambda script: run(script, STAGE)


def test_the_form_just_saved_does_not_stand_in_the_way_of_the_next_screen(play: Any) -> None:
    result = play("""
      const browser = new Browser();
      await start(browser);
      fill(); save();
      browser.newerWaits();
      ctx.renew();
      await until(() => reloads);
      return [browser.asked, reloads];
    """)
    assert result == [1, 1]


def test_keys_pressed_before_the_browser_gives_the_lock_leave_none_behind(play: Any) -> None:
    result = play("""
      const asked = [];
      const slow = { request: (name, how, work) => new Promise((done) => { asked.push(async () => done(await work({ name }))); }) };
      const lock = createFormLock(slow);
      lock.hold(); lock.hold(); lock.hold();
      lock.letGo();
      const once = asked.length;
      let alone = false;
      const waiting = lock.alone(async () => { alone = true; });
      await asked[0]();  // given only now: it is let go of at once
      await until(() => asked.length === 2);
      await asked[1]();
      await waiting;
      return [once, alone];
    """)
    assert result == [1, True]


def test_a_form_open_in_another_tab_holds_a_newer_version_back_until_it_is_closed(play: Any) -> None:
    result = play("""
      const browser = new Browser();
      await start(browser);
      const other = createFormLock();
      other.hold();
      browser.newerWaits();
      ctx.renew();
      await settled();
      const held = browser.asked;
      other.letGo();
      await other.alone(async () => {});
      ctx.renew();
      await until(() => reloads);
      return [held, browser.asked, reloads];
    """)
    assert result == [0, 1, 1]


def test_a_newer_version_that_did_not_come_is_asked_again_though_nobody_goes_to_another_screen(play: Any) -> None:
    result = play("""
      const browser = new Browser();
      browser.newerWaits = () => {
        browser.asked += 1;
        if (browser.asked < 3) return;
        browser.registration.waiting = null;
        browser.takesOver();
      };
      await start(browser, createFormLock(), { patienceMs: 5, againMs: 5 });
      browser.registration.waiting = { postMessage: browser.newerWaits };
      ctx.renew();
      await until(() => reloads);
      return [browser.asked, reloads];
    """)
    assert result == [3, 1]


def test_a_newer_version_that_came_upon_something_being_saved_is_asked_again_though_nobody_goes_on(play: Any) -> None:
    result = play("""
      const browser = new Browser();
      await start(browser, createFormLock(), { patienceMs: 5, againMs: 5 });
      fill();
      browser.newerWaits();
      ctx.renew();
      await settled();
      const meanwhile = browser.asked;
      save();
      await until(() => reloads);
      return [meanwhile, browser.asked, reloads];
    """)
    assert result == [0, 1, 1]


def test_a_form_opened_meanwhile_is_not_disturbed_by_asking_again(play: Any) -> None:
    result = play("""
      const browser = new Browser();
      browser.registration.waiting = { postMessage: () => { browser.asked += 1; } };
      await start(browser, createFormLock(null), { patienceMs: 5, againMs: 5 });  // a browser without locks
      ctx.renew();
      fill();
      await settled();
      return browser.asked;
    """)
    assert result == 1


def test_a_page_that_was_busy_when_another_tab_renewed_is_loaded_anew_at_its_next_screen(play: Any) -> None:
    result = play("""
      const browser = new Browser();
      await start(browser);
      fill();
      browser.takesOver();
      await settled();
      const meanwhile = [reloads, ctx.renew(), reloads];
      save();
      return [...meanwhile, ctx.renew(), reloads];
    """)
    assert result == [0, False, 0, True, 1]


def test_a_page_opened_before_there_was_any_worker_is_renewed_too(play: Any) -> None:
    result = play("""
      const browser = new Browser();
      browser.controller = null;
      await start(browser);
      browser.takesOver();  // the very first worker: nothing to load anew
      await settled();
      const first = reloads;
      browser.newerWaits();
      ctx.renew();
      await until(() => reloads);
      return [first, browser.asked, reloads];
    """)
    assert result == [0, 1, 1]


def test_what_is_on_its_way_to_the_disk_counts_as_an_open_form(evening: Live, phone: Page) -> None:
    app = AppPhone(phone, evening.url, EVENING)
    app.enrol(evening.link_for(evening.world.minh))
    app.go(f"/door/{uid_of(evening, 0)}/absent")
    phone.locator("textarea").first.fill("Chó dữ")
    phone.evaluate("""() => {
      const real = IDBObjectStore.prototype.add;
      window.heldAtWrite = new Promise((seen) => {
        IDBObjectStore.prototype.add = function add(...given) {
          IDBObjectStore.prototype.add = real;
          navigator.locks.query().then(({ held }) => seen(held.some((lock) => lock.name === 'namro-form-open')));
          return real.apply(this, given);
        };
      });
    }""")
    phone.locator(".save-bar button").click()
    assert phone.evaluate("() => window.heldAtWrite")
    phone.wait_for_function(
        "() => navigator.locks.query().then(({ held }) => !held.some((lock) => lock.name === 'namro-form-open'))"
    )


def loaded_anew(page: Page) -> None:
    """Wait until a page was loaded anew; now and then stop the idle workers, as a browser does that nobody drives."""
    for _ in range(STOPS):
        with contextlib.suppress(PlaywrightTimeout):
            page.wait_for_function(LOADED_ANEW, timeout=CHANGE_MS)
            return
        browser = page.context.new_cdp_session(page)
        browser.send("ServiceWorker.enable")
        browser.send("ServiceWorker.stopAllWorkers")
        browser.detach()
    page.wait_for_function(LOADED_ANEW, timeout=CHANGE_MS)


def test_a_newer_version_waits_while_a_form_is_open_in_any_tab_and_then_takes_over_in_all(
    evening: Live, phone: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = AppPhone(phone, evening.url, EVENING)
    app.enrol(evening.link_for(evening.world.minh))
    app.worker_ready()
    app.open()
    phone.evaluate("() => { window.loadedOnce = true; }")
    app.go(f"/door/{uid_of(evening, 0)}/absent")
    phone.locator("textarea").first.press_sequentially("Chó dữ")
    newer = tmp_path / "sw.js"
    newer.write_text(views.WORKER.read_text(encoding="utf-8") + "\n// newer\n", encoding="utf-8")
    monkeypatch.setattr(views, "WORKER", newer)
    phone.evaluate("() => navigator.serviceWorker.getRegistration().then((r) => r.update())")
    phone.wait_for_function(WAITING, timeout=SLOW_MS)
    other = AppPhone(app.context.new_page(), app.url, app.at)
    other.open()
    other.page.evaluate("() => { window.loadedOnce = true; }")
    other.go("/mine")
    other.go("/week")
    assert other.page.evaluate(WAITING)
    assert phone.evaluate("() => window.loadedOnce")
    assert phone.locator("textarea").first.input_value() == "Chó dữ"
    phone.locator(".save-bar button").click()
    for page in (phone, other.page):
        loaded_anew(page)
        page.wait_for_function(NONE_WAITS)
    phone.locator('.strip[data-waiting="0"]').wait_for(timeout=SLOW_MS)
    with evening.db.read() as session:
        assert session.scalar(select(func.count(Visit.id))) == 1
