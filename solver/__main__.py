"""The command line: `solve` writes a plan, `check` judges one, `explain` says why; exit codes as in docs/solver-format.md."""

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EISDIR
from pathlib import Path
from typing import Any, TextIO

STARTED = time.monotonic()


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done or valid, 1 a plan that is not valid, 2 malformed."""
    options = _parser().parse_args(arguments)
    try:
        return {"solve": _solve, "check": _check, "explain": _explain, "warm": _warm}[options.command](options)
    except _Malformed as fault:
        print(fault, file=sys.stderr)
        return 2


class _Malformed(Exception):
    """A file or option that cannot be used; the text has one line per fault."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m solver", description="Plan a week of visits, or judge a plan.")
    commands = parser.add_subparsers(dest="command", required=True)
    solve = commands.add_parser("solve", help="write a plan for a problem")
    solve.add_argument("problem", type=Path)
    solve.add_argument("--out", type=Path, required=True, help="the plan file to write")
    solve.add_argument("--time-limit", type=float, default=60.0, metavar="SECONDS", help="start-up included (default 60)")
    solve.add_argument("--iterations", type=int, metavar="N", help="instead of a time limit; repeatable byte for byte")
    solve.add_argument("--seed", type=int, default=1)
    solve.add_argument("--threads", type=int, default=2, help="processor cores to use (default 2)")
    solve.add_argument("--progress", action="store_true", help="one JSON object a line on standard error")
    warm = commands.add_parser("warm", help="compile everything now, so that no run has to wait for it")
    warm.add_argument("--part", choices=["proof"], help=argparse.SUPPRESS)
    warm.add_argument("--progress", action="store_true", help="one JSON object a line on standard error, the folder at the end")
    check = commands.add_parser("check", help="judge a plan against its problem")
    check.add_argument("problem", type=Path)
    check.add_argument("plan", type=Path)
    check.add_argument("--json", action="store_true", help="print one JSON object")
    check.add_argument("--rules", action="store_true", help="print each rule with what there is of it in the plan")
    explain = commands.add_parser("explain", help="say why, as one JSON object: one household, or the whole plan")
    explain.add_argument("problem", type=Path)
    explain.add_argument("plan", type=Path)
    explain.add_argument("--household", metavar="ID")
    return parser


def _solve(options: argparse.Namespace) -> int:
    from solver.params import SolveParams
    from solver.plan import plan_to_dict
    from solver.problem import InvalidProblem, parse_problem
    from solver.rules import max_changes
    from solver.rules.reading import read
    from solver.solve import solve

    try:
        params = SolveParams(options.time_limit, options.iterations, options.seed, options.threads)
        problem = parse_problem(_load(options.problem))
    except InvalidProblem as fault:
        raise _Malformed("\n".join(fault.faults)) from None
    except ValueError as fault:
        raise _Malformed(str(fault)) from None
    with _written(options.out) as file:
        plan = solve(problem, params, on_progress=_print_progress if options.progress else None, started=STARTED)
        file.write(json.dumps(plan_to_dict(plan), ensure_ascii=False, separators=(",", ":")) + "\n")
    # The one promise that no plan may be able to keep: a base visit can have become impossible and yet count as unforced.
    faults = list(max_changes.breaches(read(problem, plan))) if problem.max_changes is not None else []
    for fault_line in faults:
        print(f"max_changes: {fault_line}; allow more, or leave out of base what cannot be made any more", file=sys.stderr)
    return 1 if faults else 0


def _warm(options: argparse.Namespace) -> int:
    from solver.compiling import compile_all, compile_part
    from solver.kernel.jit import KEPT_IN, KERNELS
    from solver.kernel.warm import compiled, is_warm

    if options.part:
        compile_part()
        return 0

    def tell() -> None:
        if options.progress:
            _print_progress({"compiled": compiled(), "of": len(KERNELS)})

    if not is_warm():
        done = threading.Event()
        teller = threading.Thread(target=_every_second, args=(tell, done), daemon=True)
        teller.start()
        compile_all()
        done.set()
        teller.join()
    tell()
    if options.progress:
        _print_progress({"kept_in": str(KEPT_IN)})
    return 0


def _every_second(tell: Callable[[], None], done: threading.Event) -> None:
    while not done.wait(1.0):
        tell()


def _check(options: argparse.Namespace) -> int:
    from solver.check import check_plan, rule_book
    from solver.plan import InvalidPlan
    from solver.problem import InvalidProblem

    try:
        problem, plan = _load(options.problem), _load(options.plan)
        result = check_plan(problem, plan)
    except InvalidProblem as fault:
        raise _Malformed("\n".join(fault.faults)) from None
    except InvalidPlan as fault:
        raise _Malformed(str(fault)) from None
    if options.rules:
        for row in rule_book(problem, plan):
            broken = "" if row["breaches"] is None else f"{row['breaches']} breaches"
            print(f"{row['rule']:<20} {row['concerns']:<10} {row['measure']:>12} {broken:<14} {row['title']}")
    if options.json:
        print(json.dumps({"valid": result.valid, "faults": result.faults, **result.measures}, ensure_ascii=False))
    else:
        for fault_line in result.faults:
            print(fault_line)
        print("valid" if result.valid else f"NOT valid: {len(result.faults)} faults", result.measures)
    return 0 if result.valid else 1


def _explain(options: argparse.Namespace) -> int:
    from solver.explain import explain_document, explain_household
    from solver.plan import InvalidPlan
    from solver.problem import InvalidProblem, parse_problem

    try:
        problem, plan = _load(options.problem), _load(options.plan)
        everywhere = {"everywhere": [home.id for home in parse_problem(problem).households]}
        if options.household is not None:
            told = explain_household(problem, plan, options.household)
        else:
            told = explain_document(problem, plan, everywhere)
    except InvalidProblem as fault:
        raise _Malformed("\n".join(fault.faults)) from None
    except InvalidPlan as fault:
        raise _Malformed(str(fault)) from None
    except KeyError:
        raise _Malformed(f"{options.household}: is no household of the problem") from None
    except ValueError as fault:
        raise _Malformed(str(fault)) from None
    print(json.dumps(told, ensure_ascii=False))
    return 0


def _load(path: Path) -> Any:
    """Read a JSON file; NaN and Infinity are no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_refuse)
    except OSError as fault:
        raise _Malformed(f"{path}: cannot be read: {fault.strerror or fault}") from None
    except RecursionError:
        raise _Malformed(f"{path}: is nested too deeply") from None
    except ValueError as fault:
        raise _Malformed(f"{path}: is not JSON in UTF-8: {fault}") from None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a JSON number")


@contextmanager
def _written(path: Path) -> Iterator[TextIO]:
    """Write as a whole or not at all: a reader never finds half a plan. What cannot be written is said before the work begins."""
    part: Path | None = None
    try:
        if path.is_dir():
            raise IsADirectoryError(EISDIR, "is a folder")
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        with part.open("w", encoding="utf-8") as file:
            yield file
        part.replace(path)
    except OSError as fault:
        raise _Malformed(f"{path}: cannot be written: {fault.strerror or fault}") from None
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _print_progress(state: dict[str, Any]) -> None:
    print(json.dumps({key: value for key, value in state.items() if value is not None}), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
