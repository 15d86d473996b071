"""First and last day of a campaign: data, but within reason. The clock reckons with all of its weeks."""

from __future__ import annotations

from datetime import date, timedelta

from planner.domain.bounds import FIRST_DAY, LAST_DAY, is_within
from planner.domain.errors import InvalidInput

MOST_YEARS = 3
MOST_DAYS = timedelta(days=366 * MOST_YEARS)


def check_dates(starts_on: date, ends_on: date) -> None:
    """Refuse days that no campaign has.

    Raises
    ------
    InvalidInput
        ``campaign_day_far``, ``campaign_dates_reversed``, ``campaign_too_long``.
    """
    for name, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if not is_within(day):
            raise InvalidInput("campaign_day_far", field=name, day=day, first=FIRST_DAY.year, last=LAST_DAY.year)
    if ends_on < starts_on:
        raise InvalidInput("campaign_dates_reversed", field="ends_on")
    if ends_on - starts_on > MOST_DAYS:
        raise InvalidInput("campaign_too_long", field="ends_on", years=MOST_YEARS)
