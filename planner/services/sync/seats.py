"""Seats: in which browsers the phone app works for whom. A seat's token lives in a cookie no script can read.

A seat belongs to a signed-in browser (`Device`): revoking that ends both. It outlives signing out from the pages, so that
a phone can still send what it recorded.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.domain.errors import Busy
from planner.domain.vocabulary import AuditAction, Role
from planner.models import Database, Device, User
from planner.services import audit
from planner.services.accounts.devices import NOT_REMEMBERED_FOR, REMEMBERED_FOR, hash_of
from planner.services.actors import Actor

IN_THE_FIELD = (Role.VOLUNTEER, Role.LEADER)
NOTED_EVERY = timedelta(minutes=2)  # no write at every contact


@dataclass(frozen=True)
class Seat:
    """A person's seat in a browser."""

    actor: Actor
    device_id: int
    language: str
    remembered: bool


@dataclass(frozen=True)
class SeatsFound:
    """What the tokens of a browser are worth: people it is enrolled for, and people whose seat was ended on purpose."""

    seats: tuple[Seat, ...]
    ended: tuple[int, ...]


def take_seat(session: Session, device_token: str) -> str | None:
    """Give the browser of a device token a seat for its person, and return the seat's token; None for roles without one."""
    found = session.execute(
        select(Device, User).join(User, User.id == Device.user_id).where(Device.token_hash == hash_of(device_token))
    ).one_or_none()
    if found is None or found[1].role not in IN_THE_FIELD or found[0].revoked_at is not None:
        return None
    token = secrets.token_urlsafe(32)
    found[0].seat_hash = hash_of(token)
    session.flush()
    return token


def find_seat(session: Session, user_id: int, token: str, at: datetime) -> Seat | None:
    """Return the seat of a person by its token; None where it ended, was another's, or idled too long."""
    row = _row(session, token)
    if row is None or row[1].id != user_id or not _lives(*row, at):
        return None
    return Seat(Actor.of_user(row[1]), row[0].id, row[1].language, row[0].remembered)


def find_seats(session: Session, tokens: Mapping[int, str], at: datetime) -> SeatsFound:
    """Return what the tokens of a browser are worth, by user id.

    A token nobody knows says nothing: after a restored backup it may be from after the backup.
    """
    seats, ended = [], []
    for user_id, token in sorted(tokens.items()):
        row = _row(session, token)
        if row is None or row[1].id != user_id:
            continue
        device, user = row
        if device.revoked_at is not None or user.disabled_at is not None or user.role not in IN_THE_FIELD:
            ended.append(user_id)
        elif _lives(device, user, at):
            seats.append(Seat(Actor.of_user(user), device.id, user.language, device.remembered))
    return SeatsFound(tuple(seats), tuple(ended))


def leave_seat(session: Session, seat: Seat, at: datetime) -> None:
    """End a seat at its person's own wish; signed in on the pages they may stay."""
    session.execute(update(Device).where(Device.id == seat.device_id).values(seat_hash=None))
    audit.record(session, seat.actor, AuditAction.SIGNED_OUT, "device", seat.device_id, at, after={"seat": True})


def note_contact(db: Database, seat: Seat, client: int, at: datetime, *, pulled: bool) -> None:
    """Note that a phone was heard of; left for another time while somebody writes."""
    values = {"contact_at": at, "seen_at": at, "client": client, **({"pulled_at": at} if pulled else {})}
    mark = Device.pulled_at if pulled else Device.contact_at
    with db.read() as session:
        noted = session.execute(select(mark, Device.client).where(Device.id == seat.device_id)).one()
    if noted[0] is not None and at - noted[0] < NOTED_EVERY and noted[1] == client:
        return
    with suppress(Busy), db.begin(wait=False) as session:
        session.execute(update(Device).where(Device.id == seat.device_id).values(**values))


def _row(session: Session, token: str) -> tuple[Device, User] | None:
    row = session.execute(
        select(Device, User).join(User, User.id == Device.user_id).where(Device.seat_hash == hash_of(token))
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def _lives(device: Device, user: User, at: datetime) -> bool:
    kept_for = REMEMBERED_FOR if device.remembered else NOT_REMEMBERED_FOR
    return (
        device.revoked_at is None and user.disabled_at is None and user.role in IN_THE_FIELD and at <= device.seen_at + kept_for
    )
