"""How good a plan is: by how much any other could be better, as far as that is proven; and the words for it."""

from __future__ import annotations

from planner.domain.messages import say


def better_by_percent(total: int | None, bound: int | None) -> float | None:
    """Return by how many percent of its own total any plan could be better at most, rounded up to a tenth.

    None where nothing is proven, or where there is no total to compare with.
    """
    if total is None or bound is None or total <= 0:
        return None
    return -((total - bound) * 1000 // total) / 10 if bound > total else 0.0


def quality_text(percent: float | None, lang: str = "vi") -> str:
    """Return the sentence on a plan's quality; empty where nothing is proven."""
    if percent is None:
        return ""
    if percent == 0:
        return say("plan_is_best", lang)
    text = f"{percent:.1f}"
    return say("plan_no_better_by", lang, percent=text if lang == "en" else text.replace(".", ","))
