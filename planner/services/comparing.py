"""Two plans of one week side by side: which promises stay, which move, come or go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import Period
from planner.models import Assignment, Household, Shift, ShiftMember, Volunteer
from planner.services.sequences import in_parts


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """An assignment with what makes it this promise: household, slot and crew (lead first)."""

    assignment_id: int
    uid: str
    household_id: int
    hamlet_id: int
    shift_id: int
    shift_number: int
    on_date: date
    period: Period
    shift_starts_at: datetime
    shift_ends_at: datetime
    starts_at: datetime
    position: int
    minutes: int
    withdrawn_at: datetime | None
    reserve: bool
    crew: tuple[int, ...]

    @property
    def identity(self) -> tuple[int, date, Period, frozenset[int]]:
        """What must not change for the promise to be the same one."""
        return self.household_id, self.on_date, self.period, frozenset(self.crew)


@dataclass(frozen=True)
class Comparison:
    """Old against new. `kept` and `moved` are pairs (old, new); all in the order of the new plan, then of the old."""

    kept: tuple[tuple[PlannedVisit, PlannedVisit], ...]
    moved: tuple[tuple[PlannedVisit, PlannedVisit], ...]
    added: tuple[PlannedVisit, ...]
    withdrawn: tuple[PlannedVisit, ...]


def planned_visits(session: Session, week_plan_id: int, *, withdrawn: bool = False) -> list[PlannedVisit]:
    """Return the assignments of a revision in the order of their shifts and visits; the withdrawn ones only if asked."""
    wanted = _columns().where(Assignment.week_plan_id == week_plan_id)
    if not withdrawn:
        wanted = wanted.where(Assignment.withdrawn_at.is_(None))
    return _read(session, wanted, crews_of(session, week_plan_id))


def planned_of(session: Session, assignment_ids: Collection[int]) -> list[PlannedVisit]:
    """Return single assignments, wherever they stand, in the order of their hours."""
    found: list[PlannedVisit] = []
    for part in in_parts(sorted(set(assignment_ids))):
        shifts = select(Assignment.shift_id).where(Assignment.id.in_(part))
        found += _read(session, _columns().where(Assignment.id.in_(part)), _crews(session, ShiftMember.shift_id.in_(shifts)))
    return found


def _columns() -> Select[*tuple[Any, ...]]:
    query = select(
        Assignment.id, Assignment.uid, Assignment.household_id, Household.hamlet_id, Assignment.shift_id, Shift.number,
        Shift.on_date, Shift.period, Shift.starts_at.label("shift_starts_at"), Shift.ends_at.label("shift_ends_at"),
        Assignment.starts_at, Assignment.position, Assignment.minutes, Assignment.withdrawn_at, Assignment.reserve,
    )  # fmt: skip
    return query.join(Shift, Shift.id == Assignment.shift_id).join(Household, Household.id == Assignment.household_id)


def _read(session: Session, wanted: Select[*tuple[Any, ...]], crews: Mapping[int, tuple[int, ...]]) -> list[PlannedVisit]:
    ordered = wanted.order_by(Shift.starts_at, Shift.number, Shift.id, Assignment.position, Assignment.id)
    rows: list[list[Any]] = [[*row, crews.get(row.shift_id, ())] for row in session.execute(ordered)]
    return [PlannedVisit(*row) for row in rows]


def crews_of(session: Session, week_plan_id: int) -> dict[int, tuple[int, ...]]:
    """Return the volunteers of each shift of a revision, the lead first."""
    shifts = select(Shift.id).where(Shift.week_plan_id == week_plan_id)
    return _crews(session, ShiftMember.shift_id.in_(shifts))


def _crews(session: Session, condition: ColumnElement[bool]) -> dict[int, tuple[int, ...]]:
    crews: dict[int, list[int]] = defaultdict(list)
    members = select(ShiftMember.shift_id, ShiftMember.volunteer_id).where(condition)
    for shift_id, volunteer_id in session.execute(members.order_by(ShiftMember.shift_id, ShiftMember.position, ShiftMember.id)):
        crews[shift_id].append(volunteer_id)
    return {shift_id: tuple(people) for shift_id, people in crews.items()}


def compare(old: Sequence[PlannedVisit], new: Sequence[PlannedVisit]) -> Comparison:
    """Pair the promises of two revisions, household by household; one that stays as it is is never called moved."""
    staying = {promise.identity: promise for promise in old}
    kept = [(staying[promise.identity], promise) for promise in new if promise.identity in staying]
    kept_old = {before.assignment_id for before, _ in kept}
    kept_new = {after.assignment_id for _, after in kept}
    left: dict[int, list[PlannedVisit]] = defaultdict(list)
    for promise in old:
        if promise.assignment_id not in kept_old:
            left[promise.household_id].append(promise)
    moved, added = [], []
    for promise in new:
        if promise.assignment_id in kept_new:
            continue
        before = left.get(promise.household_id)
        if before:
            moved.append((before.pop(0), promise))
        else:
            added.append(promise)
    return Comparison(tuple(kept), tuple(moved), tuple(added), tuple(p for rest in left.values() for p in rest))


@dataclass(frozen=True, slots=True)
class HouseholdName:
    """How a list names a household."""

    code: str = ""
    head_name: str = ""
    address: str = ""


def household_names(session: Session, household_ids: Collection[int]) -> dict[int, HouseholdName]:
    """Return how to name households, for lists that do."""
    found: dict[int, HouseholdName] = {}
    for part in in_parts(sorted(set(household_ids))):
        rows = select(Household.id, Household.code, Household.head_name, Household.address).where(Household.id.in_(part))
        found.update({row.id: HouseholdName(row.code, row.head_name, row.address) for row in session.execute(rows)})
    return found


def volunteer_names(session: Session, commune_id: int) -> dict[int, str]:
    """Return the names of all volunteers of a commune, those who left included."""
    rows = session.execute(select(Volunteer.id, Volunteer.name).where(Volunteer.commune_id == commune_id))
    return {row.id: row.name for row in rows}
