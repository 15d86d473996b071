"""What tests of the desk's pages share: an application that computes plans at once, and what a page says."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from planner.models import Database, PlanRun
from tests.services.plans import ROUNDS, computed
from web.desk.import_tasks import background

TAGS = re.compile(r"<[^>]+>")


class HereAndNow:
    """A runner that computes a run within the request: no process, no waiting."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self.db, self.clock = db, clock
        self.submitted: list[int] = []

    def submit(self, run_id: int) -> None:
        self.submitted.append(run_id)
        with self.db.begin() as session:  # rounds, not seconds: the same plan on a busy computer
            run = session.get_one(PlanRun, run_id)
            run.parameters = {k: v for k, v in run.parameters.items() if k != "time_limit_seconds"} | {"iterations": ROUNDS}
        computed(self.db, run_id, self.clock())


class NeverDone(HereAndNow):
    """A runner that only takes runs, as a busy one does."""

    def submit(self, run_id: int) -> None:
        self.submitted.append(run_id)


def words(answer: TestResponse) -> str:
    """Return what a page says, its tags and line ends taken out."""
    return " ".join(html.unescape(TAGS.sub(" ", answer.get_data(as_text=True))).split())


class Held:
    """An import service that stops at two fifths until the test lets it go on; then it does what the real one does."""

    def __init__(self, service: Any) -> None:
        self.service = service
        self.begun = threading.Semaphore(0)
        self.go = threading.Event()

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self.service, name)
        return self._held(asked) if name in ("preview", "answer", "apply", "undo") else asked

    def _held(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def held(*args: Any, progress: Callable[[float, str], None], **options: Any) -> Any:
            progress(0.4, "checking")
            self.begun.release()
            assert self.go.wait(60)
            return work(*args, progress=progress, **options)

        return held


def all_ended(app: Flask) -> bool:
    """Wait for everything the desk asked for outside its requests."""
    with app.app_context():
        tasks = list(background()._tasks.values())
    return all(task.ended_within(60) for task in tasks)
