"""What can be chosen on the command line, for every part."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """Choices of a run.

    Parameters
    ----------
    folder
        Where problems, plans, figures and the peers' environment are kept.
    limits
        Time limits in seconds, rising; what takes one limit takes the last.
    threads
        Threads (or processes) of every engine but in the part `toptw`, which runs on one.
    only
        Patterns of the names of problems or instances; empty: all.
    toptw
        The folder of the TOPTW instances and their `bounds.csv`; None: that part is left out.
    """

    folder: Path
    limits: tuple[float, ...]
    threads: int
    seed: int
    only: tuple[str, ...]
    variants: tuple[str, ...]
    toptw: Path | None

    def wants(self, name: str) -> bool:
        return not self.only or any(fnmatch(name, pattern) for pattern in self.only)

    def wants_variant(self, name: str) -> bool:
        return not self.variants or any(fnmatch(name, pattern) for pattern in self.variants)
