"""The steps every import takes, whatever the list: read, compare, keep what is waiting, write all or nothing, take back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from planner.domain.errors import Conflict, InvalidInput
from planner.domain.vocabulary import AuditAction, ImportKind, ImportState
from planner.models import Database, Hamlet, ImportBatch
from planner.services import audit, scope
from planner.services.actors import Actor
from planner.services.intake import changelog, files, places
from planner.services.intake.batches import BatchView, Imported, Preview, last_applied, new_batch, options_of, view_of
from planner.services.intake.lists import ListKind, Reading
from planner.services.intake.progress import parts, silent
from planner.services.intake.roster import ROSTER
from planner.services.intake.volunteers import VOLUNTEERS
from planner.sheets.reading import Progress, ReadOptions

KINDS: dict[ImportKind, ListKind] = {ImportKind.ROSTER: ROSTER, ImportKind.VOLUNTEERS: VOLUNTEERS}
# Of the time each step takes for a whole commune (8,500 households): what the bar shows should pass evenly.
_PREVIEWING = (0.85, 0.15)  # reading, comparing
_IMPORTING = (0.6, 0.1, 0.3)  # reading, comparing, writing


def preview(
    db: Database,
    actor: Actor,
    kind: ImportKind,
    path: Path,
    file_name: str,
    options: ReadOptions,
    folder: Path,
    at: datetime,
    *,
    progress: Progress = silent,
    id_key: bytes | None = None,
) -> Preview:
    """Read a file and say what it would change. Keeps the file in `folder` and a row of the import; changes nothing else.

    Raises
    ------
    SheetRefused
        The file as a whole cannot be read.
    """
    actor.require_desk()
    of_reading, of_comparing = parts(progress, *_PREVIEWING)
    reading = _read(db, actor, kind, path, options, at, of_reading)
    with db.read() as session:
        report = KINDS[kind].compare(session, actor, reading, at, id_key, of_comparing).report
    with db.begin() as session:
        stored_name, digest = files.store(folder, path, at)
        batch = new_batch(actor, kind, file_name, stored_name, digest, options, at, report)
        session.add(batch)
        session.flush()
        batch_id = batch.id
    progress(1.0, "done")
    return Preview(batch_id, report, reading.has_errors)


def answer(
    db: Database,
    actor: Actor,
    batch_id: int,
    answers: Mapping[str, str],
    folder: Path,
    at: datetime,
    *,
    progress: Progress = silent,
    id_key: bytes | None = None,
) -> Preview:
    """Preview a waiting import's file again with `answers` (question key to chosen value) added to those given before.

    Raises
    ------
    Conflict
        ``import_not_waiting``: it was applied meanwhile.
    NotFound
        ``import_file_gone``: the file has been deleted with time.
    """
    kind, path, options, file_name = _waiting(db, actor, batch_id, folder)
    options = replace(options, answers={**options.answers, **{k: v for k, v in answers.items() if v}})
    return preview(db, actor, kind, path, file_name, options, folder, at, progress=progress, id_key=id_key)


def apply(
    db: Database,
    actor: Actor,
    batch_id: int,
    folder: Path,
    at: datetime,
    *,
    skip_faulty: bool = False,
    mark_missing: bool = False,
    progress: Progress = silent,
    id_key: bytes | None = None,
) -> Imported:
    """Apply a previewed import: read its file again and write what it says now, all or nothing.

    Parameters
    ----------
    skip_faulty
        Leave out the cells, rows and sheets that errors refuse; without it a file with errors changes nothing.
    mark_missing
        Mark the people whom the list should name and does not as having left.
    """
    kind, path, options, _ = _waiting(db, actor, batch_id, folder)
    steps = parts(progress, *_IMPORTING)
    reading = _read(db, actor, kind, path, options, at, steps[0])
    return _write(db, actor, reading, at, batch_id, kind, skip_faulty, mark_missing, steps, id_key)


def import_file(
    db: Database,
    actor: Actor,
    kind: ImportKind,
    path: Path,
    options: ReadOptions,
    at: datetime,
    *,
    dry_run: bool = False,
    skip_faulty: bool = False,
    mark_missing: bool = False,
    progress: Progress = silent,
    id_key: bytes | None = None,
) -> Imported:
    """Preview and apply at once, as the command line does: the file is read once and not kept."""
    actor.require_desk()
    steps = parts(progress, *(_PREVIEWING if dry_run else _IMPORTING))
    reading = _read(db, actor, kind, path, options, at, steps[0])
    if dry_run:
        with db.read() as session:
            return Imported(0, False, KINDS[kind].compare(session, actor, reading, at, id_key, steps[1]).report)
    batch = new_batch(actor, kind, path.name, "", files.digest(path), options, at, {})
    return _write(db, actor, reading, at, batch, kind, skip_faulty, mark_missing, steps, id_key)


def undo(db: Database, actor: Actor, batch_id: int, at: datetime, *, progress: Progress = silent) -> BatchView:
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
        KINDS[batch.kind].undo(session, actor, changelog.unpacked(batch.changes_gz), at, progress)
        batch.state, batch.undone_at = ImportState.UNDONE, at
        audit.record(session, actor, AuditAction.IMPORT_UNDONE, "import_batch", batch.id, at)
        session.flush()
        undone = view_of(batch, can_undo=False)
    progress(1.0, "done")
    return undone


# --- within --------------------------------------------------------------------------------------------------------


def _waiting(db: Database, actor: Actor, batch_id: int, folder: Path) -> tuple[ImportKind, Path, ReadOptions, str]:
    """Return kind, kept file, options and shown name of an import that waits to be applied."""
    actor.require_desk()
    with db.read() as session:
        batch = scope.get_import_batch(session, actor, batch_id)
        if batch.state is not ImportState.PREVIEWED:
            raise Conflict("import_not_waiting")
        return batch.kind, files.stored(folder, batch.stored_name), options_of(batch.answers), batch.file_name


def _read(
    db: Database, actor: Actor, kind: ImportKind, path: Path, options: ReadOptions, at: datetime, progress: Progress
) -> Reading:
    with db.read() as session:
        options = replace(options, **places.told(session, actor, options.former_places))
        hamlets = session.scalars(
            select(Hamlet.name).where(Hamlet.commune_id == actor.commune_id).order_by(Hamlet.position)
        ).all()
    reading: Reading = KINDS[kind].read(path, options, hamlets, at, progress)
    return reading


def _write(
    db: Database,
    actor: Actor,
    reading: Reading,
    at: datetime,
    waiting: int | ImportBatch,
    kind: ImportKind,
    skip_faulty: bool,
    mark_missing: bool,
    steps: Sequence[Progress],
    id_key: bytes | None,
) -> Imported:
    """Write a reading in one transaction, under a previewed import's row or a new one; with errors nothing is kept."""
    of_kind, (_, of_comparing, of_writing) = KINDS[kind], steps
    with db.begin() as session:
        comparison = of_kind.compare(session, actor, reading, at, id_key, of_comparing)
        report = comparison.report
        if reading.has_errors and not skip_faulty:
            return Imported(waiting if isinstance(waiting, int) else 0, False, report)
        if not reading.people:
            raise InvalidInput("import_empty")
        batch = scope.get_import_batch(session, actor, waiting) if isinstance(waiting, int) else waiting
        if batch.state is not ImportState.PREVIEWED:
            raise Conflict("import_not_waiting")
        batch.report = report
        session.add(batch)
        session.flush()
        log = comparison.write(mark_missing=mark_missing, progress=of_writing)
        batch.state, batch.applied_at, batch.changes_gz = ImportState.APPLIED, at, changelog.packed(log)
        figures = {name: report[name] for name in of_kind.figures}
        audit.record(session, actor, of_kind.recorded_as, "import_batch", batch.id, at, after=figures)
        batch_id = batch.id
    of_writing(1.0, "done")
    return Imported(batch_id, True, report)
