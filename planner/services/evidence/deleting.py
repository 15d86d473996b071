"""Photos go: one at the desk's word, all of a campaign when their time is over. What there was stays counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.domain.errors import InvalidInput
from planner.domain.settings import CampaignSettings
from planner.domain.text import printable
from planner.domain.vocabulary import AuditAction
from planner.models import Campaign, Database, Evidence, Shift, WeekPlan
from planner.services import audit, scope
from planner.services.actors import Actor
from planner.services.evidence import files

LONGEST_REASON = 200
EXPIRED = "expired"


def delete(db: Database, actor: Actor, folder: Path, uuid: str, reason: str, at: datetime) -> None:
    """Erase a photo's file and note who did so and why. Deleted before: nothing changes.

    The row first, then the file: a crash in between leaves a file nobody can open, which `check` names.

    Raises
    ------
    NotFound
        Not there, or another commune's.
    InvalidInput
        ``photo_reason_needed``, ``value_too_long``.
    """
    actor.require_desk()
    reason = printable(reason).strip()
    if not reason:
        raise InvalidInput("photo_reason_needed", field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput("value_too_long", field="reason", longest=LONGEST_REASON)
    with db.begin() as session:
        row = scope.get_evidence(session, actor, uuid)
        _mark(session, actor, row, reason, at)
        name = row.file_name
    files.erase(folder, name)


def _mark(session: Session, actor: Actor, row: Evidence, reason: str, at: datetime) -> None:
    if row.deleted_at is not None:
        return
    row.deleted_at, row.deleted_by_id, row.deleted_reason = at, actor.user_id, reason
    audit.record(session, actor, AuditAction.EVIDENCE_DELETED, "evidence", row.id, at, after={"shift": row.shift_id})


def expired(session: Session, actor: Actor, at: datetime) -> list[Evidence]:
    """Return the photos whose time is over: so many days after their campaign's end as its settings say."""
    actor.require_desk()
    over = [
        campaign.id
        for campaign in session.scalars(select(Campaign).where(Campaign.commune_id == actor.commune_id))
        if campaign.ends_on + timedelta(days=CampaignSettings.from_dict(campaign.settings).evidence_days) < local_date(at)
    ]
    shifts = select(Shift.id).join(WeekPlan, WeekPlan.id == Shift.week_plan_id).where(WeekPlan.campaign_id.in_(over))
    query = scope.evidence(actor).where(Evidence.deleted_at.is_(None), Evidence.shift_id.in_(shifts))
    return list(session.scalars(query.order_by(Evidence.id)))


def expire(db: Database, actor: Actor, folder: Path, at: datetime) -> int:
    """Erase every photo whose time is over; return how many went."""
    with db.begin() as session:
        rows = expired(session, actor, at)
        for row in rows:
            _mark(session, actor, row, EXPIRED, at)
        names = [row.file_name for row in rows]
    for name in names:
        files.erase(folder, name)
    return len(names)
