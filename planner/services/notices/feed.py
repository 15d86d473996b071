"""A volunteer's calendar under an address nobody can guess: their shifts, and the hours promised at doors. No residents in it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain.errors import InvalidInput
from planner.domain.vocabulary import AuditAction
from planner.models import NoticeChoice, User
from planner.notices.calendar import written
from planner.services import audit, scope
from planner.services.actors import Actor
from planner.services.notices.choosing import row_of
from planner.services.notices.feed_events import events_of

TITLES = {"vi": "Năm Rõ – lịch đi của {name}", "en": "Năm Rõ – shifts of {name}"}


def renew(session: Session, actor: Actor, at: datetime) -> None:
    """Give the person's calendar a new address; the former one leads nowhere at once.

    Raises
    ------
    InvalidInput
        ``feed_for_volunteers``: who goes on no visits has no such calendar.
    """
    if actor.volunteer_id is None:
        raise InvalidInput("feed_for_volunteers", field="feed")
    _set(session, actor, secrets.token_hex(32), at)


def stop(session: Session, actor: Actor, at: datetime) -> None:
    """Take the calendar's address back."""
    _set(session, actor, "", at)


def _set(session: Session, actor: Actor, key: str, at: datetime) -> None:
    row = row_of(session, actor.user_id or 0, at)
    row.feed_key, row.changed_at = key, at
    audit.record(session, actor, AuditAction.USER_CHANGED, "user_account", actor.user_id, at, after={"feed": bool(key)})
    session.flush()


def address(session: Session, actor: Actor, secret: str) -> tuple[int, str] | None:
    """Return what the address of the person's calendar is made of, ``(user, token)``; None where it has none."""
    row = session.get(NoticeChoice, actor.user_id or 0)
    return (row.user_id, _token(secret, row)) if row is not None and row.feed_key else None


def _token(secret: str, row: NoticeChoice) -> str:
    """Made anew from the row's key and the installation's secret: who reads the database alone cannot know the address."""
    digest = hmac.digest(secret.encode(), f"calendar:{row.user_id}:{row.feed_key}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def calendar_of(session: Session, secret: str, user_id: int, token: str, at: datetime) -> bytes:
    """Return a calendar file by its address.

    Raises
    ------
    NotFound
        Wrong, renewed or taken back, or the person may not sign in any more: all read alike.
    """
    row, user = session.get(NoticeChoice, user_id), session.get(User, user_id)
    known = row is not None and bool(row.feed_key) and hmac.compare_digest(_token(secret, row).encode(), token.encode())
    if not known or user is None or user.disabled_at is not None or user.volunteer_id is None:
        raise scope.missing("calendar")
    title = TITLES[user.language].format(name=user.name)
    return written(title, user.language, events_of(session, user.commune_id, user.volunteer_id, user.language, at))
