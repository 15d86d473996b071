"""``python -m benchmarks.clock NAME …``: each module of the package that has a ``main`` is a benchmark."""

from __future__ import annotations

import sys
from importlib import import_module


def run() -> int:
    """Run the benchmark named first, with the arguments that follow."""
    if len(sys.argv) < 2 or not sys.argv[1].isidentifier():
        print("python -m benchmarks.clock NAME …, e.g. notices --help", file=sys.stderr)
        return 2
    status: int = import_module(f"benchmarks.clock.{sys.argv[1]}").main(sys.argv[2:])
    return status


if __name__ == "__main__":
    raise SystemExit(run())
