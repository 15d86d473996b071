"""One measured process: wall and processor time, memory at its peak, and what it told on standard error and when."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.solver.environment import ROOT

LOOK_EVERY_SECONDS = 0.2
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Finished:
    """A process that ended.

    Attributes
    ----------
    seconds, cpu_seconds
        Wall clock from its start to its end; processor time of it and its children.
    peak_mb
        Most memory it and its children held at once, sampled; 0 where the system does not tell.
    told
        Lines of standard error, each with the second after the start at which it came.
    """

    status: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    told: list[tuple[float, str]]


def run_all(commands: Sequence[Sequence[str | Path]], patience_seconds: float) -> list[Finished]:
    """Run the commands side by side in the repository's folder; end those that take longer than anyone would wait."""
    results: list[Finished | None] = [None] * len(commands)

    def keep(number: int, command: Sequence[str | Path]) -> None:
        results[number] = run(command, patience_seconds=patience_seconds)

    threads = [threading.Thread(target=keep, args=(n, c)) for n, c in enumerate(commands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [result for result in results if result is not None]


def run(
    command: Sequence[str | Path], environment: dict[str, str] | None = None, patience_seconds: float | None = None
) -> Finished:
    """Run a command in the repository's folder; its status is negative where patience ended before it did."""
    began = time.monotonic()
    process = subprocess.Popen(
        [str(part) for part in command], cwd=ROOT, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    )
    watch = _Watch(process.pid)
    watch.start()
    alarm = threading.Timer(patience_seconds or threading.TIMEOUT_MAX, process.kill)
    alarm.daemon = True
    alarm.start()
    told = [(time.monotonic() - began, line.rstrip("\n")) for line in process.stderr or ()]
    process.wait()
    alarm.cancel()
    seconds = time.monotonic() - began
    watch.over.set()
    watch.join()
    return Finished(process.returncode, seconds, watch.cpu_seconds, watch.peak_mb, told)


class _Watch(threading.Thread):
    """Looks at a process and its descendants until told that it is over; the last look before that counts."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.over = threading.Event()
        self.peak_mb = 0.0
        self.cpu_seconds = 0.0

    def run(self) -> None:
        while not self.over.wait(LOOK_EVERY_SECONDS):
            family = _family(self.pid)
            self.peak_mb = max(self.peak_mb, sum(_resident_mb(pid) for pid in family))
            self.cpu_seconds = max(self.cpu_seconds, sum(_cpu_seconds(pid) for pid in family))


def _family(pid: int) -> list[int]:
    found, new = [], [pid]
    while new:
        found += new
        texts = (_read(f"/proc/{p}/task/{p}/children") for p in new)
        new = [int(child) for text in texts for child in text.split()]
    return found


def _resident_mb(pid: int) -> float:
    """Return the process's share of the memory in use: pages shared with others are divided among them."""
    for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _cpu_seconds(pid: int) -> float:
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return sum(int(f) for f in fields[11:15]) / TICKS if len(fields) > 15 else 0.0  # own and of children that ended


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
