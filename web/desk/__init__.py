"""The duty officer's pages: bring the lists in, draft the week, publish it, follow it, give again what was missed."""

from __future__ import annotations

from web.desk import (  # noqa: F401 - each adds its routes to the blueprint
    availability,
    board,
    chances,
    clock,
    drafts,
    follow_ups,
    goals,
    imports,
    journal,
    missed,
    needs,
    officials,
    paper,
    paper_found,
    paper_print,
    people,
    phones,
    plan,
    promises,
    quotas,
    retention,
    roster,
    rules,
    settings,
    users,
    week,
    why,
)
from web.desk.routes import blueprint

__all__ = ["blueprint"]
