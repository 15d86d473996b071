"""The clock's process, kept alive beside the pages: it may be killed (out of memory, by hand), and nobody would notice for days."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2.0, 300.0
STEADY_SECONDS = 600.0  # after that its next death is a new trouble
MAY_TAKE_SECONDS = 20  # to finish the job it is in the midst of


class Kept:
    """A child process that is started again when it ends, each time after a longer pause, until `end`."""

    def __init__(self, start: Callable[[], subprocess.Popen[bytes]], first_pause: float = FIRST_PAUSE_SECONDS) -> None:
        self._start, self._first_pause = start, first_pause
        self._ending, self._lock = threading.Event(), threading.Lock()
        self._child = start()
        self._keeper = threading.Thread(target=self._keep, name="keep-clock", daemon=True)
        self._keeper.start()

    def end(self) -> None:
        """End the child politely, and for good; after Ctrl-C the terminal has told it already."""
        with self._lock:
            self._ending.set()
        with contextlib.suppress(OSError):
            self._child.terminate()
        try:
            self._child.wait(timeout=MAY_TAKE_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._keeper.join()

    def _keep(self) -> None:
        pause = self._first_pause
        while True:
            began = time.monotonic()
            status = self._child.wait()
            if time.monotonic() - began >= STEADY_SECONDS:
                pause = self._first_pause
            if self._ending.wait(pause):
                return
            with self._lock:
                if self._ending.is_set():
                    return
                log.error("clock_died status=%s started_again_after_seconds=%s", status, pause)
                self._child = self._start()
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
