"""What learning is worth, measured: tables for docs/learning.md.

.venv/bin/python -m benchmarks.learning calibration [--seeds 12]
.venv/bin/python -m benchmarks.learning exploration [--seeds 40]
.venv/bin/python -m benchmarks.learning shifts [--shifts 4000]
"""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks.learning import calibration, exploration, shifts


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.learning", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("calibration", "exploration", "shifts"))
    parser.add_argument("--seeds", type=int, help="how many towns")
    parser.add_argument("--shifts", type=int, default=4000)
    given = parser.parse_args()
    began = time.perf_counter()
    if given.what == "calibration":
        told = calibration.report(given.seeds or 12)
    elif given.what == "exploration":
        told = exploration.report(given.seeds or 40)
    else:
        told = shifts.report(given.shifts)
    print(told)
    print(f"\n{time.perf_counter() - began:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
