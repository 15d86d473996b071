"""Work too long for a request: done in a thread of the web process, watched by whoever asked for it.

Nothing here outlives the process, and nothing needs to: a service writes in one transaction, so that a server which stops
half way leaves everything as it was. The threads are daemons for the same reason: nobody waits for them at the end.
"""

from __future__ import annotations

import secrets
import threading
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any

import structlog

from planner.domain.errors import PlannerError

AT_ONCE = 2  # each takes a core, and the pages want one too
KEPT = timedelta(hours=1)
log = structlog.get_logger("web")

# Tells how far the work is: fraction 0–1, code of what is being done.
Tell = Callable[[float, str], None]


@dataclass(eq=False, kw_only=True)
class Task:
    """One piece of work: who asked for it, how far it is, what became of it.

    Parameters
    ----------
    job, about
        What is done, as a code, and to what: for the page that shows it.
    batch_id
        The import it is done to; None: there is none yet.
    work
        Does it, outside any request; gets a `Tell`.
    answer
        Turns what became of it into a page, within a request of its owner; asked again each time the page is opened.
    told
        Whether the owner has been told of the end: a "done" is said once.
    """

    owner_id: int | None
    started_at: datetime
    job: str
    about: str
    work: Callable[[Tell], Any]
    answer: Callable[[Task], Any]
    batch_id: int | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    fraction: float | None = None
    stage: str = "waiting"
    told: bool = False
    _ended: threading.Event = field(default_factory=threading.Event)
    _result: Any = None
    _error: BaseException | None = None
    _trace: TracebackType | None = None

    @property
    def live(self) -> bool:
        return not self._ended.is_set()

    def ended_within(self, seconds: float) -> bool:
        """Wait for the end, at most so long; True: it has ended."""
        return self._ended.wait(seconds)

    def result(self) -> Any:
        """Return what the work returned, or raise what it raised."""
        if self._error is not None:
            raise self._error.with_traceback(self._trace)  # as it was: raised often, it must not grow
        return self._result

    def run(self) -> None:
        self.fraction, self.stage = 0.0, self.job
        try:
            self._result = self.work(self._tell)
        except BaseException as error:  # it is raised again where its owner can read it
            traceback.clear_frames(error.__traceback__)  # a reading of thousands of rows must not be kept with it
            self._error, self._trace = error, error.__traceback__
            if not isinstance(error, PlannerError):
                self._log(error)
        finally:
            self._ended.set()

    def _tell(self, fraction: float, stage: str) -> None:
        self.fraction, self.stage = fraction, stage

    def _log(self, error: BaseException) -> None:
        """Write the defect down at once, since its owner may never look; places only, as in `web.errors`."""
        places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
        log.error("defect_in_background", job=self.job, kind=type(error).__name__, places=places[-8:])


class Background:
    """The tasks of one web process: at most `AT_ONCE` at work, the others wait their turn."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tasks: dict[str, Task] = {}
        self._waiting: deque[Task] = deque()
        self._threads = 0

    def start(self, task: Task) -> Task:
        """Have a task done; asked for twice (an impatient second click) the one under way is returned instead."""
        with self._lock:
            self._tasks = {t.token: t for t in self._tasks.values() if not _expired(t, task.started_at)}
            if (same := self._under_way(task)) is not None:
                return same
            self._tasks[task.token] = task
            self._waiting.append(task)
            if self._threads < AT_ONCE:
                self._threads += 1
                threading.Thread(target=self._work_off, name="desk-background", daemon=True).start()
        return task

    def _under_way(self, task: Task) -> Task | None:
        asked = (task.owner_id, task.job, task.batch_id)
        live = (t for t in self._tasks.values() if t.live and t.batch_id is not None)
        return next((t for t in live if (t.owner_id, t.job, t.batch_id) == asked), None)

    def _work_off(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._threads -= 1
                    return
                task = self._waiting.popleft()
            task.run()

    def find(self, token: str, owner_id: int | None, at: datetime) -> Task | None:
        """Return a person's own task; None: unknown, expired or another's, which are never told apart."""
        task = self._tasks.get(token)
        return task if task is not None and task.owner_id == owner_id and not _expired(task, at) else None

    def untold(self, owner_id: int | None, at: datetime) -> list[Task]:
        """Return a person's tasks that are under way, or whose end they have not seen."""
        with self._lock:
            return [t for t in self._tasks.values() if t.owner_id == owner_id and not t.told and not _expired(t, at)]


def _expired(task: Task, at: datetime) -> bool:
    return not task.live and at - task.started_at > KEPT
