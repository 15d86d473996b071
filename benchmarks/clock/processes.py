"""Clock processes that read the time from a file: started, killed, stopped and woken by the benchmark."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time as real
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAUSE_SECONDS = 0.02
MOST_SECONDS = 120


class Clocks:
    """The processes, and the time they live in."""

    def __init__(self, url: str, folder: Path, count: int, at: datetime, jobs: Sequence[str]) -> None:
        self.url, self.folder, self.count, self.jobs = url, folder, count, list(jobs)
        self.time_file = folder / "time"
        self.running: dict[int, subprocess.Popen[bytes]] = {}
        self.stopped: set[int] = set()
        self.steps = 0
        (folder / "data").mkdir(exist_ok=True)
        self.go(at)

    def __enter__(self) -> Clocks:
        self.start_all()
        return self

    def __exit__(self, *_: object) -> None:
        for number in list(self.stopped):
            self.wake(number)
        self.kill_all()

    def go(self, at: datetime) -> None:
        """Let it be that instant."""
        self.at = at
        draft = self.time_file.with_suffix(".new")
        draft.write_text(at.isoformat(), encoding="ascii")
        draft.replace(self.time_file)

    def start_all(self) -> None:
        for number in range(self.count):
            if number not in self.running:
                self._start(number)

    def _start(self, number: int) -> None:
        self._state(number).unlink(missing_ok=True)
        command = [
            sys.executable,
            "-m",
            "benchmarks.clock.processes",
            self.url,
            str(self.folder),
            str(number),
            ",".join(self.jobs),
        ]
        with (self.folder / f"log-{number}").open("ab") as log:
            self.running[number] = subprocess.Popen(command, cwd=ROOT, stderr=log, env={**os.environ, "PYTHONUTF8": "1"})

    def kill(self, number: int) -> None:
        """kill -9, wherever it is; another takes its place at once."""
        self._end(number)
        self._start(number)

    def kill_all(self) -> None:
        for number in list(self.running):
            self._end(number)

    def _end(self, number: int) -> None:
        process = self.running.pop(number)
        process.kill()
        process.wait()
        self.stopped.discard(number)

    def stop(self, number: int) -> None:
        os.kill(self.running[number].pid, signal.SIGSTOP)
        self.stopped.add(number)

    def wake(self, number: int) -> None:
        os.kill(self.running[number].pid, signal.SIGCONT)
        self.stopped.discard(number)

    def settle(self, most_seconds: float = MOST_SECONDS) -> bool:
        """Wait until every clock that runs has seen the present time and found nothing left to do."""
        began = real.monotonic()
        while not self.idle():
            if real.monotonic() - began > most_seconds:
                if most_seconds == MOST_SECONDS:
                    raise RuntimeError(f"the clocks do not come to rest: see {self.folder}/log-*")
                return False
            real.sleep(0.005)
        self.steps += 1
        return True

    def idle(self) -> bool:
        now = self.at.isoformat()
        return all(self._told(number) == {"at": now, "idle": True} for number in self.running if number not in self.stopped)

    def _told(self, number: int) -> Any:
        try:
            return json.loads(self._state(number).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def _state(self, number: int) -> Path:
        return self.folder / f"state-{number}"


def work(url: str, folder: Path, number: int, names: Sequence[str]) -> None:
    """Be a clock: tick without a pause worth the name, in the file's time, until killed."""
    from planner.jobs import JOBS, scheduler
    from planner.jobs.beside import Beside
    from planner.models import Database
    from planner.services.solving import InlineEngine

    db = Database(url, durable=False)
    owner = scheduler.owner_name()
    scheduler.JOBS = tuple(_counted(job, owner) for job in JOBS if job.name in names)
    beside, time_file, state = Beside(), folder / "time", folder / f"state-{number}"

    def clock() -> datetime:
        return datetime.fromisoformat(time_file.read_text(encoding="ascii"))

    quiet_at: datetime | None = None
    while True:
        at, was_busy, quiet = clock(), beside.busy, False
        if at == quiet_at and not was_busy:  # in a time that stands still nothing more falls due: leave the machine to the others
            real.sleep(PAUSE_SECONDS)
            continue
        try:
            done = scheduler.tick(db, clock, owner, InlineEngine(), folder=folder / "data", beside=beside)
            quiet = not done and not was_busy and not beside.busy
        except Exception as fault:  # as the real clock: the next tick tries again
            print(f"tick failed: {type(fault).__name__}", file=sys.stderr, flush=True)
        draft = state.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps({"at": at.isoformat(), "idle": quiet}), encoding="ascii")
        draft.replace(state)
        quiet_at = at if quiet else None
        real.sleep(PAUSE_SECONDS / 4)


def _counted(job: Any, owner: str) -> Any:
    """Return a job that also leaves a row of its effect, in the transaction of the effect."""
    from sqlalchemy import text

    act: Callable[..., dict[str, Any]] | None = job.act

    def counting(session: Any, actor: Any, campaign: Any, due_at: datetime, at: datetime) -> dict[str, Any]:
        result = act(session, actor, campaign, due_at, at) if act is not None else {}
        session.execute(
            text("INSERT INTO effect (job, campaign_id, due_at, owner) VALUES (:job, :campaign, :due_at, :owner)"),
            {"job": job.name, "campaign": campaign.id, "due_at": due_at.isoformat(), "owner": owner},
        )
        return result

    return replace(job, act=counting)


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4].split(","))
