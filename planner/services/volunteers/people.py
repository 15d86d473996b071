"""One volunteer: what is known of them, their usual slots, their shifts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import WEEKDAYS, local_date, monday_of
from planner.domain.errors import InvalidInput
from planner.domain.text import printable, squeeze
from planner.domain.vocabulary import AuditAction, Period, Role, Sex, WeekState
from planner.models import Availability, Shift, ShiftMember, User, Volunteer, WeekPlan
from planner.services import audit, scope
from planner.services.actors import Actor
from planner.services.clears import visits_of_shift
from planner.services.residents import masked
from planner.services.volunteers.availability import said_otherwise


@dataclass(frozen=True)
class VolunteerShift:
    """A shift of a published week that a volunteer is in."""

    id: int
    number: int
    on_date: date
    period: Period
    starts_at: datetime
    ends_at: datetime
    visits: int
    is_lead: bool
    absent: bool


@dataclass(frozen=True)
class VolunteerView:
    """A volunteer's page. `usual` are slot ids of every week, e.g. ``tue_T``."""

    id: int
    name: str
    org: str
    hamlet_id: int | None
    hamlet: str
    phone: str
    masked_phone: str
    sex: Sex | None
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    can_lead: bool
    max_shifts: int | None
    left_at: datetime | None
    usual: frozenset[str]
    shifts: tuple[VolunteerShift, ...]
    user_id: int | None


def view(session: Session, actor: Actor, volunteer_id: int, at: datetime) -> VolunteerView:
    """Return a volunteer's page."""
    row = scope.get_volunteer(session, actor, volunteer_id)
    phones = actor.role is not Role.VIEWER
    return VolunteerView(
        row.id, row.name, row.org, row.hamlet_id, row.hamlet.name if row.hamlet else "", row.phone if phones else "",
        masked(row.phone), row.sex, tuple(row.skills), tuple(row.languages), row.can_lead, row.max_shifts, row.left_at,
        frozenset(f"{WEEKDAYS[a.weekday]}_{a.period.value}" for a in row.availability),
        _shifts(session, row.id, monday_of(local_date(at))),
        session.scalar(select(User.id).where(User.volunteer_id == row.id)),
    )  # fmt: skip


def _shifts(session: Session, volunteer_id: int, since_on: date) -> tuple[VolunteerShift, ...]:
    rows = session.execute(
        select(Shift, ShiftMember.is_lead, visits_of_shift())
        .join(ShiftMember, ShiftMember.shift_id == Shift.id)
        .join(WeekPlan, WeekPlan.id == Shift.week_plan_id)
        .where(ShiftMember.volunteer_id == volunteer_id, WeekPlan.state == WeekState.PUBLISHED, Shift.on_date >= since_on)
        .order_by(Shift.starts_at)
    ).all()
    said = said_otherwise(session, [volunteer_id], since_on, since_on + timedelta(days=60))
    return tuple(
        VolunteerShift(
            s.id, s.number, s.on_date, s.period, s.starts_at, s.ends_at, number, is_lead,
            said.get((volunteer_id, s.on_date, s.period), (True, ""))[0] is False,
        )
        for s, is_lead, number in rows
    )  # fmt: skip


@dataclass(frozen=True)
class VolunteerForm:
    """What the desk may change of a volunteer; `usual` are the slots of every week."""

    org: str
    phone: str
    hamlet_id: int | None
    can_lead: bool
    max_shifts: int | None
    languages: tuple[str, ...]
    usual: frozenset[str]


def change(session: Session, actor: Actor, volunteer_id: int, form: VolunteerForm, at: datetime) -> VolunteerView:
    """Change what is known of a volunteer, and in which slots they can usually come."""
    actor.require_desk()
    row = scope.get_volunteer(session, actor, volunteer_id)
    for field, value, longest in (("org", form.org, 120), ("phone", form.phone, 20)):
        if len(value) > longest:
            raise InvalidInput("value_too_long", field=field, longest=longest)
    if form.max_shifts is not None and not 0 <= form.max_shifts <= 21:
        raise InvalidInput("setting_out_of_range", field="max_shifts", low=0, high=21)
    if form.hamlet_id is not None:
        scope.get_hamlet(session, actor, form.hamlet_id)
    changes = {
        "org": squeeze(printable(form.org)),
        "phone": printable(form.phone).strip(),
        "hamlet_id": form.hamlet_id,
        "can_lead": form.can_lead,
        "max_shifts": form.max_shifts,
        "languages": [name for given in form.languages if (name := squeeze(printable(given))[:40])],
    }
    changed = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, changes[name])
    if _set_usual(row, form.usual):
        changed.append("usual")
    if changed:
        audit.record(session, actor, AuditAction.VOLUNTEER_CHANGED, "volunteer", row.id, at, after={"changed": changed})
    session.flush()
    return view(session, actor, volunteer_id, at)


def _set_usual(row: Volunteer, slots: Collection[str]) -> bool:
    wanted = {(WEEKDAYS.index(weekday), Period(period)) for weekday, period in map(_slot, slots)}
    before = {(a.weekday, a.period) for a in row.availability}
    for gone in [a for a in row.availability if (a.weekday, a.period) not in wanted]:
        row.availability.remove(gone)
    row.availability.extend(Availability(weekday=weekday, period=period) for weekday, period in sorted(wanted - before))
    return wanted != before


def _slot(slot: str) -> tuple[str, str]:
    weekday, _, period = slot.partition("_")
    if weekday not in WEEKDAYS or period not in {p.value for p in Period}:
        raise InvalidInput("value_unknown", field="usual", known="mon_S … sun_T")
    return weekday, period
