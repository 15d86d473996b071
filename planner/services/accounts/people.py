"""The people who may sign in: each their own account, made by the desk; volunteers linked to their place in the crews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, InvalidInput, NotFound
from planner.domain.text import fold, printable, sort_key, squeeze
from planner.domain.vocabulary import AuditAction, Role, WeekState
from planner.domain.wording import LANGUAGES, label
from planner.models import Device, Shift, ShiftMember, User, Volunteer, WeekPlan
from planner.services import audit, scope
from planner.services.accounts.devices import revoke_all
from planner.services.actors import Actor
from planner.services.pages import LARGEST_PAGE, Page

IN_CREWS = (Role.VOLUNTEER, Role.LEADER)


@dataclass(frozen=True)
class UserView:
    """A person who may sign in. `devices` is on how many they are signed in."""

    id: int
    commune_id: int
    name: str
    login: str
    role: Role
    language: str
    volunteer_id: int | None
    has_passphrase: bool
    disabled: bool
    devices: int = 0


@dataclass(frozen=True)
class UserFilter:
    q: str = ""
    role: Role | None = None
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class UserForm:
    """A person's name and role; the volunteer they are, for those who go out."""

    name: str
    role: Role
    volunteer_id: int | None = None
    login: str = ""


def _view(user: User, device_count: int = 0) -> UserView:
    return UserView(
        user.id, user.commune_id, user.name, user.login, user.role, user.language, user.volunteer_id,
        bool(user.passphrase_hash), user.disabled_at is not None, device_count,
    )  # fmt: skip


def _get(session: Session, actor: Actor, user_id: int) -> User:
    found = session.scalars(select(User).where(User.id == user_id, User.commune_id == actor.commune_id)).one_or_none()
    if found is None or not (actor.runs_the_campaign or found.id == actor.user_id):
        raise scope.missing("user")
    return found


def me(session: Session, actor: Actor) -> UserView:
    """Return the signed-in person."""
    return _view(_get(session, actor, actor.user_id or 0))


def user(session: Session, actor: Actor, user_id: int) -> UserView:
    """Return a person of the commune (desk), or oneself."""
    row = _get(session, actor, user_id)
    return _view(row, _device_counts(session, [row.id]).get(row.id, 0))


def user_by_login(session: Session, login: str) -> UserView:
    """Return a person by login (for the command line)."""
    row = session.scalars(select(User).where(User.login == fold(login))).one_or_none()
    if row is None:
        raise NotFound("not_found", what="user")
    return _view(row)


def users(session: Session, actor: Actor, wanted: UserFilter) -> Page[UserView]:
    """Return a page of the commune's people by name."""
    actor.require_desk()
    query = select(User).where(User.commune_id == actor.commune_id)
    if wanted.role is not None:
        query = query.where(User.role == wanted.role)
    rows = sorted(session.scalars(query), key=lambda row: (sort_key(row.name), row.id))
    words = fold(printable(wanted.q)).split()  # names are few: searched here, where diacritics can be taken off
    rows = [row for row in rows if all(word in f"{fold(row.name)} {row.login}" for word in words)]
    size = max(1, min(wanted.size, LARGEST_PAGE))
    page = max(1, min(wanted.page, -(-len(rows) // size)))
    shown = rows[(page - 1) * size : page * size]
    counts = _device_counts(session, [row.id for row in shown])
    return Page(tuple(_view(row, counts.get(row.id, 0)) for row in shown), page, size, len(rows))


def _device_counts(session: Session, user_ids: list[int]) -> dict[int, int]:
    return dict(
        session.execute(
            select(Device.user_id, func.count())
            .where(Device.user_id.in_(user_ids), Device.revoked_at.is_(None))
            .group_by(Device.user_id)
        ).all()
    )


def create_user(session: Session, actor: Actor, form: UserForm, at: datetime) -> UserView:
    """Make an account; its person gets in by a one-time link (`issue_link`). The login is made from the name if not given."""
    actor.require_desk()
    name = _checked_name(form.name)
    _check_volunteer(session, actor, form.role, form.volunteer_id, None)
    row = User(
        commune_id=actor.commune_id, volunteer_id=form.volunteer_id, login=_login(session, form.login, name), name=name,
        role=form.role,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, actor, AuditAction.USER_CHANGED, "user_account", row.id, at, after={"role": row.role.value, "made": True}
    )
    return _view(row)


def _checked_name(name: str) -> str:
    name = squeeze(printable(name))
    if not name:
        raise InvalidInput("value_empty", field="name")
    if len(name) > 120:
        raise InvalidInput("value_too_long", field="name", longest=120)
    return name


def _check_volunteer(session: Session, actor: Actor, role: Role, volunteer_id: int | None, user_id: int | None) -> None:
    if role in IN_CREWS and volunteer_id is None:
        raise InvalidInput("role_needs_volunteer", field="volunteer")
    if volunteer_id is None:
        return
    scope.get_volunteer(session, actor, volunteer_id)
    other = session.scalar(select(User.id).where(User.volunteer_id == volunteer_id))
    if other not in (None, user_id):
        raise InvalidInput("volunteer_has_user", field="volunteer")


def _login(session: Session, wanted: str, name: str) -> str:
    """Return a free login: as wanted, else ``minh.tran`` for Trần Quang Minh, numbered where taken."""
    if wanted:
        login = fold(wanted).replace(" ", ".")[:80]
        if session.scalar(select(User.id).where(User.login == login)):
            raise InvalidInput("login_taken", field="login", login=login)
        return login
    words = ["".join(c for c in word if c.isalnum()) for word in fold(name).split()]
    words = [word for word in words if word] or ["nguoi.dung"]
    base = (words[-1] if len(words) == 1 else f"{words[-1]}.{words[0]}")[:70]
    taken = set(session.scalars(select(User.login).where(User.login.startswith(base, autoescape=True))))
    number, login = 1, base
    while login in taken:
        number += 1
        login = f"{base}{number}"
    return login


def change_user(session: Session, actor: Actor, user_id: int, form: UserForm, at: datetime) -> UserView:
    """Change a person's name and role (the login stays). Who changes roles is signed out nowhere: rights count at once."""
    actor.require_desk()
    row = _get(session, actor, user_id)
    volunteer_id = form.volunteer_id if form.volunteer_id is not None else row.volunteer_id
    _check_volunteer(session, actor, form.role, volunteer_id, row.id)
    if row.role is Role.DESK and form.role is not Role.DESK:
        _keep_a_desk(session, row)
    before = {"role": row.role.value}
    row.name, row.role, row.volunteer_id = _checked_name(form.name), form.role, volunteer_id
    audit.record(
        session,
        actor,
        AuditAction.USER_CHANGED,
        "user_account",
        row.id,
        at,
        before,
        {"role": row.role.value},
    )
    session.flush()
    return _view(row)


def _keep_a_desk(session: Session, row: User) -> None:
    others = select(User.id).where(
        User.commune_id == row.commune_id, User.role == Role.DESK, User.disabled_at.is_(None), User.id != row.id
    )
    if session.scalar(others.limit(1)) is None:
        raise Conflict("last_desk")


def disable(session: Session, actor: Actor, user_id: int, at: datetime) -> UserView:
    """Lock a person out, on every device at once. What they recorded stays."""
    actor.require_desk()
    row = _get(session, actor, user_id)
    if row.disabled_at is None:
        if row.role is Role.DESK:
            _keep_a_desk(session, row)
        row.disabled_at = at
        revoke_all(session, row.id, at)
        audit.record(session, actor, AuditAction.USER_CHANGED, "user_account", row.id, at, after={"disabled": True})
        session.flush()
    return _view(row)


def enable(session: Session, actor: Actor, user_id: int, at: datetime) -> UserView:
    """Let a person in again; they need a new link or their passphrase."""
    actor.require_desk()
    row = _get(session, actor, user_id)
    if row.disabled_at is not None:
        row.disabled_at = None
        audit.record(session, actor, AuditAction.USER_CHANGED, "user_account", row.id, at, after={"disabled": False})
        session.flush()
    return _view(row)


def set_language(session: Session, actor: Actor, language: str, at: datetime) -> None:
    """Remember the language a person reads in."""
    row = _get(session, actor, actor.user_id or 0)
    if language not in LANGUAGES:
        raise InvalidInput("value_unknown", field="language", known=", ".join(LANGUAGES))
    row.language = language
    session.flush()


def ensure_role_users(session: Session, commune_id: int, at: datetime) -> dict[Role, UserView]:
    """Return one person a role of a commune, made where missing: what a first start prints its links for.

    Volunteer and leader are linked to people with shifts in the weeks in force, where there are any.
    """
    actor = Actor.cli(commune_id)
    found: dict[Role, UserView] = {}
    for role in Role:
        row = session.scalars(
            select(User)
            .where(User.commune_id == commune_id, User.role == role, User.disabled_at.is_(None))
            .order_by(User.id)
            .limit(1)
        ).one_or_none()
        if row is not None:
            found[role] = _view(row)
            continue
        volunteer = _someone_with_shifts(session, commune_id, at) if role in IN_CREWS else None
        if role in IN_CREWS and volunteer is None:
            continue
        name = volunteer.name if volunteer else label(role)
        found[role] = create_user(session, actor, UserForm(name, role, volunteer.id if volunteer else None), at)
    return found


def _someone_with_shifts(session: Session, commune_id: int, at: datetime) -> Volunteer | None:
    """Return a volunteer without an account, who is out next if the week is planned."""
    next_shift = (
        select(func.min(Shift.starts_at))
        .join(ShiftMember, ShiftMember.shift_id == Shift.id)
        .join(WeekPlan, WeekPlan.id == Shift.week_plan_id)
        .where(ShiftMember.volunteer_id == Volunteer.id, WeekPlan.state == WeekState.PUBLISHED, Shift.ends_at > at)
        .correlate(Volunteer)
        .scalar_subquery()
    )
    return session.scalars(
        select(Volunteer)
        .where(
            Volunteer.commune_id == commune_id,
            Volunteer.left_at.is_(None),
            Volunteer.id.not_in(select(User.volunteer_id).where(User.volunteer_id.is_not(None))),
        )
        .order_by(next_shift.is_(None), next_shift, Volunteer.id)
        .limit(1)
    ).one_or_none()
