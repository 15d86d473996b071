"""Workbooks to take away."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from flask import Response

from planner.domain.text import fold

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(content: bytes, name: str) -> Response:
    """Return a workbook as a download called `name`; old browsers get the name without diacritics."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in fold(name))
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": disposition})


def written(write: Callable[[Path], object]) -> bytes:
    """Return what `write` puts into the file it is given; nothing of it stays on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        write(path)
        return path.read_bytes()
