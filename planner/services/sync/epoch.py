"""The life of the database. A restored backup begins another: phones then send again what they hold receipts for.

A file put back by hand tells nobody. So the number of reports acknowledged is kept beside the database too, in the data
folder: where the database knows fewer than that, it went back in time.
"""

from __future__ import annotations

import json
import os
import threading
import uuid
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import Database, FieldEvent, Installation

FILE = "epoch.json"
log = structlog.get_logger("sync")


class Life:
    """The present life of a database, as one process knows it.

    Parameters
    ----------
    folder
        The data folder.
    """

    def __init__(self, db: Database, folder: Path) -> None:
        self.db = db
        self.file = folder / FILE
        self._lock = threading.Lock()
        self._epoch, self._reports = _kept(self.file)

    def epoch(self, at: datetime) -> str:
        """Return the present epoch; begins a new one where the database turns out to have gone back."""
        epoch, reports = self._look()
        if epoch is not None and epoch == self._epoch and reports >= self._reports:
            return epoch
        with self._lock:
            # Look again: while we waited, another thread may have noted more than we had seen.
            epoch, reports = self._look()
            if epoch is None or self._went_back(epoch, reports):
                with self.db.begin() as session:
                    epoch = begin(session, "went_back" if epoch else "first", at)
                self._keep(epoch, reports)
            elif epoch != self._epoch:
                self._keep(epoch, reports)
            return epoch

    def seen(self, session: Session) -> str | None:
        """Return the epoch that a transaction sees; None where it is not the life we know: then ask `epoch`."""
        known = self._epoch, self._reports  # before looking: other threads note more meanwhile
        epoch, reports = _look(session)
        return epoch if epoch is not None and epoch == known[0] and reports >= known[1] else None

    def note(self, epoch: str, reports: int) -> None:
        """Keep beside the database up to which report it holds in a life, after the commit and before the acknowledgement."""
        with self._lock:
            if epoch == self._epoch and reports > self._reports:
                self._keep(epoch, reports)

    def _look(self) -> tuple[str | None, int]:
        with self.db.read() as session:
            return _look(session)

    def _went_back(self, epoch: str, reports: int) -> bool:
        """Tell whether the database is an older one than we know: of another life, or with fewer reports."""
        if self._epoch is None:
            return False
        if epoch != self._epoch:
            return not self._follows_ours()
        return reports < self._reports

    def _follows_ours(self) -> bool:
        """Tell whether the database remembers our epoch: then its own is a later one, begun by a restore that said so."""
        with self.db.read() as session:
            return session.scalar(select(Installation.id).where(Installation.epoch == self._epoch)) is not None

    def _keep(self, epoch: str, reports: int) -> None:
        self._epoch, self._reports = epoch, reports
        draft = self.file.with_name(f"{FILE}.{os.getpid()}.new")
        try:
            draft.write_text(json.dumps({"epoch": epoch, "reports": reports}), encoding="utf-8")
            draft.replace(self.file)
        except OSError as fault:  # no reason to keep a phone waiting: only a file put back by hand goes unnoticed
            log.warning("epoch_not_kept", kind=type(fault).__name__)


def _kept(file: Path) -> tuple[str | None, int]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return str(kept["epoch"]), int(kept["reports"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, 0


def noted(folder: Path) -> str | None:
    """Return the epoch that is kept beside the database."""
    return _kept(folder / FILE)[0]


def _look(session: Session) -> tuple[str | None, int]:
    """Return the epoch the database says it is in, and the number of its latest report, which only grows."""
    epoch = select(Installation.epoch).order_by(Installation.id.desc()).limit(1).scalar_subquery()
    reports = select(func.max(FieldEvent.id)).scalar_subquery()
    row = session.execute(select(epoch, reports)).one()
    return row[0], row[1] or 0


def begin(session: Session, reason: str, at: datetime) -> str:
    """Begin a new life."""
    epoch = str(uuid.uuid4())
    session.add(Installation(epoch=epoch, since_at=at, reason=reason))
    session.flush()
    return epoch
