"""The chairman's page: targets, and where the week stands. The inspector's: what is to come."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template

from planner.domain.calendar import local_date, monday_of
from planner.domain.vocabulary import Role
from planner.services import board, campaigns, targets
from web.access import policy
from web.context import actor, app_db, now

blueprint = Blueprint("reports", __name__, url_prefix="/reports", template_folder="templates")


@blueprint.get("/overview")
@policy(Role.VIEWER, Role.DESK)
def overview() -> str:
    """Show the targets and the week in figures; nobody is named."""
    monday = monday_of(local_date(now()))
    with app_db().read() as session:
        campaign = campaigns.active(session, actor())
        commune = campaigns.commune(session, actor())
        standing = targets.standing(session, actor(), now())
        week = board.week(session, actor(), monday, now())
    days_left = (campaign.ends_on - local_date(now())).days
    return render_template(
        "reports/overview.html", campaign=campaign, commune=commune, standing=standing, week=week, monday=monday,
        days_left=max(0, days_left), week_ends_on=monday + timedelta(days=6),
    )  # fmt: skip


@blueprint.get("/inspection")
@policy(Role.INSPECTOR)
def inspection() -> str:
    """Tell the inspector how re-checks will reach them."""
    return render_template("reports/inspection.html")
