"""A whole file of results typed from paper: all of it is recorded, or nothing and every fault is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, PlannerError
from planner.models import Database, PaperList, Shift
from planner.services.actors import Actor
from planner.services.paper.entering import enter
from planner.sheets.paper_rows import FileRow, PaperFault, read_paper_rows
from planner.sheets.refusals import SheetRefused

__all__ = ["FileEntered", "SheetRefused", "enter_file"]


@dataclass(frozen=True)
class FileEntered:
    """What a file brought, or in a rehearsal would bring. With `faults` nothing; `unchanged` rows stood recorded just so."""

    rows: int
    recorded: int
    corrected: int
    unchanged: int
    faults: tuple[PaperFault, ...]


class _NothingKept(Exception):
    """Ends the transaction without keeping it: a fault was found, or it was a rehearsal."""


def enter_file(
    db: Database, actor: Actor, path: Path, at: datetime, *, correct: bool = False, dry_run: bool = False
) -> FileEntered:
    """Record every row of a file, or none.

    Parameters
    ----------
    correct
        Where something else stands recorded the paper is right; without it such a row is a fault.
    dry_run
        Find every fault and count, and keep nothing.

    Raises
    ------
    SheetRefused
        The file is no table.
    """
    actor.require_desk()
    counts = {"recorded": 0, "corrected": 0, "unchanged": 0}
    faults: list[PaperFault] = []
    rows: list[FileRow] = []
    try:
        with db.begin() as session:
            days = _days(session, actor)
            rows, faults = read_paper_rows(path, days.get)
            for line in rows:
                _enter(session, actor, line, at, correct, counts, faults)
            if faults or dry_run:
                raise _NothingKept
    except _NothingKept:
        pass
    faults.sort(key=lambda fault: (fault.row, fault.column))
    if faults:
        counts = dict.fromkeys(counts, 0)
    return FileEntered(len(rows), faults=tuple(faults), **counts)


def _days(session: Session, actor: Actor) -> dict[int, date]:
    """Return the day of each list of the commune, by number."""
    lists = select(PaperList.number, Shift.on_date).join(Shift, Shift.id == PaperList.shift_id)
    return dict(session.execute(lists.where(PaperList.commune_id == actor.commune_id)).all())


def _enter(
    session: Session, actor: Actor, line: FileRow, at: datetime, correct: bool, counts: dict[str, int], faults: list[PaperFault]
) -> None:
    """Record one row by itself, so that one fault does not hide the next."""
    try:
        with session.begin_nested():
            done = enter(session, actor, line.list_number, line.entry, at)
        counts["recorded" if done.changed else "unchanged"] += 1
        return
    except Conflict as error:
        seen = error.facts.get("event_id")
        if error.code != "paper_row_recorded" or not correct:
            faults.append(_told(line, error))
            return
    except PlannerError as error:
        faults.append(_told(line, error))
        return
    try:
        with session.begin_nested():
            enter(session, actor, line.list_number, line.entry, at, str(seen))
        counts["corrected"] += 1
    except PlannerError as error:
        faults.append(_told(line, error))


def _told(line: FileRow, error: PlannerError) -> PaperFault:
    """Tell a refusal at the cell it is about."""
    field = str(error.facts.get("field", ""))
    if field.startswith("results."):
        position = int(field.split(".")[1])
        numbers = [result.number for result in line.entry.results]
        field = f"result-{numbers[position]}" if position < len(numbers) else ""
    elif field in ("row", "results") or error.code in ("paper_row_unknown", "paper_row_recorded"):
        field = "code" if "code" in line.columns else "row"
    return PaperFault(line.row, line.columns.get(field, ""), error.code, error.facts)
