"""Weekly plans from the question to the draft: ask for a run, compute it outside the request, look the result through."""

from planner.services.planning.decisions import RuleForm, RuleView, add_rule, remove_rule, rules
from planner.services.planning.lifecycle import RunView, cancel, run_view, runs, sweep
from planner.services.planning.requests import discard_draft, request_draft
from planner.services.planning.running import run_now
from planner.services.planning.views import (
    DraftFilter,
    DraftLine,
    DraftView,
    ShiftLine,
    UnplacedLine,
    VisitLine,
    broken_promises,
    draft_head,
    draft_view,
    drafts,
    is_planned,
    latest_draft,
    unplaced_view,
)

__all__ = [
    "DraftFilter",
    "DraftLine",
    "DraftView",
    "RuleForm",
    "RuleView",
    "RunView",
    "ShiftLine",
    "UnplacedLine",
    "VisitLine",
    "add_rule",
    "broken_promises",
    "cancel",
    "discard_draft",
    "draft_head",
    "draft_view",
    "drafts",
    "is_planned",
    "latest_draft",
    "remove_rule",
    "request_draft",
    "rules",
    "run_now",
    "run_view",
    "runs",
    "sweep",
    "unplaced_view",
]
