"""Take an import of volunteers back: who it made goes, what it changed returns, but for what someone changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict
from planner.domain.vocabulary import Sex
from planner.models import Availability, HouseholdRule, ShiftMember, User, Visit, Volunteer
from planner.services.intake.changelog import ChangeLog, plain
from planner.services.intake.progress import RowsDone
from planner.services.intake.roster_undo import delete_unused_hamlet
from planner.services.intake.volunteers_writing import set_keys, set_slots
from planner.services.sequences import in_parts
from planner.sheets.availability import slot_name


def undo_volunteers(session: Session, log: ChangeLog, progress: Callable[[float], None]) -> None:
    """Undo an import of volunteers.

    Raises
    ------
    Conflict
        ``import_in_use``: crews, visits or accounts depend on volunteers it made.
    """
    made: list[int] = log["volunteer"]["created"]
    used = 0
    for part in in_parts(made):
        for column in (ShiftMember.volunteer_id, Visit.volunteer_id, User.volunteer_id, HouseholdRule.volunteer_id):
            used += session.scalar(select(func.count()).where(column.in_(part))) or 0
    if used:
        raise Conflict("import_in_use", count=used)
    rows = RowsDone(len(log["volunteer"]["changed"]) + len(made), progress)
    for row_id, fields in log["volunteer"]["changed"].items():
        rows.add(1)
        volunteer = session.get(Volunteer, int(row_id))
        if volunteer is None:
            continue
        for field, (before, after) in fields.items():
            if _current(volunteer, field) == after:  # what someone changed since keeps the newer value
                _put_back(session, volunteer, field, before)
        set_keys(volunteer)
    session.flush()
    for part in in_parts(made):
        session.execute(delete(Availability).where(Availability.volunteer_id.in_(part)))
        session.execute(delete(Volunteer).where(Volunteer.id.in_(part)))
        rows.add(len(part))
    for hamlet_id in log["hamlet"]["created"]:
        delete_unused_hamlet(session, hamlet_id)
    session.expire_all()


def _current(volunteer: Volunteer, field: str) -> Any:
    """Return what is known now, as the log keeps it."""
    if field == "slots":
        return sorted(slot_name((row.weekday, row.period)) for row in volunteer.availability)
    return plain(getattr(volunteer, field))


def _put_back(session: Session, volunteer: Volunteer, field: str, before: Any) -> None:
    if field == "slots":
        set_slots(session, volunteer.id, before)
    elif field == "left_at":
        volunteer.left_at = None if before is None else datetime.fromisoformat(before)
    else:
        setattr(volunteer, field, Sex(before) if field == "sex" and before is not None else before)
