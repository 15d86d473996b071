"""Write a compared list of volunteers in one transaction, keeping what undo needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.text import fold, match_key, sort_key
from planner.domain.vocabulary import Period
from planner.models import Availability, Hamlet, Volunteer
from planner.services.intake.changelog import ChangeLog
from planner.services.intake.roster_records import shortened
from planner.services.intake.volunteers_diff import PlannedVolunteer, VolunteersDiff
from planner.sheets.reading import Progress
from planner.sheets.volunteer_rows import VolunteerRow


def write_volunteers(
    session: Session, commune_id: int, diff: VolunteersDiff, at: datetime, progress: Progress, *, mark_missing: bool
) -> ChangeLog:
    """Write everything; return the log by which it can be undone."""
    return _Writer(session, commune_id, diff).run(at, progress, mark_missing=mark_missing)


class _Writer:
    def __init__(self, session: Session, commune_id: int, diff: VolunteersDiff) -> None:
        self.session, self.commune_id, self.diff = session, commune_id, diff
        self.hamlets = dict(diff.hamlets)
        self.taken = {volunteer.key for volunteer in diff.known}
        self.log: ChangeLog = {"volunteer": {"created": [], "changed": {}}, "hamlet": {"created": [], "changed": {}}}

    def run(self, at: datetime, progress: Progress, *, mark_missing: bool) -> ChangeLog:
        changed = self.log["volunteer"]["changed"]
        for done, plan in enumerate(self.diff.plans):
            progress(done / len(self.diff.plans), "writing")
            hamlet_id = self._hamlet(plan.row.hamlet) if plan.row.hamlet else None
            if plan.volunteer is None:
                self.log["volunteer"]["created"].append(self._create(plan.row, hamlet_id))
            elif plan.fields:
                changed[str(plan.volunteer.id)] = self._change(plan.volunteer, plan, hamlet_id)
        if mark_missing:
            for volunteer in self.diff.missing:
                volunteer.left_at = at
                changed[str(volunteer.id)] = {"left_at": [None, at.isoformat()]}
        self.session.flush()
        return self.log

    def _create(self, row: VolunteerRow, hamlet_id: int | None) -> int:
        volunteer = Volunteer(
            commune_id=self.commune_id,
            hamlet_id=hamlet_id,
            key=self._free_key(row),
            name=row.name,
            search=_search(row.name, row.org, row.phone),
            sort=sort_key(row.name)[:300],
            phone=row.phone,
            sex=row.sex,
            org=row.org,
            skills=list(row.skills),
            languages=list(row.languages),
            can_lead=row.can_lead,
            max_shifts=row.max_shifts,
        )
        self.session.add(volunteer)
        self.session.flush()
        set_slots(self.session, volunteer.id, list(row.slots))
        return volunteer.id

    def _change(self, volunteer: Volunteer, plan: PlannedVolunteer, hamlet_id: int | None) -> dict[str, list[Any]]:
        noted: dict[str, list[Any]] = {}
        for name, (before, value) in plan.fields.items():
            after: Any = hamlet_id if name == "hamlet_id" else value
            noted[name] = [before, after]
            if name == "slots":
                set_slots(self.session, volunteer.id, after)
            else:
                setattr(volunteer, name, plan.row.sex if name == "sex" else after)
        set_keys(volunteer)
        return noted

    def _hamlet(self, name: str) -> int:
        key = match_key(name)
        if key not in self.hamlets:
            position = max((h.position for h in self.hamlets.values()), default=0) + 1
            hamlet = Hamlet(commune_id=self.commune_id, name=name[:120], name_key=key[:120], position=position, aliases=[])
            self.session.add(hamlet)
            self.session.flush()
            self.hamlets[key] = hamlet
            self.log["hamlet"]["created"].append(hamlet.id)
        return self.hamlets[key].id

    def _free_key(self, row: VolunteerRow) -> str:
        base = shortened(f"{match_key(row.name)}|{row.phone}", 240)
        key = next(key for key in _numbered(base) if key not in self.taken)
        self.taken.add(key)
        return key


def set_keys(volunteer: Volunteer) -> None:
    """Have the volunteer found and sorted by what is known now."""
    volunteer.search, volunteer.sort = _search(volunteer.name, volunteer.org, volunteer.phone), sort_key(volunteer.name)[:300]


def set_slots(session: Session, volunteer_id: int, slots: list[str]) -> None:
    """Make these the slots of every week in which the volunteer usually can."""
    wanted = {slot_parts(slot) for slot in slots}
    rows = session.scalars(select(Availability).where(Availability.volunteer_id == volunteer_id)).all()
    for row in rows:
        if (row.weekday, row.period) not in wanted:
            session.delete(row)
    have = {(row.weekday, row.period) for row in rows}
    session.add_all(Availability(volunteer_id=volunteer_id, weekday=day, period=period) for day, period in sorted(wanted - have))
    session.flush()


def slot_parts(slot: str) -> tuple[int, Period]:
    """Return weekday and part of the day of ``mon_S`` … ``sun_T``."""
    day, _, period = slot.partition("_")
    return ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(day), Period(period)


def _numbered(base: str) -> Iterable[str]:
    yield base
    number = 2
    while True:
        yield f"{base}#{number}"
        number += 1


def _search(*texts: str) -> str:
    return " | ".join(fold(text) for text in texts if text)[:300]
