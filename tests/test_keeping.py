"""The clock's process is kept alive beside the pages."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from commands.keeping import Kept


def test_a_clock_that_died_is_started_again_and_the_log_says_so_until_it_is_ended(caplog: pytest.LogCaptureFixture) -> None:
    children: list[subprocess.Popen[bytes]] = []
    third = threading.Event()

    def start() -> subprocess.Popen[bytes]:
        work = "raise SystemExit(3)" if len(children) < 2 else "import time; time.sleep(60)"
        children.append(subprocess.Popen([sys.executable, "-c", work]))
        if len(children) == 3:
            third.set()
        return children[-1]

    kept = Kept(start, first_pause=0.01)
    assert third.wait(30)
    kept.end()
    assert children[-1].poll() not in (None, 3)
    assert len(children) == 3, "ended by us it stays ended"
    assert [record.getMessage() for record in caplog.records] == [
        "clock_died status=3 started_again_after_seconds=0.01",
        "clock_died status=3 started_again_after_seconds=0.02",
    ]
