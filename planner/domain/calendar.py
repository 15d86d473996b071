"""Days, weeks and slots as the commune lives them: in Việt Nam's time, from Monday to Sunday."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import Period, SlotClass

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PERIODS = (Period.MORNING, Period.AFTERNOON, Period.EVENING)


@dataclass(frozen=True, slots=True)
class Slot:
    """A period of a date in which crews can go out. `id` is e.g. ``tue_T``; the instants are in UTC."""

    id: str
    on_date: date
    period: Period
    slot_class: SlotClass
    starts_at: datetime
    ends_at: datetime


def local_date(at: datetime) -> date:
    """Return the date in Việt Nam at an instant."""
    return at.astimezone(LOCAL).date()


def local_time(at: datetime) -> time:
    """Return the hour in Việt Nam at an instant."""
    return at.astimezone(LOCAL).time()


def instant(on_date: date, at: time) -> datetime:
    """Return the instant (UTC) of a local date and hour."""
    return datetime.combine(on_date, at, LOCAL).astimezone(UTC)


def monday_of(on_date: date) -> date:
    """Return the Monday of the date's week."""
    return on_date - timedelta(days=on_date.weekday())


def week_of(monday: date) -> tuple[date, ...]:
    """Return the seven dates from that Monday on."""
    return tuple(monday + timedelta(days=days) for days in range(7))


def slot_id(on_date: date, period: Period) -> str:
    """Return the identifier of a slot within its week, e.g. ``mon_S``."""
    return f"{WEEKDAYS[on_date.weekday()]}_{period.value}"


def slot_class(on_date: date, period: Period, settings: CampaignSettings) -> SlotClass:
    """Return the kind of hours: weekends are Saturdays, Sundays and holidays, but for those worked in exchange."""
    weekend = (on_date.weekday() >= 5 or on_date in settings.open_dates) and on_date not in settings.working_dates
    if period is Period.EVENING:
        return SlotClass.WEEKEND_EVENING if weekend else SlotClass.WEEKDAY_EVENING
    return SlotClass.WEEKEND_DAY if weekend else SlotClass.WEEKDAY_DAY


def slot_on(on_date: date, period: Period, settings: CampaignSettings) -> Slot:
    """Return the slot of a date and period, be the date closed or not."""
    start, end = settings.periods[period]
    return Slot(
        slot_id(on_date, period),
        on_date,
        period,
        slot_class(on_date, period, settings),
        instant(on_date, start),
        instant(on_date, end),
    )


def slots_of_week(monday: date, settings: CampaignSettings, closed_dates: Collection[date] = ()) -> tuple[Slot, ...]:
    """Return the slots of a week in order, without those of closed dates (the settings' own are always closed)."""
    closed = {*closed_dates, *settings.closed_dates}
    return tuple(slot_on(day, period, settings) for day in week_of(monday) if day not in closed for period in PERIODS)


def week_second(monday: date, at: datetime) -> int:
    """Return the seconds from that Monday's local midnight to an instant (negative before it)."""
    return int((at - instant(monday, time())).total_seconds())


def instant_of(monday: date, second: int) -> datetime:
    """Return the instant (UTC) that many seconds after that Monday's local midnight."""
    return instant(monday, time()) + timedelta(seconds=second)
