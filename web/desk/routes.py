"""The blueprint of the duty officer's pages; each module of the package adds its own routes to it."""

from __future__ import annotations

from flask import Blueprint

from web.desk import words

blueprint = Blueprint("desk", __name__, url_prefix="/desk", template_folder="templates")


@blueprint.context_processor
def _words() -> dict[str, object]:
    """Give the desk's templates their sentences."""
    names = ("after", "before", "change_words", "group_words", "period_words", "rule_words", "unplaced_words")
    return {name: getattr(words, name) for name in names}
