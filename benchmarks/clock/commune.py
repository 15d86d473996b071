"""A small commune in which every job of the clock has something to do."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from planner.domain.calendar import instant
from planner.domain.vocabulary import NeedState, Role
from planner.models import Appointment, Campaign
from tests import builders as make

STARTS_ON = date(2026, 11, 2)  # a Monday


def a_commune_for_the_clock(session: Session, days: int) -> Campaign:
    """Make a campaign of so many days with its cast; its weeks are drafted, published and missed by the clock itself."""
    commune = make.a_commune(session)
    campaign = make.a_campaign(
        session, commune, starts_on=STARTS_ON, ends_on=STARTS_ON + timedelta(days=days - 1), publish_by_itself=True,
        solver_seconds=1, backups_kept=14, max_attempts=20, made_at=instant(STARTS_ON, time()),
    )  # fmt: skip
    hamlet = make.a_hamlet(session, commune)
    houses = [make.a_household(session, hamlet, f"Hộ số {i}", i % 5) for i in range(20)]
    for number, slots in enumerate(
        (("mon_T", "wed_T", "sat_S"), ("mon_T", "wed_T", "sat_S"), ("tue_T", "sun_S"), ("tue_T", "sun_S"))
    ):
        volunteer = make.a_volunteer(session, commune, f"Người số {number}", slots, hamlet)
        make.a_user(session, commune, Role.LEADER if number == 0 else Role.VOLUNTEER, f"Người số {number}", volunteer)
    for role, name in ((Role.DESK, "Hoa"), (Role.DESK, "Cúc"), (Role.VIEWER, "Sơn")):
        make.a_user(session, commune, role, name)
    need = next(iter(make.needs_of(session, houses[0]).values()))
    need.state, need.state_since_at = NeedState.SUBMITTED, make.NOW - timedelta(days=30)
    for week in range(days // 7):
        starts_at = make.NOW.replace(year=2026, month=11, day=5, hour=2) + timedelta(weeks=week)
        session.add(
            Appointment(
                household_id=houses[1].id, at_police=True, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
                made_at=make.NOW,
            )
        )  # fmt: skip
    session.flush()
    return campaign
