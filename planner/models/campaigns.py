"""A campaign: its dates, its services, its indicators, its settings. All of it data, none of it code."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Base


class Campaign(Base):
    """A door-to-door campaign of one commune. One is active at a time."""

    __tablename__ = "campaign"
    __table_args__ = (UniqueConstraint("commune_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    active: Mapped[bool] = mapped_column(default=True)
    # What differs from domain.settings.CampaignSettings' defaults; validated by it on reading and writing.
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)  # counts changes by the desk: two officers never overwrite each other

    services: Mapped[list[Service]] = relationship(order_by="Service.position", back_populates="campaign")
    indicators: Mapped[list[Indicator]] = relationship(order_by="Indicator.position")


class Service(Base):
    """A thing a resident can be helped with, e.g. activate the account or integrate the insurance card."""

    __tablename__ = "service"
    __table_args__ = (UniqueConstraint("campaign_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(default=0)
    rule: Mapped[str] = mapped_column(String(40))  # account | register | document: see domain.needs
    document: Mapped[str] = mapped_column(String(20), default="")  # key in Resident.documents, for rule "document"
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    result_vi: Mapped[str] = mapped_column(String(300))  # the measurable result of the five clears
    result_en: Mapped[str] = mapped_column(String(300))
    minutes: Mapped[int]  # with someone who is at home and willing
    weight: Mapped[int]  # what one is worth to the plan, points
    asynchronous: Mapped[bool] = mapped_column(default=False)  # ends as submitted; approved or rejected days later
    at_police: Mapped[bool] = mapped_column(default=False)  # cannot end at the door: ends as an appointment
    active: Mapped[bool] = mapped_column(default=True)  # False: no longer offered; what was done for it stays countable

    campaign: Mapped[Campaign] = relationship(back_populates="services")


class Indicator(Base):
    """A target: numerator over denominator, where the denominator comes from, and as of when."""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("campaign_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(default=0)
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    numerator: Mapped[str] = mapped_column(String(60))  # names of counts in domain.indicators
    denominator: Mapped[str] = mapped_column(String(60))
    target_percent: Mapped[float]
    source: Mapped[str] = mapped_column(String(300), default="")  # the requirement's
    active: Mapped[bool] = mapped_column(default=True)
    denominator_value: Mapped[int | None]  # an external figure; null: counted from the roster
    denominator_source: Mapped[str] = mapped_column(String(300), default="")
    as_of_on: Mapped[date | None]  # of the external figure
