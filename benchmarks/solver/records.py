"""Measured figures, kept as JSON: one file a part, so that a part can be measured again alone."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from benchmarks.solver.environment import commit, machine

Document = dict[str, Any]


class Records:
    """The figures of one part: {name: record}, written at once, so that a run that is broken off loses nothing."""

    def __init__(self, folder: Path, part: str) -> None:
        self.path = folder / "figures" / f"{part}.json"
        self.folder = folder
        stored = json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else {}
        self.rows: dict[str, Document] = stored.get("rows", {})
        self.measured_on: dict[str, str] = stored.get("measured_on", {})

    def put(self, name: str, record: Document) -> None:
        """Store a record under its name in place of an older one, as the newest."""
        self.rows.pop(name, None)
        self.rows[name] = {**record, "commit": commit()}
        self.measured_on = {"date": time.strftime("%Y-%m-%d"), **machine()}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"measured_on": self.measured_on, "rows": self.rows}, ensure_ascii=False, indent=1)
        self.path.write_text(text, encoding="utf-8")

    def forget(self, prefix: str) -> None:
        """Drop the records whose names begin so: what will be measured is no longer comparable to them."""
        self.rows = {name: record for name, record in self.rows.items() if not name.startswith(prefix)}

    def problem_file(self, name: str) -> Path:
        return self.folder / "problems" / f"{name}.json"

    def plan_file(self, name: str) -> Path:
        """Return where the plan of a run goes."""
        path = self.folder / "plans" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path
