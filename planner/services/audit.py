"""Every write leaves a trace: who, what, when, before, after. Ids, states and codes; no names, phones or addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import AuditAction
from planner.models import AuditEntry, User
from planner.services.actors import Actor


def record(
    session: Session,
    actor: Actor,
    action: AuditAction,
    subject: str,
    subject_id: int | None,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Append an entry, in the transaction of what it tells of. `subject` is the name of a table."""
    session.add(
        AuditEntry(
            commune_id=actor.commune_id,
            at=at,
            user_id=actor.user_id,
            actor=actor.label,
            action=action,
            subject=subject,
            subject_id=subject_id,
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
        )
    )


@dataclass(frozen=True)
class AuditLine:
    """An entry as the desk reads it; `who` is a person's name, or the label of a job."""

    at: datetime
    who: str
    action: AuditAction
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def history(session: Session, actor: Actor, subject: str, subject_id: int, limit: int = 50) -> tuple[AuditLine, ...]:
    """Return the latest entries about one row of the actor's commune, newest first."""
    rows = session.execute(
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(AuditEntry.subject == subject, AuditEntry.subject_id == subject_id, AuditEntry.commune_id == actor.commune_id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
    )
    return tuple(AuditLine(e.at, name or e.actor, e.action, e.before, e.after) for e, name in rows)
