"""The pages of the field."""

from __future__ import annotations

from flask import Blueprint, render_template

from planner.domain.vocabulary import Role
from web.access import policy

blueprint = Blueprint("field", __name__, template_folder="templates", url_prefix="/my")


@blueprint.get("/week")
@policy(Role.VOLUNTEER, Role.LEADER)
def my_week() -> str:
    return render_template("field/my_week.html")
