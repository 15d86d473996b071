"""What puts itself right: a correction that came before what it corrects, a report sent again under a new id."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import and_, or_, select

from planner.domain.errors import PlannerError
from planner.domain.vocabulary import FieldDecisionKind, FieldVerdict
from planner.models import FieldDecision, FieldEvent
from planner.services.sync.context import Transmission
from planner.services.sync.events import Event, read
from planner.services.sync.verdicts import Taken


def settle(sending: Transmission, stored: Collection[FieldEvent], take: Callable[[Transmission, Event], Taken]) -> None:
    """Look whether what has just been stored settles what the desk was to look at."""
    arrived = {row.event_id for row in stored if row.visit_id}
    hashes = {row.body_hash for row in stored if row.verdict is not FieldVerdict.CONFLICT}
    while arrived or hashes:  # a correction that counts now may itself be what another waits for
        arrived, hashes = _settle(sending, arrived, hashes, take), set()
    sending.session.flush()


def _settle(
    sending: Transmission, arrived: Collection[str], hashes: Collection[str], take: Callable[[Transmission, Event], Taken]
) -> set[str]:
    """Settle what waits for these; return the ids of the corrections that count now."""
    clash = and_(FieldEvent.verdict == FieldVerdict.CONFLICT, FieldEvent.body_hash.in_(hashes))
    waiting = sending.session.scalars(
        select(FieldEvent)
        .where(
            FieldEvent.commune_id == sending.actor.commune_id,
            FieldEvent.needs_look,  # as both kinds do: of these there are few
            FieldEvent.user_id == sending.actor.user_id,
            or_(FieldEvent.waits_for.in_(arrived), clash),
        )
        .order_by(FieldEvent.id)
    ).all()
    came = set()
    for row in waiting:
        if decided(sending, row):
            continue
        if row.verdict is FieldVerdict.CONFLICT:
            _sent_again(sending, row)
        elif _original_came(sending, row, take):
            came.add(row.event_id)
    sending.session.flush()
    return came


def decided(sending: Transmission, row: FieldEvent) -> bool:
    """Tell whether a report was decided, by the desk or by itself."""
    latest = select(FieldDecision.kind).where(FieldDecision.field_event_id == row.id).order_by(FieldDecision.id.desc()).limit(1)
    return sending.session.scalar(latest) not in (None, FieldDecisionKind.REOPENED)


def _original_came(sending: Transmission, row: FieldEvent, take: Callable[[Transmission, Event], Taken]) -> bool:
    """What a correction corrects is there now: it counts."""
    try:
        with sending.session.begin_nested():
            taken = take(sending, read(row.sent, row.user_id))
    except PlannerError:
        return False  # the desk decides, as it would have to anyway
    if taken.visit_id is not None:
        effect = {"visit_id": taken.visit_id, "verdict": taken.verdict.value}
        sending.session.add(
            FieldDecision(
                field_event_id=row.id, kind=FieldDecisionKind.SETTLED, at=sending.at, reason="original_came", effect=effect
            )
        )
    return taken.visit_id is not None


def _sent_again(sending: Transmission, row: FieldEvent) -> None:
    """A phone whose id was taken has sent the report again under a new one: then the first sending needs no look."""
    sending.session.add(FieldDecision(field_event_id=row.id, kind=FieldDecisionKind.SETTLED, at=sending.at, reason="sent_again"))
