"""How well the learned table foretells who is at home, against the fixed one: Brier scores by week, reliability by chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean

from benchmarks.learning.tables import confidence, markdown
from benchmarks.learning.town import WEEKS, Prediction, Spread, play
from planner.domain.settings import CampaignSettings

STRENGTHS = (3, 10, 30)
HAMLET_STRENGTHS = (10, 20, 40, 80, 1000)


def report(seeds: int) -> str:
    """Return the tables of docs/learning.md."""
    played = [play(seed, Spread()).predictions for seed in range(seeds)]
    every = [prediction for campaign in played for prediction in campaign]
    parts = [
        f"{seeds} towns, {len(every)} visits. Brier score (mean squared error of the foretold chance; lower is better) by week.",
        by_week(played),
        "Reliability: of the visits foretold with such a chance, how many met someone.",
        reliability(every),
        "The strengths of the two priors, by the Brier score of all weeks.",
        strengths(max(2, seeds // 3)),
        "The same where truth keeps closer to the table, and where it strays further (deviations of log-odds halved, doubled).",
        strayed(max(2, seeds // 3)),
    ]
    return "\n\n".join(parts)


def brier(predictions: Iterable[Prediction], how: str) -> float:
    """Return the mean squared error of a way of foretelling."""
    return fmean((getattr(p, how) - p.met) ** 2 for p in predictions)


def by_week(campaigns: Sequence[Sequence[Prediction]]) -> str:
    rows = []
    for week in (*range(WEEKS), None):
        chosen = [[p for p in campaign if week in (None, p.week)] for campaign in campaigns]
        fixed, learned, truth = (fmean(brier(c, how) for c in chosen) for how in ("fixed", "learned", "truth"))
        gains = [brier(c, "fixed") - brier(c, "learned") for c in chosen]
        rows.append(
            (
                "all" if week is None else str(week + 1), f"{fixed:.4f}", f"{learned:.4f}", f"{truth:.4f}",
                confidence(gains, 4), f"{100 * fmean(gains) / max(fixed - truth, 1e-9):.0f} %",
            )
        )  # fmt: skip
    titles = ("week", "fixed table", "learned", "truth itself", "fixed less learned (95 %)", "of what could be gained")
    return markdown(titles, rows)


def reliability(predictions: Sequence[Prediction]) -> str:
    rows = []
    for n in range(10):
        cells = [f"{10 * n}–{10 * n + 10} %"]
        for how in ("fixed", "learned"):
            chosen = [p for p in predictions if n <= 10 * getattr(p, how) < n + 1]
            foretold = f"{100 * fmean(getattr(p, how) for p in chosen):.1f} %" if chosen else "–"
            came = f"{100 * fmean(p.met for p in chosen):.1f} %" if chosen else "–"
            cells += [str(len(chosen)), foretold, came]
        rows.append(tuple(cells))
    rows.append(("mean gap, weighted", "", "", gap(predictions, "fixed"), "", "", gap(predictions, "learned")))
    titles = ("foretold", "fixed: visits", "foretold", "met", "learned: visits", "foretold", "met")
    return markdown(titles, rows)


def gap(predictions: Sequence[Prediction], how: str) -> str:
    """Return the expected calibration error in points of a hundred."""
    total = 0.0
    for n in range(10):
        chosen = [p for p in predictions if n <= 10 * getattr(p, how) < n + 1]
        total += abs(sum(getattr(p, how) - p.met for p in chosen))
    return f"{100 * total / len(predictions):.1f} points"


def strengths(seeds: int) -> str:
    rows = []
    for strength in STRENGTHS:
        cells = [str(strength)]
        for hamlet in HAMLET_STRENGTHS:
            settings = CampaignSettings.from_dict({"prior_strength": strength, "hamlet_strength": hamlet})
            found = [p for seed in range(seeds) for p in play(seed, Spread(), settings=settings).predictions]
            cells.append(f"{brier(found, 'learned'):.4f}")
        rows.append(tuple(cells))
    return markdown(("prior_strength \\ hamlet_strength", *map(str, HAMLET_STRENGTHS)), rows)


def strayed(seeds: int) -> str:
    rows = []
    for factor in (0.0, 0.5, 1.0, 2.0):
        usual = Spread()
        spread = Spread(usual.kind * factor, usual.hamlet * factor, usual.household * factor, usual.repeat)
        found = [p for seed in range(seeds) for p in play(seed, spread).predictions]
        scores = [f"{brier(found, how):.4f}" for how in ("fixed", "learned", "truth")]
        rows.append((f"× {factor}", *scores))
    return markdown(("truth strays", "fixed table", "learned", "truth itself"), rows)
