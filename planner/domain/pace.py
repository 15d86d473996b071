"""Is something on course? The words for it, a straight way to a goal, and when a turn is worth telling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Course(StrEnum):
    """Is an indicator on course? `at_risk`: it may be reached, more likely not. Values are stored."""

    REACHED = "reached"
    ON_COURSE = "on_course"
    AT_RISK = "at_risk"
    OFF_COURSE = "off_course"
    UNKNOWN = "unknown"


_ORDER = (Course.REACHED, Course.ON_COURSE, Course.AT_RISK, Course.OFF_COURSE)
SHORT = (Course.AT_RISK, Course.OFF_COURSE)  # more likely missed than not


def to_note(before: Course | None, now: Course, *, another_week: bool) -> Course | None:
    """Return the course to write down in place of the one noted before; None: what is noted stays.

    A turn for the worse is noted at once, one for the better in another week than the last turn: a forecast near its target
    goes up and down by chance from night to night, and nobody wants to be told each time.
    """
    if now is Course.UNKNOWN or now is before:
        return None
    return now if before is None or another_week or _is_worse(before, now) else None


def is_to_tell(before: Course | None, noted: Course) -> bool:
    """Tell whether people are to hear of a turn: the target is newly expected to be missed, or by more than it was."""
    return noted in SHORT and _is_worse(before or Course.ON_COURSE, noted)


def _is_worse(before: Course, now: Course) -> bool:
    return _ORDER.index(now) > _ORDER.index(before)


def days_gone(starts_on: date, ends_on: date, on_date: date) -> tuple[int, int]:
    """Return how many days of a campaign are over by the beginning of a date, and how many it has."""
    days = (ends_on - starts_on).days + 1
    return min(days, max(0, (on_date - starts_on).days)), days


@dataclass(frozen=True, slots=True)
class Pace:
    """How a quota is coming along. `due`: what a straight way asks for by now; `by_end`: where it ends at the pace so far.

    `by_end` is None on the first day, when there is no pace to tell by.
    """

    quota: int
    done: int
    due: int
    by_end: int | None

    @property
    def reached(self) -> bool:
        return self.done >= self.quota

    @property
    def behind(self) -> int:
        """How many are missing against the straight way; 0 where it is on course."""
        return max(0, self.due - self.done)


def pace(quota: int, done: int, starts_on: date, ends_on: date, on_date: date) -> Pace:
    """Return how a quota that began at nought on a campaign's first day is coming along at the beginning of a date."""
    gone, days = days_gone(starts_on, ends_on, on_date)
    return Pace(quota, done, quota * gone // days, done * days // gone if gone else None)
