"""Volunteers and their free time come in like the roster: preview, apply in one transaction, undo."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain.errors import Conflict, InvalidInput
from planner.domain.text import fold, match_key, sort_key
from planner.domain.vocabulary import AuditAction, ImportKind, ImportState
from planner.models import Database, Hamlet, ImportBatch, Volunteer
from planner.services import audit, intake_files, scope
from planner.services.actors import Actor
from planner.services.intake import Imported, Preview, new_batch, options_of
from planner.services.intake_records import shortened
from planner.services.volunteers_undo import set_slots
from planner.sheets.availability import slot_name
from planner.sheets.reading import Progress, ReadOptions
from planner.sheets.volunteer_rows import VolunteerRow, VolunteersReading, volunteers_report
from planner.sheets.volunteers import read_volunteers


def preview(
    db: Database,
    actor: Actor,
    path: Path,
    file_name: str,
    options: ReadOptions,
    folder: Path,
    at: datetime,
    progress: Progress | None = None,
) -> Preview:
    """Read a list of volunteers and say what it would change; keep the file and a row of the import."""
    actor.require_desk()
    reading = _read(db, actor, path, options, progress)
    with db.begin() as session:
        report = _Applier(session, actor, reading).report()
        stored_name, digest = intake_files.store(folder, path, at)
        row = new_batch(actor, ImportKind.VOLUNTEERS, file_name, stored_name, digest, options, at, report)
        session.add(row)
        session.flush()
        return Preview(row.id, report, reading.has_errors)


def apply(
    db: Database,
    actor: Actor,
    batch_id: int,
    folder: Path,
    at: datetime,
    *,
    skip_faulty: bool = False,
    mark_missing: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Apply a previewed import of volunteers, all or nothing."""
    actor.require_desk()
    with db.read() as session:
        row = scope.get_import_batch(session, actor, batch_id)
        if row.state is not ImportState.PREVIEWED or row.kind is not ImportKind.VOLUNTEERS:
            raise Conflict("import_not_waiting")
        path, options = intake_files.stored(folder, row.stored_name), options_of(row.answers)
    reading = _read(db, actor, path, options, progress)
    return _write(db, actor, reading, at, batch_id, skip_faulty, mark_missing)


def import_file(
    db: Database,
    actor: Actor,
    path: Path,
    options: ReadOptions,
    at: datetime,
    *,
    dry_run: bool = False,
    skip_faulty: bool = False,
    mark_missing: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Preview and apply at once, as the command line does."""
    actor.require_desk()
    reading = _read(db, actor, path, options, progress)
    if dry_run:
        with db.read() as session:
            return Imported(0, False, _Applier(session, actor, reading).report())
    row = new_batch(actor, ImportKind.VOLUNTEERS, path.name, "", intake_files.digest(path), options, at, {})
    return _write(db, actor, reading, at, row, skip_faulty, mark_missing)


def _read(db: Database, actor: Actor, path: Path, options: ReadOptions, progress: Progress | None) -> VolunteersReading:
    with db.read() as session:
        hamlets = session.scalars(
            select(Hamlet.name).where(Hamlet.commune_id == actor.commune_id).order_by(Hamlet.position)
        ).all()
    return read_volunteers(path, options=options, known_hamlets=hamlets, progress=progress)


def _write(
    db: Database,
    actor: Actor,
    reading: VolunteersReading,
    at: datetime,
    waiting: int | ImportBatch,
    skip_faulty: bool,
    mark_missing: bool,
) -> Imported:
    with db.begin() as session:
        applier = _Applier(session, actor, reading)
        report = applier.report()
        if reading.has_errors and not skip_faulty:
            return Imported(waiting if isinstance(waiting, int) else 0, False, report)
        if not reading.people:
            raise InvalidInput("import_empty")
        row = scope.get_import_batch(session, actor, waiting) if isinstance(waiting, int) else waiting
        if row.state is not ImportState.PREVIEWED:
            raise Conflict("import_not_waiting")
        session.add(row)
        session.flush()
        log = applier.run(at, mark_missing=mark_missing)
        row.report, row.state, row.applied_at = report, ImportState.APPLIED, at
        if log["volunteer"]["created"] or log["volunteer"]["changed"]:
            row.changes_gz = gzip.compress(json.dumps(log, ensure_ascii=False).encode())
        figures = {name: report[name] for name in ("volunteers", "slots", "created", "updated", "unchanged", "refused")}
        audit.record(session, actor, AuditAction.VOLUNTEERS_IMPORTED, "import_batch", row.id, at, after=figures)
        return Imported(row.id, True, report)


@dataclass(slots=True)
class _Planned:
    """What one row of the list does to which volunteer."""

    row: VolunteerRow
    volunteer: Volunteer | None
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)


class _Applier:
    """Matches rows with volunteers by name and phone, then by phone, then by a name that is unique."""

    def __init__(self, session: Session, actor: Actor, reading: VolunteersReading) -> None:
        self.session, self.actor, self.reading = session, actor, reading
        self.hamlets = {h.name_key: h for h in session.scalars(select(Hamlet).where(Hamlet.commune_id == actor.commune_id))}
        for hamlet in list(self.hamlets.values()):
            for alias in hamlet.aliases:
                self.hamlets.setdefault(alias, hamlet)
        rows = session.scalars(
            select(Volunteer).where(Volunteer.commune_id == actor.commune_id).options(selectinload(Volunteer.availability))
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

    def _match(self) -> list[_Planned]:
        plans = [_Planned(row, None) for row in self.reading.people]
        free = {v.id: v for v in self.known}
        for key_of_row, key_of_volunteer in (
            (lambda r: (match_key(r.name), r.phone), lambda v: (match_key(v.name), v.phone)),
            (lambda r: (r.phone, _given(r.name)) if r.phone else None, lambda v: (v.phone, _given(v.name)) if v.phone else None),
            (lambda r: match_key(r.name), lambda v: match_key(v.name)),
        ):
            rows: dict[Any, list[_Planned]] = defaultdict(list)
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
            name: (_plain(getattr(volunteer, name)), value)
            for name, value in wanted.items()
            if value not in (None, "", []) and _plain(getattr(volunteer, name)) != value
        }
        slots = sorted(slot_name((a.weekday, a.period)) for a in volunteer.availability)
        if slots != sorted(row.slots):
            fields["slots"] = (slots, sorted(row.slots))
        if row.hamlet and hamlet is None:
            fields["hamlet_id"] = (volunteer.hamlet_id, f"new:{row.hamlet}")
        if volunteer.left_at is not None:
            fields["left_at"] = (volunteer.left_at.isoformat(), None)
        return fields

    def run(self, at: datetime, *, mark_missing: bool) -> dict[str, Any]:
        """Write everything; return the log by which it can be undone."""
        log: dict[str, Any] = {"volunteer": {"created": [], "changed": {}}, "hamlet": {"created": []}}
        for plan in self.plans:
            hamlet_id = self._hamlet(plan.row.hamlet, log) if plan.row.hamlet else None
            if plan.volunteer is None:
                log["volunteer"]["created"].append(self._create(plan.row, hamlet_id))
            elif plan.fields:
                log["volunteer"]["changed"][str(plan.volunteer.id)] = self._change(plan.volunteer, plan, hamlet_id)
        if mark_missing:
            for volunteer in self.missing:
                volunteer.left_at = at
                log["volunteer"]["changed"][str(volunteer.id)] = {"left_at": [None, at.isoformat()]}
        self.session.flush()
        return log

    def _create(self, row: VolunteerRow, hamlet_id: int | None) -> int:
        volunteer = Volunteer(
            commune_id=self.actor.commune_id,
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

    def _change(self, volunteer: Volunteer, plan: _Planned, hamlet_id: int | None) -> dict[str, list[Any]]:
        noted: dict[str, list[Any]] = {}
        for name, (before, value) in plan.fields.items():
            after: Any = hamlet_id if name == "hamlet_id" else value
            noted[name] = [before, after]
            if name == "slots":
                set_slots(self.session, volunteer.id, after)
            else:
                setattr(volunteer, name, plan.row.sex if name == "sex" else after)
        volunteer.search, volunteer.sort = _search(volunteer.name, volunteer.org, volunteer.phone), sort_key(volunteer.name)[:300]
        return noted

    def _hamlet(self, name: str, log: dict[str, Any]) -> int:
        key = match_key(name)
        if key not in self.hamlets:
            position = max((h.position for h in self.hamlets.values()), default=0) + 1
            hamlet = Hamlet(commune_id=self.actor.commune_id, name=name[:120], name_key=key[:120], position=position, aliases=[])
            self.session.add(hamlet)
            self.session.flush()
            self.hamlets[key] = hamlet
            log["hamlet"]["created"].append(hamlet.id)
        return self.hamlets[key].id

    def _free_key(self, row: VolunteerRow) -> str:
        taken = {v.key for v in self.session.scalars(select(Volunteer).where(Volunteer.commune_id == self.actor.commune_id))}
        base = shortened(f"{match_key(row.name)}|{row.phone}", 240)
        return next(key for key in _numbered(base) if key not in taken)


def _numbered(base: str) -> Iterable[str]:
    yield base
    number = 2
    while True:
        yield f"{base}#{number}"
        number += 1


def _given(name: str) -> str:
    return match_key(name).split(" ")[-1]


def _search(*texts: str) -> str:
    return " | ".join(fold(text) for text in texts if text)[:300]


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)
