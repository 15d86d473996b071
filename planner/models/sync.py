"""What phones send, kept as it came: the ledger, what the desk decided about it, and the life of this database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.vocabulary import FieldDecisionKind, FieldKind, FieldVerdict
from planner.models.base import Base, word


class FieldEvent(Base):
    """One report of a phone and the verdict it got. Appended only: neither the report nor the verdict ever changes."""

    __tablename__ = "field_event"
    __table_args__ = (
        UniqueConstraint("event_id"),
        Index("ix_field_event_look", "commune_id", "needs_look", "id"),  # the desk's page and its number in the menu
        Index("ix_field_event_person", "user_id", "verdict"),  # what the server keeps of a person
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36))  # made on the phone; where it cannot be used, made from the content
    sent_id: Mapped[str] = mapped_column(String(100))  # the id as the phone sent it
    body_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[FieldKind] = mapped_column(word(FieldKind, "field_kind"))
    sent: Mapped[dict[str, Any]] = mapped_column(JSON)  # the whole report
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    client: Mapped[int]  # version of the app
    counter: Mapped[int | None] = mapped_column(BigInteger)  # order on one phone, whatever its clock says
    plan_version: Mapped[int | None] = mapped_column(BigInteger)
    occurred_at: Mapped[datetime]  # as the phone's clock says
    offset_minutes: Mapped[int]  # of its zone
    received_at: Mapped[datetime]
    verdict: Mapped[FieldVerdict] = mapped_column(word(FieldVerdict, "field_verdict"))
    code: Mapped[str] = mapped_column(String(60), default="")
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"))
    subject: Mapped[str] = mapped_column(String(80), default="")  # what of it the latest word counts: shift:12, week:…
    waits_for: Mapped[str | None] = mapped_column(String(36), index=True)  # the report this one corrects, not here yet
    effect: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what it changed
    needs_look: Mapped[bool] = mapped_column(default=False)  # the desk is to look at it


class FieldDecision(Base):
    """What became of a report that the desk had to look at; the latest row counts."""

    __tablename__ = "field_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    field_event_id: Mapped[int] = mapped_column(ForeignKey("field_event.id"), index=True)
    kind: Mapped[FieldDecisionKind] = mapped_column(word(FieldDecisionKind, "field_decision_kind"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # null: nobody had to
    effect: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what it changed, for taking it back


class Installation(Base):
    """A life of this database; the latest row is the present one. A restored backup begins another."""

    __tablename__ = "installation"
    __table_args__ = (UniqueConstraint("epoch"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[str] = mapped_column(String(36))
    since_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(40))  # first | restored | went_back
