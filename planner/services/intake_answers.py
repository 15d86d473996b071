"""The reader asked, the person answered: the same file is read again with the answers, and previewed anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from planner.domain.errors import Conflict
from planner.domain.vocabulary import ImportKind, ImportState
from planner.models import Database
from planner.services import intake, intake_files, scope, volunteers_intake
from planner.services.actors import Actor
from planner.services.intake import Preview


def answer(db: Database, actor: Actor, batch_id: int, answers: Mapping[str, str], folder: Path, at: datetime) -> Preview:
    """Preview a waiting import's file again with `answers` (question key to chosen value) added to those given before.

    Raises
    ------
    Conflict
        ``import_not_waiting``: it was applied meanwhile.
    NotFound
        ``import_file_gone``: the file has been deleted with time.
    """
    actor.require_desk()
    with db.read() as session:
        batch = scope.get_import_batch(session, actor, batch_id)
        if batch.state is not ImportState.PREVIEWED:
            raise Conflict("import_not_waiting")
        path = intake_files.stored(folder, batch.stored_name)
        options, kind, file_name = intake.options_of(batch.answers), batch.kind, batch.file_name
    options = replace(options, answers={**options.answers, **{k: v for k, v in answers.items() if v}})
    preview = volunteers_intake.preview if kind is ImportKind.VOLUNTEERS else intake.preview
    return preview(db, actor, path, file_name, options, folder, at)
