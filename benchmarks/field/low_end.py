"""The app on a cheap phone over a slow line: 400 kbit/s, 400 ms, a processor four times slower; 200 households.

    .venv/bin/python -m benchmarks.field.low_end [--households 200]

Prints what was measured and what it must not exceed; ends with 1 where something does.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.field.stage import Phone, Server, Town, a_folder, build_town
from benchmarks.field.week_offline import enrol, go
from web.static_files import APP_SHELL, AppFiles

SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
NO_LIMIT = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
CPU_SLOWER = 4
SAVES = 20
# Notes, in the page's own time since the navigation began, when the list is there, and how long each saving takes.
WATCH = """
window.measured = { list: 0, saves: [] };
let pressed = 0;
addEventListener('submit', () => { pressed = performance.now(); }, true);
new MutationObserver((changes) => {
  if (!window.measured.list && document.querySelector('.stop__name')) {
    requestAnimationFrame(() => { window.measured.list ||= performance.now(); });
  }
  for (const change of changes) for (const node of change.addedNodes) {
    if (pressed && node.classList?.contains('toast')) { window.measured.saves.push(performance.now() - pressed); pressed = 0; }
  }
}).observe(document, { childList: true, subtree: true });
"""
FORGET = """async () => {
  for (const r of await navigator.serviceWorker.getRegistrations()) await r.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
  await new Promise((done) => { const gone = indexedDB.deleteDatabase('namro-field'); gone.onsuccess = gone.onblocked = done; });
}"""


@dataclass
class Measure:
    name: str
    value: float
    unit: str
    limit: float

    def __str__(self) -> str:
        verdict = "" if self.value <= self.limit else "   OVER"
        return f"{self.name:<58} {self.value:>8.0f} {self.unit:<3} (≤ {self.limit:.0f}){verdict}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--households", type=int, default=200)
    given = parser.parse_args()
    with a_folder() as folder, sync_playwright() as playwright:
        town = build_town(folder, given.households)
        server, phone = Server(town, folder), Phone(playwright, folder, stands_still=False)
        measures = [Measure("shell, compressed", shell_bytes(folder) / 1000, "KB", 60)]
        server.start()
        phone.start()
        try:
            measures += run(town, server, phone)
        finally:
            phone.close()
            server.stop()
            town.db.dispose()
    print("\n".join(map(str, measures)))
    return int(any(m.value > m.limit for m in measures))


def run(town: Town, server: Server, phone: Phone) -> list[Measure]:
    page, cdp = phone.page, phone.cdp
    page.add_init_script(WATCH)
    enrol(page, server, town)  # the seat is there; of what was loaded nothing stays
    page.goto(f"{server.url}/field/app-status.json")
    page.evaluate(FORGET)
    cdp.send("Network.enable")
    cdp.send("Network.clearBrowserCache")
    cdp.send("Network.emulateNetworkConditions", SLOW_LINE)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
    first_ms = opened(page, server)
    households = kept_visits(page)
    cdp.send("Network.emulateNetworkConditions", NO_LIMIT)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => Boolean(navigator.serviceWorker.controller)")
    server.stop()
    later = [opened(page, server) for _ in range(5)]
    saves = [ms for uid in town.days[0][:SAVES] for ms in saved(page, uid)]
    print(f"{households} households on the phone")
    return [
        Measure("first opening to the list, slow line", first_ms, "ms", 10_000),
        Measure("later opening to the list, no line (median of 5)", statistics.median(later), "ms", 1_000),
        Measure(f"pressing Lưu to “Đã lưu” (median of {len(saves)})", statistics.median(saves), "ms", 100),
        Measure("pressing Lưu to “Đã lưu” (95th percentile)", statistics.quantiles(saves, n=20)[-1], "ms", 100),
    ]


def kept_visits(page: Page) -> int:
    return int(
        page.evaluate("""async () => {
          const opened = indexedDB.open('namro-field', 1);
          const db = await new Promise((done) => { opened.onsuccess = () => done(opened.result); });
          const asked = db.transaction('docs').objectStore('docs').getAll();
          const docs = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
          db.close();
          return docs.filter((doc) => doc.kind === 'visit').length;
        }""")
    )


def opened(page: Page, server: Server) -> float:
    page.goto(f"{server.url}/field/app", wait_until="commit")
    page.wait_for_function("() => window.measured?.list > 0")
    return float(page.evaluate("() => window.measured.list"))


def saved(page: Page, uid: str) -> list[float]:
    go(page, f"#/door/{uid}/absent")
    page.locator(".save-bar button").click()
    page.wait_for_function("() => location.hash === '#/week' && window.measured.saves.length > 0")
    taken: list[Any] = page.evaluate("() => window.measured.saves.splice(0)")
    return [float(ms) for ms in taken]


def shell_bytes(folder: Path) -> int:
    """Return what a phone loads to open the app in Vietnamese: page, style sheet, script, pictures, as sent."""
    files = AppFiles(folder / "static")
    page = (Path(__file__).parents[2] / "web/field/app/templates/field_app/shell.html").read_bytes()
    kept = [files.target / "field" / files.digest / f"{name}.gz" for name in APP_SHELL if name != "field/en.js"]
    return sum(file.stat().st_size for file in kept) + len(gzip.compress(page))


if __name__ == "__main__":
    raise SystemExit(main())
