"""The audit entries of a commune as the desk reads them: newest first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.calendar import instant
from planner.domain.vocabulary import AuditAction
from planner.models import AuditEntry, User
from planner.services.actors import Actor
from planner.services.audit import AuditLine
from planner.services.pages import LARGEST_PAGE, Page


@dataclass(frozen=True)
class JournalFilter:
    """Which entries; None: all. `on_date` is a day in Việt Nam."""

    action: AuditAction | None = None
    on_date: date | None = None
    page: int = 1
    size: int = 50


def entries(session: Session, actor: Actor, wanted: JournalFilter) -> Page[AuditLine]:
    """Return a page of the commune's entries. A page beyond the end is the last one."""
    actor.require_desk()
    conditions = [AuditEntry.commune_id == actor.commune_id]
    if wanted.action is not None:
        conditions.append(AuditEntry.action == wanted.action)
    if wanted.on_date is not None:
        first, last = _day(wanted.on_date)
        conditions += [AuditEntry.at >= first, AuditEntry.at < last]
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(*conditions)) or 0
    size = max(1, min(wanted.size, LARGEST_PAGE))
    page = max(1, min(wanted.page, -(-total // size)))
    rows = session.execute(
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(*conditions)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    lines = tuple(AuditLine(e.at, name or e.actor, e.action, e.before, e.after) for e, name in rows)
    return Page(lines, page, size, total)


def _day(on_date: date) -> tuple[datetime, datetime]:
    return instant(on_date, time()), instant(on_date + timedelta(days=1), time())
