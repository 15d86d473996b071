"""The stored figures as Markdown tables. A figure that was not measured is a dash; nothing is computed but from records."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from benchmarks.solver.problems import BY_EXPECTED_LENGTH, MARKS, SIZES
from benchmarks.solver.records import Document, Records
from benchmarks.solver.subject import gap_percent, seconds_to, state_at
from benchmarks.solver.toptw import gap_to_best, is_bound_false

SHARES = (95, 98, 99)
MOMENTS = (1, 2, 3, 5, 10, 20, 30, 60)
REACHED = 1e-9
"""Percent; gaps below it are rounding."""


def marks(records: Records) -> str:
    """Totals, bounds and gaps, with what they had to be."""
    rows = []
    for commune in (*MARKS, *BY_EXPECTED_LENGTH):
        for record in _of(records, commune.name):
            gap, mark = gap_percent(record), commune.within.get(record["limit"])
            beat = commune.to_beat if record["limit"] == 60 and not commune.expected else None
            rows.append(
                [
                    record["problem"],
                    f"{record['limit']:g} s",
                    f"{record['total']:,}",
                    "–" if beat is None else f"{beat:,} ({100 * (record['total'] / beat - 1):+.2f} %)",
                    _percent(gap),
                    "–" if mark is None else f"≤ {mark:g} %{'' if gap is not None and gap <= mark else ' missed'}",
                    _validity(record),
                    f"{record['seconds']:.1f}",
                    f"{record['cpu_seconds']:.0f}",
                    f"{record['peak_mb']:,.0f}",
                ]
            )
    head = ["problem", "limit", "total", "to beat", "gap", "mark", "judge", "wall s", "processor s", "MB"]
    return _table(head, rows) + _first_start(records)


def _first_start(records: Records) -> str:
    row = records.rows.get("first start")
    if row is None:
        return ""
    cold, warm = row["cold_seconds"], row["warm_seconds"]
    return f"\n\nCompiling on a fresh machine, once: {cold:.0f} s; a run of one round of 60 households after it: {warm:.1f} s."


def speed(records: Records) -> str:
    """How soon the long run had a plan, and most of its final total."""
    rows = []
    for commune in MARKS:
        for record in _of(records, commune.name)[-1:]:
            first = seconds_to(record, float("-inf"))
            shares = [seconds_to(record, share / 100 * record["total"]) for share in SHARES]
            rows.append([record["problem"], f"{record['limit']:g} s", *map(_seconds, [first, *shares])])
    return _table(["problem", "limit", "first plan", *(f"{share} % of the total" for share in SHARES)], rows)


def over_time(records: Records) -> str:
    """Total and bound during the long run, both in percent of its final total."""
    rows = []
    for commune in MARKS:
        for record in _of(records, commune.name)[-1:]:
            cells = []
            for moment in MOMENTS:
                total, bound = state_at(record, moment)
                cells.append("–" if moment > record["limit"] else f"{_of_total(total, record)} / {_of_total(bound, record)}")
            rows.append([record["problem"], *cells])
    return _table(["problem", *(f"{moment} s" for moment in MOMENTS)], rows)


def _of_total(value: int | None, record: Document) -> str:
    return "–" if value is None else f"{100 * value / record['total']:.1f}"


def scaling(records: Records) -> str:
    """The long run over growing communes."""
    rows = []
    for commune in SIZES:
        for record in _of(records, commune.name):
            rows.append(
                [
                    f"{commune.households:,} / {commune.volunteers}",
                    f"{record['measures']['crews']:,}",
                    f"{record['measures']['visits']:,}",
                    f"{record['total']:,}",
                    _percent(gap_percent(record)),
                    _seconds(seconds_to(record, float("-inf"))),
                    _seconds(seconds_to(record, 0.99 * record["total"])),
                    f"{record['peak_mb']:,.0f}",
                    _validity(record),
                ]
            )
    head = ["households / volunteers", "shifts", "visits", "total", "gap", "first plan", "99 %", "MB", "judge"]
    return _table(head, rows)


def peers(records: Records) -> str:
    """Every variant of every peer against our plan of the same run."""
    rows = []
    for commune in MARKS:
        ours = records.rows.get(f"{commune.name}/ours")
        found = [r for r in records.rows.values() if r["problem"] == commune.name and "peer" in r]
        if ours is None:
            continue
        wall, memory = f"{ours['seconds']:.0f}", f"{ours['peak_mb']:,.0f}"
        rows.append([commune.name, "**ours**", "", "", f"**{ours['total']:,}**", "", "", _validity(ours), wall, memory])
        rows += [_peer_row(record, ours) for record in sorted(found, key=lambda r: (r["helped"], -r["total"]))]
    head = [
        "problem",
        "engine",
        "variant",
        "households seen",
        "total",
        "against ours",
        "ours had it after",
        "judge",
        "wall s",
        "MB",
    ]
    versions = sorted({f"{r['peer']} {r['version']}" for r in records.rows.values() if "version" in r})
    note = f"\n\nPeers: {', '.join(versions)}; {_efforts(records)}." if versions else ""
    return _table(head, rows) + note


def _peer_row(record: Document, ours: Document) -> list[str]:
    variant = record["variant"] + (" (helped)" if record["helped"] else "")
    wall, memory = f"{record['seconds']:.0f}", f"{record['peak_mb']:,.0f}"
    if record["late"]:
        return ["", record["peer"], variant, "", "no plan in time", "", "", "", f"> {wall}", memory]
    return [
        "",
        record["peer"],
        variant,
        f"{record['stops']:,}",
        f"{record['total']:,}",
        f"{100 * (record['total'] / ours['total'] - 1):+.2f} %",
        _seconds(seconds_to(ours, record["total"])),
        _validity(record) + (f", {record['dropped']} visits taken out" if record["dropped"] else ""),
        wall,
        memory,
    ]


def best_peers(records: Records) -> str:
    """Our total over the best of the peers, by itself and helped."""
    rows = []
    for commune in MARKS:
        ours = records.rows.get(f"{commune.name}/ours")
        if ours is None:
            continue
        cells = []
        for helped in (False, True):
            found = [r for r in records.rows.values() if r["problem"] == commune.name and r.get("helped") is helped]
            best = max(found, key=lambda r: r["total"], default=None)
            cells += (
                ["–", "–"]
                if best is None
                else [best["peer"], f"{100 * (ours['total'] / best['total'] - 1):+.2f} %" if best["total"] > 0 else "–"]
            )
        rows.append([commune.name, *cells])
    return _table(["problem", "best peer", "ours above it", "best helped peer", "ours above it"], rows)


def _efforts(records: Records) -> str:
    efforts = {(r["limit"], r["threads"]) for r in records.rows.values()}
    return "; ".join(
        f"{limit:g} s of wall time, {threads} thread{'s' if threads > 1 else ''}" for limit, threads in sorted(efforts)
    )


def toptw(records: Records) -> str:
    """Gaps to the best known totals by number of tours."""
    rows = []
    by_limit = sorted(records.rows.values(), key=lambda r: (r["limit"], r["tours"]))
    for limit, runs in groupby(by_limit, key=lambda r: r["limit"]):
        of_limit = list(runs)
        for tours, some in groupby(of_limit, key=lambda r: r["tours"]):
            rows.append([f"{limit:g} s", str(tours), *_toptw_cells(list(some))])
        rows.append([f"**{limit:g} s**", "**all**", *_toptw_cells(of_limit)])
    head = ["limit", "tours", "instances", "mean gap", "worst gap", "best known reached", "new best", "false bounds", "not valid"]
    return _table(head, rows) + _new_bests(by_limit)


def _toptw_cells(runs: list[Document]) -> list[str]:
    gaps = [gap_to_best(r) for r in runs]
    worst = max(runs, key=gap_to_best)
    return [
        str(len(runs)),
        f"{statistics.fmean(gaps):.3f} %",
        f"{max(gaps):.2f} % ({worst['instance']}, {worst['tours']})",
        str(sum(gap <= REACHED for gap in gaps)),
        str(sum(gap < -REACHED for gap in gaps)),
        str(sum(map(is_bound_false, runs))),
        str(sum(bool(r["faults"]) for r in runs)),
    ]


def _new_bests(runs: Iterable[Document]) -> str:
    new = {(r["instance"], r["tours"]): r for r in runs if gap_to_best(r) < -REACHED and not r["faults"]}
    told = [f"{i} with {m}: {r['total'] // 1000} (known: {r['best_known']})" for (i, m), r in sorted(new.items())]
    return f"\n\nBetter than the best known: {'; '.join(told)}." if told else ""


def replanning(records: Records) -> str:
    """What re-planning takes and what it changes."""
    rows = [
        [
            name,
            f"{record['shifts']:,}",
            f"{record['base']:,}",
            f"{record['limit']:g} s",
            _seconds(record["first_plan_seconds"]),
            _seconds(record["seconds"]),
            str(record["forced"]),
            f"{record['unforced']} ({record['changed_percent']:.1f} %)",
            str(record["lost"]),
            f"{record['placed']} of {record['missed']}" if record["missed"] else "–",
            _validity(record),
        ]
        for name, record in records.rows.items()
    ]
    head = ["what happened", "shifts", "base visits", "limit", "first plan", "done", "forced changes"]
    return _table([*head, "others (of the untouched)", "lost", "missed placed", "judge"], rows)


def _of(records: Records, name: str) -> list[Document]:
    """Return the records of a problem by rising time limit."""
    return sorted((r for r in records.rows.values() if r.get("problem") == name), key=lambda r: r["limit"])


def _validity(record: Document) -> str:
    return "valid" if not record["faults"] else f"NOT VALID ({len(record['faults'])})"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} %"


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"


def _table(head: list[str], rows: list[list[Any]]) -> str:
    if not rows:
        return "Not measured yet."
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
