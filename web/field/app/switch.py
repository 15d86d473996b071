"""The kill switch: a file in the data folder, so that it acts at once, in every process, and outlives a restart.

A service worker keeps what it has; should a version of the app ever go wrong on the phones, this takes it back from them.
"""

from __future__ import annotations

from pathlib import Path

FILE = "field-app.off"


def is_on(data_dir: Path) -> bool:
    return not (data_dir / FILE).exists()


def turn(data_dir: Path, on: bool) -> None:
    """Let phones use the app, or lead them back to the pages without script at their next contact."""
    file = data_dir / FILE
    if on:
        file.unlink(missing_ok=True)
    else:
        file.touch()
