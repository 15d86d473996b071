"""What the outbox holds for a channel: won row by row under a lease, ended once, tried again later, given up in the end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from planner.domain.notices import SPECS, Channel, DeliveryState, NoticeKind
from planner.models import Database, Device, Notice, NoticeChoice, NoticeDelivery, PushSubscription, User
from planner.services.actors import Actor
from planner.services.sequences import changed_rows

LEAVING = (Channel.EMAIL, Channel.PUSH)  # channels by which a message leaves the house; in the app it is there at once
# Longer than a whole batch takes if every message waits for its time-out; a crashed sender's messages are free again after it.
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
MOST_FAILURES = 8  # over about two hours: what fails so often by itself will not go better
CHANNEL_PAUSE = timedelta(minutes=1)  # while a mail server is down; that is no message's fault and gives up none

_OPEN = NoticeDelivery.state.in_((DeliveryState.WAITING, DeliveryState.SENDING))


@dataclass(frozen=True)
class Held:
    """A delivery this process has won, for the attempt it names. `to` are the addresses; none: there is nobody to send to."""

    id: int
    notice_id: int
    channel: Channel
    attempt: int
    failures: int
    lease_until_at: datetime
    useful_until_at: datetime
    message_id: str
    kind: NoticeKind
    facts: dict[str, Any]
    made_at: datetime
    language: str
    to: tuple[str, ...]


def _free(channel: Channel, at: datetime) -> ColumnElement[bool]:
    return and_(
        NoticeDelivery.channel == channel,
        or_(
            and_(NoticeDelivery.state == DeliveryState.WAITING, NoticeDelivery.not_before_at <= at),
            and_(NoticeDelivery.state == DeliveryState.SENDING, NoticeDelivery.lease_until_at < at),
        ),
    )


def claim(db: Database, owner: str, channel: Channel, at: datetime, limit: int) -> list[Held]:
    """Win up to `limit` deliveries that nobody holds, those waiting longest first."""
    free = _free(channel, at)
    with db.read() as session:
        ids = session.scalars(
            select(NoticeDelivery.id).where(_OPEN, free).order_by(NoticeDelivery.not_before_at, NoticeDelivery.id).limit(limit)
        ).all()
    if not ids:  # the usual tick takes no write lock
        return []
    with db.begin() as session:
        won = session.scalars(
            update(NoticeDelivery)
            .where(NoticeDelivery.id.in_(ids), free)
            .values(state=DeliveryState.SENDING, owner=owner, lease_until_at=at + LEASE, attempt=NoticeDelivery.attempt + 1)
            .returning(NoticeDelivery.id)
            .execution_options(synchronize_session=False)
        ).all()
        return _read(session, won, channel, at + LEASE)


def _read(session: Session, ids: Sequence[int], channel: Channel, lease_until_at: datetime) -> list[Held]:
    rows = session.execute(
        select(NoticeDelivery, Notice, User.language, User.disabled_at, NoticeChoice.email, NoticeChoice.off)
        .join(Notice, Notice.id == NoticeDelivery.notice_id)
        .join(User, User.id == NoticeDelivery.recipient_id)
        .outerjoin(NoticeChoice, NoticeChoice.user_id == User.id)
        .where(NoticeDelivery.id.in_(ids))
        .order_by(NoticeDelivery.id)
        .execution_options(populate_existing=True)
    ).all()
    browsers = _browsers(session, [d.recipient_id for d, *_ in rows]) if channel is Channel.PUSH else {}
    held = []
    for delivery, notice, language, disabled_at, email, off in rows:
        spec = SPECS[notice.kind]
        unwanted = spec.silenceable and f"{spec.topic.value}.{channel.value}" in (off or ())
        to = browsers.get(delivery.recipient_id, ()) if channel is Channel.PUSH else tuple(filter(None, [email]))
        held.append(
            Held(
                delivery.id, notice.id, channel, delivery.attempt, delivery.failures, lease_until_at,
                delivery.useful_until_at, delivery.message_id, notice.kind, dict(notice.facts), notice.made_at, language,
                () if disabled_at or unwanted else to,
            )
        )  # fmt: skip
    return held


def _browsers(session: Session, user_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the browsers to wake for each of these people, as the push channel reads them."""
    found: dict[int, tuple[str, ...]] = {}
    rows = session.scalars(
        select(PushSubscription)
        .join(Device, Device.id == PushSubscription.device_id)
        .where(PushSubscription.user_id.in_(user_ids), Device.revoked_at.is_(None))
        .order_by(PushSubscription.id)
    )
    for row in rows:
        browser = json.dumps({"endpoint": row.endpoint, "p256dh": row.p256dh, "auth": row.auth})
        found[row.user_id] = (*found.get(row.user_id, ()), browser)
    return found


def sent(db: Database, held: Held, at: datetime) -> bool:
    """Note that a message went out; False where another process had taken it over meanwhile."""
    return _end(db, held, state=DeliveryState.SENT, sent_at=at, error="")


def dropped(db: Database, held: Held, why: str) -> bool:
    """Note that sending makes no sense (any more)."""
    return _end(db, held, state=DeliveryState.DROPPED, error=why)


def failed(db: Database, held: Held, at: datetime, why: str, *, permanent: bool) -> bool:
    """Note that this message could not be sent: again later and later, or given up."""
    failures = held.failures + 1
    if permanent or failures >= MOST_FAILURES:
        return _end(db, held, state=DeliveryState.FAILED, failures=failures, error=why)
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1))
    return _end(db, held, state=DeliveryState.WAITING, failures=failures, error=why, not_before_at=at + pause)


def released(db: Database, held: Sequence[Held], at: datetime, why: str = "") -> None:
    """Give messages back that were not tried: the channel is down (`why`), or there was no time left for them (at once)."""
    for each in held:
        pause = CHANNEL_PAUSE if why else timedelta(0)
        _end(db, each, state=DeliveryState.WAITING, not_before_at=at + pause, error=why)


def _end(db: Database, held: Held, **values: Any) -> bool:
    """End the hold; the attempt fences, so that who lost its lease can note nothing any more."""
    with db.begin() as session:
        mine = update(NoticeDelivery).where(
            NoticeDelivery.id == held.id,
            NoticeDelivery.state == DeliveryState.SENDING,
            NoticeDelivery.attempt == held.attempt,
        )
        return changed_rows(session, mine.values(lease_until_at=None, **values)) == 1


def drop_all(db: Database, channel: Channel, at: datetime, why: str, *, only_late: bool) -> int:
    """Drop what waits for a channel: all of it where the channel is not set up, else what is of no use any more."""
    late = NoticeDelivery.useful_until_at < at if only_late else NoticeDelivery.not_before_at <= at
    with db.read() as session:
        if session.scalar(select(NoticeDelivery.id).where(_OPEN, _free(channel, at), late).limit(1)) is None:
            return 0
    with db.begin() as session:
        waiting = update(NoticeDelivery).where(_OPEN, _free(channel, at), late)
        return changed_rows(session, waiting.values(state=DeliveryState.DROPPED, lease_until_at=None, error=why))


def forget_browsers(db: Database, endpoints: Sequence[str]) -> None:
    """Forget browsers that their push service no longer knows."""
    if endpoints:
        with db.begin() as session:
            session.execute(delete(PushSubscription).where(PushSubscription.endpoint.in_(endpoints)))


@dataclass(frozen=True)
class ChannelLine:
    """How many deliveries of a channel are in a state; `error` is that of the latest among them."""

    channel: Channel
    state: DeliveryState
    count: int
    latest_at: datetime
    error: str


def standing(session: Session, actor: Actor, since: datetime) -> tuple[ChannelLine, ...]:
    """Return how the deliveries of the actor's commune since an instant stand, by channel and state."""
    actor.require_desk()
    latest = func.max(NoticeDelivery.id)
    rows = session.execute(
        select(NoticeDelivery.channel, NoticeDelivery.state, func.count(), func.max(Notice.made_at), latest)
        .join(Notice, Notice.id == NoticeDelivery.notice_id)
        .where(Notice.commune_id == actor.commune_id, Notice.made_at >= since)
        .group_by(NoticeDelivery.channel, NoticeDelivery.state)
        .order_by(NoticeDelivery.channel, NoticeDelivery.state)
    ).all()
    last = select(NoticeDelivery.id, NoticeDelivery.error).where(NoticeDelivery.id.in_([row[4] for row in rows]))
    errors = dict(session.execute(last).all())
    return tuple(ChannelLine(c, s, n, made_at, errors[row_id]) for c, s, n, made_at, row_id in rows)
