"""What puts itself right: a correction that came before what it corrects, a report sent again under a new id."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import select

from planner.domain.errors import PlannerError
from planner.domain.vocabulary import FieldDecisionKind, FieldVerdict
from planner.models import FieldDecision, FieldEvent
from planner.services.sync.context import Transmission
from planner.services.sync.events import Event, read
from planner.services.sync.verdicts import Taken


def settle(sending: Transmission, stored: Collection[FieldEvent], take: Callable[[Transmission, Event], Taken]) -> None:
    """Look whether what has just been stored settles what the desk was to look at."""
    rows = list(stored)
    if rows:
        _corrections_that_waited(sending, [row.event_id for row in rows if row.visit_id], take)
        _conflicts_sent_again(sending, rows)


def decided(sending: Transmission, row: FieldEvent) -> bool:
    """Tell whether a report was decided, by the desk or by itself."""
    latest = select(FieldDecision.kind).where(FieldDecision.field_event_id == row.id).order_by(FieldDecision.id.desc()).limit(1)
    return sending.session.scalar(latest) not in (None, FieldDecisionKind.REOPENED)


def _corrections_that_waited(sending: Transmission, arrived: list[str], take: Callable[[Transmission, Event], Taken]) -> None:
    waiting = select(FieldEvent).where(FieldEvent.waits_for.in_(arrived), FieldEvent.user_id == sending.actor.user_id)
    for row in sending.session.scalars(waiting.order_by(FieldEvent.id)) if arrived else ():
        if decided(sending, row):
            continue
        try:
            with sending.session.begin_nested():
                taken = take(sending, read(row.sent, row.user_id))
        except PlannerError:
            continue  # the desk decides, as it would have to anyway
        if taken.visit_id is not None:
            effect = {"visit_id": taken.visit_id, "verdict": taken.verdict.value}
            sending.session.add(
                FieldDecision(
                    field_event_id=row.id, kind=FieldDecisionKind.SETTLED, at=sending.at, reason="original_came", effect=effect
                )
            )  # fmt: skip
    sending.session.flush()


def _conflicts_sent_again(sending: Transmission, rows: Collection[FieldEvent]) -> None:
    """A phone whose id was taken sends the report again under a new one: then the first sending needs no look."""
    hashes = {row.body_hash for row in rows if row.verdict is not FieldVerdict.CONFLICT}
    clashes = select(FieldEvent).where(
        FieldEvent.user_id == sending.actor.user_id,
        FieldEvent.verdict == FieldVerdict.CONFLICT,
        FieldEvent.body_hash.in_(hashes),
    )
    for row in sending.session.scalars(clashes):
        if not decided(sending, row):
            sending.session.add(
                FieldDecision(field_event_id=row.id, kind=FieldDecisionKind.SETTLED, at=sending.at, reason="sent_again")
            )
    sending.session.flush()
