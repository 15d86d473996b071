"""How functions are compiled: one place, so that all of them are kept, free of the interpreter's lock and exact."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import numba
import numpy as np

P = ParamSpec("P")
R = TypeVar("R")


def _folder() -> Path:
    """Return where compiled code is kept: a folder for these sources and versions.

    Numba looks at the file of a function only, not at those of the functions it calls, and would go on using old ones of them.
    """
    here = Path(__file__).parent
    digest = hashlib.sha256(f"{numba.__version__} {np.__version__} {sys.version}".encode())
    for path in sorted([*here.glob("*.py"), *here.parent.joinpath("bound").glob("*.py")]):
        digest.update(path.read_bytes())
    base = here / "__pycache__"
    if not os.access(base if base.exists() else here, os.W_OK):
        base = Path(tempfile.gettempdir()) / f"namro-kernels-{os.getuid() if hasattr(os, 'getuid') else 0}"
    return base / f"compiled-{digest.hexdigest()[:16]}"


KEPT_IN = _folder()
numba.config.CACHE_DIR = str(KEPT_IN)


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function when it is first called; with NUMBA_DISABLE_JIT=1 it stays the Python it is, which the tests compare.

    No fast mathematics: the same input has to give the same plan on every machine.
    """
    compiled: Callable[P, R] = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled
