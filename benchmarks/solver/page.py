"""docs/benchmarks.md: the text is written by hand, each table between its two comments comes from the stored figures."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from benchmarks.solver import tables
from benchmarks.solver.environment import ROOT
from benchmarks.solver.records import Records

PAGE = ROOT / "docs" / "benchmarks.md"
TABLES: dict[str, tuple[str, Callable[[Records], str]]] = {
    "marks": ("marks", tables.marks),
    "speed": ("marks", tables.speed),
    "over time": ("marks", tables.over_time),
    "peers": ("peers", tables.peers),
    "best peers": ("peers", tables.best_peers),
    "scaling": ("scaling", tables.scaling),
    "toptw": ("toptw", tables.toptw),
    "replan": ("replan", tables.replanning),
}
PLACE = re.compile(r"<!-- table: (?P<name>[a-z ]+) -->\n.*?<!-- end -->", re.DOTALL)


def write_page(folder: Path) -> None:
    """Put the figures stored in `folder` into the page. A part that has none there leaves its tables as they are.

    Raises
    ------
    SystemExit
        Where the page lacks the place of a table, or has one that is unknown.
    """
    text = PAGE.read_text(encoding="utf-8")
    found = {match["name"] for match in PLACE.finditer(text)}
    if found != set(TABLES):
        raise SystemExit(f"{PAGE}: places of tables missing or unknown: {sorted(found ^ set(TABLES))}")
    records = {part: Records(folder, part) for part, _ in TABLES.values()}

    def filled(match: re.Match[str]) -> str:
        part, table = TABLES[match["name"]]
        if not records[part].rows:
            return match[0]
        return f"<!-- table: {match['name']} -->\n{table(records[part])}\n\n{_measured_on(records[part])}\n<!-- end -->"

    PAGE.write_text(PLACE.sub(filled, text), encoding="utf-8")
    print(f"written: {PAGE}", flush=True)


def _measured_on(records: Records) -> str:
    on = records.measured_on
    commits = ", ".join(dict.fromkeys(record["commit"] for record in records.rows.values()))
    machine = f"{on['processor']}, {on['cores']} cores, {on['memory']}; {on['system']}"
    return f"*{on['date']}; {machine}; {on['libraries']}; solver of commit {commits}.*"
