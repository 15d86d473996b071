"""What trying uncertain hours is worth: the same towns, planned by expectation, by an upper quantile, by drawn chances."""

from __future__ import annotations

from benchmarks.learning.tables import confidence, markdown
from benchmarks.learning.town import Campaign, Spread, play
from planner.domain.learning.words import Exploration

SPREADS = {
    "as assumed": Spread(),
    "truth strays twice as far": Spread(1.0, 0.8, 1.0),
}


def report(seeds: int) -> str:
    """Return the table of docs/learning.md."""
    rows = []
    for title, spread in SPREADS.items():
        fixed = [play(seed, spread, learning=False) for seed in range(seeds)]
        rows.append((title, "fixed table", confidence([float(c.met) for c in fixed]), confidence([c.worth for c in fixed]), ""))
        for exploration in Exploration:
            found = [play(seed, spread, exploration=exploration) for seed in range(seeds)]
            rows.append((title, f"learned, {exploration.value}", *_figures(found, fixed)))
    titles = ("towns", "planned by", "households met", "worth of those met", "worth over the fixed table, pairwise")
    return f"{seeds} towns each, means with 95 % intervals.\n\n{markdown(titles, rows)}"


def _figures(found: list[Campaign], fixed: list[Campaign]) -> tuple[str, str, str]:
    gains = [100 * (a.worth / b.worth - 1) for a, b in zip(found, fixed, strict=True)]
    return confidence([float(c.met) for c in found]), confidence([c.worth for c in found]), f"{confidence(gains, 2)} %"
