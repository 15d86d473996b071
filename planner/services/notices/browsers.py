"""Browsers that may be woken for a person: asked for in that browser, gone when it is signed out."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from planner.domain.errors import InvalidInput
from planner.models import Device, PushSubscription
from planner.notices.push import is_service
from planner.services.accounts.devices import hash_of
from planner.services.actors import Actor

LONGEST_ENDPOINT = 1000
MOST_BROWSERS = 10  # of one person: a phone, a PC, and some they no longer have


def subscribe(session: Session, actor: Actor, device_token: str, endpoint: str, p256dh: str, auth: str, at: datetime) -> None:
    """Let this browser be woken for the signed-in person; whom it was woken for before, it is no longer.

    Raises
    ------
    InvalidInput
        ``push_unusable``: not the address of a browser's push service, or no keys.
    """
    if len(endpoint) > LONGEST_ENDPOINT or not is_service(endpoint) or not (80 <= len(p256dh) <= 120 and 16 <= len(auth) <= 40):
        raise InvalidInput("push_unusable", field="endpoint")
    device_id = session.scalar(
        select(Device.id).where(Device.token_hash == hash_of(device_token), Device.user_id == actor.user_id)
    )
    if device_id is None:
        raise InvalidInput("push_unusable", field="endpoint")
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    session.execute(delete(PushSubscription).where(PushSubscription.endpoint_hash == digest))
    session.add(
        PushSubscription(
            user_id=actor.user_id, device_id=device_id, endpoint=endpoint, endpoint_hash=digest, p256dh=p256dh, auth=auth,
            made_at=at,
        )
    )  # fmt: skip
    session.flush()
    mine = select(PushSubscription.id).where(PushSubscription.user_id == actor.user_id)
    old = session.scalars(mine.order_by(PushSubscription.id.desc()).offset(MOST_BROWSERS)).all()
    session.execute(delete(PushSubscription).where(PushSubscription.id.in_(old)))


def unsubscribe(session: Session, actor: Actor) -> None:
    """Wake none of the person's browsers any more."""
    session.execute(delete(PushSubscription).where(PushSubscription.user_id == (actor.user_id or 0)))


def public_key(private: str) -> str:
    """Return the public half of the installation's key, as browsers want it; empty where there is none."""
    if not private:
        return ""
    from planner.notices.webpush import b64, private_key, public_bytes

    return b64(public_bytes(private_key(private)))
