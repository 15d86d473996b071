"""How functions are compiled: one place, so that all of them are kept, free of the interpreter's lock and exact."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba
import numpy as np

from solver.kernel.linking import EntryCompiler, Part, PartCompiler

P = ParamSpec("P")
R = TypeVar("R")


def _folder() -> Path:
    """Return where compiled code is kept: a folder for these sources and versions.

    Numba looks at the file of a function only, not at those of the functions it calls, and would go on using old ones of them.
    """
    here = Path(__file__).parent
    digest = hashlib.sha256(f"{numba.__version__} {np.__version__} {sys.version}".encode())
    for path in sorted([*here.glob("*.py"), *here.parent.joinpath("bound").glob("*.py")]):
        source = path.read_bytes()
        if path.parent == here or b"solver.kernel.jit import" in source:
            digest.update(source)
    base = here / "__pycache__"
    if not _can_write(base):
        base = Path(tempfile.gettempdir()) / f"namro-kernels-{os.getuid() if hasattr(os, 'getuid') else 0}"
    return base / f"compiled-{digest.hexdigest()[:16]}"


def _can_write(folder: Path) -> bool:
    """Say whether files can be made there, by making one: what a system says of rights is not to be trusted everywhere."""
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


KEPT_IN = _folder()
KERNELS: list[str] = []
"""The name of every compiled function, as the files that tell of it begin: ``route.leg``."""
numba.config.CACHE_DIR = str(KEPT_IN)  # type: ignore[attr-defined]  # numba sets its settings by name


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function with those that call it; with NUMBA_DISABLE_JIT=1 it stays the Python it is, which the tests compare."""
    return _compiled(function, pipeline_class=PartCompiler, no_cpython_wrapper=True)


def entry(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that Python calls, with all that it calls, and keep it."""
    return _compiled(function, pipeline_class=EntryCompiler, cache=True)


def _compiled(function: Callable[P, R], **options: Any) -> Callable[P, R]:
    """Compile when first called. No fast mathematics: the same input has to give the same plan on every machine."""
    KERNELS.append(f"{function.__module__.rpartition('.')[2]}.{function.__name__}")
    compile_with: Any = numba.njit  # whose types do not know all its options
    compiled = compile_with(nogil=True, error_model="numpy", no_cfunc_wrapper=True, **options)(function)
    if compiled is not function:
        _know_no_literals(compiled)
        if "cache" not in options:
            compiled.__class__ = Part
    kept: Callable[P, R] = compiled
    return kept


def _know_no_literals(compiled: Any) -> None:
    """Let a call with 0 or 1 use what is compiled for any number; numba would compile a function, and all it calls, for each."""
    find, plain = compiled.get_call_template, numba.types.unliteral
    compiled.get_call_template = lambda args, kws: find(
        tuple(map(plain, args)), {name: plain(kind) for name, kind in kws.items()}
    )
