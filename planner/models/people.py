"""Residents, what is known of their account and documents, and why some are not called on any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.domain.vocabulary import AccountState, BirthPrecision, NeedState, Residence, Sex, StopReason, Work
from planner.models.base import Base, word
from planner.models.places import Household


class Resident(Base):
    """A person of a household. Holds facts; group and needs are derived from them by rule."""

    __tablename__ = "resident"
    __table_args__ = (UniqueConstraint("commune_id", "key"), Index("ix_resident_id_hash", "commune_id", "id_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    key: Mapped[str] = mapped_column(String(260))  # name + birth + household, made by services.intake
    position: Mapped[int] = mapped_column(default=0)  # order in the household
    name: Mapped[str] = mapped_column(String(120))
    birth: Mapped[str] = mapped_column(String(10), default="")  # ISO, as much as is known: 1982, 1982-05 or 1982-05-31
    birth_precision: Mapped[BirthPrecision | None] = mapped_column(word(BirthPrecision, "birth_precision"))
    sex: Mapped[Sex | None] = mapped_column(word(Sex, "sex"))
    relation: Mapped[str] = mapped_column(String(60), default="")  # to the head, as written
    phone: Mapped[str] = mapped_column(String(20), default="")
    residence: Mapped[Residence] = mapped_column(word(Residence, "residence"), default=Residence.UNKNOWN)
    work: Mapped[Work] = mapped_column(word(Work, "work"), default=Work.UNKNOWN)
    account: Mapped[AccountState] = mapped_column(word(AccountState, "account_state"), default=AccountState.UNKNOWN)
    documents: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # {"bhyt": DocumentState, …}
    smartphone: Mapped[bool | None]  # has one; null: nobody asked
    low_tech: Mapped[bool | None]  # needs patient help; null: the rule guesses from age
    note: Mapped[str] = mapped_column(String(1000), default="")
    official_of: Mapped[str] = mapped_column(String(120), default="")  # the organisation an official serves; "": is none
    id_hash: Mapped[str | None] = mapped_column(String(64))  # keyed hash, only where the campaign opts in
    id_last3: Mapped[str | None] = mapped_column(String(3))
    left_at: Mapped[datetime | None]  # moved away, died, or no longer in the roster

    household: Mapped[Household] = relationship()


class Need(Base):
    """One resident lacking one service: what reports count. Visits append results; `state` is where they left it."""

    __tablename__ = "need"
    __table_args__ = (UniqueConstraint("resident_id", "service_id"), Index("ix_need_open", "household_id", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"))
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    state: Mapped[NeedState] = mapped_column(word(NeedState, "need_state"), default=NeedState.OPEN)
    state_since_at: Mapped[datetime]

    resident: Mapped[Resident] = relationship()


class ContactStop(Base):
    """Nobody calls on this household (or resident) from then on. Outlives every re-import; lifted only on their own wish."""

    __tablename__ = "contact_stop"

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))  # null: the whole household
    reason: Mapped[StopReason] = mapped_column(word(StopReason, "stop_reason"))
    since_at: Mapped[datetime]
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"))
    lifted_at: Mapped[datetime | None]
    lifted_because: Mapped[str] = mapped_column(String(300), default="")
