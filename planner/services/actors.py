"""Who acts: a signed-in person, a job of the clock, or the command line."""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.errors import NotAllowed
from planner.domain.vocabulary import Role
from planner.models import User


@dataclass(frozen=True)
class Actor:
    """Whoever asks a service for something, and for which commune.

    Parameters
    ----------
    role
        None: a job or the command line, with all rights in its commune.
    label
        What the audit keeps, e.g. ``user:12``, ``job:missed``, ``cli``.
    """

    user_id: int | None
    commune_id: int
    role: Role | None
    volunteer_id: int | None
    name: str
    label: str

    @classmethod
    def of_user(cls, user: User) -> Actor:
        return cls(user.id, user.commune_id, user.role, user.volunteer_id, user.name, f"user:{user.id}")

    @classmethod
    def for_job(cls, commune_id: int, job: str) -> Actor:
        return cls(None, commune_id, None, None, job, f"job:{job}")

    @classmethod
    def cli(cls, commune_id: int) -> Actor:
        return cls(None, commune_id, None, None, "manage.py", "cli")

    @property
    def runs_the_campaign(self) -> bool:
        """The desk, and what acts for it."""
        return self.role in (None, Role.DESK)

    @property
    def sees_the_commune(self) -> bool:
        """May look at every household of the commune."""
        return self.role in (None, Role.DESK, Role.VIEWER)

    def require(self, *roles: Role) -> None:
        """Refuse anyone but these roles (and jobs and the command line)."""
        if self.role is not None and self.role not in roles:
            raise NotAllowed("not_allowed")

    def require_desk(self) -> None:
        """Refuse anyone but the desk (and jobs and the command line)."""
        self.require(Role.DESK)
