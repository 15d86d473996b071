"""Volunteers and when they can come."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.domain.vocabulary import Period, Sex
from planner.models.base import Base, word
from planner.models.places import Hamlet


class Volunteer(Base):
    """Someone who goes from door to door: hamlet head, youth-union member, teacher, police officer …"""

    __tablename__ = "volunteer"
    __table_args__ = (UniqueConstraint("commune_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    hamlet_id: Mapped[int | None] = mapped_column(ForeignKey("hamlet.id"))
    key: Mapped[str] = mapped_column(String(260))
    name: Mapped[str] = mapped_column(String(120))
    search: Mapped[str] = mapped_column(String(300), default="")
    sort: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    sex: Mapped[Sex | None] = mapped_column(word(Sex, "sex"))
    org: Mapped[str] = mapped_column(String(120), default="")
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)  # as written
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)  # as written, e.g. Việt, Thái, Mông
    can_lead: Mapped[bool] = mapped_column(default=False)
    max_shifts: Mapped[int | None]  # a week; null: the campaign's setting
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    left_at: Mapped[datetime | None]

    hamlet: Mapped[Hamlet | None] = relationship()
    availability: Mapped[list[Availability]] = relationship(cascade="all, delete-orphan")


class Availability(Base):
    """A slot of every week in which the volunteer can usually come."""

    __tablename__ = "availability"
    __table_args__ = (
        UniqueConstraint("volunteer_id", "weekday", "period"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"))
    weekday: Mapped[int]  # 0 is Monday
    period: Mapped[Period] = mapped_column(word(Period, "period"))


class AvailabilityChange(Base):
    """For one date the volunteer said otherwise than usual, or the desk marked them absent. The latest row counts."""

    __tablename__ = "availability_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    on_date: Mapped[date] = mapped_column(index=True)
    period: Mapped[Period] = mapped_column(word(Period, "period"))
    available: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200), default="")  # ốm, việc nhà …: told to the desk only
    changed_at: Mapped[datetime]
