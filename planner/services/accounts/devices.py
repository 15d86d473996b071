"""Browsers in which people are signed in. Only a hash of each token is kept; a revoked one is out at its next request."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.domain.errors import Busy
from planner.domain.vocabulary import AuditAction
from planner.models import Database, Device, User
from planner.services import audit, scope
from planner.services.actors import Actor

# A remembered phone is in the field every week; a forgotten one is out after two months.
REMEMBERED_FOR = timedelta(days=60)
NOT_REMEMBERED_FOR = timedelta(hours=12)  # an office day
SEEN_EVERY = timedelta(minutes=10)  # no write at every request


@dataclass(frozen=True)
class SignedInDevice:
    """Someone just signed in: the token is shown this once and belongs in their browser only."""

    actor: Actor
    device_token: str
    language: str


@dataclass(frozen=True)
class DeviceView:
    id: int
    label: str
    remembered: bool
    signed_in_at: datetime
    seen_at: datetime
    is_this: bool


def hash_of(token: str) -> str:
    """Return what is kept of a random token: it needs no slow hash, there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(session: Session, user: User, label: str, remembered: bool, at: datetime) -> SignedInDevice:
    """Sign a person in on a new device."""
    token = secrets.token_urlsafe(32)
    device = Device(
        user_id=user.id, token_hash=hash_of(token), label=label[:120], remembered=remembered, signed_in_at=at, seen_at=at
    )
    session.add(device)
    session.flush()
    actor = Actor.of_user(user)
    audit.record(session, actor, AuditAction.SIGNED_IN, "device", device.id, at, after={"remembered": remembered})
    return SignedInDevice(actor, token, user.language)


def _live(session: Session, token: str, at: datetime) -> tuple[Device, User] | None:
    row = session.execute(
        select(Device, User).join(User, User.id == Device.user_id).where(Device.token_hash == hash_of(token))
    ).one_or_none()
    if row is None:
        return None
    device, user = row
    kept_for = REMEMBERED_FOR if device.remembered else NOT_REMEMBERED_FOR
    if device.revoked_at is not None or user.disabled_at is not None or at > device.seen_at + kept_for:
        return None
    return device, user


def device_user(session: Session, device_token: str, at: datetime) -> Actor | None:
    """Return who is signed in with a token; None where it was revoked, the person disabled, or it idled too long."""
    found = _live(session, device_token, at)
    return None if found is None else Actor.of_user(found[1])


def device_seen(db: Database, device_token: str, at: datetime) -> Actor | None:
    """Return `device_user`, and note now and then that the device is in use.

    It reads first, and leaves the note for another request while somebody writes: a page that only reads waits for nobody.
    """
    with db.read() as session:
        found = _live(session, device_token, at)
        if found is None:
            return None
        device, user = found
        actor, stale = Actor.of_user(user), at - device.seen_at >= SEEN_EVERY
    if stale:
        with suppress(Busy), db.begin(wait=False) as session:
            session.execute(
                update(Device).where(Device.token_hash == hash_of(device_token), Device.seen_at < at).values(seen_at=at)
            )
    return actor


def devices(session: Session, actor: Actor, user_id: int | None = None, device_token: str = "") -> tuple[DeviceView, ...]:
    """Return where a person is signed in, latest used first: oneself, or for the desk anyone of the commune."""
    owner = _owner(session, actor, user_id)
    this = hash_of(device_token) if device_token else ""
    rows = session.scalars(
        select(Device)
        .where(Device.user_id == owner.id, Device.revoked_at.is_(None))
        .order_by(Device.seen_at.desc(), Device.id.desc())
    )
    return tuple(DeviceView(d.id, d.label, d.remembered, d.signed_in_at, d.seen_at, d.token_hash == this) for d in rows)


def _owner(session: Session, actor: Actor, user_id: int | None) -> User:
    wanted = actor.user_id if user_id is None else user_id
    if wanted != actor.user_id and not actor.runs_the_campaign:
        raise scope.missing("user")
    user = session.scalars(select(User).where(User.id == wanted, User.commune_id == actor.commune_id)).one_or_none()
    if user is None:
        raise scope.missing("user")
    return user


def revoke_device(session: Session, actor: Actor, device_id: int, at: datetime) -> None:
    """Sign a device out: one's own, or for the desk anyone's of the commune."""
    device = session.get(Device, device_id)
    if device is None:
        raise scope.missing("device")
    owner = _owner(session, actor, device.user_id)
    if device.revoked_at is None:
        device.revoked_at = at
        audit.record(session, actor, AuditAction.DEVICE_REVOKED, "device", device.id, at, after={"user": owner.id})
    session.flush()


def revoke_all(session: Session, user_id: int, at: datetime, but: str = "") -> int:
    """Sign a person out everywhere (but on the device of the token `but`); return on how many devices."""
    rows = session.scalars(
        select(Device).where(Device.user_id == user_id, Device.revoked_at.is_(None), Device.token_hash != hash_of(but))
    ).all()
    for row in rows:
        row.revoked_at = at
    return len(rows)


def sign_out(session: Session, actor: Actor, device_token: str, at: datetime) -> None:
    """End the signing-in of this very device. A seat of the phone app stays: it may hold what is not sent yet."""
    device = session.scalars(
        select(Device).where(Device.token_hash == hash_of(device_token), Device.user_id == actor.user_id)
    ).one_or_none()
    if device is not None and device.revoked_at is None:
        if device.seat_hash is None:
            device.revoked_at = at
        else:
            device.token_hash = hash_of(secrets.token_urlsafe(32))
        audit.record(session, actor, AuditAction.SIGNED_OUT, "device", device.id, at)
        session.flush()
