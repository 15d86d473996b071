"""Who may sign in, on which devices, and the one-time links that let them in first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.vocabulary import Role
from planner.models.base import Base, word


class User(Base):
    """A person who signs in. No shared accounts, no default passphrases."""

    __tablename__ = "user_account"
    __table_args__ = (UniqueConstraint("login"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer.id"), unique=True)
    login: Mapped[str] = mapped_column(String(80))  # unaccented, unique over the installation, e.g. minh.tran2
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(word(Role, "role"))
    language: Mapped[str] = mapped_column(String(2), default="vi")
    passphrase_hash: Mapped[str] = mapped_column(String(200), default="")  # argon2id; empty: links and devices only
    disabled_at: Mapped[datetime | None]


class SignInLink(Base):
    """A one-time link; only its hash is kept."""

    __tablename__ = "sign_in_link"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Device(Base):
    """A browser in which a person is signed in. Revoking the row signs it out at its next request.

    With `seat_hash` the phone app in that browser has a seat for this person: a token of its own, which outlives the
    signing-out from the pages, so that what is unsent can still be sent.
    """

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("token_hash"), UniqueConstraint("seat_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(120), default="")
    remembered: Mapped[bool] = mapped_column(default=False)
    signed_in_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    seat_hash: Mapped[str | None] = mapped_column(String(64))
    client: Mapped[int | None]  # version of the phone app, as it said last
    contact_at: Mapped[datetime | None]  # the phone app's last word
    pulled_at: Mapped[datetime | None]  # when it last fetched its list: the age of what it shows
