"""What crews have in their hands in a slot: their doors in order, and what is open behind each, read as the phone reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.needs import ServiceFacts
from planner.domain.vocabulary import AccountState, NeedState, Period, WeekState
from planner.models import Appointment, Assignment, Need, Resident, Shift, ShiftMember, WeekPlan
from planner.services.campaigns import CampaignView

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class OpenNeed:
    id: int
    resident_id: int
    service: ServiceFacts
    position: int
    account: AccountState


@dataclass(frozen=True)
class Door:
    """A promise on a crew's list. `promised`: the hours the household asked for; `reserve`: may be dropped without blame."""

    assignment: Assignment
    needs: tuple[OpenNeed, ...]
    promised: tuple[Span, ...]
    reserve: bool

    @property
    def household_id(self) -> int:
        return self.assignment.household_id


@dataclass(frozen=True)
class Outing:
    """A crew and its list; `members` with the lead first."""

    shift_id: int
    members: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime
    doors: tuple[Door, ...]


def outings(session: Session, campaign: CampaignView, on_date: date, period: Period) -> list[Outing]:
    """Return the crews of a slot of the published week with what is promised to be done now."""
    shifts = list(
        session.scalars(
            select(Shift)
            .join(WeekPlan, WeekPlan.id == Shift.week_plan_id)
            .where(
                WeekPlan.campaign_id == campaign.id, WeekPlan.state == WeekState.PUBLISHED, Shift.on_date == on_date,
                Shift.period == period,
            )
            .order_by(Shift.number, Shift.id)
        )
    )  # fmt: skip
    ids = [shift.id for shift in shifts]
    doors: dict[int, list[Assignment]] = defaultdict(list)
    for row in session.scalars(
        select(Assignment)
        .where(Assignment.shift_id.in_(ids), Assignment.withdrawn_at.is_(None))
        .order_by(Assignment.shift_id, Assignment.position)
    ):
        doors[row.shift_id].append(row)
    members: dict[int, list[int]] = defaultdict(list)
    for row in session.scalars(select(ShiftMember).where(ShiftMember.shift_id.in_(ids)).order_by(ShiftMember.position)):
        members[row.shift_id].append(row.volunteer_id)
    homes = {row.household_id for rows in doors.values() for row in rows}
    needs, spans = _open_needs(session, campaign, homes), _promised(session, homes, shifts)
    return [
        Outing(
            shift.id, tuple(members[shift.id]), shift.starts_at, shift.ends_at,
            tuple(
                Door(row, tuple(needs[row.household_id]), tuple(spans[row.household_id]), row.reserve)
                for row in doors[shift.id]
            ),
        )
        for shift in shifts
    ]  # fmt: skip


def _open_needs(session: Session, campaign: CampaignView, household_ids: Collection[int]) -> dict[int, list[OpenNeed]]:
    """Return what a crew could do at each door, in the order of the form: by service, then by resident."""
    services = {service.id: service for service in campaign.offered}
    found: dict[int, list[OpenNeed]] = defaultdict(list)
    rows = session.execute(
        select(Need.id, Need.household_id, Need.resident_id, Need.service_id, Resident.account)
        .join(Resident, Resident.id == Need.resident_id)
        .where(Need.household_id.in_(household_ids), Need.state == NeedState.OPEN, Resident.left_at.is_(None))
    )
    for row in rows:
        if row.service_id in services:
            service = services[row.service_id]
            found[row.household_id].append(OpenNeed(row.id, row.resident_id, service.facts, service.position, row.account))
    for listed in found.values():
        listed.sort(key=lambda need: (need.position, need.resident_id))
    return found


def _promised(session: Session, household_ids: Collection[int], shifts: Collection[Shift]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    if not shifts:
        return found
    rows = session.execute(
        select(Appointment.household_id, Appointment.starts_at, Appointment.ends_at).where(
            Appointment.household_id.in_(household_ids), Appointment.at_police.is_(False), Appointment.cancelled_at.is_(None),
            Appointment.starts_at < max(shift.ends_at for shift in shifts),
            Appointment.ends_at > min(shift.starts_at for shift in shifts),
        )
    )  # fmt: skip
    for household_id, starts_at, ends_at in rows:
        found[household_id].append((starts_at, ends_at))
    return found
