"""A fault nobody foresaw, as logs may hold it: its kind and its places in the code, never its text.

A database's own message quotes the row, and a row holds a resident's name.
"""

from __future__ import annotations

from logging import Logger
from traceback import extract_tb

from planner.domain.errors import PlannerError

MOST_PLACES = 8


def traces(fault: BaseException) -> dict[str, object]:
    """Return what a log may hold of a fault: its kind (an error of ours by its code) and its innermost places in the code.

    Places in libraries are left out: a database's fault would show only those.
    """
    kind = fault.code if isinstance(fault, PlannerError) else type(fault).__name__
    frames = extract_tb(fault.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    return {"kind": kind, "places": [f"{frame.filename}:{frame.lineno}" for frame in ours[-MOST_PLACES:]]}


def log_defect(log: Logger, event: str, fault: BaseException) -> None:
    """Log a fault in place of `Logger.exception`, which writes the text."""
    log.error("%s kind=%s places=%s", event, *traces(fault).values())
