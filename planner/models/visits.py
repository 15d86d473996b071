"""The facts: what happened at a door, event by event, and the promises made there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.domain.vocabulary import NeedResult, Outcome
from planner.models.base import Base, word


class Visit(Base):
    """An append-only event. A correction is a new event that names the one it corrects."""

    __tablename__ = "visit"
    __table_args__ = (UniqueConstraint("event_id"), Index("ix_visit_household", "household_id", "occurred_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36))  # UUID made where it was recorded: a replay changes nothing
    body_hash: Mapped[str] = mapped_column(String(64))  # same id with another body is a conflict, not a replay
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer.id"))  # who was there, where it differs from who typed
    occurred_at: Mapped[datetime]  # as the device says
    received_at: Mapped[datetime]  # as the server says
    outcome: Mapped[Outcome] = mapped_column(word(Outcome, "outcome"))
    note: Mapped[str] = mapped_column(String(1000), default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)

    results: Mapped[list[VisitResult]] = relationship(cascade="all, delete-orphan")


class VisitResult(Base):
    """What a visit did for one need."""

    __tablename__ = "visit_result"
    __table_args__ = (UniqueConstraint("visit_id", "need_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    result: Mapped[NeedResult] = mapped_column(word(NeedResult, "need_result"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    own_device: Mapped[bool | None]
    teach_back: Mapped[bool | None]  # the resident showed it again by themselves; null: nobody said


class Appointment(Base):
    """A promised hour: someone comes back to the door, or the resident comes to the police desk."""

    __tablename__ = "appointment"

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))
    at_police: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"))
    made_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
