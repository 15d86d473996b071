"""Communes, their hamlets, and the households in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.domain.vocabulary import CommuneKind
from planner.models.base import Base, word


class Commune(Base):
    """A commune (xã, phường, đặc khu). Known by its code: names change, codes stay."""

    __tablename__ = "commune"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[CommuneKind] = mapped_column(word(CommuneKind, "commune_kind"))
    name: Mapped[str] = mapped_column(String(120))
    province: Mapped[str] = mapped_column(String(120), default="")


class Hamlet(Base):
    """A self-governing cell of a commune (thôn, bản, ấp, tổ dân phố …), named as the commune names it."""

    __tablename__ = "hamlet"
    __table_args__ = (UniqueConstraint("commune_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(120))  # text.match_key(name): a re-import finds it whatever its spelling
    position: Mapped[int] = mapped_column(default=0)  # order of the list a commune is used to
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)  # match keys of former names


class Household(Base):
    """A household (hộ): who lives together, not merely an address."""

    __tablename__ = "household"
    __table_args__ = (
        UniqueConstraint("commune_id", "key"),
        Index("ix_household_list", "commune_id", "hamlet_id", "position"),  # the roster page
        Index("ix_household_search", "commune_id", "search"),  # its search box
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    hamlet_id: Mapped[int] = mapped_column(ForeignKey("hamlet.id"), index=True)
    key: Mapped[str] = mapped_column(String(200))  # stable over imports, made by services.intake
    code: Mapped[str] = mapped_column(String(60), default="")  # number or code in the commune's own book
    position: Mapped[int] = mapped_column(default=0)  # order in the commune's own book
    head_name: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    lane: Mapped[str] = mapped_column(String(120), default="")  # street, lane or hamlet part: a place where coordinates lack
    house_number: Mapped[str] = mapped_column(String(40), default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)  # languages of the visit; empty: Vietnamese does
    needs_woman: Mapped[bool] = mapped_column(default=False)
    smartphones: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(1000), default="")  # for the crew: dog, dark road, best hour
    search: Mapped[str] = mapped_column(String(600), default="")  # folded: head, residents, code, address
    sort: Mapped[str] = mapped_column(String(300), default="")  # text.sort_key(head_name)
    outreach_group: Mapped[int | None]  # cache, rebuilt by services.needs: the group to call for; null: nobody
    open_needs: Mapped[int] = mapped_column(default=0)  # cache, rebuilt by services.needs
    left_at: Mapped[datetime | None]  # no longer in the commune's roster

    hamlet: Mapped[Hamlet] = relationship()
