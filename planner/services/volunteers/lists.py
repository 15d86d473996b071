"""The volunteers as a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, collate, func, select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date, monday_of
from planner.domain.text import fold, printable
from planner.domain.vocabulary import Role, WeekState
from planner.models import Availability, Hamlet, Shift, ShiftMember, Volunteer, WeekPlan
from planner.services import scope
from planner.services.actors import Actor
from planner.services.pages import LARGEST_PAGE, Page


@dataclass(frozen=True)
class VolunteerFilter:
    q: str = ""
    hamlet_id: int | None = None
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class VolunteerRow:
    """A volunteer in a list. `slots` is how many slots of a usual week they can come in."""

    id: int
    name: str
    org: str
    hamlet: str
    phone: str
    can_lead: bool
    slots: int
    shifts: int


def count(session: Session, actor: Actor) -> int:
    """Return how many volunteers there are for the actor to see."""
    return _count(session, scope.volunteers(actor).where(Volunteer.left_at.is_(None)))


def _count(session: Session, query: Select[Volunteer]) -> int:
    return session.scalar(query.with_only_columns(func.count(Volunteer.id)).order_by(None)) or 0


def page_of_rows(session: Session, actor: Actor, wanted: VolunteerFilter) -> tuple[list[Volunteer], int, int, int]:
    conditions: list[ColumnElement[bool]] = [
        Volunteer.search.contains(word, autoescape=True) for word in fold(printable(wanted.q))[:100].split()
    ]
    if wanted.hamlet_id is not None:
        conditions.append(Volunteer.hamlet_id == wanted.hamlet_id)
    query = scope.volunteers(actor).where(Volunteer.left_at.is_(None), *conditions)
    total = _count(session, query)
    size = max(1, min(wanted.size, LARGEST_PAGE))
    page = max(1, min(wanted.page, -(-total // size)))
    rows = session.scalars(query.order_by(by_name(session), Volunteer.id).limit(size).offset((page - 1) * size)).all()
    return list(rows), page, size, total


def by_name(session: Session) -> ColumnElement[str]:
    """Return what to order volunteers by. The key is made for byte order, which PostgreSQL takes only when told to."""
    return collate(Volunteer.sort, "C" if session.get_bind().dialect.name == "postgresql" else "BINARY")


def search(session: Session, actor: Actor, wanted: VolunteerFilter, at: datetime) -> Page[VolunteerRow]:
    """Return a page of the volunteers by name, with their shifts in published weeks from this one on."""
    rows, page, size, total = page_of_rows(session, actor, wanted)
    ids = [row.id for row in rows]
    slots = dict(
        session.execute(
            select(Availability.volunteer_id, func.count())
            .where(Availability.volunteer_id.in_(ids))
            .group_by(Availability.volunteer_id)
        ).all()
    )
    shifts = dict(
        session.execute(
            select(ShiftMember.volunteer_id, func.count())
            .join(Shift, Shift.id == ShiftMember.shift_id)
            .join(WeekPlan, WeekPlan.id == Shift.week_plan_id)
            .where(
                ShiftMember.volunteer_id.in_(ids),
                WeekPlan.state == WeekState.PUBLISHED,
                Shift.on_date >= monday_of(local_date(at)),
            )
            .group_by(ShiftMember.volunteer_id)
        ).all()
    )
    names = hamlet_names(session, actor)
    phones = actor.role is not Role.VIEWER
    return Page(
        tuple(
            VolunteerRow(
                v.id, v.name, v.org, names.get(v.hamlet_id or 0, ""), v.phone if phones else "", v.can_lead,
                slots.get(v.id, 0), shifts.get(v.id, 0),
            )
            for v in rows
        ),
        page, size, total,
    )  # fmt: skip


def hamlet_names(session: Session, actor: Actor) -> dict[int, str]:
    return dict(session.execute(scope.hamlets(actor).with_only_columns(Hamlet.id, Hamlet.name)).all())
