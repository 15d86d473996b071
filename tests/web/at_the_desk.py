"""What tests of the desk's pages share: an application that computes plans at once, and what a page says."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime

from werkzeug.test import TestResponse

from planner.models import Database, PlanRun
from tests.services.plans import ROUNDS, computed

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
