"""What one person was told, in the app: the number unread, the list, read and unread again. Nobody reads another's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, update
from sqlalchemy.orm import Session

from planner.domain.notices import SPECS, Channel, NoticeKind, in_words
from planner.models import Notice, NoticeDelivery
from planner.services import scope
from planner.services.actors import Actor
from planner.services.pages import Page
from planner.services.sequences import changed_rows

ROWS_A_PAGE = 30


@dataclass(frozen=True)
class NoticeLine:
    """A notice as its recipient reads it. `endpoint` and `values` name the page it leads to."""

    id: int
    kind: NoticeKind
    subject: str
    lines: tuple[str, ...]
    made_at: datetime
    read_at: datetime | None
    endpoint: str
    values: Mapping[str, Any]


def _mine(actor: Actor) -> ColumnElement[bool]:
    # A job and the command line have no box of their own: no row has their recipient.
    return and_(NoticeDelivery.recipient_id == (actor.user_id or 0), NoticeDelivery.channel == Channel.APP)


def unread(session: Session, actor: Actor) -> int:
    """Return how many notices the person has not read."""
    return (
        session.scalar(select(func.count()).select_from(NoticeDelivery).where(_mine(actor), NoticeDelivery.read_at.is_(None)))
        or 0
    )


def listing(session: Session, actor: Actor, language: str, page: int) -> Page[NoticeLine]:
    """Return a page of the person's notices, newest first."""
    total = session.scalar(select(func.count()).select_from(NoticeDelivery).where(_mine(actor))) or 0
    page = max(1, min(page, -(-total // ROWS_A_PAGE)))
    rows = session.execute(_rows(actor).offset((page - 1) * ROWS_A_PAGE).limit(ROWS_A_PAGE))
    return Page(tuple(_line(notice, read_at, language) for notice, read_at in rows), page, ROWS_A_PAGE, total)


def one(session: Session, actor: Actor, notice_id: int, language: str) -> NoticeLine:
    """Return one of the person's notices.

    Raises
    ------
    NotFound
        It is another's, or there is none.
    """
    row = session.execute(_rows(actor).where(Notice.id == notice_id)).one_or_none()
    if row is None:
        raise scope.missing("notice")
    return _line(row[0], row[1], language)


def _rows(actor: Actor) -> Select[Notice, datetime | None]:
    return (
        select(Notice, NoticeDelivery.read_at)
        .join(NoticeDelivery, NoticeDelivery.notice_id == Notice.id)
        .where(_mine(actor))
        .order_by(Notice.made_at.desc(), Notice.id.desc())
    )


def _line(notice: Notice, read_at: datetime | None, language: str) -> NoticeLine:
    words, spec = in_words(notice.kind, notice.facts, language), SPECS[notice.kind]
    values = {name: notice.facts[fact] for name, fact in spec.values.items() if fact in notice.facts}
    return NoticeLine(notice.id, notice.kind, words.subject, words.lines, notice.made_at, read_at, spec.endpoint, values)


def mark_read(session: Session, actor: Actor, at: datetime, notice_ids: Sequence[int] | None = None) -> int:
    """Note that the person has read these notices (None: all of theirs); return how many were unread."""
    unread_ones = update(NoticeDelivery).where(_mine(actor), NoticeDelivery.read_at.is_(None))
    if notice_ids is not None:
        unread_ones = unread_ones.where(NoticeDelivery.notice_id.in_(notice_ids))
    return changed_rows(session, unread_ones.values(read_at=at))


def mark_unread(session: Session, actor: Actor, read_at: datetime) -> int:
    """Take back what was marked read at an instant; return how many notices are unread again."""
    back = update(NoticeDelivery).where(_mine(actor), NoticeDelivery.read_at == read_at)
    return changed_rows(session, back.values(read_at=None))
