"""Figures kept: each household's share in them while it holds, and what stood in the books on each day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint, event, false
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.pace import Course
from planner.domain.tally import SUMMED
from planner.models import watch
from planner.models.base import Base, word

# One row a household, made and marked as no longer fresh by the database itself (see `watch`): no write can forget to.
# A share holds while it is fresh, its basis is the one asked for, and the date lies within [counted_on, holds_until).
household_tally = Table(
    "household_tally",
    Base.metadata,
    Column("household_id", Integer, ForeignKey("household.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("commune_id", Integer, ForeignKey("commune.id"), nullable=False),
    Column("hamlet_id", Integer, nullable=False),  # as of the count; where it differs by now the row is not fresh
    Column("outreach_group", Integer),
    Column("fresh", Boolean, nullable=False, server_default=false()),
    Column("basis", String(16), nullable=False, server_default=""),
    Column("counted_on", Date),
    Column("holds_until", Date),
    *(Column(name, Integer, nullable=False, server_default="0") for name in SUMMED),
    Index("ix_household_tally_commune", "commune_id"),  # every figure of a commune is one scan of its rows
)
event.listen(Base.metadata, "after_create", lambda _target, connection, **_: watch.install(connection))
event.listen(Base.metadata, "before_drop", lambda _target, connection, **_: watch.remove(connection))


class IndicatorDay(Base):
    """What stood in the books on a day's first hour: kept once, never changed by what is heard later."""

    __tablename__ = "indicator_day"
    __table_args__ = (UniqueConstraint("campaign_id", "on_date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    on_date: Mapped[date]
    # {"hamlets": {id: {name: sum}}, "groups": {group: households}, "shifts": held so far}; sums of 0 are left out.
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class CourseChange(Base):
    """An indicator has turned: the latest row of its code says what people were last told. Appended, never changed."""

    __tablename__ = "course_change"
    __table_args__ = (Index("ix_course_change_campaign", "campaign_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    code: Mapped[str] = mapped_column(String(40))  # of the indicator
    course: Mapped[Course] = mapped_column(word(Course, "course"))
    changed_at: Mapped[datetime]
