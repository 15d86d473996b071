"""Compiling ahead: the first run on a machine compiles for some seconds, in a process of its own, and every later one loads the result."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import llvmlite.binding
import numba
import numpy as np

from solver.kernel import search

ASKED_EVERY_SECONDS = 0.05


@lru_cache
def _mark() -> Path:
    """Return the file that says that everything is compiled for these sources, these versions and this processor."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.py"), *folder.parent.joinpath("bound").glob("*.py")]):
        digest.update(path.read_bytes())
    digest.update(f"{numba.__version__} {np.__version__} {sys.version} {llvmlite.binding.get_host_cpu_name()}".encode())
    return Path(search.run.stats.cache_path) / f"compiled-{digest.hexdigest()[:16]}"  # type: ignore[attr-defined]


def is_warm() -> bool:
    """Say whether nothing has to be compiled any more."""
    return bool(getattr(numba.config, "DISABLE_JIT", False)) or _mark().exists()


def mark_warm() -> None:
    """Note that everything is compiled."""
    try:
        _mark().parent.mkdir(parents=True, exist_ok=True)
        _mark().touch()
    except OSError:
        pass  # a folder that cannot be written to: each process compiles for itself


def ready(tired: Callable[[], bool]) -> bool:
    """Wait until everything is compiled, or until `tired` says True; say which."""
    if is_warm():
        return True
    with subprocess.Popen([sys.executable, "-m", "solver", "warm"], cwd=_root(), env={**os.environ}) as compiling:
        while compiling.poll() is None:
            if tired():
                compiling.kill()
                return False
            time.sleep(ASKED_EVERY_SECONDS)
    return True


def _root() -> Path:
    return Path(__file__).parents[2]
