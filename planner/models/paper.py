"""Lists as they were printed: what a row on paper stands for, whatever becomes of the plan afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Base
from planner.models.plans import Assignment, Shift


class PaperList(Base):
    """A crew's printed list. The same list printed again keeps its number; a changed one gets another."""

    __tablename__ = "paper_list"
    __table_args__ = (UniqueConstraint("commune_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36))  # the ids of its rows' visits are made of it
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    number: Mapped[int]  # within the commune: short enough to be typed
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    rows: Mapped[list[PaperRow]] = relationship(cascade="all, delete-orphan", order_by="PaperRow.number")
    shift: Mapped[Shift] = relationship()


class PaperRow(Base):
    """A row of a printed list: the promise it stands for, and the needs in the order in which they were printed."""

    __tablename__ = "paper_row"
    __table_args__ = (UniqueConstraint("list_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("paper_list.id", ondelete="CASCADE"))
    number: Mapped[int]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    need_ids: Mapped[list[int]] = mapped_column(JSON, default=list)

    assignment: Mapped[Assignment] = relationship()
