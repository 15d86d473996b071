"""Days, weeks and slots in Việt Nam's time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.calendar import (
    instant_of,
    local_date,
    monday_of,
    slot_class,
    slots_of_week,
    week_of,
    week_second,
)
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import Period, SlotClass

MONDAY = date(2026, 11, 23)
SETTINGS = CampaignSettings()


def test_a_week_has_three_slots_a_day_in_order() -> None:
    slots = slots_of_week(MONDAY, SETTINGS)
    assert len(slots) == 21
    assert [s.id for s in slots[:4]] == ["mon_S", "mon_C", "mon_T", "tue_S"]
    assert slots[-1].id == "sun_T"
    assert list(slots) == sorted(slots, key=lambda s: s.starts_at)


def test_a_slot_is_in_local_time() -> None:
    evening = slots_of_week(MONDAY, SETTINGS)[2]
    assert evening.starts_at == datetime(2026, 11, 23, 11, 30, tzinfo=UTC)  # 18:30 in Việt Nam
    assert evening.ends_at == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def test_closed_dates_have_no_slots() -> None:
    settings = CampaignSettings.from_dict({"closed_dates": ["2026-11-27"]})
    days = {s.on_date for s in slots_of_week(MONDAY, settings, [date(2026, 11, 24)])}
    assert days == set(week_of(MONDAY)) - {date(2026, 11, 24), date(2026, 11, 27)}


@pytest.mark.parametrize(
    ("on_date", "period", "expected"),
    [
        (date(2026, 11, 23), Period.MORNING, SlotClass.WEEKDAY_DAY),
        (date(2026, 11, 23), Period.EVENING, SlotClass.WEEKDAY_EVENING),
        (date(2026, 11, 28), Period.AFTERNOON, SlotClass.WEEKEND_DAY),
        (date(2026, 11, 29), Period.EVENING, SlotClass.WEEKEND_EVENING),
        (date(2026, 11, 24), Period.MORNING, SlotClass.WEEKEND_DAY),  # an opened holiday: people are at home
        (date(2026, 11, 21), Period.MORNING, SlotClass.WEEKDAY_DAY),  # a Saturday worked in exchange
    ],
)
def test_the_class_of_a_slot(on_date: date, period: Period, expected: SlotClass) -> None:
    settings = CampaignSettings.from_dict({"open_dates": ["2026-11-24"], "working_dates": ["2026-11-21"]})
    assert slot_class(on_date, period, settings) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), date(2026, 11, 23)),  # midnight in Việt Nam
    ],
)
def test_the_day_changes_at_local_midnight(at: datetime, expected: date) -> None:
    assert local_date(at) == expected


def test_seconds_of_the_week_start_at_local_midnight() -> None:
    assert week_second(MONDAY, datetime(2026, 11, 22, 17, 0, tzinfo=UTC)) == 0
    assert week_second(MONDAY, datetime(2026, 11, 23, 11, 30, tzinfo=UTC)) == (18 * 60 + 30) * 60
    assert week_second(MONDAY, datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC)) == -1


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(-86400, 8 * 86400))
def test_seconds_and_instants_are_each_others_inverse(day: date, second: int) -> None:
    monday = monday_of(day)
    assert monday.weekday() == 0
    assert timedelta(0) <= day - monday < timedelta(7)
    assert week_second(monday, instant_of(monday, second)) == second
