"""Every write leaves a trace: who, what, when, before, after. Ids, states and codes; no names, phones or addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select
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
    session.add(AuditEntry(**_values(actor, action, subject, at, Change(subject_id, before, after))))


class Change(NamedTuple):
    """What an entry tells of one row: before and after."""

    subject_id: int | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def record_all(
    session: Session, actor: Actor, action: AuditAction, subject: str, at: datetime, changes: Iterable[Change]
) -> None:
    """Append an entry for each change, all in one statement."""
    rows = [_values(actor, action, subject, at, change) for change in changes]
    if rows:
        session.execute(insert(AuditEntry), rows)


def _values(actor: Actor, action: AuditAction, subject: str, at: datetime, change: Change) -> dict[str, Any]:
    return {
        "commune_id": actor.commune_id, "at": at, "user_id": actor.user_id, "actor": actor.label, "action": action,
        "subject": subject, "subject_id": change.subject_id,
        "before": None if change.before is None else dict(change.before),
        "after": None if change.after is None else dict(change.after),
    }  # fmt: skip


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
