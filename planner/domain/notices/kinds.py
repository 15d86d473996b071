"""The kinds of notices: whom each is for, by which channels it goes, how long it is of use, and which facts it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class NoticeKind(StrEnum):
    """What happened. Values are stored: a new one needs a migration (see migrations/versions/…_notices.py)."""

    SHIFT_TOMORROW = "shift_tomorrow"
    SHIFT_SOON = "shift_soon"
    SHIFT_CHANGED = "shift_changed"
    APPOINTMENT_SOON = "appointment_soon"
    WEEK_PUBLISHED = "week_published"
    AVAILABILITY_CLOSING = "availability_closing"
    MEMBER_CANNOT_COME = "member_cannot_come"
    MEMBER_COMES = "member_comes"
    AVAILABILITY_CLOSED = "availability_closed"
    DRAFT_READY = "draft_ready"
    DRAFT_FAILED = "draft_failed"
    WEEK_PUBLISHED_BY_ITSELF = "week_published_by_itself"
    MISSED_FOUND = "missed_found"
    REPLAN_PROPOSED = "replan_proposed"
    DAILY_DIGEST = "daily_digest"
    FOLLOW_UP_DUE = "follow_up_due"
    REPORT_DUE = "report_due"
    REPORT_OVERDUE = "report_overdue"
    FORECAST_SHORT = "forecast_short"
    JOB_FAILED = "job_failed"
    CLOCK_STOOD_STILL = "clock_stood_still"
    BACKUP_FAILED = "backup_failed"
    RETENTION_DUE = "retention_due"


class Channel(StrEnum):
    """How a notice reaches someone. In the app always; the others where there is an address and the person wants it."""

    APP = "app"
    EMAIL = "email"
    PUSH = "push"


class DeliveryState(StrEnum):
    """Of one notice on one channel. `dropped`: sending it made no sense any more; `failed`: given up after many attempts."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Topic(StrEnum):
    """What people switch on and off: nobody wants to decide for each of twenty kinds."""

    SHIFTS = "shifts"
    WEEK = "week"
    WORK = "work"
    REPORTS = "reports"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Spec:
    """What a kind is like.

    Parameters
    ----------
    topic
        Under which people find it among their choices.
    facts
        Facts that `tell` insists on; further ones may be given, see `texts.py` for what is made of them.
    endpoint
        The page the notice leads to; `values` are the facts that its address needs, by the address's name.
    useful
        After that nobody wants it on their phone any more; in the app it stays.
    push
        Worth a sound in someone's pocket.
    silenceable
        The person may switch its topic off for e-mail and push. What stops the campaign may not be missed.
    """

    topic: Topic
    facts: tuple[str, ...]
    endpoint: str
    values: Mapping[str, str]
    useful: timedelta = timedelta(days=2)
    email: bool = True
    push: bool = False
    silenceable: bool = True

    def goes_by(self, channel: Channel) -> bool:
        return {Channel.APP: True, Channel.EMAIL: self.email, Channel.PUSH: self.push}[channel]


_K, _T = NoticeKind, Topic
_SHIFT = ("on_date", "period", "starts_at", "ends_at")
_HOURS = timedelta(hours=1)
_MY_WEEK: tuple[str, Mapping[str, str]] = ("field.my_week", {})

SPECS: Mapping[NoticeKind, Spec] = {
    # For those who go out. Reminders after the fact are worse than none: they are dropped when it is too late.
    _K.SHIFT_TOMORROW: Spec(_T.SHIFTS, _SHIFT, *_MY_WEEK, useful=18 * _HOURS, push=True),
    _K.SHIFT_SOON: Spec(_T.SHIFTS, _SHIFT, *_MY_WEEK, useful=2 * _HOURS, email=False, push=True),
    _K.SHIFT_CHANGED: Spec(_T.SHIFTS, ("monday",), *_MY_WEEK, push=True),
    _K.APPOINTMENT_SOON: Spec(_T.SHIFTS, ("starts_at",), *_MY_WEEK, useful=3 * _HOURS, email=False, push=True),
    _K.WEEK_PUBLISHED: Spec(_T.WEEK, ("monday", "shifts"), *_MY_WEEK, push=True),
    _K.AVAILABILITY_CLOSING: Spec(_T.WEEK, ("monday", "closes_at"), "field.my_availability", {}, push=True),
    # For the desk, and for the crew that is one short.
    _K.MEMBER_CANNOT_COME: Spec(_T.SHIFTS, ("volunteer", "on_date", "period"), "notices.listing", {}, push=True),
    _K.MEMBER_COMES: Spec(_T.SHIFTS, ("volunteer", "on_date", "period"), "notices.listing", {}, push=True),
    _K.AVAILABILITY_CLOSED: Spec(_T.WORK, ("monday", "given", "missing"), "desk.volunteers", {}, email=False),
    _K.DRAFT_READY: Spec(_T.WORK, ("monday",), "desk.planning", {}, push=True),
    _K.DRAFT_FAILED: Spec(_T.WORK, ("monday", "error"), "desk.planning", {}, push=True, silenceable=False),
    _K.WEEK_PUBLISHED_BY_ITSELF: Spec(_T.WORK, ("monday", "shifts", "visits"), "notices.listing", {}),
    _K.MISSED_FOUND: Spec(_T.WORK, ("monday", "missed"), "desk.missed", {}, email=False),
    _K.REPLAN_PROPOSED: Spec(_T.WORK, ("monday", "missed"), "desk.missed", {}),
    _K.DAILY_DIGEST: Spec(_T.WORK, ("on_date", "done", "missed"), "notices.listing", {}, useful=18 * _HOURS),
    _K.FOLLOW_UP_DUE: Spec(_T.WORK, ("count",), "desk.roster_follow_ups", {}, email=False),
    _K.REPORT_DUE: Spec(_T.REPORTS, ("report", "due_on", "days_left"), "notices.listing", {}),
    _K.REPORT_OVERDUE: Spec(_T.REPORTS, ("report", "due_on", "days_late"), "notices.listing", {}, silenceable=False),
    _K.FORECAST_SHORT: Spec(
        _T.REPORTS,
        ("indicator", "expected", "low", "high", "target", "ends_on"),
        "reports.overview",
        {},
        useful=timedelta(days=7),
    ),
    # What stops the campaign.
    _K.JOB_FAILED: Spec(_T.TROUBLE, ("job", "error"), "desk.settings_clock", {}, silenceable=False),
    _K.CLOCK_STOOD_STILL: Spec(_T.TROUBLE, ("minutes",), "desk.settings_clock", {}, silenceable=False),
    _K.BACKUP_FAILED: Spec(_T.TROUBLE, ("error",), "desk.settings_clock", {}, silenceable=False),
    _K.RETENTION_DUE: Spec(
        _T.TROUBLE, ("campaign", "due_on"), "desk.settings_retention", {}, useful=timedelta(days=7), silenceable=False
    ),
}


CHOICES_PATH = "/notices/choices"  # where a person chooses what to be told, and where


def open_path(notice_id: int) -> str:
    """Return the path of a notice's own page, which leads on to what it is about: the one address that messages carry."""
    return f"/notices/{notice_id}"
