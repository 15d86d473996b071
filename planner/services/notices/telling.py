"""The decision to tell someone, as rows: in the transaction of what happened, so that neither stands without the other."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from planner.domain.notices import SPECS, Channel, DeliveryState, NoticeKind
from planner.domain.notices.facts import plain
from planner.models import Device, Notice, NoticeChoice, NoticeDelivery, PushSubscription, User
from planner.services.sequences import in_parts

ROWS_A_STATEMENT = 100  # of six parameters each: see MOST_PARAMETERS
LONGEST_KEY = 160


def tell(session: Session, recipients: Iterable[int], kind: NoticeKind, facts: Mapping[str, Any], key: str, at: datetime) -> int:
    """Tell people something, each once; return for how many it is new.

    Parameters
    ----------
    recipients
        Ids of users. Who is unknown or locked out is left out.
    facts
        What the texts of the kind are made of; dates, instants and words of the vocabulary are stored as text.
    key
        Names the event, e.g. ``shift-tomorrow:{shift_id}:{revision}``: whoever was told by that key is not told again.

    Raises
    ------
    ValueError
        A fact that the kind cannot be told without is missing, or the key is empty or too long: faults of the caller.
    """
    return tell_each(session, dict.fromkeys(recipients, facts), kind, key, at)


def tell_each(session: Session, facts_of: Mapping[int, Mapping[str, Any]], kind: NoticeKind, key: str, at: datetime) -> int:
    """As `tell`, with facts of each recipient's own, by the user's id."""
    for facts in facts_of.values():
        missing = [name for name in SPECS[kind].facts if name not in facts]
        if missing:
            raise ValueError(f"a notice {kind.value} needs {', '.join(missing)}")
    if not 0 < len(key) <= LONGEST_KEY:
        raise ValueError(f"the key of a notice has 1 to {LONGEST_KEY} letters")
    stored = {user_id: plain(facts) for user_id, facts in facts_of.items()}
    new: list[tuple[int, int]] = []
    # In the order of their ids: two transactions that tell the same people never wait for each other in a circle.
    for part in in_parts(sorted(stored), ROWS_A_STATEMENT):
        new += _append(session, part, kind, stored, key, at)
    _hand_out(session, new, kind, at)
    return len(new)


def _append(
    session: Session, user_ids: Sequence[int], kind: NoticeKind, facts_of: Mapping[int, dict[str, Any]], key: str, at: datetime
) -> list[tuple[int, int]]:
    """Append the notices that are not there yet; return ``(notice, recipient)`` of each."""
    communes = session.execute(select(User.id, User.commune_id).where(User.id.in_(user_ids), User.disabled_at.is_(None)))
    rows = [
        {"commune_id": commune_id, "recipient_id": user_id, "kind": kind, "facts": facts_of[user_id], "key": key, "made_at": at}
        for user_id, commune_id in sorted((user_id, commune_id) for user_id, commune_id in communes)
    ]
    if not rows:
        return []
    dialect = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = dialect(Notice).values(rows).on_conflict_do_nothing(index_elements=["recipient_id", "key"])
    return [(n, r) for n, r in session.execute(statement.returning(Notice.id, Notice.recipient_id))]


def _hand_out(session: Session, new: Sequence[tuple[int, int]], kind: NoticeKind, at: datetime) -> None:
    """Make a delivery for each channel a new notice goes by; in the app it is delivered by being there."""
    reached = _channels(session, [user_id for _, user_id in new], kind)
    rows = [
        {
            "notice_id": notice_id, "recipient_id": user_id, "channel": channel, "message_id": uuid.uuid4().hex,
            "state": DeliveryState.SENT if channel is Channel.APP else DeliveryState.WAITING, "attempt": 0, "failures": 0,
            "not_before_at": at, "useful_until_at": at + SPECS[kind].useful, "owner": "", "error": "",
            "sent_at": at if channel is Channel.APP else None,
        }
        for notice_id, user_id in new
        for channel in (Channel.APP, *reached.get(user_id, ()))
    ]  # fmt: skip
    if rows:
        session.execute(insert(NoticeDelivery), rows)


def _channels(session: Session, user_ids: Sequence[int], kind: NoticeKind) -> dict[int, list[Channel]]:
    """Return by which channels but the app each of these people is reached, and wants to be."""
    spec, found = SPECS[kind], dict[int, list[Channel]]()
    if spec.email or spec.push:
        for part in in_parts(user_ids):
            for user_id, channel, off in _addresses(session, part):
                unwanted = spec.silenceable and f"{spec.topic.value}.{channel.value}" in off
                if spec.goes_by(channel) and not unwanted:
                    found.setdefault(user_id, []).append(channel)
    return found


def _addresses(session: Session, user_ids: Sequence[int]) -> Iterator[tuple[int, Channel, list[str]]]:
    """Yield ``(user, channel, what they switched off)`` for each address there is."""
    chosen = session.execute(
        select(NoticeChoice.user_id, NoticeChoice.email, NoticeChoice.off).where(NoticeChoice.user_id.in_(user_ids))
    ).all()
    off = {user_id: list(unwanted) for user_id, _, unwanted in chosen}
    yield from ((user_id, Channel.EMAIL, off[user_id]) for user_id, email, _ in chosen if email)
    subscribed = session.scalars(
        select(PushSubscription.user_id)
        .join(Device, Device.id == PushSubscription.device_id)
        .where(PushSubscription.user_id.in_(user_ids), Device.revoked_at.is_(None))
        .distinct()
    )
    yield from ((user_id, Channel.PUSH, off.get(user_id, [])) for user_id in subscribed)
