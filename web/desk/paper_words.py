"""Short words for a narrow sheet of paper."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from planner.domain.paper import KEY_OF_OUTCOME, KEY_OF_RESULT
from planner.domain.vocabulary import NeedResult, Outcome
from planner.services.paper import PaperNeed
from web.words import label


def result_words(result: NeedResult) -> str:
    """Return a result in one or two words, as it stands beside its box."""
    return {
        NeedResult.DONE: _("Xong"),
        NeedResult.SUBMITTED: _("Chờ duyệt"),
        NeedResult.REJECTED: _("Bị trả lại"),
        NeedResult.REFERRED: _("Hẹn công an"),
        NeedResult.NOT_DONE: _("Chưa làm"),
        NeedResult.DECLINED: _("Không làm"),
    }[result]


def result_pairs(results: Iterable[NeedResult]) -> list[tuple[str, str]]:
    """Return key and word of each result a need can have, for boxes to tick."""
    return [(KEY_OF_RESULT[result], result_words(result)) for result in sorted(results, key=KEY_OF_RESULT.__getitem__)]


def outcome_pairs(outcomes: Iterable[Outcome]) -> list[tuple[str, str]]:
    return [(KEY_OF_OUTCOME[outcome], label(outcome)) for outcome in outcomes]


def result_options(need: PaperNeed) -> list[tuple[str, str]]:
    """Return a need's results for a form: each begins with its key, so that pressing the key chooses it."""
    ordered = sorted(need.results, key=KEY_OF_RESULT.__getitem__)
    return [(result.value, f"{KEY_OF_RESULT[result]} {label(result)}") for result in ordered]


def done_at_the_door(needs: Iterable[PaperNeed]) -> bool:
    """Tell whether anything of these can be done on a phone there and then: only then it matters whose phone it was."""
    return any(NeedResult.DONE in need.results or NeedResult.SUBMITTED in need.results for need in needs)


def sent_to_the_police(needs: Iterable[PaperNeed]) -> bool:
    return any(NeedResult.REFERRED in need.results for need in needs)
