"""The blueprint of the duty officer's pages; each module of the package adds its own routes to it."""

from __future__ import annotations

from flask import Blueprint

from web.desk import details, goals_form, paper_words, words
from web.paging import page_url

blueprint = Blueprint("desk", __name__, url_prefix="/desk", template_folder="templates")

_IN_TEMPLATES = {
    words: (
        "after", "before", "change_words", "group_words", "paper_words", "period_words", "rule_words", "step_words",
        "unplaced_words",
    ),
    goals_form: ("goal_words",),
    paper_words: ("done_at_the_door", "outcome_pairs", "result_options", "result_pairs", "sent_to_the_police"),
    details: ("birth_words", "changed_words", "field_changes", "question_options", "who_words"),
}  # fmt: skip


@blueprint.context_processor
def _in_templates() -> dict[str, object]:
    """Give the desk's templates their sentences."""
    sentences = {name: getattr(module, name) for module, names in _IN_TEMPLATES.items() for name in names}
    return {**sentences, "page_url": page_url}
