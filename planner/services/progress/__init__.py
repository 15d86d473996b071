"""The campaign's figures, once for all: phone, desk, the chairman's page and print read them here (decision 0023)."""

from planner.services.progress.breakdown import Breakdown, By, QuotaRow, TeamRow, breakdown, quotas, teams
from planner.services.progress.history import keep
from planner.services.progress.mine import Mine, of_person
from planner.services.progress.overview import forecast, overview
from planner.services.progress.rows import FigureRow, FigureRows, Part, RowFilter, rows
from planner.services.progress.views import Course, IndicatorLine, Overview, Still

__all__ = [
    "Breakdown",
    "By",
    "Course",
    "FigureRow",
    "FigureRows",
    "IndicatorLine",
    "Mine",
    "Overview",
    "Part",
    "QuotaRow",
    "RowFilter",
    "Still",
    "TeamRow",
    "breakdown",
    "forecast",
    "keep",
    "of_person",
    "overview",
    "quotas",
    "rows",
    "teams",
]
