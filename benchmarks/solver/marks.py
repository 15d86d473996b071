"""Totals and gaps of the problems with marks at the short and the long limit; and the same solver over growing communes."""

from __future__ import annotations

from benchmarks.solver.options import Options
from benchmarks.solver.problems import BY_EXPECTED_LENGTH, MARKS, SIZES, Commune
from benchmarks.solver.records import Document, Records
from benchmarks.solver.subject import first_start, gap_percent, solve


def measure_marks(options: Options) -> None:
    """Solve every problem with marks, and those with lengths by class of slot, at both limits."""
    records = Records(options.folder, "marks")
    _first_start(records)
    for commune in (*MARKS, *BY_EXPECTED_LENGTH):
        if options.wants(commune.name):
            for limit in options.limits:
                _measure(records, options, commune, limit)


def measure_scaling(options: Options) -> None:
    """Solve growing communes of one kind at the long limit."""
    records = Records(options.folder, "scaling")
    for commune in SIZES:
        if options.wants(commune.name):
            _measure(records, options, commune, options.limits[-1])


def _first_start(records: Records) -> None:
    cold, warm = first_start(records.folder / "problems")
    records.put("first start", {"cold_seconds": cold, "warm_seconds": warm})
    print(f"first start: {cold:.1f} s, again {warm:.1f} s", flush=True)


def _measure(records: Records, options: Options, commune: Commune, limit: float) -> None:
    problem = commune.written(records.folder / "problems")
    plan = records.plan_file(f"{commune.name}@{limit:g}")
    solved = solve(problem, plan, seconds=limit, seed=options.seed, threads=options.threads).as_record()
    record: Document = {"problem": commune.name, "limit": limit, "threads": options.threads, "seed": options.seed, **solved}
    records.put(f"{commune.name}@{limit:g}", record)
    print(told(record), flush=True)


def told(record: Document) -> str:
    """Return a run in one line for whoever waits."""
    gap = gap_percent(record)
    return (
        f"{record['problem']} {record['limit']:g} s: {record['total']:,}"
        f" gap {'?' if gap is None else f'{gap:.2f} %'}"
        f" {'valid' if not record['faults'] else 'NOT VALID ' + record['faults'][0]},"
        f" {record['seconds']:.1f} s, {record['cpu_seconds']:.1f} s of processor, {record['peak_mb']:.0f} MB"
    )
