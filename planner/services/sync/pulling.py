"""What a phone is to show: this and the next week of one person, as what differs from what it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.calendar import instant, local_date, monday_of
from planner.domain.vocabulary import FieldVerdict, Role, WeekState
from planner.models import Appointment, FieldEvent, Shift, ShiftMember, Visit, Volunteer, WeekPlan
from planner.services import campaigns, fields, progress, volunteers
from planner.services.actors import Actor
from planner.services.credit import stands
from planner.services.sync import gone, police, telling
from planner.services.sync.context import Transmission
from planner.services.sync.docs import Body, Doc, campaign_doc, shift_doc, visit_doc
from planner.services.sync.gone import Gone
from planner.services.sync.shapes import PERIOD_WORDS

WEEKS_OF_AVAILABILITY = 5
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Pulled:
    """What differs, and until when a phone may keep all of it."""

    put: tuple[Doc, ...]
    gone: tuple[Gone, ...]
    expires_at: datetime


def pull(session: Session, actor: Actor, known: Mapping[str, str], at: datetime) -> Pulled:
    """Return what a person's phone lacks of its documents, and which of those it has are no longer theirs.

    Parameters
    ----------
    known
        The keys and revisions the phone has.
    """
    actor.require(Role.VOLUNTEER, Role.LEADER)
    sending = Transmission(session, actor, None, 0, at)
    this_monday = monday_of(local_date(at))
    docs = {doc.key: doc for doc in _docs(sending, this_monday)}
    put = tuple(doc for doc in docs.values() if known.get(doc.key) != doc.rev)
    missing = [key for key in known if key not in docs]
    return Pulled(put, tuple(gone.reasons(session, actor, missing, this_monday)), _expires_at(docs.values(), this_monday))


def _expires_at(docs: Iterable[Doc], this_monday: date) -> datetime:
    """Return the midnight a day after the last week that is in the documents."""
    mondays = [date.fromisoformat(doc.body["monday"]) for doc in docs if doc.kind == "shift"]
    return instant(max([this_monday, *mondays]) + WEEK + timedelta(days=1), time())


def _docs(sending: Transmission, this_monday: date) -> list[Doc]:
    session, actor, at = sending.session, sending.actor, sending.at
    campaign = campaigns.find_active(session, actor.commune_id)
    if campaign is None:
        return []
    docs = [campaign_doc(campaign)]
    if actor.volunteer_id is not None:
        weeks = [fields.my_week(session, actor, monday, at) for monday in (this_monday, this_monday + WEEK)]
        versions = _week_versions(session, campaign.id, [week.monday for week in weeks])
        households = {stop.household_id for week in weeks for shift in week.shifts for stop in shift.visits}
        promised, last = _promises(session, households, at), _last_visits(session, households)
        for week in weeks:
            for shift in week.shifts:
                docs.append(shift_doc(shift, versions.get(week.monday, 0), week.monday.isoformat(), _origin(session, shift.id)))
                docs += [
                    visit_doc(stop, shift.id, promised.get(stop.household_id), last.get(stop.household_id), actor.user_id)
                    for stop in shift.visits
                ]
        docs += [_availability(sending, this_monday + WEEK * i) for i in range(WEEKS_OF_AVAILABILITY)]
    docs += [police.desk_doc(session, campaign, at), _mine(sending, this_monday)]
    return docs


def _week_versions(session: Session, campaign_id: int, mondays: list[date]) -> dict[date, int]:
    rows = session.execute(
        select(WeekPlan.monday, WeekPlan.revision).where(
            WeekPlan.campaign_id == campaign_id, WeekPlan.monday.in_(mondays), WeekPlan.state == WeekState.PUBLISHED
        )
    )
    return dict(rows.all())


def _origin(session: Session, shift_id: int) -> tuple[float, float] | None:
    """Return where the crew sets out from: its lead's home, where that is known."""
    row = session.execute(
        select(Volunteer.lat, Volunteer.lon)
        .join(ShiftMember, ShiftMember.volunteer_id == Volunteer.id)
        .where(ShiftMember.shift_id == shift_id, Volunteer.lat.is_not(None), Volunteer.lon.is_not(None))
        .order_by(ShiftMember.position)
        .limit(1)
    ).one_or_none()
    return None if row is None or row.lat is None or row.lon is None else (row.lat, row.lon)


def _promises(session: Session, households: set[int], at: datetime) -> dict[int, Body]:
    rows = session.execute(
        select(Appointment.household_id, Appointment.starts_at, Appointment.ends_at)
        .where(
            Appointment.household_id.in_(households), Appointment.at_police.is_(False), Appointment.cancelled_at.is_(None),
            Appointment.ends_at > at,
        )
        .order_by(Appointment.starts_at.desc())
    )  # fmt: skip
    return {row.household_id: {"starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat()} for row in rows}


def _last_visits(session: Session, households: set[int]) -> dict[int, Body]:
    rows = session.execute(
        select(Visit.household_id, Visit.outcome, Visit.occurred_at, Visit.received_at, Visit.note)
        .where(Visit.household_id.in_(households), stands())
        .order_by(Visit.id)
    )
    return {
        row.household_id: {
            "outcome": row.outcome.value,
            "on_date": local_date(min(row.occurred_at, row.received_at)).isoformat(),
            "note": row.note,
        }
        for row in rows
    }


def _availability(sending: Transmission, monday: date) -> Doc:
    session, actor = sending.session, sending.actor
    (row,) = volunteers.availability_grid(session, actor, monday, volunteer_ids=[actor.volunteer_id or 0]).page.rows
    shifts = {
        (on_date, period): shift_id
        for shift_id, on_date, period in session.execute(
            select(Shift.id, Shift.on_date, Shift.period)
            .join(ShiftMember, ShiftMember.shift_id == Shift.id)
            .join(WeekPlan, WeekPlan.id == Shift.week_plan_id)
            .where(
                ShiftMember.volunteer_id == actor.volunteer_id,
                WeekPlan.state == WeekState.PUBLISHED,
                WeekPlan.monday == monday,
            )
        )
    }
    because = telling.closed_because(sending, monday)
    body = {
        "monday": monday.isoformat(),
        "closed": bool(because),
        "closed_reason": because,
        "cells": [
            {
                "on_date": cell.on_date.isoformat(),
                "period": PERIOD_WORDS[cell.period],
                "available": cell.available,
                "shift_id": shifts.get((cell.on_date, cell.period)),
            }
            for cell in row.cells
        ],
    }
    return Doc(f"availability:{monday}", body)


def _mine(sending: Transmission, this_monday: date) -> Doc:
    session, actor = sending.session, sending.actor
    stored = session.scalar(
        select(func.count()).where(
            FieldEvent.user_id == actor.user_id,
            FieldEvent.device_id.is_not(None),  # what a leader typed from paper no phone of theirs has
            FieldEvent.verdict != FieldVerdict.CONFLICT,
        )
    )
    body = {
        "week": _figures(sending, instant(this_monday, time())),
        "campaign": _figures(sending, sending.campaign_began_at),
        "stored_events": stored or 0,
    }
    return Doc("mine", body)


def _figures(sending: Transmission, since_at: datetime) -> Body:
    found = progress.of_person(sending.session, sending.actor, since_at)
    return {"visits": found.visits, "met": found.met, "needs_done": found.needs_done}
