"""What is different from one kind of list to another: the steps of `importing` are the same for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from planner.domain.vocabulary import AuditAction
from planner.services.actors import Actor
from planner.services.intake.changelog import ChangeLog
from planner.sheets.reading import Progress, ReadOptions


class Reading(Protocol):
    """What a file says, once read."""

    @property
    def people(self) -> Sequence[Any]: ...

    @property
    def has_errors(self) -> bool: ...


class Comparison(Protocol):
    """A reading held against the database: what it would change, and the way to change it."""

    @property
    def report(self) -> dict[str, Any]:
        """The agreed report; its `diff` counts and samples rows."""

    def write(self, *, mark_missing: bool, progress: Progress) -> ChangeLog:
        """Write everything; return the log by which it can be undone."""


@dataclass(frozen=True)
class ListKind:
    """One kind of list.

    Parameters
    ----------
    recorded_as, figures
        How the journal names an import of it, and which counts of the report it keeps.
    read
        Reads a file, given the names of the commune's hamlets.
    compare
        Holds a reading against the database; `bytes` is the key ID numbers are hashed with.
    undo
        Takes back what a log says was written.
    """

    recorded_as: AuditAction
    figures: tuple[str, ...]
    read: Callable[[Path, ReadOptions, Sequence[str], datetime, Progress], Any]
    compare: Callable[[Session, Actor, Any, datetime, bytes | None, Progress], Comparison]
    undo: Callable[[Session, Actor, ChangeLog, datetime, Progress], None]
