"""Tables of the page, in Markdown, each made of one commune's results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean

from benchmarks.campaign.results import (
    Document,
    Figure,
    Results,
    first_week_pace,
    helped_share,
    outcome,
    share,
    total,
    worst_hamlet,
)
from benchmarks.campaign.ways import WAYS

GROUPS = {
    "0": "0: only papers are lacking",
    "1": "1: account issued, not activated",
    "2": "2: no account",
    "3": "3: elderly, unused to phones",
    "4": "4: away, factory, shifts",
}
COMPARED = (("b", "a"), ("c", "a"), ("d", "a"), ("d", "b"), ("d", "c"), ("e", "a"))
INDICATORS = {"a1": "A1 activated, of 14 and over", "a2": "A2 insurance card", "a3_gplx": "A3 licence", "a3_gcn": "A3 vehicle"}
Row = tuple[str, Figure, int, str]

ROWS: tuple[Row, ...] = (
    ("residents helped", lambda d: d["helped"], 0, ""),
    ("… of those in need", lambda d: share(d["helped"], d["in_need"]), 1, " %"),
    ("needs done", lambda d: d["needs_done"], 0, ""),
    ("needs done, weighed as the plan weighs them", lambda d: d["points"], 0, ""),
    ("crews that went out", lambda d: total(d, "crews"), 0, ""),
    ("crews that did not (somebody did not come)", lambda d: total(d, "fallen"), 0, ""),
    ("visits", lambda d: total(d, "visits"), 0, ""),
    ("visits a crew", lambda d: total(d, "visits") / total(d, "crews"), 1, ""),
    ("wasted: nobody to be met", lambda d: share(outcome(d, "absent"), total(d, "visits")), 1, " %"),
    ("another opened and named an hour", lambda d: share(outcome(d, "callback"), total(d, "visits")), 1, " %"),
    ("met", lambda d: share(outcome(d, "met"), total(d, "visits")), 1, " %"),
    ("hours on the way", lambda d: total(d, "way_hours"), 0, ""),
    ("minutes to spare at the end, a crew", lambda d: 60 * total(d, "spare_hours") / total(d, "crews"), 0, ""),
    ("crews home by the slot's end", lambda d: share(total(d, "in_time"), total(d, "crews")), 1, " %"),
    ("crews more than 15 minutes late", lambda d: share(total(d, "quarter_late"), total(d, "crews")), 1, " %"),
    ("doors on lists not reached", lambda d: share(total(d, "left"), total(d, "promised")), 1, " %"),
    ("promised hours: made", lambda d: d["promises"], 0, ""),
    ("… kept: a crew was there in time", lambda d: share(total(d, "promises_in_time"), d["promises"]), 1, " %"),
    ("worst hamlet: helped of those in need", worst_hamlet, 1, " %"),
    *((f"group {label}: helped", lambda d, g=group: helped_share(d, "group", g), 1, " %") for group, label in GROUPS.items()),
    *((f"{label}, at the end", lambda d, c=code: d["indicators"][c], 1, " %") for code, label in INDICATORS.items()),
)


def what_was_run(results: Results) -> str:
    one = results.sample
    runs = ", ".join(
        f"{way}: {len(seeds)} seeds, {fmean(d['seconds'] for d in seeds.values()):.0f} s each"
        for way, seeds in sorted(results.of.items())
    )
    commits = sorted({d["commit"] for seeds in results.of.values() for d in seeds.values()})
    dates = sorted({d["date"] for seeds in results.of.values() for d in seeds.values()})
    return (
        f"{one['households']:,} households in {one['hamlets']} hamlets, {len(one['weeks'])} weeks, "
        f"{one['iterations']:,} iterations of the search a week ({runs}). "
        f"*Simulated {', '.join(dates)}; commit {', '.join(commits)}.*"
    )


def main_table(results: Results) -> str:
    """Return the figures of each way."""
    head = ["", *(f"{way}. {WAYS[way].name_en}" for way in results.ways)]
    rows = [
        [label, *(results.mean(way, figure).text(digits, unit) for way in results.ways)] for label, figure, digits, unit in ROWS
    ]
    return _table(head, rows)


def gains(results: Results) -> str:
    """Return paired differences: the same seed in both ways, so that what the seeds differ by cancels out."""
    figures: Sequence[tuple[str, Figure]] = (
        ("residents helped", lambda d: d["helped"]),
        ("needs done", lambda d: d["needs_done"]),
        ("weighed needs", lambda d: d["points"]),
    )
    pairs = [(mine, other) for mine, other in COMPARED if mine in results.of and other in results.of]
    head = ["", *(f"{mine} over {other}" for mine, other in pairs)]
    rows = [[label, *(_gain(results, mine, other, figure) for mine, other in pairs)] for label, figure in figures]
    return _table(head, rows)


def first_week(results: Results) -> str:
    """Return how each way compares with the pace of (c)'s first week, kept for all weeks."""
    if "c" not in results.of:
        return ""
    pace = results.mean("c", first_week_pace).text()
    told = []
    for way in results.ways:
        shared = sorted(results.of[way].keys() & results.of["c"].keys())
        if shared:
            mine = Results("", {"x": {s: results.of[way][s] for s in shared}, "y": {s: results.of["c"][s] for s in shared}})
            told.append(f"{way} {_against_pace(mine)}")
    return f"(c)'s first week kept up for all weeks would have helped {pace} residents; against that: {'; '.join(told)}."


def _against_pace(pair: Results) -> str:
    from benchmarks.campaign.intervals import Interval

    gains_ = [100 * (pair.of["x"][s]["weeks"][-1]["helped"] / first_week_pace(pair.of["y"][s]) - 1) for s in pair.of["x"]]
    return Interval.of(gains_).signed()


def by_week(results: Results) -> str:
    """Return the indicators at the ends of the weeks at which they were counted."""
    weeks = results.sample["weeks"]
    shown = [n for n, week in enumerate(weeks) if week["indicators"]]
    head = ["", *(f"week {weeks[n]['week']}" for n in shown)]
    rows = []
    for code, label in INDICATORS.items():
        for way in results.ways:
            figures = (_of_week(n, code) for n in shown)
            rows.append([f"{label}, {way}", *(results.mean(way, figure).text(1, " %") for figure in figures)])
    return _table(head, rows)


def left_behind(results: Results) -> str:
    """Return where a way helps a smaller share than (a) does, group by group and hamlet by hamlet."""
    if "a" not in results.of:
        return ""
    told = []
    for way in results.ways:
        if way == "a":
            continue
        worse = {kind: _worse(results, way, kind) for kind in ("group", "hamlet")}
        told.append(
            f"- **{way}** against a: groups helped less: {worse['group'] or 'none'}; hamlets helped less, of all seeds': "
            f"{worse['hamlet'] or 'none'}."
        )
    return "\n".join(told)


def _worse(results: Results, way: str, kind: str) -> str:
    shared = sorted(results.of[way].keys() & results.of["a"].keys())
    if kind == "hamlet":
        pairs = [
            (helped_share(results.of[way][s], kind, name), helped_share(results.of["a"][s], kind, name))
            for s in shared
            for name in results.of["a"][s]["shares"][kind]
        ]
        worse = sum(mine < other for mine, other in pairs)
        return f"{worse} of {len(pairs)}" if worse else ""
    found = []
    for group, label in GROUPS.items():
        mine = fmean(helped_share(results.of[way][s], kind, group) for s in shared)
        other = fmean(helped_share(results.of["a"][s], kind, group) for s in shared)
        if mine < other:
            found.append(f"{label} ({mine:.1f} % after {other:.1f} %)")
    return ", ".join(found)


def _of_week(number: int, code: str) -> Callable[[Document], float]:
    return lambda document: document["weeks"][number]["indicators"][code]


def _gain(results: Results, mine: str, other: str, figure: Figure) -> str:
    gain = results.gain(mine, other, figure)
    return "" if gain is None else gain.signed()


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
