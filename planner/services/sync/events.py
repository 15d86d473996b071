"""One report as a phone sent it, read as far as it can be. What cannot be read is kept all the same."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from planner.domain.errors import InvalidInput
from planner.domain.text import printable
from planner.domain.vocabulary import FieldKind
from planner.services.sync import shapes

# Beyond them a clock is not ten years wrong but broken, and at the calendar's ends a zone overflows.
YEARS = range(1970, 2200)


@dataclass(frozen=True)
class Event:
    """A report. `code` is empty where it could be read; else it says why not, and `field` where."""

    event_id: str
    sent_id: str
    hash: str
    kind: FieldKind
    sent: dict[str, Any]
    body: dict[str, Any]
    counter: int | None
    plan_version: int | None
    occurred_at: datetime | None
    receipt: str | None
    code: str = ""
    field: str = ""

    @property
    def household_id(self) -> int | None:
        """The household it names, for locks and lists."""
        value = self.body.get("household_id")
        return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= shapes.LARGEST_ID else None


def read(raw: Any, user_id: int) -> Event:
    """Read a report of a person. Never fails: one that nothing can be made of blocks no other."""
    sent = raw if isinstance(raw, dict) else {"sent": [raw]}
    code = field = ""
    try:
        shapes.check(shapes.ENVELOPE, raw)
        shapes.check(
            _lenient(shapes.BODIES[raw["kind"]]) if raw.get("receipt") else shapes.BODIES[raw["kind"]], raw["body"], "body"
        )
        occurred_at = instant(str(sent["occurred_at"]))
    except InvalidInput as fault:
        code, field = fault.code, str(fault.facts.get("field", ""))
        occurred_at = None
    content = content_hash(sent, user_id)
    given = sent.get("event_id")
    sent_id = printable(given)[:100] if isinstance(given, str) else ""
    # An id that is none still must not block the phone for good: the report is then known by what it says.
    event_id = _uuid(sent_id) or str(uuid.uuid5(uuid.NAMESPACE_OID, f"{user_id}:{sent_id}:{content}"))
    body = sent.get("body")
    kind = sent.get("kind")
    return Event(
        event_id=event_id,
        sent_id=sent_id,
        hash=_receipt(sent) or content,
        kind=FieldKind(kind) if isinstance(kind, str) and kind in shapes.BODIES else FieldKind.UNREADABLE,
        sent=sent,
        body=body if isinstance(body, dict) else {},
        counter=_count(sent.get("counter")),
        plan_version=_count(sent.get("plan_version")),
        occurred_at=occurred_at,
        receipt=_receipt(sent),
        code=code,
        field=field,
    )


def content_hash(sent: dict[str, Any], user_id: int) -> str:
    """Return the hash by which the same report is told from another one under its id. The id itself is not in it."""
    content = {name: sent.get(name) for name in ("kind", "occurred_at", "plan_version", "body", "sent")} | {"person": user_id}
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def conflicting_id(event: Event) -> str:
    """Return the id under which a report is kept whose own id is taken by another report."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{event.event_id}:{event.hash}"))


def instant(text: str) -> datetime:
    """Read an instant with its zone, e.g. ``2026-12-01T18:42:10+07:00``."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput("time_without_zone", field="occurred_at") from None
    if value.tzinfo is None or value.year not in YEARS:
        raise InvalidInput("time_without_zone", field="occurred_at")
    return value


def _lenient(shape: shapes.Shape) -> shapes.Shape:
    """Return the shape of a body without its free text: what a phone keeps as a receipt."""
    kept = [name for name in shape["required"] if not name.endswith("name")]
    return {**shape, "required": kept}


def _uuid(text: str) -> str | None:
    try:
        return str(uuid.UUID(text)) if len(text) == 36 else None
    except ValueError:
        return None


def _count(value: Any) -> int | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= shapes.LARGEST_COUNTER
    return value if fits else None


def _receipt(sent: dict[str, Any]) -> str | None:
    value = sent.get("receipt")
    return value if isinstance(value, str) and len(value) == 64 else None
