"""Volunteers and when they can come: the list, one person's page, the availability grid of a week, who is absent."""

from planner.services.volunteers.availability import (
    Absence,
    Grid,
    GridCell,
    GridRow,
    availability_grid,
    mark_absent,
    mark_present,
    set_availability,
)
from planner.services.volunteers.choosing import VolunteerChoice, choices, chosen, matching
from planner.services.volunteers.closing import Answered, answered, close, is_closed, reopen, silent
from planner.services.volunteers.lists import VolunteerFilter, VolunteerRow, count, search
from planner.services.volunteers.people import VolunteerForm, VolunteerShift, VolunteerView, change, view

__all__ = [
    "Absence",
    "Answered",
    "Grid",
    "GridCell",
    "GridRow",
    "VolunteerChoice",
    "VolunteerFilter",
    "VolunteerForm",
    "VolunteerRow",
    "VolunteerShift",
    "VolunteerView",
    "answered",
    "availability_grid",
    "change",
    "choices",
    "chosen",
    "close",
    "count",
    "is_closed",
    "mark_absent",
    "mark_present",
    "matching",
    "reopen",
    "search",
    "set_availability",
    "silent",
    "view",
]
