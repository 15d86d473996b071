"""The record of an import: what is kept of it, and how the desk's list and the services see it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import ImportKind, ImportState
from planner.models import Database, ImportBatch
from planner.services import scope
from planner.services.actors import Actor
from planner.services.intake import files
from planner.sheets.annotated import write_annotated_copy
from planner.sheets.issues import Issue
from planner.sheets.reading import ReadOptions


@dataclass(frozen=True)
class BatchView:
    """An import as the desk's list shows it."""

    id: int
    kind: ImportKind
    state: ImportState
    file_name: str
    made_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None
    report: Mapping[str, Any]
    can_undo: bool


@dataclass(frozen=True)
class Preview:
    """What a file would do. `report` has the agreed shape; its `diff` counts and samples rows."""

    batch_id: int
    report: Mapping[str, Any]
    has_errors: bool

    @property
    def questions(self) -> list[Mapping[str, Any]]:
        return list(self.report["questions"])

    @property
    def issues(self) -> list[Mapping[str, Any]]:
        return list(self.report["issues"])

    @property
    def diff(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.report["diff"]
        return found


@dataclass(frozen=True)
class Imported:
    """What became of a file. Not applied: it has errors and nobody said to leave the faulty out; nothing was changed."""

    batch_id: int
    applied: bool
    report: Mapping[str, Any]


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
        path, options = files.stored(folder, row.stored_name), options_of(row.answers)
        report = row.report
    write_marked(path, report, target, options)
    return target


def write_marked(source: Path, report: Mapping[str, Any], target: Path, options: ReadOptions) -> None:
    """Write a copy of a file just read, with the issues of its report marked."""
    write_annotated_copy(source, [_issue_of(found) for found in report.get("issues", [])], target, encoding=options.encoding)


def options_of(answers: Mapping[str, Any]) -> ReadOptions:
    """Return the reader's options out of what an import keeps."""
    known = {name: answers[name] for name in ReadOptions.__dataclass_fields__ if name in answers}
    return ReadOptions(**{**known, "skip_sheets": tuple(known.get("skip_sheets", ()))})


def new_batch(
    actor: Actor,
    kind: ImportKind,
    file_name: str,
    stored_name: str,
    digest: str,
    options: ReadOptions,
    at: datetime,
    report: Mapping[str, Any],
) -> ImportBatch:
    answers = json.loads(json.dumps(asdict(options)))
    return ImportBatch(
        commune_id=actor.commune_id,
        kind=kind,
        state=ImportState.PREVIEWED,
        file_name=Path(file_name).name[:200],
        stored_name=stored_name,
        sha256=digest,
        answers=answers,
        report=dict(report),
        made_at=at,
        made_by_id=actor.user_id,
    )


def last_applied(session: Session, actor: Actor, kind: ImportKind) -> int | None:
    return session.scalar(
        select(ImportBatch.id)
        .where(
            ImportBatch.commune_id == actor.commune_id,
            ImportBatch.kind == kind,
            ImportBatch.state == ImportState.APPLIED,
            ImportBatch.changes_gz.is_not(None),  # one that changed nothing has nothing to undo, and hides none before it
        )
        .order_by(ImportBatch.applied_at.desc(), ImportBatch.id.desc())
        .limit(1)
    )


def view_of(row: ImportBatch, can_undo: bool) -> BatchView:
    return BatchView(row.id, row.kind, row.state, row.file_name, row.made_at, row.applied_at, row.undone_at, row.report, can_undo)


def _issue_of(found: Mapping[str, Any]) -> Issue:
    """Return an issue of a kept report; its sentence is kept as it was."""
    facts = {"text": found["message"], "text_en": found["message_en"]}
    return Issue(
        found["code"],
        found["sheet"],
        found["row"],
        found["column"],
        found["field"],
        found["value"],
        facts,
        found["suggestion"],
        found["scope"],
    )
