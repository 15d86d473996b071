"""A commune for measurements: crews with accounts, a published week, a household for every visit to come."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date, monday_of
from planner.domain.vocabulary import Role
from planner.models import Assignment, Campaign, Commune, Hamlet, Household, Need, Resident, Service, Shift, Volunteer, WeekPlan
from tests import builders as make


@dataclass(frozen=True)
class Person:
    """Someone with a phone, and what they are to visit: (household, assignment uid, need)."""

    user_id: int
    commune_id: int
    visits: tuple[tuple[int, str, int], ...]


def a_commune_of_crews(session: Session, people: int, visits: int, at: datetime | None = None) -> list[Person]:
    """Make a commune in which each of `people` has `visits` households to go to this week, and return them."""
    at = at or datetime.now(UTC)
    monday = monday_of(local_date(at))
    commune = make.a_commune(session)
    campaign = make.a_campaign(session, commune, starts_on=monday - timedelta(days=30), ends_on=monday + timedelta(days=60))
    hamlets = [make.a_hamlet(session, commune) for _ in range(12)]
    service = session.scalars(select(Service).where(Service.campaign_id == campaign.id).order_by(Service.position)).first()
    assert service is not None
    houses = _households(session, commune, hamlets, people * visits)
    needs = _needs(session, commune, service, houses, at)
    week = make.a_published_week(session, [], campaign, monday)
    week.published_at = at - timedelta(days=3)
    return _crews(session, commune, campaign, week, people, visits, houses, needs)


def _households(session: Session, commune: Commune, hamlets: list[Hamlet], count: int) -> list[int]:
    rows = [
        {
            "commune_id": commune.id, "hamlet_id": hamlets[i % len(hamlets)].id, "key": f"h{i}", "code": str(i), "position": i,
            "head_name": f"Nguyễn Văn {i}", "address": f"Số {i}", "lane": "", "house_number": str(i), "languages": [],
            "needs_woman": False, "note": "", "search": f"nguyen van {i}", "sort": f"{i:08}", "open_needs": 1,
            "outreach_group": 1,
        }
        for i in range(count)
    ]  # fmt: skip
    return list(session.scalars(insert(Household).returning(Household.id, sort_by_parameter_order=True), rows))


def _needs(session: Session, commune: Commune, service: Service, houses: list[int], at: datetime) -> list[int]:
    people = [
        {
            "commune_id": commune.id, "household_id": house, "key": f"r{house}", "position": 0, "name": f"Nguyễn Văn {house}",
            "birth": "1985", "birth_precision": "year", "relation": "", "phone": "", "residence": "permanent", "work": "home",
            "account": "issued", "documents": {}, "note": "", "official_of": "",
        }
        for house in houses
    ]  # fmt: skip
    residents = list(session.scalars(insert(Resident).returning(Resident.id, sort_by_parameter_order=True), people))
    rows = [
        {"resident_id": r, "household_id": h, "service_id": service.id, "state": "open", "state_since_at": at}
        for r, h in zip(residents, houses, strict=True)
    ]
    return list(session.scalars(insert(Need).returning(Need.id, sort_by_parameter_order=True), rows))


def _crews(
    session: Session,
    commune: Commune,
    campaign: Campaign,
    week: WeekPlan,
    people: int,
    visits: int,
    houses: list[int],
    needs: list[int],
) -> list[Person]:
    found = []
    for i in range(people):
        volunteer: Volunteer = make.a_volunteer(session, commune, f"Trần Văn {i}", slots=())
        user = make.a_user(session, commune, Role.VOLUNTEER, f"Người {i}", volunteer)
        starts_at = datetime.combine(week.monday, datetime.min.time(), UTC) + timedelta(hours=11, minutes=30)
        shift = Shift(
            week_plan_id=week.id, on_date=week.monday, period="T", slot_class="weekday_evening", starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2), number=i + 1, hamlet_id=None,
        )  # fmt: skip
        session.add(shift)
        session.flush()
        session.execute(
            insert(make.ShiftMember), [{"shift_id": shift.id, "volunteer_id": volunteer.id, "position": 0, "is_lead": True}]
        )
        mine = range(i * visits, (i + 1) * visits)
        rows = [
            {
                "uid": str(uuid.uuid4()), "week_plan_id": week.id, "shift_id": shift.id, "household_id": houses[n],
                "position": n - mine.start + 1, "starts_at": starts_at, "minutes": 20, "need_ids": [needs[n]], "reason": {},
                "withdrawn_reason": "",
            }
            for n in mine
        ]  # fmt: skip
        session.execute(insert(Assignment), rows)
        found.append(Person(user.id, commune.id, tuple((r["household_id"], r["uid"], r["need_ids"][0]) for r in rows)))
    return found
