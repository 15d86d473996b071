"""What goes wrong in a solver's process, for it to happen in a real one."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any


def die(problem: dict[str, Any], parameters: dict[str, Any], folder: str) -> dict[str, Any]:
    """End as a process does that the system kills for its memory."""
    os._exit(9)


def hang(problem: dict[str, Any], parameters: dict[str, Any], folder: str) -> dict[str, Any]:
    """Never end, as a search does that forgot its limit."""
    (Path(folder) / "pid").write_text(str(os.getpid()), encoding="ascii")
    while True:
        time.sleep(60)
