"""A roster comes in: preview what it would do, apply it in one transaction, undo the last one as a whole.

These services take the `Database` and manage their own transactions: a file is read outside of any, and written in one.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.domain.errors import Conflict, InvalidInput
from planner.domain.vocabulary import AuditAction, ImportKind, ImportState
from planner.models import Database, Hamlet, Household, ImportBatch
from planner.services import audit, campaigns, intake_files, needs, scope
from planner.services.actors import Actor
from planner.services.intake_apply import Applier
from planner.services.intake_batches import BatchView, Imported, Preview, issue_of, last_applied, new_batch, options_of, view_of
from planner.services.intake_diff import Diff, compare
from planner.services.intake_records import Known, load
from planner.services.intake_undo import undo_roster
from planner.services.intake_views import sample
from planner.services.outcome_effects import withdraw_promises
from planner.services.volunteers_undo import undo_volunteers
from planner.sheets.annotated import write_annotated_copy
from planner.sheets.reading import Progress, ReadOptions, RosterReading, report_dict
from planner.sheets.roster import read_roster

__all__ = [
    "BatchView", "Imported", "Preview", "annotated_copy", "apply", "batch", "batches", "import_file", "new_batch", "options_of",
    "preview", "undo",
]  # fmt: skip
_READING_SHARE = 0.35


def preview(
    db: Database,
    actor: Actor,
    path: Path,
    file_name: str,
    options: ReadOptions,
    folder: Path,
    at: datetime,
    progress: Progress | None = None,
    id_key: bytes | None = None,
) -> Preview:
    """Read a file and say what it would change. Keeps the file in `folder` and a row of the import; changes nothing else.

    Raises
    ------
    SheetRefused
        The file as a whole cannot be read.
    """
    actor.require_desk()
    reading = _read(db, actor, path, options, at, progress)
    with db.read() as session:
        report = _report(session, actor, reading, at, id_key)[0]
    with db.begin() as session:
        stored_name, digest = intake_files.store(folder, path, at)
        batch = new_batch(actor, ImportKind.ROSTER, file_name, stored_name, digest, options, at, report)
        session.add(batch)
        session.flush()
        return Preview(batch.id, report, reading.has_errors)


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
    id_key: bytes | None = None,
) -> Imported:
    """Apply a previewed import: read its file again and write what it says now, all or nothing.

    Parameters
    ----------
    skip_faulty
        Leave out the cells, rows and sheets that errors refuse; without it a file with errors changes nothing.
    mark_missing
        Mark the people of the file's hamlets whom it does not name as having left.
    """
    actor.require_desk()
    with db.read() as session:
        batch = scope.get_import_batch(session, actor, batch_id)
        if batch.state is not ImportState.PREVIEWED or batch.kind is not ImportKind.ROSTER:
            raise Conflict("import_not_waiting")
        path, options = intake_files.stored(folder, batch.stored_name), options_of(batch.answers)
    reading = _read(db, actor, path, options, at, progress)
    return _write(db, actor, reading, at, batch_id, skip_faulty, mark_missing, progress, id_key)


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
    id_key: bytes | None = None,
) -> Imported:
    """Preview and apply at once, as the command line does: the file is read once and not kept."""
    actor.require_desk()
    reading = _read(db, actor, path, options, at, progress)
    if dry_run:
        with db.read() as session:
            return Imported(0, False, _report(session, actor, reading, at, id_key)[0])
    batch = new_batch(actor, ImportKind.ROSTER, path.name, "", intake_files.digest(path), options, at, {})
    return _write(db, actor, reading, at, batch, skip_faulty, mark_missing, progress, id_key)


def undo(db: Database, actor: Actor, batch_id: int, at: datetime) -> BatchView:
    """Undo the last import of its kind as a whole.

    Raises
    ------
    Conflict
        ``import_not_last``: a later one stands on it. ``import_in_use``: visits or promises depend on what it made.
    """
    actor.require_desk()
    with db.begin() as session:
        batch = scope.get_import_batch(session, actor, batch_id)
        if batch.state is not ImportState.APPLIED or batch.changes_gz is None:
            raise Conflict("import_not_applied")
        if last_applied(session, actor, batch.kind) != batch.id:
            raise Conflict("import_not_last")
        log = json.loads(gzip.decompress(batch.changes_gz))
        if batch.kind is ImportKind.VOLUNTEERS:
            undo_volunteers(session, log)
        else:
            touched = undo_roster(session, log, at)
            session.flush()
            needs.rebuild(session, actor.commune_id, at, sorted(touched))
        batch.state, batch.undone_at = ImportState.UNDONE, at
        audit.record(session, actor, AuditAction.IMPORT_UNDONE, "import_batch", batch.id, at)
        session.flush()
        return view_of(batch, can_undo=False)


def batches(session: Session, actor: Actor, limit: int = 20) -> tuple[BatchView, ...]:
    """Return the latest imports, newest first."""
    actor.require_desk()
    rows = session.scalars(scope.import_batches(actor).order_by(ImportBatch.id.desc()).limit(limit)).all()
    last = {kind: last_applied(session, actor, kind) for kind in ImportKind}
    return tuple(view_of(row, can_undo=last[row.kind] == row.id) for row in rows)


def batch(session: Session, actor: Actor, batch_id: int) -> BatchView:
    """Return one import."""
    actor.require_desk()
    row = scope.get_import_batch(session, actor, batch_id)
    return view_of(row, can_undo=last_applied(session, actor, row.kind) == row.id)


def annotated_copy(db: Database, actor: Actor, batch_id: int, folder: Path, target: Path) -> Path:
    """Write a copy of the import's file in which every issue is marked and explained; return its path."""
    actor.require_desk()
    with db.read() as session:
        row = scope.get_import_batch(session, actor, batch_id)
        path, options = intake_files.stored(folder, row.stored_name), options_of(row.answers)
        issues = [issue_of(found) for found in row.report.get("issues", [])]
    write_annotated_copy(path, issues, target, encoding=options.encoding)
    return target


# --- within --------------------------------------------------------------------------------------------------------


def _read(db: Database, actor: Actor, path: Path, options: ReadOptions, at: datetime, progress: Progress | None) -> RosterReading:
    with db.read() as session:
        hamlets = session.scalars(
            select(Hamlet.name).where(Hamlet.commune_id == actor.commune_id).order_by(Hamlet.position)
        ).all()
    return read_roster(
        path, as_of=local_date(at), options=options, known_hamlets=hamlets, progress=_part(progress, 0, _READING_SHARE)
    )


def _part(progress: Progress | None, start: float, share: float) -> Progress | None:
    return None if progress is None else lambda fraction, code: progress(start + share * fraction, code)


def _hashes(session: Session, actor: Actor, reading: RosterReading, id_key: bytes | None) -> dict[int, str]:
    """Return keyed hashes of the ID numbers where the campaign opted in; the numbers themselves are never kept."""
    campaign = campaigns.find_active(session, actor.commune_id)
    if campaign is None or not campaign.settings.store_id_numbers or not id_key:
        return {}
    return {
        index: hmac.new(id_key, person.citizen_id.encode(), hashlib.sha256).hexdigest()
        for index, person in enumerate(reading.people)
        if person.citizen_id
    }


def _report(
    session: Session, actor: Actor, reading: RosterReading, at: datetime, id_key: bytes | None
) -> tuple[dict[str, Any], Known, Diff, dict[int, str]]:
    known = load(session, actor.commune_id)
    hashes = _hashes(session, actor, reading, id_key)
    diff = compare(reading, known, hashes, at)
    report = report_dict(reading, len(diff.new_residents), len(diff.changed_residents), diff.unchanged)
    report["diff"] = sample(diff, reading, known)
    return report, known, diff, hashes


def _write(
    db: Database,
    actor: Actor,
    reading: RosterReading,
    at: datetime,
    waiting: int | ImportBatch,
    skip_faulty: bool,
    mark_missing: bool,
    progress: Progress | None,
    id_key: bytes | None,
) -> Imported:
    """Write a reading in one transaction, under a previewed import's row or a new one; with errors nothing is kept."""
    tell = _part(progress, _READING_SHARE, 1 - _READING_SHARE) or _silent
    with db.begin() as session:
        report, known, diff, hashes = _report(session, actor, reading, at, id_key)
        if reading.has_errors and not skip_faulty:
            return Imported(waiting if isinstance(waiting, int) else 0, False, report)
        if not reading.people:
            raise InvalidInput("import_empty")
        row = scope.get_import_batch(session, actor, waiting) if isinstance(waiting, int) else waiting
        if row.state is not ImportState.PREVIEWED:
            raise Conflict("import_not_waiting")
        row.report = report
        session.add(row)
        session.flush()
        batch_id = row.id
        tell(0.15, "comparing")
        applier = Applier(session, actor.commune_id, reading, known, diff, hashes, at, lambda f: tell(0.15 + 0.45 * f, "writing"))
        log = applier.run(mark_missing=mark_missing)
        tell(0.6, "needs")
        everything = len(applier.touched) > len(known.households) / 2
        needs.rebuild(session, actor.commune_id, at, None if everything else sorted(applier.touched))
        _withdraw(session, actor, applier.stopped, at)
        row.state, row.applied_at = ImportState.APPLIED, at
        if any(part["created"] or part["changed"] for part in log.values()):
            row.changes_gz = gzip.compress(json.dumps(log, ensure_ascii=False).encode(), 6)
        figures = {name: report[name] for name in ("households", "residents", "created", "updated", "unchanged", "refused")}
        audit.record(session, actor, AuditAction.ROSTER_IMPORTED, "import_batch", batch_id, at, after=figures)
    tell(1.0, "done")
    return Imported(batch_id, True, report)


def _withdraw(session: Session, actor: Actor, household_ids: Collection[int], at: datetime) -> None:
    """Take back the promises to households where the roster now says that nobody may be called on."""
    campaign = campaigns.find_active(session, actor.commune_id)
    if campaign is None:
        return
    for household_id in sorted(household_ids):
        withdraw_promises(session, session.get_one(Household, household_id), campaign, at)


def _silent(_fraction: float, _code: str) -> None:
    return None
