"""Whom to tell: people of a commune by role, and those who are certain volunteers. Who is locked out is told nothing."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import Role
from planner.models import User
from planner.services.sequences import in_parts


def desk(session: Session, commune_id: int) -> list[int]:
    """Return the users of the commune's desk."""
    return _of_role(session, commune_id, Role.DESK)


def leaders(session: Session, commune_id: int) -> list[int]:
    """Return the users who lead a team of the commune."""
    return _of_role(session, commune_id, Role.LEADER)


def viewers(session: Session, commune_id: int) -> list[int]:
    """Return the users who only look: the commune's leadership."""
    return _of_role(session, commune_id, Role.VIEWER)


def user_of_volunteers(session: Session, volunteer_ids: Iterable[int]) -> list[int]:
    """Return the users of those of these volunteers who have one."""
    return sorted(users_by_volunteer(session, volunteer_ids).values())


def users_by_volunteer(session: Session, volunteer_ids: Iterable[int]) -> dict[int, int]:
    """Return the user of each of these volunteers who has one, by the volunteer's id."""
    found: dict[int, int] = {}
    for part in in_parts(sorted(set(volunteer_ids))):
        query = select(User.volunteer_id, User.id).where(User.volunteer_id.in_(part), User.disabled_at.is_(None))
        found.update({volunteer: user for volunteer, user in session.execute(query) if volunteer is not None})
    return found


def _of_role(session: Session, commune_id: int, role: Role) -> list[int]:
    query = select(User.id).where(User.commune_id == commune_id, User.role == role, User.disabled_at.is_(None))
    return list(session.scalars(query.order_by(User.id)))
