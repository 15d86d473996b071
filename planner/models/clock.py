"""What the clock keeps: its processes' heartbeats, weeks closed for availability, reports sent, erasures decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.models.base import Base


class ClockProcess(Base):
    """A process of the clock and its last tick. Health, and the desk's banner, go by the latest of all."""

    __tablename__ = "clock_process"
    __table_args__ = (UniqueConstraint("owner"), Index("ix_clock_process_ticked", "ticked_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))  # as in JobRun.owner
    started_at: Mapped[datetime]
    ticked_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]  # ended politely


class AvailabilityClosing(Base):
    """From then on volunteers no longer change when they can come in that week; the desk still does."""

    __tablename__ = "availability_closing"
    __table_args__ = (UniqueConstraint("campaign_id", "monday"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    monday: Mapped[date]
    closed_at: Mapped[datetime]


class ReportSent(Base):
    """The desk says that a report was handed in. Taken back by `undone_at`; rows are never changed otherwise."""

    __tablename__ = "report_sent"
    __table_args__ = (Index("ix_report_sent_campaign", "campaign_id", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    code: Mapped[str] = mapped_column(String(20))  # domain.deadlines.ReportCode
    due_on: Mapped[date]
    marked_at: Mapped[datetime]
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Erasure(Base):
    """Residents' data after a campaign's end: one person proposes, another approves, then they are erased."""

    __tablename__ = "erasure"
    __table_args__ = (Index("ix_erasure_commune", "commune_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    found: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what the dry run counted
    cancelled_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    erased_at: Mapped[datetime | None]
    erased: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what was erased, counted
