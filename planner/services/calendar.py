"""Public holidays of Việt Nam, and the slots of a very week: what `domain.calendar` cannot know without a library."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from planner.domain.calendar import Slot, slots_of_week, week_of
from planner.domain.settings import CampaignSettings


@lru_cache(maxsize=32)
def holidays_of(year: int) -> dict[date, str]:
    """Return the public holidays of a year with their Vietnamese names, compensatory days included."""
    import holidays  # 0.2 s: only who plans or shows a week pays

    return dict(holidays.country_holidays("VN", years=year, language="vi"))


def holidays_of_week(monday: date, settings: CampaignSettings) -> dict[date, str]:
    """Return the public holidays of a week on which no crew goes out (the campaign may open some)."""
    return {
        day: name
        for day in week_of(monday)
        if (name := holidays_of(day.year).get(day)) is not None and day not in settings.open_dates
    }


def slots_for(monday: date, settings: CampaignSettings, starts_on: date, ends_on: date) -> tuple[Slot, ...]:
    """Return the slots of a week of a campaign: within its dates, without holidays and closed days."""
    slots = slots_of_week(monday, settings, holidays_of_week(monday, settings))
    return tuple(slot for slot in slots if starts_on <= slot.on_date <= ends_on)
