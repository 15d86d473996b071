"""Photos as pages show them, by shift; and one of them to look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.domain.calendar import week_of
from planner.domain.errors import NotFound
from planner.domain.vocabulary import Period
from planner.models import Evidence, Hamlet, Shift, ShiftMember, User
from planner.services import scope
from planner.services.actors import Actor
from planner.services.evidence import files


@dataclass(frozen=True)
class EvidenceView:
    """A photo. `deleted_at`: its file is erased, and it stays counted; `deleted_by` is empty where a command did it."""

    uuid: str
    shift_id: int
    taken_at: datetime
    received_at: datetime
    sent_by: str
    size_bytes: int
    deleted_at: datetime | None
    deleted_by: str
    deleted_reason: str


@dataclass(frozen=True)
class ShiftPhotos:
    """A shift and its photos, the deleted ones last."""

    shift_id: int
    number: int
    hamlet: str
    on_date: date
    period: Period
    starts_at: datetime
    ends_at: datetime
    members: tuple[str, ...]
    photos: tuple[EvidenceView, ...]

    @property
    def kept(self) -> tuple[EvidenceView, ...]:
        return tuple(photo for photo in self.photos if photo.deleted_at is None)

    @property
    def deleted(self) -> tuple[EvidenceView, ...]:
        return tuple(photo for photo in self.photos if photo.deleted_at is not None)


def photos(session: Session, actor: Actor, monday: date) -> tuple[ShiftPhotos, ...]:
    """Return the photos of a week that the actor may see, by shift, in the order of the shifts."""
    days = week_of(monday)
    rows = session.scalars(
        scope.evidence(actor)
        .join(Shift, Shift.id == Evidence.shift_id)
        .where(Shift.on_date.between(days[0], days[-1]))
        .options(joinedload(Evidence.user))
        .order_by(Evidence.deleted_at.is_not(None), Evidence.taken_at, Evidence.id)
    ).all()
    by_shift: dict[int, list[Evidence]] = defaultdict(list)
    for row in rows:
        by_shift[row.shift_id].append(row)
    return _shifts(session, actor, by_shift)


def _shifts(session: Session, actor: Actor, by_shift: dict[int, list[Evidence]]) -> tuple[ShiftPhotos, ...]:
    hamlets = {hamlet.id: hamlet.name for hamlet in session.scalars(scope.hamlets(actor).order_by(Hamlet.id))}
    shifts = session.scalars(
        select(Shift)
        .where(Shift.id.in_(by_shift))
        .options(selectinload(Shift.members).joinedload(ShiftMember.volunteer))
        .order_by(Shift.starts_at, Shift.number, Shift.id)
    )
    names = _deleters(session, [row for group in by_shift.values() for row in group])
    return tuple(
        ShiftPhotos(
            s.id, s.number, hamlets.get(s.hamlet_id or 0, ""), s.on_date, s.period, s.starts_at, s.ends_at,
            tuple(m.volunteer.name for m in s.members), tuple(_view(row, names) for row in by_shift[s.id]),
        )
        for s in shifts
    )  # fmt: skip


def _deleters(session: Session, rows: Sequence[Evidence]) -> dict[int, str]:
    ids = {row.deleted_by_id for row in rows if row.deleted_by_id}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(ids))).all()) if ids else {}


def _view(row: Evidence, names: dict[int, str]) -> EvidenceView:
    return EvidenceView(
        row.uuid, row.shift_id, row.taken_at, row.received_at, row.user.name if row.user else "", row.size_bytes,
        row.deleted_at, names.get(row.deleted_by_id or 0, ""), row.deleted_reason,
    )  # fmt: skip


def opened(session: Session, actor: Actor, folder: Path, uuid: str) -> Path:
    """Return the file of a photo the actor may see.

    Raises
    ------
    NotFound
        Another's, deleted, never there, or its file is lost: the four read alike.
    """
    row = scope.get_evidence(session, actor, uuid)
    path = files.path_of(folder, row.file_name)
    if row.deleted_at is not None or not path.is_file():
        raise NotFound("not_found", what="evidence")
    return path
