"""Vì sao chưa xếp, vì sao tổ này, thêm người thì sao: the plan answers for itself."""

from __future__ import annotations

from flask import render_template, request

from planner.domain.vocabulary import Role
from planner.services import explaining, more_people, planning
from web.access import policy
from web.context import actor, app_db
from web.desk import why_words
from web.desk.routes import blueprint


@blueprint.get("/plan/drafts/<int:week_plan_id>/households/<int:household_id>")
@policy(Role.DESK)
def planning_why(week_plan_id: int, household_id: int) -> str:
    """Say why a household has no visit in a revision of a week, or why this crew comes in this slot."""
    with app_db().read() as session:
        why = explaining.why(session, actor(), week_plan_id, household_id)
        head = planning.draft_head(session, actor(), week_plan_id)
    template = "desk/why_this_crew.html" if why.visited else "desk/why_not.html"
    return render_template(template, why=why, head=head, say_why=why_words, here=request.path)


@blueprint.get("/plan/drafts/<int:week_plan_id>/more-people")
@policy(Role.DESK)
def planning_more_people(week_plan_id: int) -> str:
    """Show what one more crew would bring, by hamlet and class of slot, and what fairness and rules cost."""
    with app_db().read() as session:
        figures = more_people.more_people(session, actor(), week_plan_id)
        head = planning.draft_head(session, actor(), week_plan_id)
    return render_template("desk/more_people.html", figures=figures, head=head, say_why=why_words)
