"""What an import wrote, kept with it so that it can be taken back."""

from __future__ import annotations

import gzip
import json
from datetime import date
from typing import Any

ChangeLog = dict[str, Any]  # table → {"created": [id], "changed": {id: {field: [before, after]}}}


def packed(log: ChangeLog) -> bytes | None:
    """Return the log as it is stored; None: nothing was written, so there is nothing to take back."""
    if not any(part["created"] or part["changed"] for part in log.values()):
        return None
    return gzip.compress(json.dumps(log, ensure_ascii=False).encode(), 6)


def unpacked(stored: bytes) -> ChangeLog:
    log: ChangeLog = json.loads(gzip.decompress(stored))
    return log


def plain(value: Any) -> Any:
    """Return a column's value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return getattr(value, "value", value)
