"""How compiled functions are compiled: one place, so that all of them are cached, free of the interpreter's lock and exact."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function when it is first called; with NUMBA_DISABLE_JIT=1 it stays the Python it is, which the tests compare.

    No fast mathematics: the same input has to give the same plan on every machine.
    """
    compiled: Callable[P, R] = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled
