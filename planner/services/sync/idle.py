"""What the server keeps for phones goes when its time is over: seats that nobody uses, links, the words of old reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, cast, delete, func, not_, or_, select, update
from sqlalchemy.orm import Session

from planner.domain.vocabulary import AuditAction
from planner.models import Device, FieldEvent, SignInLink, User
from planner.services import audit
from planner.services.accounts.devices import NOT_REMEMBERED_FOR, REMEMBERED_FOR
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.sync.reviewing import is_open

# A phone holds what it sent, and may send it again, for 14 days (docs/sync.md); a bundle expires a day after its last week.
WORDS_KEPT_FOR = timedelta(days=60)
LINKS_KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Tidied:
    """What went."""

    seats: int
    links: int
    reports: int


def tidy(session: Session, actor: Actor, campaign: CampaignView, at: datetime) -> Tidied:
    """End the seats that idle too long, forget dead links, and the words of reports that nobody needs any more."""
    actor.require_desk()
    return Tidied(_end_seats(session, actor, campaign, at), _forget_links(session, actor, at), _forget_words(session, actor, at))


def idle(session: Session, actor: Actor, campaign: CampaignView, at: datetime) -> list[Device]:
    """Return the devices that would lose their seat now."""
    people = select(User.id).where(User.commune_id == actor.commune_id)
    days = campaign.settings.idle_seat_days
    heard_at = func.coalesce(Device.contact_at, Device.seen_at)
    over: list[ColumnElement[bool]] = [
        # Both are as good as ended already: see `seats`. Here they end in the record, too.
        and_(Device.remembered, Device.seen_at < at - REMEMBERED_FOR),
        and_(Device.remembered.is_(False), Device.seen_at < at - NOT_REMEMBERED_FOR),
    ]
    if days:
        over.append(heard_at < at - timedelta(days=days))
    query = select(Device).where(
        Device.user_id.in_(people), Device.revoked_at.is_(None), Device.seat_hash.is_not(None), or_(*over)
    )
    return list(session.scalars(query.order_by(Device.id)))


def _end_seats(session: Session, actor: Actor, campaign: CampaignView, at: datetime) -> int:
    devices = idle(session, actor, campaign, at)
    for device in devices:
        device.revoked_at = at
        audit.record(
            session, actor, AuditAction.DEVICE_REVOKED, "device", device.id, at, after={"user": device.user_id, "idle": True}
        )
    session.flush()
    return len(devices)


def _forget_links(session: Session, actor: Actor, at: datetime) -> int:
    people = select(User.id).where(User.commune_id == actor.commune_id)
    gone = session.scalars(
        delete(SignInLink)
        .where(SignInLink.user_id.in_(people), SignInLink.expires_at < at - LINKS_KEPT_FOR)
        .returning(SignInLink.id)
    ).all()
    return len(gone)


def _forget_words(session: Session, actor: Actor, at: datetime) -> int:
    """Empty what phones sent (notes, names, numbers) once it was taken over for good; hash, verdict and effect stay."""
    gone = session.scalars(
        update(FieldEvent)
        .where(
            FieldEvent.commune_id == actor.commune_id,
            FieldEvent.received_at < at - WORDS_KEPT_FOR,
            cast(FieldEvent.sent, String) != "{}",
            FieldEvent.waits_for.is_(None),
            or_(FieldEvent.needs_look.is_(False), not_(is_open())),
        )
        .values(sent={})
        .returning(FieldEvent.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(gone)
