"""Take an import of the roster back: what it made goes, what it changed returns, unless something later stands on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict
from planner.domain.vocabulary import BirthPrecision, WeekState
from planner.models import (
    Appointment,
    Assignment,
    Base,
    ChanceOverrule,
    ContactStop,
    FieldEvent,
    Hamlet,
    Household,
    HouseholdRule,
    Need,
    Resident,
    Shift,
    Visit,
    VisitResult,
    Volunteer,
    WeekPlan,
)
from planner.services.intake.changelog import ChangeLog, plain
from planner.services.intake.progress import RowsDone
from planner.services.sequences import in_parts

_MODELS: dict[str, type[Any]] = {"hamlet": Hamlet, "household": Household, "resident": Resident}


def undo_roster(session: Session, log: ChangeLog, progress: Callable[[float], None]) -> set[int]:
    """Undo a roster import; return the households whose needs are to be derived again.

    Raises
    ------
    Conflict
        ``import_in_use``: visits, promises, stops or people added since depend on what the import made.
    """
    made = log["household"]["created"]
    own_stops = set(log["contact_stop"]["created"])
    tables = [log["household"], log["resident"]]
    rows = RowsDone(sum(len(table["created"]) + len(table["changed"]) for table in tables), progress)
    _refuse_if_used(session, log, own_stops)
    _drop_from_drafts(session, made)
    for part in in_parts(sorted(own_stops)):
        session.execute(delete(ContactStop).where(ContactStop.id.in_(part)))
    _free_keys(session, log)
    touched = _restore(session, "resident", log, rows)
    touched |= _restore(session, "household", log, rows)
    for part in in_parts(log["resident"]["created"]):
        homes = set(session.scalars(select(Resident.household_id).where(Resident.id.in_(part))))
        touched |= homes - set(made)
        session.execute(delete(Need).where(Need.resident_id.in_(part)))
        session.execute(delete(Resident).where(Resident.id.in_(part)))
        rows.add(len(part))
    for part in in_parts(made):
        session.execute(delete(Need).where(Need.household_id.in_(part)))
        session.execute(delete(HouseholdRule).where(HouseholdRule.household_id.in_(part)))
        session.execute(delete(Household).where(Household.id.in_(part)))
        rows.add(len(part))
    _restore(session, "hamlet", log, rows)
    for hamlet_id in log["hamlet"]["created"]:
        delete_unused_hamlet(session, hamlet_id)
    session.expire_all()
    return touched - set(made)


def delete_unused_hamlet(session: Session, hamlet_id: int) -> None:
    """Delete a hamlet an import made, unless somebody lives or works there by now."""
    drafts = select(WeekPlan.id).where(WeekPlan.state.in_((WeekState.DRAFT, WeekState.DISCARDED)))
    session.execute(update(Shift).where(Shift.hamlet_id == hamlet_id, Shift.week_plan_id.in_(drafts)).values(hamlet_id=None))
    used = sum(
        session.scalar(select(func.count()).where(column == hamlet_id)) or 0
        for column in (Household.hamlet_id, Volunteer.hamlet_id, Shift.hamlet_id, ChanceOverrule.hamlet_id)
    )
    if not used:
        session.execute(delete(Hamlet).where(Hamlet.id == hamlet_id))


def _free_keys(session: Session, log: ChangeLog) -> None:
    """Take their keys from the rows that will go, so that those who had them before can have them back."""
    for table in ("household", "resident"):
        rows = [{"id": row_id, "key": f"~{row_id}"} for row_id in log[table]["created"]]
        if rows:
            session.execute(update(_MODELS[table]), rows)


def _refuse_if_used(session: Session, log: ChangeLog, own_stops: set[int]) -> None:
    """Refuse while anything later stands on the rows the import made; unpublished drafts do not count, they go."""
    households, residents = log["household"]["created"], log["resident"]["created"]
    moved = {int(row_id) for row_id, fields in log["resident"]["changed"].items() if "household_id" in fields}
    used = 0
    visits: set[int] = set()  # of a household, or of a resident who came into one that was there: each once
    for part in in_parts(households):
        visits |= set(session.scalars(select(Visit.id).where(Visit.household_id.in_(part))))
        used += session.scalar(select(func.count()).where(Appointment.household_id.in_(part))) or 0
        at_home = set(session.scalars(select(Resident.id).where(Resident.household_id.in_(part))))
        used += len(at_home - moved - set(residents))  # those whom somebody added since
        # What a phone sent and nobody has recorded as a visit yet.
        unrecorded = select(func.count()).where(FieldEvent.household_id.in_(part), FieldEvent.visit_id.is_(None))
        used += session.scalar(unrecorded) or 0
        promised = (
            select(func.count())
            .select_from(Assignment)
            .join(WeekPlan, WeekPlan.id == Assignment.week_plan_id)
            .where(Assignment.household_id.in_(part), WeekPlan.state.not_in((WeekState.DRAFT, WeekState.DISCARDED)))
        )
        used += session.scalar(promised) or 0
        stops = session.scalars(select(ContactStop.id).where(ContactStop.household_id.in_(part)))
        used += len(set(stops) - own_stops)
    for part in in_parts(residents):
        results = select(VisitResult.visit_id).join(Need, Need.id == VisitResult.need_id).where(Need.resident_id.in_(part))
        visits |= set(session.scalars(results))
        used += len(set(session.scalars(select(ContactStop.id).where(ContactStop.resident_id.in_(part)))) - own_stops)
        used += session.scalar(select(func.count()).where(Appointment.resident_id.in_(part))) or 0
    if used or visits:
        raise Conflict("import_in_use", count=used + len(visits))


def _drop_from_drafts(session: Session, households: list[int]) -> None:
    """Take households out of weeks that were not published; a draft without them is none any more."""
    for part in in_parts(households):
        drafts = set(session.scalars(select(Assignment.week_plan_id).where(Assignment.household_id.in_(part))))
        if drafts:
            session.execute(delete(Assignment).where(Assignment.household_id.in_(part)))
            session.execute(
                update(WeekPlan)
                .where(WeekPlan.id.in_(drafts), WeekPlan.state == WeekState.DRAFT)
                .values(state=WeekState.DISCARDED)
            )


def _restore(session: Session, table: str, log: ChangeLog, done: RowsDone) -> set[int]:
    """Give changed rows their former values back; a field someone changed since keeps the newer value."""
    model = _MODELS[table]
    changed: dict[str, dict[str, list[Any]]] = log[table]["changed"]
    touched: set[int] = set()
    left_out = set(log[table]["created"])
    rekeyed: list[dict[str, Any]] = []
    for part in in_parts(sorted(int(row_id) for row_id in changed)):
        rows: list[Base] = list(session.scalars(select(model).where(model.id.in_(part))))
        for row in rows:
            row_id: int = row.id  # type: ignore[attr-defined]
            if row_id in left_out:
                continue
            touched.add(row_id if table == "household" else getattr(row, "household_id", row_id))
            for field, (before, after) in changed[str(row_id)].items():
                current = getattr(row, field)
                if plain(current) != after:
                    continue
                if field == "key":
                    rekeyed.append({"id": row_id, "key": before})
                else:
                    setattr(row, field, _typed(model, field, before))
            touched.add(row_id if table == "household" else getattr(row, "household_id", row_id))
        session.flush()
        done.add(len(part))
    if rekeyed:
        session.execute(update(model), [{"id": r["id"], "key": f"~{r['id']}"} for r in rekeyed])
        session.execute(update(model), rekeyed)
    return touched


def _typed(model: type[Any], field: str, value: Any) -> Any:
    """Return a value of the log as the column wants it."""
    if value is None:
        return None
    if field.endswith("_at"):
        return datetime.fromisoformat(value)
    if field == "birth_precision":
        return BirthPrecision(value)
    enum = getattr(model.__table__.c[field].type, "enum_class", None)
    return enum(value) if enum is not None else value
