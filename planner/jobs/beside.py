"""Long work beside the ticking: one piece at a time, its slot kept while it lasts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

from planner.domain.defects import log_defect
from planner.jobs import runs
from planner.models import Database

log = logging.getLogger(__name__)
RENEW_SECONDS = runs.LEASE.total_seconds() / 3


class Beside:
    """A thread for what must not hold up the ticks: plans, backups, erasing files."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="long-work")
        self._last: Future[object] | None = None

    @property
    def busy(self) -> bool:
        return self._last is not None and not self._last.done()

    def do(self, work: Callable[[], object]) -> None:
        self._last = self._threads.submit(_safely, work)

    def close(self) -> None:
        """Wait for the work under way."""
        self._threads.shutdown(wait=True, cancel_futures=True)


def _safely(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as fault:
        log_defect(log, "long_work_failed", fault)  # its slot's lease runs out: it is tried again


@contextmanager
def holding(
    db: Database, claim: runs.Claim, clock: Callable[[], datetime], every_seconds: float = RENEW_SECONDS
) -> Iterator[None]:
    """Renew a slot's lease through long work. Lost all the same (the machine slept), its end is refused: see `runs.finish`."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(every_seconds):
            try:
                if not runs.renew(db, claim, clock()):
                    return
            except Exception as fault:
                log_defect(log, f"lease_not_renewed job={claim.job}", fault)

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
