"""What a phone is told about each of its reports, and what the ledger keeps of the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from planner.domain.messages import say
from planner.domain.vocabulary import FieldVerdict
from planner.models import FieldEvent

STATUS = {
    FieldVerdict.ACCEPTED: 201,
    FieldVerdict.DUPLICATE: 200,
    FieldVerdict.OFF_ASSIGNMENT: 202,
    FieldVerdict.QUARANTINED: 202,
    FieldVerdict.CONFLICT: 409,
}


@dataclass(frozen=True)
class Taken:
    """What became of one report: the verdict, and what the ledger keeps beside it."""

    verdict: FieldVerdict = FieldVerdict.ACCEPTED
    code: str = "stored"
    flags: tuple[str, ...] = ()
    household_id: int | None = None
    visit_id: int | None = None
    subject: str = ""
    waits_for: str | None = None
    effect: dict[str, Any] = field(default_factory=dict)
    needs_look: bool = False


def quarantined(
    code: str, household_id: int | None = None, waits_for: str | None = None, effect: dict[str, Any] | None = None
) -> Taken:
    """Return what becomes of a report that only the desk can decide about."""
    return Taken(
        FieldVerdict.QUARANTINED, code, household_id=household_id, waits_for=waits_for, effect=effect or {}, needs_look=True
    )


# A household the sender never had and one that does not exist read alike on the phone: asking does not tell which ids there are.
TOLD_AS = {"unknown_household": "household_never_yours"}


@dataclass(frozen=True)
class Verdict:
    """The answer to one report."""

    event_id: str
    verdict: FieldVerdict
    code: str
    flags: tuple[str, ...]
    hash: str
    received_at: datetime
    field: str = ""

    @classmethod
    def of(cls, row: FieldEvent, *, again: bool = False) -> Verdict:
        """Return the stored answer; `again`: the report had come before."""
        verdict = FieldVerdict.DUPLICATE if again and row.verdict is not FieldVerdict.CONFLICT else row.verdict
        named = row.effect.get("field", "")
        return cls(row.sent_id, verdict, TOLD_AS.get(row.code, row.code), tuple(row.flags), row.body_hash, row.received_at, named)

    def plain(self) -> dict[str, Any]:
        """Return the answer as JSON."""
        return {
            "event_id": self.event_id,
            "verdict": self.verdict.value,
            "status": STATUS[self.verdict],
            "code": self.code,
            "message_vi": say(self.code, "vi", field=self.field),
            "message_en": say(self.code, "en", field=self.field),
            "flags": list(self.flags),
            "hash": self.hash,
            "received_at": self.received_at.isoformat(),
        }
