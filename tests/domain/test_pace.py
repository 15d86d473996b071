"""A turn is told once; a quota's straight way and its pace."""

from __future__ import annotations

from datetime import date

import pytest

from planner.domain.pace import Course, is_to_tell, pace, to_note

REACHED, ON, RISK, OFF, UNKNOWN = Course.REACHED, Course.ON_COURSE, Course.AT_RISK, Course.OFF_COURSE, Course.UNKNOWN


@pytest.mark.parametrize(
    ("before", "now", "another_week", "noted", "told"),
    [
        (None, RISK, False, RISK, True),  # short from the first forecast on
        (None, ON, False, ON, False),
        (ON, RISK, False, RISK, True),
        (RISK, OFF, False, OFF, True),  # worse than it was
        (RISK, RISK, True, None, False),  # it still is
        (RISK, ON, False, None, False),  # better, but only since yesterday …
        (RISK, ON, True, ON, False),  # … and now for good
        (OFF, RISK, True, RISK, False),
        (ON, REACHED, True, REACHED, False),
        (REACHED, ON, False, ON, False),  # a newer roster made the whole larger: no reason for an alarm
        (RISK, UNKNOWN, True, None, False),
    ],
)
def test_a_turn_for_the_worse_is_noted_at_once_and_told_one_for_the_better_waits_for_another_week(
    before: Course | None, now: Course, another_week: bool, noted: Course | None, told: bool
) -> None:
    assert to_note(before, now, another_week=another_week) is noted
    assert (noted is not None and is_to_tell(before, noted)) is told


STARTS, ENDS = date(2026, 11, 2), date(2027, 1, 10)  # seventy days


@pytest.mark.parametrize(
    ("on_date", "done", "due", "by_end", "behind", "reached"),
    [
        (STARTS, 0, 0, None, 0, False),
        (date(2026, 10, 1), 3, 0, None, 0, False),
        (date(2026, 11, 12), 10, 14, 70, 4, False),  # ten days are over
        (date(2026, 11, 12), 14, 14, 98, 0, False),
        (date(2026, 12, 7), 100, 50, 200, 0, True),
        (date(2027, 3, 1), 80, 100, 80, 20, False),  # it is over: the pace is what was done
    ],
)
def test_a_quota_is_held_against_a_straight_way_and_carried_on_at_its_pace(
    on_date: date, done: int, due: int, by_end: int | None, behind: int, reached: bool
) -> None:
    found = pace(100, done, STARTS, ENDS, on_date)
    assert (found.due, found.by_end, found.behind, found.reached) == (due, by_end, behind, reached)
