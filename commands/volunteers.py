"""`manage.py volunteers`: who goes from door to door, and when they can."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from commands.roster import end_import, import_options, undo_import, undo_option
from commands.running import Running


@click.group()
def volunteers() -> None:
    """Volunteers and their availability."""


@volunteers.command("import")
@import_options
@click.pass_obj
def import_(run: Running, file: Path, **given: Any) -> None:
    """Import FILE (.xlsx or .csv). Ends with 0 imported, 1 errors (nothing changed), 2 file refused."""
    from planner.domain.vocabulary import ImportKind

    run.ensure_commune(file)
    end_import(run, ImportKind.VOLUNTEERS, file, given)


@volunteers.command()
@undo_option
@click.pass_obj
def undo(run: Running, batch: int | None) -> None:
    """Take the volunteers' last import back as a whole."""
    from planner.domain.vocabulary import ImportKind

    undo_import(run, ImportKind.VOLUNTEERS, batch)
