"""The blueprint of the field, and what its pages share."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, request

from planner.domain.calendar import local_date, monday_of
from web.context import now

blueprint = Blueprint("field", __name__, template_folder="templates", url_prefix="/my")


def asked_monday() -> date:
    """Return the Monday of the week asked for, this week's where the address names none."""
    this_week = monday_of(local_date(now()))
    try:
        asked = date.fromisoformat(request.args.get("monday", ""))
    except ValueError:
        return this_week
    return monday_of(asked) if 2020 <= asked.year <= 2100 else this_week
