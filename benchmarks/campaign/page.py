"""docs/campaign-benchmarks.md: written by hand, but for what stands between two comments: that comes from the figures."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.campaign import ceiling, plot, results, tables
from benchmarks.campaign.running import ROOT

PAGE = ROOT / "docs" / "campaign-benchmarks.md"
BEGIN, END = "<!-- results -->", "<!-- end -->"
DRAWN = {"helped": "Residents helped", "points": "Needs done, as the plan weighs them,"}
PLACE = re.compile(re.escape(BEGIN) + r"\n.*?" + re.escape(END), re.DOTALL)


def write_page(folder: Path, page: Path = PAGE) -> None:
    """Put the stored figures and their plots into the page.

    Raises
    ------
    SystemExit
        Where there are no figures, or the page lacks the place for them.
    """
    found = results.load(folder)
    text = page.read_text(encoding="utf-8")
    if not found:
        raise SystemExit(f"{folder}: no figures; `python -m benchmarks.campaign run` first")
    if len(PLACE.findall(text)) != 1:
        raise SystemExit(f"{page}: the place between {BEGIN!r} and {END!r} is missing or there twice")
    parts = []
    for commune in found:
        for figure, what in DRAWN.items():
            image = page.parent / "images" / f"campaign-{commune.name}-{figure}.svg"
            image.parent.mkdir(parents=True, exist_ok=True)
            image.write_text(plot.by_week(commune, figure, what), encoding="utf-8")
        parts.append(section(commune))
    parts += [
        f"### The ceiling: {name.replace('-', ', ')} households\n\n{ceiling.told(folder, name)}" for name in _measured(folder)
    ]
    filled = "\n\n".join([BEGIN, *parts, END])
    page.write_text(PLACE.sub(lambda _: filled, text), encoding="utf-8")
    print(f"written: {page}", flush=True)


def _measured(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder / "ceilings").glob("*.json"))


def section(commune: results.Results) -> str:
    """Return the part of the page about one commune."""
    profile, households = commune.name.rsplit("-", 1)
    return "\n\n".join(
        part
        for part in (
            f"### {profile.capitalize()}, {int(households):,} households",
            tables.what_was_run(commune),
            *(f"![{what} by week](images/campaign-{commune.name}-{figure}.svg)" for figure, what in DRAWN.items()),
            tables.main_table(commune),
            "Paired differences (the same seed in both ways; 95 % interval):",
            tables.gains(commune),
            tables.first_week(commune),
            "Indicators by week:",
            tables.by_week(commune),
            tables.left_behind(commune),
        )
        if part
    )
