"""The nightly copies: a folder a night with the database and every photo, complete by itself, kept for so many nights.

Photos never change once they are written, so a copy of one is a second name of the same file where the file system knows that:
two weeks of nights take the room of one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from planner.models import Database
from planner.services.actors import Actor
from planner.services.backup import back_up
from planner.services.evidence import files

FOLDER = "backups"
PHOTOS = "evidence"
NAME = "namro"


@dataclass(frozen=True)
class NightlyCopy:
    """A copy. `new`: it was made just now."""

    path: Path
    size_bytes: int
    photos: int
    new: bool


def make(db: Database, actor: Actor, data_dir: Path, night: date, at: datetime, *, anew: bool = False) -> NightlyCopy:
    """Make a night's copy, unless it is there; `anew`: in its place. It appears whole or not at all.

    The database first: a photo's row is only ever written after its file, so each row of the copy finds its file.
    """
    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / night.isoformat()
    if target.is_dir() and not anew:
        return _told(target, new=False)
    draft = Path(tempfile.mkdtemp(prefix=f"{night.isoformat()}.", suffix=files.DRAFT, dir=folder))
    try:
        with files.telling_full_disk():
            copy = draft / f"{NAME}.{'sqlite3' if db.is_sqlite else 'dump'}"
            back_up(db, actor, copy, at)
            to_disk(copy)
            _copy_photos(files.folder_of(data_dir), draft / PHOTOS)
            if anew:
                shutil.rmtree(target, ignore_errors=True)
            draft.rename(target)
    except OSError:
        if anew or not target.is_dir():  # another process was faster: one copy a night is enough
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return _told(target, new=True)


def _told(target: Path, *, new: bool) -> NightlyCopy:
    size = sum(path.stat().st_size for path in target.glob(f"{NAME}.*"))
    return NightlyCopy(target, size, len(list((target / PHOTOS).glob("*.jpg"))), new)


def to_disk(path: Path) -> None:
    """Wait until a file is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _copy_photos(source: Path, target: Path) -> None:
    target.mkdir()
    for name in files.names_in(source):
        if not files.NAME.fullmatch(name):
            continue  # half written: its row does not stand yet
        try:
            os.link(source / name, target / name)
        except FileNotFoundError:
            continue  # erased meanwhile
        except OSError:  # a file system without second names
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(source / name, target / name)


def listed(data_dir: Path) -> list[Path]:
    """Return the nightly copies, the latest first."""
    found = []
    for path in (data_dir / FOLDER).glob("????-??-??"):
        with contextlib.suppress(ValueError):
            date.fromisoformat(path.name)
            found.append(path)
    return sorted(found, key=lambda path: path.name, reverse=True)


def keep_latest(data_dir: Path, number: int) -> int:
    """Erase all but so many of the latest copies, and what crashes left; return how many copies went."""
    for left in (data_dir / FOLDER).glob(f"*{files.DRAFT}"):
        shutil.rmtree(left, ignore_errors=True)
    gone = listed(data_dir)[number:]
    for path in gone:
        shutil.rmtree(path)
    return len(gone)


def database_in(source: Path) -> Path:
    """Return the database's file of a copy; of a plain file that file itself."""
    if not source.is_dir():
        return source
    return next(iter(sorted(source.glob(f"{NAME}.*"))), source / NAME)


def put_photos_back(source: Path, data_dir: Path) -> int:
    """Bring the photos of a copy back where they are missing; return how many."""
    target, missing = files.folder_of(data_dir), 0
    for path in sorted((source / PHOTOS).glob("*.jpg")) if source.is_dir() else ():
        if files.NAME.fullmatch(path.name) and not (target / path.name).exists():
            target.mkdir(parents=True, exist_ok=True)
            draft = target / (path.name + files.DRAFT)
            shutil.copyfile(path, draft)
            draft.replace(target / path.name)
            missing += 1
    return missing
