"""From a moment on the availability of a week is closed: volunteers change nothing any more, the desk still does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from planner.domain.vocabulary import AuditAction
from planner.models import AvailabilityChange, AvailabilityClosing, Campaign, Volunteer
from planner.services import audit, scope
from planner.services.actors import Actor


@dataclass(frozen=True)
class Answered:
    """How many volunteers said something about a week, and how many did not (their usual slots count)."""

    given: int
    missing: int


def close(session: Session, actor: Actor, campaign_id: int, monday: date, at: datetime) -> bool:
    """Close a week; False where it was closed already."""
    actor.require_desk()
    dialect = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = dialect(AvailabilityClosing).values(campaign_id=campaign_id, monday=monday, closed_at=at)
    made = session.scalar(statement.on_conflict_do_nothing().returning(AvailabilityClosing.id))
    if made is None:
        return False
    audit.record(
        session, actor, AuditAction.AVAILABILITY_CLOSED, "campaign", campaign_id, at, after={"monday": monday.isoformat()}
    )
    return True


def reopen(session: Session, actor: Actor, monday: date, at: datetime) -> bool:
    """Open a week again for the volunteers; False where it was open."""
    actor.require_desk()
    mine = select(Campaign.id).where(Campaign.commune_id == actor.commune_id, Campaign.active)
    gone = session.scalars(
        delete(AvailabilityClosing)
        .where(AvailabilityClosing.campaign_id.in_(mine), AvailabilityClosing.monday == monday)
        .returning(AvailabilityClosing.campaign_id)
    ).all()
    for campaign_id in gone:
        audit.record(
            session, actor, AuditAction.AVAILABILITY_REOPENED, "campaign", campaign_id, at, after={"monday": monday.isoformat()}
        )
    return bool(gone)


def is_closed(session: Session, commune_id: int, monday: date) -> bool:
    """Tell whether a week of the commune's active campaign is closed."""
    mine = select(Campaign.id).where(Campaign.commune_id == commune_id, Campaign.active)
    closed = select(AvailabilityClosing.id).where(AvailabilityClosing.campaign_id.in_(mine), AvailabilityClosing.monday == monday)
    return session.scalar(closed.limit(1)) is not None


def silent(session: Session, actor: Actor, monday: date) -> tuple[int, ...]:
    """Return the volunteers who have said nothing about a very week: their usual slots count."""
    said = select(AvailabilityChange.volunteer_id).where(AvailabilityChange.on_date.between(monday, monday + timedelta(days=6)))
    here = scope.volunteers(actor).where(Volunteer.left_at.is_(None), Volunteer.id.not_in(said))
    return tuple(session.scalars(here.with_only_columns(Volunteer.id).order_by(Volunteer.id)))


def answered(session: Session, actor: Actor, monday: date) -> Answered:
    """Count who said for that week otherwise than usual, and who did not."""
    here = scope.volunteers(actor).where(Volunteer.left_at.is_(None))
    total = session.scalar(select(func.count()).select_from(here.subquery())) or 0
    missing = len(silent(session, actor, monday))
    return Answered(total - missing, missing)
