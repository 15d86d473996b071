"""Uploaded files wait here between preview and apply, under names of ours, and go after a while."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from planner.domain.errors import NotFound

KEPT_DAYS = 14  # long enough to correct and try again; a roster must not lie about longer


def store(folder: Path, source: Path, at: datetime) -> tuple[str, str]:
    """Copy a file in; return the name it is kept under and its SHA-256."""
    folder.mkdir(parents=True, exist_ok=True)
    purge(folder, at)
    name = f"{secrets.token_hex(16)}{'.xlsx' if source.suffix.lower() in ('.xlsx', '.xlsm') else '.csv'}"
    shutil.copyfile(source, folder / name)
    (folder / name).chmod(0o600)
    return name, digest(source)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stored(folder: Path, name: str) -> Path:
    """Return the kept file.

    Raises
    ------
    NotFound
        It went with time, or was never there.
    """
    path = folder / name
    if not name or Path(name).name != name or not path.is_file():
        raise NotFound("import_file_gone", days=KEPT_DAYS)
    return path


def purge(folder: Path, at: datetime) -> int:
    """Delete what has lain here too long; return how many files went."""
    oldest = (at - timedelta(days=KEPT_DAYS)).timestamp()
    old = [path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < oldest] if folder.is_dir() else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
