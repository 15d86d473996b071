"""Households as the desk looks them up and keeps them: the roster list, the household page, who is not to be visited."""

from planner.services.households.changes import HouseholdForm, change, resume_contact, reveal_phone, stop_contact
from planner.services.households.lists import HamletView, HouseholdFilter, HouseholdRow, count, hamlets, search
from planner.services.households.pages import AppointmentView, AssignmentLine, HouseholdView, StopView, view

__all__ = [
    "AppointmentView",
    "AssignmentLine",
    "HamletView",
    "HouseholdFilter",
    "HouseholdForm",
    "HouseholdRow",
    "HouseholdView",
    "StopView",
    "change",
    "count",
    "hamlets",
    "resume_contact",
    "reveal_phone",
    "search",
    "stop_contact",
    "view",
]
