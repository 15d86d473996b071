"""Where and about what a person wants to be told: their own choice; the desk may note an address for them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.errors import InvalidInput
from planner.domain.notices import SPECS, Channel, DeliveryState, Topic
from planner.domain.vocabulary import AuditAction, Role
from planner.models import Device, Notice, NoticeChoice, NoticeDelivery, PushSubscription, User
from planner.services import audit, scope
from planner.services.actors import Actor

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
LONGEST_ADDRESS = 254
TOPICS_OF: dict[Role, tuple[Topic, ...]] = {
    Role.VOLUNTEER: (Topic.SHIFTS, Topic.WEEK),
    Role.LEADER: (Topic.SHIFTS, Topic.WEEK, Topic.WORK),
    Role.DESK: (Topic.SHIFTS, Topic.WORK, Topic.REPORTS, Topic.TROUBLE),
    Role.VIEWER: (Topic.WORK, Topic.REPORTS),
    Role.INSPECTOR: (Topic.WORK,),
}


@dataclass(frozen=True)
class TopicChoice:
    """A topic's channels: which are on, and which of them cannot be switched off for all that is in it."""

    topic: Topic
    email: bool
    push: bool
    always: bool


@dataclass(frozen=True)
class Trouble:
    """The latest of the person's e-mails that did not arrive; `code` says why."""

    code: str
    at: datetime


@dataclass(frozen=True)
class Choices:
    email: str
    topics: tuple[TopicChoice, ...]
    has_feed: bool
    browsers: int
    trouble: Trouble | None


def choices(session: Session, actor: Actor) -> Choices:
    """Return what the signed-in person chose."""
    row = session.get(NoticeChoice, actor.user_id or 0)
    off = set(row.off) if row else set()
    topics = tuple(
        TopicChoice(
            topic, f"{topic}.{Channel.EMAIL}" not in off, f"{topic}.{Channel.PUSH}" not in off,
            not any(spec.silenceable for spec in SPECS.values() if spec.topic is topic),
        )
        for topic in TOPICS_OF[actor.role or Role.DESK]
    )  # fmt: skip
    browsers = session.scalar(
        select(func.count())
        .select_from(PushSubscription)
        .join(Device, Device.id == PushSubscription.device_id)
        .where(PushSubscription.user_id == (actor.user_id or 0), Device.revoked_at.is_(None))
    )
    email, has_feed = (row.email, bool(row.feed_key)) if row else ("", False)
    return Choices(email, topics, has_feed, browsers or 0, _trouble(session, actor.user_id or 0))


def _trouble(session: Session, user_id: int) -> Trouble | None:
    latest = session.execute(
        select(NoticeDelivery.state, NoticeDelivery.error, Notice.made_at)
        .join(Notice, Notice.id == NoticeDelivery.notice_id)
        .where(
            NoticeDelivery.recipient_id == user_id,
            NoticeDelivery.channel == Channel.EMAIL,
            NoticeDelivery.state.in_((DeliveryState.SENT, DeliveryState.FAILED)),
        )
        .order_by(NoticeDelivery.id.desc())
        .limit(1)
    ).one_or_none()
    return Trouble(latest.error, latest.made_at) if latest and latest.state is DeliveryState.FAILED else None


def choose(session: Session, actor: Actor, on: Collection[tuple[Topic, Channel]], at: datetime) -> None:
    """Save which topics come by which channels; those of other roles stay as they were."""
    row = row_of(session, actor.user_id or 0, at)
    mine = {topic.value for topic in TOPICS_OF[actor.role or Role.DESK]}
    kept = [each for each in row.off if each.partition(".")[0] not in mine]
    off = [
        f"{topic}.{channel}"
        for topic in TOPICS_OF[actor.role or Role.DESK]
        for channel in (Channel.EMAIL, Channel.PUSH)
        if (topic, channel) not in on
    ]
    row.off, row.changed_at = kept + off, at
    session.flush()


def email_of(session: Session, actor: Actor, user_id: int) -> tuple[str, Trouble | None]:
    """Return a person's address and whether the latest letter to it arrived, for the desk or the person."""
    row = session.get(NoticeChoice, _person(session, actor, user_id).id)
    return (row.email, _trouble(session, user_id)) if row else ("", None)


def set_email(session: Session, actor: Actor, user_id: int, email: str, at: datetime) -> None:
    """Note a person's e-mail address; an empty one: nothing is mailed. The person's own doing, or the desk's.

    Raises
    ------
    InvalidInput
        ``email_unusable``.
    """
    person = _person(session, actor, user_id)
    email = email.strip()
    if email and (len(email) > LONGEST_ADDRESS or not ADDRESS.fullmatch(email)):
        raise InvalidInput("email_unusable", field="email")
    row = row_of(session, person.id, at)
    if row.email == email:
        return
    row.email, row.changed_at = email, at
    after = {"email": bool(email)}
    audit.record(session, actor, AuditAction.USER_CHANGED, "user_account", person.id, at, after=after)
    session.flush()


def _person(session: Session, actor: Actor, user_id: int) -> User:
    found = session.scalars(select(User).where(User.id == user_id, User.commune_id == actor.commune_id)).one_or_none()
    if found is None or not (actor.runs_the_campaign or found.id == actor.user_id):
        raise scope.missing("user")
    return found


def row_of(session: Session, user_id: int, at: datetime) -> NoticeChoice:
    """Return a person's row of choices, made where there is none yet."""
    row = session.get(NoticeChoice, user_id)
    if row is None:
        row = NoticeChoice(user_id=user_id, email="", off=[], feed_key="", changed_at=at)
        session.add(row)
        session.flush()
    return row
