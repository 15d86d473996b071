"""Plan runs beside the web server: submitted in a request, computed in a child process, watched over by a thread."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy import update

from planner.domain.defects import log_defect
from planner.models import PlanRun
from planner.models.base import Database
from planner.services.planning import lifecycle
from planner.services.planning.running import Clock, run_now
from planner.services.sequences import changed_rows
from planner.services.solving import ChildEngine, Engine

log = logging.getLogger(__name__)

PULSE_SECONDS = 10.0


class Runner:
    """Computes submitted runs, at most `workers` at a time; the others wait, and their rows say so.

    Parameters
    ----------
    clock
        Tells the time of heartbeats.
    engine
        Where plans are computed; default a fresh child process each.
    """

    def __init__(self, db: Database, clock: Clock, workers: int = 1, engine: Engine | None = None) -> None:
        self.db, self.clock, self.engine = db, clock, engine or ChildEngine()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="plan-run")
        self._mine: dict[int, Future[None]] = {}
        self._closed = threading.Event()
        self._pulse = threading.Thread(target=self._keep_alive, name="plan-run-pulse", daemon=True)
        self._pulse.start()

    def submit(self, run_id: int) -> Future[None]:
        """Compute a run as soon as a worker is free; call it after the transaction that made the run."""
        future = self._threads.submit(self._run, run_id)
        self._mine[run_id] = future
        future.add_done_callback(lambda _: self._mine.pop(run_id, None))
        return future

    def shutdown(self) -> None:
        """Stop: what waits or runs is cancelled, and its row says so."""
        if self._closed.is_set():
            return
        self._closed.set()
        mine = list(self._mine)
        if mine:
            with self.db.begin() as session:
                changed_rows(
                    session,
                    update(PlanRun)
                    .where(PlanRun.id.in_(mine), PlanRun.state.in_(lifecycle.LIVE), PlanRun.cancel_at.is_(None))
                    .values(cancel_at=self.clock()),
                )
        self._threads.shutdown(wait=True)
        self._pulse.join()

    def _run(self, run_id: int) -> None:
        try:
            run_now(self.db, run_id, self.clock, engine=self.engine)
        except Exception as fault:  # the row is the place to look; the thread goes on with the next run
            log_defect(log, f"plan run {run_id} could not be computed", fault)

    def _keep_alive(self) -> None:
        """Beat for the runs that still wait for a worker; those at work beat for themselves."""
        while not self._closed.wait(PULSE_SECONDS):
            for run_id, future in list(self._mine.items()):
                if not future.running() and not future.done():
                    try:
                        lifecycle.beat(self.db, run_id, self.clock())
                    except Exception as fault:
                        log_defect(log, f"no heartbeat for waiting plan run {run_id}", fault)
