"""Do the photos' files and rows agree? After a crash, a restored backup or a hand in the folder they may not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Evidence
from planner.services.evidence import files

STILL_BEING_WRITTEN = timedelta(hours=1)


@dataclass(frozen=True)
class Findings:
    """What disagrees: `files_alone` belong to no photo (or to a deleted one), `rows_alone` are ids of photos without one."""

    photos: int
    files_alone: tuple[str, ...]
    rows_alone: tuple[str, ...]

    @property
    def agree(self) -> bool:
        return not (self.files_alone or self.rows_alone)


def check(session: Session, folder: Path, at: datetime) -> Findings:
    """Compare the whole folder with the whole database: all communes share one folder. What may be under way is left out."""
    rows = session.execute(select(Evidence.uuid, Evidence.file_name).where(Evidence.deleted_at.is_(None))).all()
    kept = {name for _uuid, name in rows}
    latest = (at - STILL_BEING_WRITTEN).timestamp()
    there = files.names_in(folder)
    alone = sorted(name for name, written_at in there.items() if name not in kept and written_at < latest)
    lost = sorted(uuid for uuid, name in rows if name not in there)
    return Findings(len(rows), tuple(alone), tuple(lost))


def tidy(folder: Path, findings: Findings) -> int:
    """Erase the files that no photo needs; return how many."""
    for name in findings.files_alone:
        (folder / Path(name).name).unlink(missing_ok=True)
    return len(findings.files_alone)
