"""Session photos: that people went out. Their files lie beside the database, under names of ours."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.accounts import User
from planner.models.base import Base
from planner.models.plans import Shift


class Evidence(Base):
    """A photo of activity in a shift. Deleting erases the file and keeps the row: what was there stays counted."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("uuid"),
        UniqueConstraint("file_name"),
        Index("ix_evidence_shift", "shift_id"),
        Index("ix_evidence_commune", "commune_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36))  # made on the phone: sent twice, it is one photo
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # whose phone sent it
    sha256: Mapped[str] = mapped_column(String(64))  # of what was sent: the same again is told from another picture
    file_name: Mapped[str] = mapped_column(String(40))  # random, in <data_dir>/evidence; what lies there was encoded anew
    size_bytes: Mapped[int]  # of that file
    consent: Mapped[bool]  # the tick that whoever can be recognised agreed; without it nothing is stored
    taken_at: Mapped[datetime]  # as the phone says
    received_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # null: the command line
    deleted_reason: Mapped[str] = mapped_column(String(200), default="")

    shift: Mapped[Shift] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
