"""Compiling ahead: the first run on a machine compiles, in a process of its own; every later one loads the result."""

import platform
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType

import numba

from solver.kernel.jit import KEPT_IN, KERNELS

ASKED_EVERY_SECONDS = 0.05


def _mark() -> Path:
    """Return the file that says that everything is compiled for this kind of machine."""
    return KEPT_IN / f"done-{platform.machine()}"


def is_warm() -> bool:
    """Say whether nothing has to be compiled any more."""
    return bool(getattr(numba.config, "DISABLE_JIT", False)) or _mark().exists()


def compiled() -> int:
    """Count the kernels that are compiled, or begun, by now, of all the `KERNELS`."""
    return len(set(KERNELS) & {file.stem for file in KEPT_IN.glob("*.begun")})


def mark_warm() -> None:
    """Note that everything is compiled, and throw away what was compiled of earlier sources."""
    try:
        KEPT_IN.mkdir(parents=True, exist_ok=True)
        _mark().touch()
    except OSError:
        return  # a folder that cannot be written to: each process compiles for itself
    for other in KEPT_IN.parent.glob("compiled-*"):
        if other != KEPT_IN:
            shutil.rmtree(other, ignore_errors=True)


class Compiling:
    """Compiles in a process of its own where something is left to compile; use it in a `with` statement, which ends it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Compiling":
        if not is_warm():
            self._process = subprocess.Popen([sys.executable, "-m", "solver", "warm"], cwd=Path(__file__).parents[2])
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def is_done(self) -> bool:
        """Say whether compiled code can be used; a process that failed leaves it to be compiled where it is used."""
        return self._process is None or self._process.poll() is not None
