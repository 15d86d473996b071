"""The folder of the photos: a file is there whole and for good, or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planner.domain.errors import StorageFull

NAME = re.compile(r"[0-9a-f]{32}\.jpg")
DRAFT = ".part"
FULL = (errno.ENOSPC, errno.EDQUOT)


def folder_of(data_dir: Path) -> Path:
    """Return where an installation keeps its photos."""
    return data_dir / "evidence"


@contextmanager
def written(folder: Path, content: bytes) -> Iterator[str]:
    """Write a file under a random name and yield it; where what follows fails, the file goes again.

    Raises
    ------
    StorageFull
        The disk has no room; nothing is left of the attempt.
    """
    name = f"{secrets.token_hex(16)}.jpg"
    draft, path = folder / (name + DRAFT), folder / name
    try:
        with telling_full_disk():
            folder.mkdir(parents=True, exist_ok=True)
            _write(draft, content)
            draft.replace(path)
            _sync_folder(folder)
        yield name
    except BaseException:
        draft.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise


@contextmanager
def telling_full_disk() -> Iterator[None]:
    """Turn the system's word for a full disk into ours."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageFull("disk_full") from error
        raise


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Have the file's name survive a power cut too; Windows keeps no such promise and knows no such call."""
    with contextlib.suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def erase(folder: Path, name: str) -> None:
    path_of(folder, name).unlink(missing_ok=True)


def path_of(folder: Path, name: str) -> Path:
    """Return where a photo lies. A name that is not one of ours is a defect, never a way out of the folder."""
    if not NAME.fullmatch(name):
        raise ValueError("not a name of an evidence file")
    return folder / name


def names_in(folder: Path) -> dict[str, float]:
    """Return every file of the folder, unfinished ones too, with when it was last written (seconds since 1970)."""
    if not folder.is_dir():
        return {}
    return {path.name: path.stat().st_mtime for path in folder.iterdir() if path.is_file()}
