"""The campaign's figures, once for all: phone, desk, the chairman's page and print read them here (decision 0023)."""

from planner.domain.pace import Course, Pace
from planner.services.progress.alarm import Alarm, alarm
from planner.services.progress.breakdown import Breakdown, By, breakdown
from planner.services.progress.history import keep
from planner.services.progress.mine import Mine, of_person
from planner.services.progress.overview import forecast, overview
from planner.services.progress.quotas import OfficeRow, Quotas, TeamQuotaRow, quotas
from planner.services.progress.rows import FigureRow, FigureRows, Part, RowFilter, rows
from planner.services.progress.views import IndicatorLine, Overview, Still
from planner.services.progress.work import NO_CREW, CrewRow, TeamRow, crews, teams
from planner.services.progress.work_rows import Doer, WorkFilter, WorkRows, work_rows

__all__ = [
    "NO_CREW",
    "Alarm",
    "Breakdown",
    "By",
    "Course",
    "CrewRow",
    "Doer",
    "FigureRow",
    "FigureRows",
    "IndicatorLine",
    "Mine",
    "OfficeRow",
    "Overview",
    "Pace",
    "Part",
    "Quotas",
    "RowFilter",
    "Still",
    "TeamQuotaRow",
    "TeamRow",
    "WorkFilter",
    "WorkRows",
    "alarm",
    "breakdown",
    "crews",
    "forecast",
    "keep",
    "of_person",
    "overview",
    "quotas",
    "rows",
    "teams",
    "work_rows",
]
