"""The weekly plan as frozen data, and its form as plain JSON-like data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FORMAT = "weekly-plan/1"


class InvalidPlan(ValueError):
    """The document has not the form of a weekly plan."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One household and the second at which the visit begins (after any wait)."""

    household: str
    start: int


@dataclass(frozen=True, slots=True)
class Crew:
    """The people who go out together in one slot, from `start` and back."""

    slot: str
    volunteers: tuple[str, ...]
    start: str
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A household without a visit, the reason code and the facts behind it."""

    household: str
    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RejectedPin:
    """A pin that cannot hold."""

    household: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole week; `total` and `bound` in milli-points."""

    crews: tuple[Crew, ...]
    unassigned: tuple[Unassigned, ...]
    rejected_pins: tuple[RejectedPin, ...]
    total: int
    bound: int | None = None


def plan_to_dict(plan: Plan) -> dict[str, Any]:
    """Return the plan as JSON-like data."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "crews": [
            {
                "slot": crew.slot,
                "volunteers": list(crew.volunteers),
                "start": crew.start,
                "visits": [{"household": v.household, "start": v.start} for v in crew.visits],
            }
            for crew in plan.crews
        ],
        "unassigned": [{"household": u.household, "reason": u.reason, **u.facts} for u in plan.unassigned],
        "rejected_pins": [{"household": p.household, "reason": p.reason} for p in plan.rejected_pins],
        "total": plan.total,
    }
    if plan.bound is not None:
        document["bound"] = plan.bound
    return document


def plan_from_dict(document: object) -> Plan:
    """Read a plan. Values are kept as they stand, so that a false start or total can still be judged.

    Raises
    ------
    InvalidPlan
        Where a key is missing or a list is none.
    """
    try:
        top: Any = document
        return Plan(
            tuple(_crew(c) for c in top["crews"]),
            tuple(_unassigned(u) for u in top.get("unassigned", [])),
            tuple(RejectedPin(p["household"], p.get("reason")) for p in top.get("rejected_pins", [])),
            top.get("total"),
            top.get("bound"),
        )
    except (KeyError, TypeError, AttributeError) as fault:
        raise InvalidPlan(f"not a weekly plan: {type(fault).__name__}: {fault}") from None


def _crew(record: Any) -> Crew:
    visits = tuple(Visit(v["household"], v["start"]) for v in record["visits"])
    crew = Crew(record["slot"], tuple(record["volunteers"]), record["start"], visits)
    hash((crew.slot, crew.volunteers, crew.start, tuple(v.household for v in visits)))  # ids must be usable as keys
    return crew


def _unassigned(record: Any) -> Unassigned:
    facts = {key: value for key, value in record.items() if key not in ("household", "reason")}
    hash(record["household"])
    return Unassigned(record["household"], record.get("reason"), facts)
