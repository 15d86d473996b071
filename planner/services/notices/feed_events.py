"""What stands in a volunteer's calendar, over all revisions that were ever in force: what is, and what is cancelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date, monday_of
from planner.domain.vocabulary import Period, WeekState
from planner.domain.wording import label
from planner.models import (
    Appointment,
    Assignment,
    AvailabilityChange,
    Campaign,
    Commune,
    Hamlet,
    Household,
    Shift,
    ShiftMember,
    WeekPlan,
)
from planner.notices.calendar import CalendarEvent
from planner.services.clears import crews_of
from planner.services.volunteers.availability import said_otherwise

LOOK_BACK = timedelta(weeks=4)
STANDING = (WeekState.PUBLISHED, WeekState.CLOSED)
Key = tuple[date, Period]

_WORDS = {
    "shift": ("Đi thăm hộ, tổ {number}", "Visits, crew {number}"),
    "appointment": ("Hẹn với hộ dân", "Appointment with a household"),
    "cancelled": ("Đã hủy: {title}", "Cancelled: {title}"),
    "with": ("Đi cùng: {mates}.", "With: {mates}."),
    "list": ("Danh sách hộ xem trong ứng dụng.", "The list of households is in the app."),
}


def _say(word: str, language: str, **facts: object) -> str:
    return _WORDS[word][language == "en"].format(**facts)


@dataclass(frozen=True)
class _Stand:
    """How a shift of the volunteer stood in one revision."""

    number: int
    starts_at: datetime
    ends_at: datetime
    hamlet: str
    mates: tuple[str, ...]


def events_of(session: Session, commune_id: int, volunteer_id: int, language: str, at: datetime) -> list[CalendarEvent]:
    """Return the events of the last weeks and all to come, in the order of their hours."""
    plans = _plans(session, commune_id, monday_of(local_date(at - LOOK_BACK)))
    shifts = _shifts(session, plans, volunteer_id)
    said = _said(session, volunteer_id, plans)
    code = session.get_one(Commune, commune_id).code
    found = []
    for monday, revisions in plans.items():
        for key in sorted({k for plan in revisions for k in shifts.get(plan.id, {})}):
            found.append(_shift_event(key, revisions, shifts, said, f"{volunteer_id}.{code}", language))
        found += _appointments(session, monday, revisions, volunteer_id, said, code, language)
    return sorted(found, key=lambda event: (event.starts_at, event.uid))


def _plans(session: Session, commune_id: int, since: date) -> dict[date, list[WeekPlan]]:
    """Return, for each week, the revisions that were ever in force, in their order."""
    rows = session.scalars(
        select(WeekPlan)
        .join(Campaign, Campaign.id == WeekPlan.campaign_id)
        .where(Campaign.commune_id == commune_id, WeekPlan.monday >= since, WeekPlan.published_at.is_not(None))
        .order_by(WeekPlan.monday, WeekPlan.revision, WeekPlan.id)
    )
    found: dict[date, list[WeekPlan]] = defaultdict(list)
    for row in rows:
        found[row.monday].append(row)
    return found


def _shifts(session: Session, plans: Mapping[date, Sequence[WeekPlan]], volunteer_id: int) -> dict[int, dict[Key, _Stand]]:
    """Return the volunteer's shifts in each revision."""
    ids = [plan.id for revisions in plans.values() for plan in revisions]
    mine = select(ShiftMember.shift_id).where(ShiftMember.volunteer_id == volunteer_id)
    rows = session.execute(
        select(Shift, Hamlet.name)
        .outerjoin(Hamlet, Hamlet.id == Shift.hamlet_id)
        .where(Shift.week_plan_id.in_(ids), Shift.id.in_(mine))
    ).all()
    crews = crews_of(session, [shift.id for shift, _ in rows], phones=False)
    found: dict[int, dict[Key, _Stand]] = defaultdict(dict)
    for shift, hamlet in rows:
        mates = tuple(member.name for member in crews[shift.id] if member.volunteer_id != volunteer_id)
        found[shift.week_plan_id][shift.on_date, shift.period] = _Stand(
            shift.number, shift.starts_at, shift.ends_at, hamlet or "", mates
        )
    return found


def _said(session: Session, volunteer_id: int, plans: Mapping[date, object]) -> dict[Key, tuple[bool, int]]:
    """Return whether the volunteer can come, and how often they said something of it, for each part of a day they spoke of."""
    if not plans:
        return {}
    first_on, last_on = min(plans), max(plans) + timedelta(days=6)
    times = session.execute(
        select(AvailabilityChange.on_date, AvailabilityChange.period, func.count())
        .where(AvailabilityChange.volunteer_id == volunteer_id, AvailabilityChange.on_date.between(first_on, last_on))
        .group_by(AvailabilityChange.on_date, AvailabilityChange.period)
    )
    words = said_otherwise(session, [volunteer_id], first_on, last_on)
    return {(day, period): (words[volunteer_id, day, period][0], count) for day, period, count in times}


def _shift_event(
    key: Key,
    revisions: Sequence[WeekPlan],
    shifts: Mapping[int, Mapping[Key, _Stand]],
    said: Mapping[Key, tuple[bool, int]],
    whose: str,
    language: str,
) -> CalendarEvent:
    """Return a part of a day as it stands now. Revisions and words only ever grow in number, and so does the sequence."""
    stands = [shifts.get(plan.id, {}).get(key) for plan in revisions]
    latest = stands[-1]
    changed = revisions[max(n for n in range(len(stands)) if n == 0 or stands[n] != stands[n - 1])]
    shown = latest or next(stand for stand in reversed(stands) if stand is not None)
    comes, words = said.get(key, (True, 0))
    on_date, period = key
    title = f"{_say('shift', language, number=shown.number)} ({label(period, language)})"
    cancelled = latest is None or not comes
    text = [_say("with", language, mates=", ".join(shown.mates))] if shown.mates else []
    return CalendarEvent(
        f"shift-{on_date}-{period.value}-{whose}@namro", changed.revision + words, shown.starts_at, shown.ends_at,
        _say("cancelled", language, title=title) if cancelled else title, "\n".join([*text, _say("list", language)]),
        shown.hamlet, cancelled, changed.published_at or changed.made_at,
    )  # fmt: skip


def _appointments(
    session: Session,
    monday: date,
    revisions: Sequence[WeekPlan],
    volunteer_id: int,
    said: Mapping[Key, tuple[bool, int]],
    code: str,
    language: str,
) -> list[CalendarEvent]:
    """Return the promised hours that fall into shifts the volunteer has or had in a week."""
    latest = revisions[-1]
    rows = session.execute(
        select(Appointment, Shift, Hamlet.name, Assignment.withdrawn_at)
        .join(Assignment, Assignment.household_id == Appointment.household_id)
        .join(Shift, Shift.id == Assignment.shift_id)
        .join(ShiftMember, ShiftMember.shift_id == Shift.id)
        .join(Household, Household.id == Appointment.household_id)
        .join(Hamlet, Hamlet.id == Household.hamlet_id)  # the shift's own may be another: a crew goes to neighbours, too
        .where(
            ShiftMember.volunteer_id == volunteer_id,
            Assignment.week_plan_id.in_([plan.id for plan in revisions]),
            Appointment.at_police.is_(False),
            Appointment.starts_at < Shift.ends_at,
            Appointment.ends_at > Shift.starts_at,
        )
        .order_by(Appointment.id, Shift.id)
    ).all()
    found: dict[int, CalendarEvent] = {}
    for promise, shift, hamlet, withdrawn_at in rows:
        comes, words = said.get((shift.on_date, shift.period), (True, 0))
        stands = shift.week_plan_id == latest.id and withdrawn_at is None and promise.cancelled_at is None and comes
        if promise.id in found and not stands:
            continue
        title = _say("appointment", language)
        found[promise.id] = CalendarEvent(
            f"appointment-{promise.id}-{volunteer_id}.{code}@namro", 2 * (latest.revision + words) + (not stands),
            max(promise.starts_at, shift.starts_at), min(promise.ends_at, shift.ends_at),
            title if stands else _say("cancelled", language, title=title), _say("list", language), hamlet, not stands,
            promise.cancelled_at or latest.published_at or promise.made_at,
        )  # fmt: skip
    return list(found.values())
