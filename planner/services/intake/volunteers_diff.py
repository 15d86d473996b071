"""Compare a list of volunteers with those we have: who is new, who changed, who is missing; nothing is written here."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain.text import match_key
from planner.models import Hamlet, Volunteer
from planner.services.intake.changelog import plain
from planner.sheets.availability import slot_name
from planner.sheets.volunteer_rows import VolunteerRow, VolunteersReading, volunteers_report


@dataclass(slots=True)
class PlannedVolunteer:
    """What one row of the list does to which volunteer."""

    row: VolunteerRow
    volunteer: Volunteer | None
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)


class VolunteersDiff:
    """Matches rows with volunteers by name and phone, then by phone, then by a name that is unique."""

    def __init__(self, session: Session, commune_id: int, reading: VolunteersReading) -> None:
        self.reading = reading
        self.hamlets = {h.name_key: h for h in session.scalars(select(Hamlet).where(Hamlet.commune_id == commune_id))}
        for hamlet in list(self.hamlets.values()):
            for alias in hamlet.aliases:
                self.hamlets.setdefault(alias, hamlet)
        rows = session.scalars(
            select(Volunteer).where(Volunteer.commune_id == commune_id).options(selectinload(Volunteer.availability))
        )
        self.known = list(rows)
        self.plans = self._match()
        self.matched = {p.volunteer.id for p in self.plans if p.volunteer is not None}
        self.missing = [v for v in self.known if v.id not in self.matched and v.left_at is None]

    def report(self) -> dict[str, Any]:
        created = sum(1 for plan in self.plans if plan.volunteer is None)
        updated = sum(1 for plan in self.plans if plan.volunteer is not None and plan.fields)
        report = volunteers_report(self.reading, created, updated, len(self.plans) - created - updated)
        report["diff"] = {
            "counts": {"created": created, "updated": updated, "missing": len(self.missing)},
            "missing": [{"id": v.id, "name": v.name} for v in self.missing[:50]],
            "updated": [
                {"id": plan.volunteer.id, "name": plan.row.name, "fields": {k: list(pair) for k, pair in plan.fields.items()}}
                for plan in self.plans
                if plan.volunteer is not None and plan.fields
            ][:50],
        }
        return report

    def _match(self) -> list[PlannedVolunteer]:
        plans = [PlannedVolunteer(row, None) for row in self.reading.people]
        free = {v.id: v for v in self.known}
        for key_of_row, key_of_volunteer in (
            (lambda r: (match_key(r.name), r.phone), lambda v: (match_key(v.name), v.phone)),
            (lambda r: (r.phone, _given(r.name)) if r.phone else None, lambda v: (v.phone, _given(v.name)) if v.phone else None),
            (lambda r: match_key(r.name), lambda v: match_key(v.name)),
        ):
            rows: dict[Any, list[PlannedVolunteer]] = defaultdict(list)
            for plan in plans:
                if plan.volunteer is None:
                    rows[key_of_row(plan.row)].append(plan)
            volunteers: dict[Any, list[Volunteer]] = defaultdict(list)
            for volunteer in free.values():
                volunteers[key_of_volunteer(volunteer)].append(volunteer)
            for key, found in rows.items():
                if key is not None and len(found) == 1 and len(volunteers.get(key, [])) == 1:
                    found[0].volunteer = volunteers[key][0]
                    free.pop(volunteers[key][0].id)
        for plan in plans:
            if plan.volunteer is not None:
                plan.fields = self._differences(plan.row, plan.volunteer)
        return plans

    def _differences(self, row: VolunteerRow, volunteer: Volunteer) -> dict[str, tuple[Any, Any]]:
        """Return what the row changes; a blank keeps what is known, but for the free slots a sheet is about."""
        wanted: dict[str, Any] = {
            "name": row.name,
            "phone": row.phone,
            "org": row.org,
            "skills": list(row.skills),
            "languages": list(row.languages),
        }
        wanted["sex"] = row.sex.value if row.sex is not None else None
        wanted["max_shifts"] = row.max_shifts
        wanted["can_lead"] = row.can_lead or None
        hamlet = self.hamlets.get(match_key(row.hamlet)) if row.hamlet else None
        wanted["hamlet_id"] = hamlet.id if hamlet is not None else None
        fields = {
            name: (plain(getattr(volunteer, name)), value)
            for name, value in wanted.items()
            if value not in (None, "", []) and plain(getattr(volunteer, name)) != value
        }
        slots = sorted(slot_name((a.weekday, a.period)) for a in volunteer.availability)
        if slots != sorted(row.slots):
            fields["slots"] = (slots, sorted(row.slots))
        if row.hamlet and hamlet is None:
            fields["hamlet_id"] = (volunteer.hamlet_id, f"new:{row.hamlet}")
        if volunteer.left_at is not None:
            fields["left_at"] = (volunteer.left_at.isoformat(), None)
        return fields


def _given(name: str) -> str:
    return match_key(name).split(" ")[-1]
