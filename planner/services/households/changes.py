"""What the desk changes of a household, and whom nobody visits any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, InvalidInput, NotFound
from planner.domain.text import printable, squeeze
from planner.domain.vocabulary import AuditAction, StopReason
from planner.models import ContactStop
from planner.services import audit, campaigns, needs, outcome_effects, scope
from planner.services.actors import Actor
from planner.services.households.pages import HouseholdView, view

# Việt Nam with its islands; what lies outside is a typing error, most often latitude and longitude swapped.
LATITUDES, LONGITUDES = (8.0, 24.0), (102.0, 118.0)
LONGEST_NOTE = 1000


@dataclass(frozen=True)
class HouseholdForm:
    """What the desk may change of a household; the rest comes with the roster."""

    note: str
    languages: tuple[str, ...]
    needs_woman: bool
    lat: float | None
    lon: float | None


def change(session: Session, actor: Actor, household_id: int, form: HouseholdForm, at: datetime) -> HouseholdView:
    """Change what crews must know to find the house and be welcome."""
    actor.require_desk()
    row = scope.get_household(session, actor, household_id)
    if len(form.note) > LONGEST_NOTE:
        raise InvalidInput("value_too_long", field="note", longest=LONGEST_NOTE)
    _check_place(form.lat, form.lon)
    languages = [name for given in form.languages if (name := squeeze(printable(given))[:40])]
    changes = {
        "note": printable(form.note).strip(),
        "languages": languages,
        "needs_woman": form.needs_woman,
        "lat": form.lat,
        "lon": form.lon,
    }
    changed = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, changes[name])
    if changed:  # which, not what: notes and coordinates are personal
        audit.record(session, actor, AuditAction.HOUSEHOLD_CHANGED, "household", row.id, at, after={"changed": changed})
    session.flush()
    return view(session, actor, household_id, at)


def _check_place(lat: float | None, lon: float | None) -> None:
    if (lat is None) != (lon is None):
        raise InvalidInput("coordinates_outside", field="lat" if lat is None else "lon")
    if lat is not None and lon is not None:
        inside = LATITUDES[0] <= lat <= LATITUDES[1] and LONGITUDES[0] <= lon <= LONGITUDES[1]  # false for NaN too
        if not inside:
            raise InvalidInput("coordinates_outside", field="lat")


def stop_contact(
    session: Session, actor: Actor, household_id: int, reason: StopReason, at: datetime, resident_id: int | None = None
) -> HouseholdView:
    """Stop all visits to a household, or for one of its residents, from now on. Promises ahead are withdrawn at once."""
    actor.require_desk()
    row = scope.get_household(session, actor, household_id)
    if resident_id is not None and scope.get_resident(session, actor, resident_id).household_id != row.id:
        raise scope.missing("resident")
    in_force = session.scalar(
        select(ContactStop.id).where(
            ContactStop.household_id == row.id,
            ContactStop.resident_id.is_(None) if resident_id is None else ContactStop.resident_id == resident_id,
            ContactStop.reason == reason,
            ContactStop.lifted_at.is_(None),
        )
    )
    if in_force is None:
        session.add(ContactStop(household_id=row.id, resident_id=resident_id, reason=reason, since_at=at))
        session.flush()
        needs.rebuild(session, actor.commune_id, at, [row.id])
        withdrawn = outcome_effects.withdraw_promises(session, row, campaigns.active(session, actor), at)
        audit.record(
            session, actor, AuditAction.CONTACT_STOPPED, "household", row.id, at,
            after={"reason": reason.value, "resident": resident_id, "withdrawn": len(withdrawn)},
        )  # fmt: skip
        session.flush()
    return view(session, actor, household_id, at)


def resume_contact(session: Session, actor: Actor, stop_id: int, because: str, at: datetime) -> HouseholdView:
    """Lift a stop: only at the resident's own request, or where an address was put right; why is kept.

    Raises
    ------
    InvalidInput
        ``resume_needs_request``: nobody said why.
    Conflict
        ``no_stop``: it is lifted already.
    """
    actor.require_desk()
    stop = session.get(ContactStop, stop_id)
    if stop is None:
        raise NotFound("not_found", what="contact_stop")
    row = scope.get_household(session, actor, stop.household_id)
    if stop.lifted_at is not None:
        raise Conflict("no_stop")
    if not squeeze(printable(because)):
        raise InvalidInput("resume_needs_request", field="because")
    if len(because) > 300:
        raise InvalidInput("value_too_long", field="because", longest=300)
    stop.lifted_at, stop.lifted_because = at, squeeze(printable(because))
    session.flush()
    needs.rebuild(session, actor.commune_id, at, [row.id])
    audit.record(
        session, actor, AuditAction.CONTACT_RESUMED, "household", row.id, at,
        before={"reason": stop.reason.value, "stop": stop.id, "resident": stop.resident_id},
    )  # fmt: skip
    session.flush()
    return view(session, actor, row.id, at)


def reveal_phone(session: Session, actor: Actor, resident_id: int, at: datetime) -> str:
    """Return a resident's phone number; who asked for it is kept."""
    actor.require_desk()
    row = scope.get_resident(session, actor, resident_id)
    if not row.phone:
        raise NotFound("no_phone")
    audit.record(session, actor, AuditAction.PHONE_REVEALED, "household", row.household_id, at, after={"resident": row.id})
    return row.phone
