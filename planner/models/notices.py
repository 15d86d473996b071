"""Notices as a transactional outbox: what was decided to be told, and how each channel's delivery stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.notices import Channel, DeliveryState, NoticeKind
from planner.models.base import Base, word


class Notice(Base):
    """Something one person is told. Appended in the transaction of what happened; never changed.

    `key` names the event: a job that runs twice tells once.
    """

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("recipient_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[NoticeKind] = mapped_column(word(NoticeKind, "notice_kind"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    key: Mapped[str] = mapped_column(String(160))
    made_at: Mapped[datetime]


class NoticeDelivery(Base):
    """One notice on one channel. That of the app is made delivered; the others are sent by the clock's process.

    A sender holds a row by its lease; `attempt` fences: who lost the lease can note nothing any more.
    """

    __tablename__ = "notice_delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        # The bell of every page counts by it.
        Index(
            "ix_notice_delivery_unread",
            "recipient_id",
            sqlite_where=text("channel = 'app' AND read_at IS NULL"),
            postgresql_where=text("channel = 'app' AND read_at IS NULL"),
        ),
        # Each tick looks for what is still to be sent.
        Index(
            "ix_notice_delivery_open",
            "not_before_at",
            sqlite_where=text("state IN ('waiting', 'sending')"),
            postgresql_where=text("state IN ('waiting', 'sending')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    channel: Mapped[Channel] = mapped_column(word(Channel, "channel"))
    state: Mapped[DeliveryState] = mapped_column(word(DeliveryState, "delivery_state"), default=DeliveryState.WAITING)
    message_id: Mapped[str] = mapped_column(String(40))  # the same at every attempt, so that a repetition can be told
    attempt: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)  # of this very message; a channel that is down does not count
    not_before_at: Mapped[datetime]
    useful_until_at: Mapped[datetime]
    owner: Mapped[str] = mapped_column(String(80), default="")
    lease_until_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]  # of the app's only
    error: Mapped[str] = mapped_column(String(80), default="")  # code of the last failure


class NoticeChoice(Base):
    """Where and about what a person wants to be told. No row: in the app only."""

    __tablename__ = "notice_choice"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    off: Mapped[list[str]] = mapped_column(JSON, default=list)  # ["week.email", …]: topic and channel
    feed_key: Mapped[str] = mapped_column(String(64), default="")  # of the calendar's address; empty: there is none
    changed_at: Mapped[datetime]


class PushSubscription(Base):
    """A browser that may be woken for a person, for as long as they are signed in there (its device is not revoked)."""

    __tablename__ = "push_subscription"
    __table_args__ = (UniqueConstraint("endpoint_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    endpoint: Mapped[str] = mapped_column(Text)
    endpoint_hash: Mapped[str] = mapped_column(String(64))
    p256dh: Mapped[str] = mapped_column(String(120))
    auth: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
