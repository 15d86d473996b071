"""What the database keeps: SQLAlchemy 2, one aggregate a file."""

from planner.models.accounts import Device, SignInLink, User
from planner.models.base import Base, Database, UtcDateTime
from planner.models.campaigns import Campaign, Indicator, Service
from planner.models.crews import Availability, AvailabilityChange, Volunteer
from planner.models.evidence import Evidence
from planner.models.learning import ChanceOverrule, LearnedTable
from planner.models.paper import PaperList, PaperRow
from planner.models.people import ContactStop, Need, Resident
from planner.models.places import Commune, Hamlet, Household
from planner.models.plans import Assignment, HouseholdRule, PlanRun, Shift, ShiftMember, WeekPlan
from planner.models.records import AuditEntry, ImportBatch, JobRun
from planner.models.sync import FieldDecision, FieldEvent, Installation
from planner.models.visits import Appointment, Visit, VisitResult

__all__ = [
    "Appointment",
    "Assignment",
    "AuditEntry",
    "Availability",
    "AvailabilityChange",
    "Base",
    "Campaign",
    "ChanceOverrule",
    "Commune",
    "ContactStop",
    "Database",
    "Device",
    "Evidence",
    "FieldDecision",
    "FieldEvent",
    "Hamlet",
    "Household",
    "HouseholdRule",
    "ImportBatch",
    "Indicator",
    "Installation",
    "JobRun",
    "LearnedTable",
    "Need",
    "PaperList",
    "PaperRow",
    "PlanRun",
    "Resident",
    "Service",
    "Shift",
    "ShiftMember",
    "SignInLink",
    "User",
    "UtcDateTime",
    "Visit",
    "VisitResult",
    "Volunteer",
    "WeekPlan",
]
