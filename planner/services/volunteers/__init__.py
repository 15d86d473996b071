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
from planner.services.volunteers.lists import VolunteerFilter, VolunteerRow, count, search
from planner.services.volunteers.people import VolunteerForm, VolunteerShift, VolunteerView, change, view

__all__ = [
    "Absence",
    "Grid",
    "GridCell",
    "GridRow",
    "VolunteerChoice",
    "VolunteerFilter",
    "VolunteerForm",
    "VolunteerRow",
    "VolunteerShift",
    "VolunteerView",
    "availability_grid",
    "change",
    "choices",
    "chosen",
    "count",
    "mark_absent",
    "mark_present",
    "matching",
    "search",
    "set_availability",
    "view",
]
