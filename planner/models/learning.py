"""What a campaign has learned from its visits, table by table, and what the desk set by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.vocabulary import MeetKind, SlotClass
from planner.models.base import Base, word


class LearnedTable(Base):
    """A learned table as it stood; appended only, so that a plan can be made again with the one it was made with."""

    __tablename__ = "learned_table"
    __table_args__ = (Index("ix_learned_table_campaign", "campaign_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    made_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))  # of figures and parameters: the same again makes no new row
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)  # counts, lengths, what the desk set
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)  # the assumptions it began from


class ChanceOverrule(Base):
    """A chance of meeting someone that the desk set by hand; the latest one of a cell that is not taken back counts."""

    __tablename__ = "chance_overrule"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    kind: Mapped[MeetKind] = mapped_column(word(MeetKind, "meet_kind"))
    slot_class: Mapped[SlotClass] = mapped_column(word(SlotClass, "slot_class"))
    hamlet_id: Mapped[int | None] = mapped_column(ForeignKey("hamlet.id"))  # null: all hamlets
    percent: Mapped[int]
    note: Mapped[str] = mapped_column(String(300), default="")  # why: a factory's shifts, a harvest
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    removed_at: Mapped[datetime | None]
