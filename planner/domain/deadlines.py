"""When reports are due and who is reminded when: rõ trách nhiệm, first the leaders, then the desk, then the chairman."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from planner.domain.calendar import instant, local_date
from planner.domain.settings import CampaignSettings

DAYS_LATE_TOLD = (1, 3, 7)  # an overdue report is brought up again, but not every day


class ReportCode(StrEnum):
    """Reports that a plan asks for."""

    MONTHLY = "monthly"
    FINAL = "final"


class ReportStep(StrEnum):
    """Whose turn it is to be told; each step reaches others than the one before."""

    LEADERS = "leaders"
    DESK = "desk"
    CHAIRMAN = "chairman"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A report and the last day on which it is in time ("before the 2nd" is by the end of the 1st)."""

    code: ReportCode
    due_on: date

    @property
    def before_on(self) -> date:
        """The date as plans write it: before the 2nd."""
        return self.due_on + timedelta(days=1)

    def days_left(self, on_date: date) -> int:
        """Return how many days are left; negative: how many it is late."""
        return (self.due_on - on_date).days


@dataclass(frozen=True, slots=True)
class Reminder:
    """A step of a deadline and when it is taken; `number` tells repeated ones apart."""

    deadline: Deadline
    step: ReportStep
    number: int
    at: datetime


def deadlines(starts_on: date, ends_on: date, settings: CampaignSettings) -> tuple[Deadline, ...]:
    """Return the reports of a campaign in the order of their days.

    The monthly ones are those whose day lies within the campaign; the month of the final report has no other.
    """
    found = [Deadline(ReportCode.MONTHLY, before - timedelta(days=1)) for before in _monthly(starts_on, ends_on, settings)]
    if settings.final_report_on is not None:
        found.append(Deadline(ReportCode.FINAL, settings.final_report_on - timedelta(days=1)))
    return tuple(sorted(found, key=lambda d: (d.due_on, d.code)))


def _monthly(starts_on: date, ends_on: date, settings: CampaignSettings) -> Iterator[date]:
    if not settings.monthly_report_day:
        return
    first = starts_on.replace(day=1)
    while first <= ends_on:
        before = first.replace(day=settings.monthly_report_day)
        if starts_on < before - timedelta(days=1) and before <= ends_on:
            yield before
        first = (first + timedelta(days=32)).replace(day=1)


def reminders(deadline: Deadline, settings: CampaignSettings) -> tuple[Reminder, ...]:
    """Return the steps of a deadline in the order of time."""
    days = [
        (ReportStep.LEADERS, 0, -settings.report_leader_days),
        (ReportStep.DESK, 0, -settings.report_desk_days),
        (ReportStep.CHAIRMAN, 0, -settings.report_chairman_days),
        *((ReportStep.OVERDUE, late, late) for late in DAYS_LATE_TOLD),
    ]
    steps = [
        Reminder(deadline, step, number, instant(deadline.due_on + timedelta(days=offset), settings.digest_at))
        for step, number, offset in days
    ]
    return tuple(sorted(steps, key=lambda reminder: reminder.at))


def reached(deadline: Deadline, settings: CampaignSettings, at: datetime) -> tuple[Reminder, ...]:
    """Return the steps to be taken at an instant: the latest of each kind of people, and none of a report long overdue."""
    if deadline.days_left(local_date(at)) < -max(DAYS_LATE_TOLD):
        return ()
    over = [reminder for reminder in reminders(deadline, settings) if reminder.at <= at]
    if over and over[-1].step is ReportStep.OVERDUE:
        return (over[-1],)  # who was to remind others in time need not hear of it any more
    return tuple(over)


def days_of(starts_on: date, ends_on: date, settings: CampaignSettings) -> date:
    """Return the last day on which anything about reports may be due."""
    last = max((deadline.due_on for deadline in deadlines(starts_on, ends_on, settings)), default=ends_on)
    return max(ends_on, last) + timedelta(days=max(DAYS_LATE_TOLD))
