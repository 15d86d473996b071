"""The week without a line, in short: the long form is `python -m benchmarks.field.week_offline`."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Playwright

from benchmarks.field.week_offline import run


def test_a_week_offline_with_kills_an_upgrade_and_an_expired_seat_arrives_once(
    playwright: Playwright, chromium: str, tmp_path: Path
) -> None:
    report = run(playwright, tmp_path, outcomes=6, photos=2, kills=1, evenings=2, chromium=chromium)
    assert report.good, report
