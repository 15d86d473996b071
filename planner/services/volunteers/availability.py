"""Who can come when in a very week: usual slots, what was said otherwise for a date, and who is absent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.calendar import PERIODS, WEEKDAYS, monday_of, slot_id, week_of
from planner.domain.errors import Conflict, InvalidInput
from planner.domain.text import printable, squeeze
from planner.domain.vocabulary import AuditAction, Period, Role, WeekState
from planner.models import Assignment, Availability, AvailabilityChange, Shift, ShiftMember, Volunteer, WeekPlan
from planner.services import audit, scope
from planner.services.actors import Actor
from planner.services.notices import crews
from planner.services.pages import Page
from planner.services.sequences import in_parts
from planner.services.volunteers.closing import is_closed
from planner.services.volunteers.lists import VolunteerFilter, by_name, hamlet_names, page_of_rows

LONGEST_REASON = 200
Moment = tuple[date, Period]
Said = dict[tuple[int, date, Period], tuple[bool, str]]  # the latest word: can they come, and why (not)


@dataclass(frozen=True)
class GridCell:
    """Whether someone can come in a period of a date; `changed`: otherwise than usual."""

    on_date: date
    period: Period
    available: bool
    changed: bool
    reason: str = ""


@dataclass(frozen=True)
class GridRow:
    volunteer_id: int
    name: str
    hamlet: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True)
class Grid:
    """The availability of a very week: 21 cells a person, Monday morning to Sunday evening."""

    monday: date
    page: Page[GridRow]


@dataclass(frozen=True)
class Absence:
    """What marking someone absent meant: how many promised visits of the published week their crews can't keep now."""

    volunteer_id: int
    moments: tuple[Moment, ...]
    visits_at_risk: int


def availability_grid(
    session: Session,
    actor: Actor,
    monday: date,
    wanted: VolunteerFilter | None = None,
    volunteer_ids: Sequence[int] | None = None,
) -> Grid:
    """Return who can come when in a very week: the usual slots, as far as nobody said otherwise for that date."""
    if volunteer_ids is None:
        rows, page, size, total = page_of_rows(session, actor, wanted or VolunteerFilter())
    else:
        rows = list(session.scalars(scope.volunteers(actor).where(Volunteer.id.in_(volunteer_ids)).order_by(by_name(session))))
        page, size, total = 1, max(1, len(rows)), len(rows)
    ids = [row.id for row in rows]
    usual = _usual(session, ids)
    said = said_otherwise(session, ids, monday, monday + timedelta(days=6))
    names = hamlet_names(session, actor)
    lines = tuple(
        GridRow(row.id, row.name, names.get(row.hamlet_id or 0, ""), _cells(row.id, monday, usual, said)) for row in rows
    )
    return Grid(monday, Page(lines, page, size, total))


def _cells(volunteer_id: int, monday: date, usual: Mapping[int, set[str]], said: Said) -> tuple[GridCell, ...]:
    cells = []
    for day in week_of(monday):
        for period in PERIODS:
            usually = slot_id(day, period) in usual.get(volunteer_id, ())
            available, reason = said.get((volunteer_id, day, period), (usually, ""))
            cells.append(GridCell(day, period, available, available != usually, reason))
    return tuple(cells)


def _usual(session: Session, ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for part in in_parts(ids):
        rows = select(Availability.volunteer_id, Availability.weekday, Availability.period).where(
            Availability.volunteer_id.in_(part)
        )
        for volunteer_id, weekday, period in session.execute(rows):
            found[volunteer_id].add(f"{WEEKDAYS[weekday]}_{period.value}")
    return found


def said_otherwise(session: Session, ids: Sequence[int], first_on: date, last_on: date) -> Said:
    """Return the latest word for each date and period."""
    found: Said = {}
    for part in in_parts(ids):
        rows = session.scalars(
            select(AvailabilityChange)
            .where(AvailabilityChange.volunteer_id.in_(part), AvailabilityChange.on_date.between(first_on, last_on))
            .order_by(AvailabilityChange.changed_at, AvailabilityChange.id)
        )
        for row in rows:
            found[row.volunteer_id, row.on_date, row.period] = (row.available, row.reason)
    return found


def set_availability(session: Session, actor: Actor, monday: date, free: Mapping[int, Collection[Moment]], at: datetime) -> int:
    """Say for a very week who can come when; return how many cells changed.

    Parameters
    ----------
    free
        For each volunteer named, all periods of that week in which they can come. Usual weeks stay as they are.

    The desk says it for anyone, a volunteer or leader for themselves until the week is closed.

    Raises
    ------
    Conflict
        ``availability_week_closed``
    """
    if not actor.runs_the_campaign and is_closed(session, actor.commune_id, monday):
        raise Conflict("availability_week_closed", monday=monday)
    changed = 0
    for volunteer_id, moments in free.items():
        _own_or_any(session, actor, volunteer_id)
        (row,) = availability_grid(session, actor, monday, volunteer_ids=[volunteer_id]).page.rows
        wanted = set(moments)
        if any(monday_of(day) != monday for day, _ in wanted):
            raise InvalidInput("not_in_that_week", field="free")
        differing = [cell for cell in row.cells if cell.available != ((cell.on_date, cell.period) in wanted)]
        for cell in differing:
            _say(session, volunteer_id, (cell.on_date, cell.period), not cell.available, "", at)
        if differing:
            _record(session, actor, AuditAction.AVAILABILITY_CHANGED, volunteer_id, differing, at)
        changed += len(differing)
    session.flush()
    return changed


def _own_or_any(session: Session, actor: Actor, volunteer_id: int) -> Volunteer:
    """Return a volunteer of whose time the actor may speak: anyone for the desk, oneself in the field."""
    actor.require(Role.DESK, Role.LEADER, Role.VOLUNTEER)
    if not actor.runs_the_campaign and volunteer_id != actor.volunteer_id:
        raise scope.missing("volunteer")
    return scope.get_volunteer(session, actor, volunteer_id)


def _say(session: Session, volunteer_id: int, moment: Moment, available: bool, reason: str, at: datetime) -> None:
    on_date, period = moment
    session.add(
        AvailabilityChange(
            volunteer_id=volunteer_id, on_date=on_date, period=period, available=available, reason=reason, changed_at=at
        )
    )


def _record(
    session: Session, actor: Actor, action: AuditAction, volunteer_id: int, cells: Iterable[GridCell], at: datetime
) -> None:
    listed = list(cells)
    audit.record(
        session, actor, action, "volunteer", volunteer_id, at,
        before={f"{c.on_date}_{c.period.value}": c.available for c in listed},
        after={f"{c.on_date}_{c.period.value}": not c.available for c in listed},
    )  # fmt: skip


def mark_absent(
    session: Session, actor: Actor, volunteer_id: int, on_date: date, period: Period | None, reason: str, at: datetime
) -> Absence:
    """Mark someone absent on a date (`period` None: all day). Their crews' visits then are missed at once.

    The desk says it of anyone, a volunteer or leader of themselves.
    """
    row = _own_or_any(session, actor, volunteer_id)
    if len(reason) > LONGEST_REASON:
        raise InvalidInput("value_too_long", field="reason", longest=LONGEST_REASON)
    moments = tuple((on_date, p) for p in PERIODS if period in (None, p))
    known = said_otherwise(session, [row.id], on_date, on_date)
    for moment in moments:
        _say(session, row.id, moment, False, squeeze(printable(reason)), at)
    audit.record(
        session, actor, AuditAction.VOLUNTEER_ABSENT, "volunteer", row.id, at,
        after={"on_date": on_date.isoformat(), "periods": [p.value for _, p in moments]},
    )  # fmt: skip
    session.flush()
    crews.absent(session, actor, row, [m for m in moments if known.get((row.id, *m), (True, ""))[0]], at)
    return Absence(row.id, moments, _visits_of(session, row.id, moments))


def mark_present(
    session: Session, actor: Actor, volunteer_id: int, on_date: date, period: Period | None, at: datetime
) -> Absence:
    """Take an absence back: they come after all, as usual or as planned."""
    row = _own_or_any(session, actor, volunteer_id)
    said = said_otherwise(session, [row.id], on_date, on_date)
    absent = [p for p in PERIODS if period in (None, p) and not said.get((row.id, on_date, p), (True, ""))[0]]
    moments = tuple((on_date, p) for p in absent)
    for moment in moments:
        _say(session, row.id, moment, True, "", at)
    audit.record(
        session, actor, AuditAction.AVAILABILITY_CHANGED, "volunteer", row.id, at,
        after={f"{on_date}_{p.value}": True for _, p in moments},
    )  # fmt: skip
    session.flush()
    crews.present(session, actor, row, moments, at)
    return Absence(row.id, moments, 0)


def _visits_of(session: Session, volunteer_id: int, moments: Sequence[Moment]) -> int:
    total = 0
    for on_date, period in moments:
        total += (
            session.scalar(
                select(func.count(Assignment.id))
                .join(Shift, Shift.id == Assignment.shift_id)
                .join(ShiftMember, ShiftMember.shift_id == Shift.id)
                .join(WeekPlan, WeekPlan.id == Assignment.week_plan_id)
                .where(
                    ShiftMember.volunteer_id == volunteer_id, Shift.on_date == on_date, Shift.period == period,
                    Assignment.withdrawn_at.is_(None), WeekPlan.state == WeekState.PUBLISHED,
                )
            )
            or 0
        )  # fmt: skip
    return total
