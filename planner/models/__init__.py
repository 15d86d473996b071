"""What the database keeps: SQLAlchemy 2, one aggregate a file."""

from planner.models.accounts import Device, SignInLink, User
from planner.models.base import Base, Database, UtcDateTime
from planner.models.campaigns import Campaign, Indicator, Service
from planner.models.clock import AvailabilityClosing, ClockProcess, Erasure, ReportSent
from planner.models.crews import Availability, AvailabilityChange, Volunteer
from planner.models.evidence import Evidence
from planner.models.learning import ChanceOverrule, LearnedTable
from planner.models.notices import Notice, NoticeChoice, NoticeDelivery, PushSubscription
from planner.models.paper import PaperList, PaperRow
from planner.models.people import ContactStop, Need, Resident
from planner.models.places import Commune, Hamlet, Household
from planner.models.plans import Assignment, HouseholdRule, PlanRun, Shift, ShiftMember, WeekPlan
from planner.models.records import AuditEntry, ImportBatch, JobRun
from planner.models.sync import FieldDecision, FieldEvent, Installation
from planner.models.tally import CourseChange, IndicatorDay, household_tally
from planner.models.visits import Appointment, Visit, VisitResult

__all__ = [
    "Appointment",
    "Assignment",
    "AuditEntry",
    "Availability",
    "AvailabilityChange",
    "AvailabilityClosing",
    "Base",
    "Campaign",
    "ChanceOverrule",
    "ClockProcess",
    "Commune",
    "ContactStop",
    "CourseChange",
    "Database",
    "Device",
    "Erasure",
    "Evidence",
    "FieldDecision",
    "FieldEvent",
    "Hamlet",
    "Household",
    "HouseholdRule",
    "ImportBatch",
    "Indicator",
    "IndicatorDay",
    "Installation",
    "JobRun",
    "LearnedTable",
    "Need",
    "Notice",
    "NoticeChoice",
    "NoticeDelivery",
    "PaperList",
    "PaperRow",
    "PlanRun",
    "PushSubscription",
    "ReportSent",
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
    "household_tally",
]
