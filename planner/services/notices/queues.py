"""How sending stands, channel by channel: what waits and since when, what was given up and why. For the desk and for watchers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.notices import Channel, DeliveryState
from planner.models import Notice, NoticeDelivery
from planner.services.actors import Actor
from planner.services.notices.outbox import LEAVING

WEEK = timedelta(days=7)
_WAITS = (DeliveryState.WAITING, DeliveryState.SENDING)


@dataclass(frozen=True)
class Queue:
    """A channel that leaves the house.

    `waiting`, `oldest_at`: what is still to go out, and since when the oldest of it waits; `hindered_by` is the code of its
    latest failure, "" where nothing has failed yet. `failed` are those given up within the last week, by code; `sent` those
    that went out in it.
    """

    channel: Channel
    waiting: int
    oldest_at: datetime | None
    hindered_by: str
    failed: Mapping[str, int]
    sent: int

    @property
    def given_up(self) -> int:
        return sum(self.failed.values())


def queues(session: Session, actor: Actor, at: datetime) -> tuple[Queue, ...]:
    """Return how the notices of the actor's commune stand on each channel."""
    actor.require_desk()
    rows = session.execute(
        select(
            NoticeDelivery.channel, NoticeDelivery.state, NoticeDelivery.error, func.count(), func.min(Notice.made_at),
            func.max(NoticeDelivery.id),
        )
        .join(Notice, Notice.id == NoticeDelivery.notice_id)
        .where(
            Notice.commune_id == actor.commune_id, NoticeDelivery.channel.in_(LEAVING),
            NoticeDelivery.state.in_(_WAITS) | (Notice.made_at >= at - WEEK),
        )
        .group_by(NoticeDelivery.channel, NoticeDelivery.state, NoticeDelivery.error)
    ).all()  # fmt: skip
    return tuple(_queue(channel, [row[1:] for row in rows if row[0] is channel]) for channel in LEAVING)


def _queue(channel: Channel, rows: list[tuple[DeliveryState, str, int, datetime, int]]) -> Queue:
    waiting = [row for row in rows if row[0] in _WAITS]
    failed = {error: number for state, error, number, _, _ in rows if state is DeliveryState.FAILED}
    return Queue(
        channel,
        sum(number for _, _, number, _, _ in waiting),
        min((made_at for _, _, _, made_at, _ in waiting), default=None),
        max(((row_id, error) for _, error, _, _, row_id in waiting if error), default=(0, ""))[1],
        dict(sorted(failed.items(), key=lambda pair: (-pair[1], pair[0]))),
        sum(number for state, _, number, _, _ in rows if state is DeliveryState.SENT),
    )


def backlog(session: Session, at: datetime) -> tuple[int, timedelta]:
    """Return how many messages of the whole installation wait, and how long the oldest of them has; for watchers."""
    number, oldest = session.execute(
        select(func.count(), func.min(Notice.made_at))
        .select_from(NoticeDelivery)
        .join(Notice, Notice.id == NoticeDelivery.notice_id)
        .where(NoticeDelivery.state.in_(_WAITS))
    ).one()
    return number, max(timedelta(), at - oldest) if oldest is not None else timedelta()
