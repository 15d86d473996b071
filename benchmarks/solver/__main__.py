"""The one command: measure the parts asked for, write the page."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.solver.against import measure_peers
from benchmarks.solver.environment import ROOT
from benchmarks.solver.marks import measure_marks, measure_scaling
from benchmarks.solver.options import Options
from benchmarks.solver.page import write_page
from benchmarks.solver.replanning import measure_replanning
from benchmarks.solver.toptw import measure_toptw

PARTS = {
    "marks": measure_marks,
    "peers": measure_peers,
    "scaling": measure_scaling,
    "replan": measure_replanning,
    "toptw": measure_toptw,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.solver", description=__doc__)
    parser.add_argument("parts", nargs="+", choices=["all", *PARTS, "page"])
    parser.add_argument("--folder", type=Path, default=ROOT / "instance" / "benchmarks", help="problems, plans, figures, peers")
    parser.add_argument("--limits", type=float, nargs="+", default=[10.0, 60.0], help="time limits in seconds (default 10 60)")
    parser.add_argument("--threads", type=int, default=2, help="threads or processes of every engine but in toptw (default 2)")
    parser.add_argument("--seed", type=int, default=1, help="of the solvers; the problems have theirs in their names")
    parser.add_argument(
        "--only", nargs="*", default=[], metavar="PATTERN", help="problems or instances, e.g. 'delta-600-*' 'c1*'"
    )
    parser.add_argument("--variants", nargs="*", default=[], metavar="PATTERN", help="variants of peers, e.g. 'VROOM*'")
    parser.add_argument("--toptw", type=Path, metavar="FOLDER", help="the TOPTW instances and their bounds.csv")
    parser.add_argument("--no-page", action="store_true", help="leave docs/benchmarks.md as it is")
    given = parser.parse_args()
    options = Options(
        folder=given.folder.resolve(),
        limits=tuple(sorted(given.limits)),
        threads=given.threads,
        seed=given.seed,
        only=tuple(given.only),
        variants=tuple(given.variants),
        toptw=given.toptw and given.toptw.resolve(),
    )
    for part, measure in PARTS.items():
        if part in given.parts or "all" in given.parts:
            measure(options)
    if not given.no_page:
        write_page(options.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
