"""Free places at the police desk, where level 2 is made: so that nobody is sent to a queue."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import LOCAL, instant, local_date
from planner.domain.settings import CampaignSettings
from planner.models import Appointment, Household
from planner.services.campaigns import CampaignView
from planner.services.sync.docs import Body, Doc

DAYS = 14
HOUR = timedelta(hours=1)


def hours_of(settings: CampaignSettings, on_date: date) -> list[tuple[datetime, datetime]]:
    """Return the hours of a date in which the desk receives people; what is left of an hour at the end counts as one."""
    if (on_date.weekday() >= 5 and not settings.police_weekends) or on_date in settings.closed_dates:
        return []
    found = []
    for start, end in sorted(settings.police_hours.values()):
        begins, over = instant(on_date, start), instant(on_date, end)
        while begins < over:
            found.append((begins, min(begins + HOUR, over)))
            begins += HOUR
    return found


def desk_doc(session: Session, campaign: CampaignView, at: datetime) -> Doc:
    """Return how many places are free in each hour of the next days."""
    today = local_date(at)
    booked = _booked(session, campaign.commune_id, today)
    days = []
    for on_date in (today + timedelta(days=i) for i in range(DAYS)):
        slots = [
            {
                "starts": f"{starts.astimezone(LOCAL):%H:%M}",
                "ends": f"{ends.astimezone(LOCAL):%H:%M}",
                "free": max(0, campaign.settings.police_places - sum(starts <= taken < ends for taken in booked)),
            }
            for starts, ends in hours_of(campaign.settings, on_date)
        ]
        if slots:
            days.append({"on_date": on_date.isoformat(), "slots": slots})
    body: Body = {"days": days}
    return Doc("desk", body)


def is_full(session: Session, campaign: CampaignView, starts_at: datetime) -> bool:
    """Tell whether more people are expected in the hour of an appointment than there are places, or nobody is there."""
    hours = hours_of(campaign.settings, local_date(starts_at))
    hour = next(((a, b) for a, b in hours if a <= starts_at < b), None)
    if hour is None:
        return True
    booked = _booked(session, campaign.commune_id, local_date(starts_at))
    return sum(hour[0] <= taken < hour[1] for taken in booked) > campaign.settings.police_places


def _booked(session: Session, commune_id: int, since_on: date) -> list[datetime]:
    return list(
        session.scalars(
            select(Appointment.starts_at)
            .join(Household, Household.id == Appointment.household_id)
            .where(
                Household.commune_id == commune_id,
                Appointment.at_police,
                Appointment.cancelled_at.is_(None),
                Appointment.starts_at >= instant(since_on, datetime.min.time()),
            )
        )
    )
