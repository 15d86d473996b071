"""The two ways in: a one-time link (first device, new phone, forgotten passphrase), and login with passphrase."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, InvalidInput, NotFound
from planner.domain.text import fold, printable
from planner.domain.vocabulary import AuditAction
from planner.models import AuditEntry, Commune, SignInLink, User
from planner.services import audit, passphrases, scope
from planner.services.accounts.devices import SignedInDevice, begin, hash_of, revoke_all
from planner.services.actors import Actor

LONGEST_LINK_HOURS = 24


def issue_link(session: Session, actor: Actor | None, user_id: int, at: datetime, hours: int = LONGEST_LINK_HOURS) -> str:
    """Return the token of a new one-time link for a person; older unused ones of theirs end with it.

    Parameters
    ----------
    actor
        The desk of the person's commune; None: the installation's own command line.
    hours
        How long it works, at most 24.

    Only a hash of the token is kept: whoever reads the database cannot use it.
    """
    person = session.get(User, user_id)
    if actor is not None:
        actor.require_desk()
    if person is None or (actor is not None and person.commune_id != actor.commune_id):
        raise scope.missing("user")
    if person.disabled_at is not None:
        raise Conflict("user_disabled")
    if not 1 <= hours <= LONGEST_LINK_HOURS:
        raise InvalidInput("setting_out_of_range", field="hours", low=1, high=LONGEST_LINK_HOURS)
    session.execute(
        update(SignInLink)
        .where(SignInLink.user_id == person.id, SignInLink.used_at.is_(None), SignInLink.expires_at > at)
        .values(expires_at=at)
    )
    token = secrets.token_urlsafe(32)
    link = SignInLink(user_id=person.id, token_hash=hash_of(token), issued_at=at, expires_at=at + timedelta(hours=hours))
    session.add(link)
    session.flush()
    audit.record(
        session, actor or Actor.cli(person.commune_id), AuditAction.LINK_ISSUED, "user_account", person.id, at,
        after={"link": link.id, "hours": hours},
    )  # fmt: skip
    return token


def redeem_link(session: Session, token: str, device_label: str, at: datetime) -> SignedInDevice:
    """Sign the person of a link in on this device, and use the link up.

    The update itself decides who was first: of two at once one gets in.

    Raises
    ------
    NotFound
        ``link_not_valid``: used, expired, unknown, or its person disabled.
    """
    used = session.execute(
        update(SignInLink)
        .where(SignInLink.token_hash == hash_of(token), SignInLink.used_at.is_(None), SignInLink.expires_at > at)
        .values(used_at=at)
        .returning(SignInLink.user_id)
    ).scalar_one_or_none()
    person = None if used is None else session.get(User, used)
    if person is None or person.disabled_at is not None:
        raise NotFound("link_not_valid")
    return begin(session, person, device_label, True, at)


def sign_in(
    session: Session, login: str, passphrase: str, device_label: str, remember: bool, at: datetime
) -> SignedInDevice | None:
    """Sign a person in by login and passphrase; None where they do not fit.

    A login nobody has, a wrong passphrase, a person without one and a disabled one all take the same time and leave the
    same trace, so that nothing can be learnt from trying.
    """
    person = session.scalars(select(User).where(User.login == fold(printable(login))[:80])).one_or_none()
    fits = passphrases.fits(passphrase, person.passphrase_hash if person else "")
    if person is None or not fits or person.disabled_at is not None:
        known = Actor.of_user(person) if person else None
        session.add(
            AuditEntry(
                commune_id=known.commune_id if known else None, at=at, user_id=known.user_id if known else None,
                actor="sign-in", action=AuditAction.SIGN_IN_FAILED, subject="user_account",
                subject_id=known.user_id if known else None,
            )
        )  # fmt: skip
        session.flush()
        return None
    if passphrases.is_outdated(person.passphrase_hash):
        person.passphrase_hash = passphrases.hash_of(passphrase)
    return begin(session, person, device_label, remember, at)


def set_passphrase(
    session: Session, actor: Actor, passphrase: str, at: datetime, current: str | None = None, device_token: str = ""
) -> None:
    """Set one's own passphrase, and sign all one's other devices out.

    Parameters
    ----------
    current
        The one in use; None where it need not be asked for (signed in by a one-time link, or none is set).
    device_token
        The device this is done on stays signed in; "" keeps all.

    Raises
    ------
    InvalidInput
        ``passphrase_wrong``, or what `passphrases.check` says of the new one.
    """
    person = None if actor.user_id is None else session.get(User, actor.user_id)
    if person is None:
        raise scope.missing("user")
    if current is not None and person.passphrase_hash and not passphrases.fits(current, person.passphrase_hash):
        raise InvalidInput("passphrase_wrong", field="current")
    commune = session.get_one(Commune, person.commune_id)
    passphrases.check(passphrase, (commune.name, person.name, person.login))
    person.passphrase_hash = passphrases.hash_of(passphrase)
    revoked = revoke_all(session, person.id, at, but=device_token) if device_token else 0
    audit.record(session, actor, AuditAction.PASSPHRASE_SET, "user_account", person.id, at, after={"devices_signed_out": revoked})
    session.flush()
