"""Take a photo in: once, whole, on the disk before the database says so."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, InvalidInput, StorageFull, TooLarge
from planner.domain.vocabulary import AuditAction, Role
from planner.models import Database, Evidence, Shift
from planner.services import audit, scope
from planner.services.actors import Actor
from planner.services.evidence import files
from planner.services.evidence.pictures import MOST_SENT_BYTES, cleaned

MOST_BYTES = MOST_SENT_BYTES
MOST_A_SHIFT = 60  # of one person: an evening has room for it, and a stuck phone cannot fill the disk; ASSUMPTION
SQLITE_FULL, POSTGRESQL_FULL = 13, "53100"


@dataclass(frozen=True)
class EvidenceForm:
    """What a phone says of a photo: its id, whose consent, of which shift, when, and the hash of what it sends."""

    uuid: str
    shift_id: int
    taken_at: datetime
    consent: bool
    sha256: str


@dataclass(frozen=True)
class Stored:
    """`replayed`: this very photo had come before, and this is the same answer."""

    uuid: str
    received_at: datetime
    replayed: bool


def store(db: Database, actor: Actor, folder: Path, form: EvidenceForm, content: bytes, at: datetime) -> Stored:
    """Store a photo of activity, or say what is wrong with it; a photo sent twice is stored once.

    The picture is decoded and written before the transaction begins: on SQLite nobody waits for it.

    Raises
    ------
    NotFound
        The shift is not there, or never was this person's.
    InvalidInput
        ``photo_without_consent``, ``photo_hash_differs``, ``photo_too_many`` and what `pictures.cleaned` refuses.
    TooLarge, Conflict, StorageFull
        ``photo_too_large``; ``photo_id_taken`` by another picture; ``disk_full``.
    """
    actor.require(Role.DESK, Role.LEADER, Role.VOLUNTEER)
    form = _checked(form, content)
    with db.read() as session:
        known = _known(session, actor, folder, form)
        if known is not None:
            return known
        _check_shift(session, actor, form)
    return _written(db, actor, folder, form, cleaned(content), at)


def _written(db: Database, actor: Actor, folder: Path, form: EvidenceForm, picture: bytes, at: datetime) -> Stored:
    try:
        with files.written(folder, picture) as name, _telling_full_database(), db.begin() as session:
            _put(session, actor, folder, form, name, len(picture), at)
    except _Taken:  # another request stored this id between our look and our insert
        with db.read() as session:
            known = _known(session, actor, folder, form)
        if known is None:
            raise Conflict("photo_id_taken") from None
        return known
    return Stored(form.uuid, at, replayed=False)


class _Taken(Exception):
    """The id has its photo already; the file just written is not needed."""


def _checked(form: EvidenceForm, content: bytes) -> EvidenceForm:
    if len(content) > MOST_BYTES:
        raise TooLarge("photo_too_large", kilobytes=len(content) // 1024, limit=MOST_BYTES // 1024)
    if not form.consent:
        raise InvalidInput("photo_without_consent", field="consent")
    if form.taken_at.tzinfo is None:
        raise InvalidInput("time_without_zone", field="taken_at")
    if hashlib.sha256(content).hexdigest() != form.sha256.lower():
        raise InvalidInput("photo_hash_differs", field="sha256")
    try:
        return EvidenceForm(str(uuid.UUID(form.uuid)), form.shift_id, form.taken_at, True, form.sha256.lower())
    except ValueError:
        raise InvalidInput("not_an_id", field="uuid") from None


def _known(session: Session, actor: Actor, folder: Path, form: EvidenceForm) -> Stored | None:
    """Return the answer to a photo that came before; None: it is new, or its file was lost and is to be written again."""
    row = session.scalars(select(Evidence).where(Evidence.uuid == form.uuid)).one_or_none()
    if row is None:
        return None
    if row.sha256 != form.sha256 or row.commune_id != actor.commune_id or row.user_id != actor.user_id:
        raise Conflict("photo_id_taken")
    lost = row.deleted_at is None and not files.path_of(folder, row.file_name).is_file()
    return None if lost else Stored(row.uuid, row.received_at, replayed=True)


def _check_shift(session: Session, actor: Actor, form: EvidenceForm) -> None:
    if session.scalar(scope.recordable_shifts(actor).with_only_columns(Shift.id).where(Shift.id == form.shift_id)) is None:
        raise scope.missing("shift")
    sent = select(func.count()).where(
        Evidence.shift_id == form.shift_id, Evidence.user_id == actor.user_id, Evidence.deleted_at.is_(None)
    )
    if (session.scalar(sent) or 0) >= MOST_A_SHIFT:
        raise InvalidInput("photo_too_many", field="shift_id", limit=MOST_A_SHIFT)


def _put(session: Session, actor: Actor, folder: Path, form: EvidenceForm, name: str, size: int, at: datetime) -> None:
    """Insert the row; the database decides whether the id is free, not a look beforehand."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row_id = session.scalar(
        insert(Evidence)
        .values(
            uuid=form.uuid, commune_id=actor.commune_id, shift_id=form.shift_id, user_id=actor.user_id, sha256=form.sha256,
            file_name=name, size_bytes=size, consent=True, taken_at=form.taken_at, received_at=at, deleted_reason="",
        )
        .on_conflict_do_nothing(index_elements=["uuid"])
        .returning(Evidence.id)
    )  # fmt: skip
    if row_id is None:
        _put_again(session, actor, folder, form, name, size)
        return
    audit.record(
        session, actor, AuditAction.EVIDENCE_STORED, "evidence", row_id, at, after={"shift": form.shift_id, "bytes": size}
    )


def _put_again(session: Session, actor: Actor, folder: Path, form: EvidenceForm, name: str, size: int) -> None:
    """Give a row whose file was lost (a restored backup has no files) the file that its phone still had."""
    row = session.scalars(select(Evidence).where(Evidence.uuid == form.uuid).with_for_update()).one()
    if _known(session, actor, folder, form) is not None:
        raise _Taken
    row.file_name, row.size_bytes = name, size


@contextmanager
def _telling_full_database() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        code = getattr(error.orig, "sqlite_errorcode", None) or getattr(error.orig, "sqlstate", None)
        if code in (SQLITE_FULL, POSTGRESQL_FULL):
            raise StorageFull("disk_full") from error
        raise
