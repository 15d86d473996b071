"""Volunteers and their free time: how their list is read, compared, written and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from planner.domain.vocabulary import AuditAction
from planner.services.actors import Actor
from planner.services.intake.changelog import ChangeLog
from planner.services.intake.lists import ListKind
from planner.services.intake.volunteers_diff import VolunteersDiff
from planner.services.intake.volunteers_undo import undo_volunteers
from planner.services.intake.volunteers_writing import write_volunteers
from planner.sheets.reading import Progress, ReadOptions
from planner.sheets.volunteer_rows import VolunteersReading
from planner.sheets.volunteers import read_volunteers


def _read(path: Path, options: ReadOptions, hamlets: Sequence[str], _at: datetime, progress: Progress) -> VolunteersReading:
    return read_volunteers(path, options=options, known_hamlets=hamlets, progress=progress)


class VolunteersComparison:
    """A list of volunteers held against those in the database."""

    def __init__(
        self, session: Session, actor: Actor, reading: VolunteersReading, at: datetime, _id_key: bytes | None, progress: Progress
    ) -> None:
        progress(0.0, "comparing")
        self.session, self.actor, self.at = session, actor, at
        self.diff = VolunteersDiff(session, actor.commune_id, reading)
        self.report = self.diff.report()

    def write(self, *, mark_missing: bool, progress: Progress) -> ChangeLog:
        """Write the volunteers and their slots."""
        return write_volunteers(self.session, self.actor.commune_id, self.diff, self.at, progress, mark_missing=mark_missing)


def _undo(session: Session, _actor: Actor, log: ChangeLog, _at: datetime, progress: Progress) -> None:
    undo_volunteers(session, log, lambda fraction: progress(fraction, "undo"))


VOLUNTEERS = ListKind(
    recorded_as=AuditAction.VOLUNTEERS_IMPORTED,
    figures=("volunteers", "slots", "created", "updated", "unchanged", "refused"),
    read=_read,
    compare=VolunteersComparison,
    undo=_undo,
)
