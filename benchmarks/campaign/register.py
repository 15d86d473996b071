"""What a hamlet head knows without any program: the register of the hamlet, who was out last week, who lives where."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.visits import effective
from planner.domain.vocabulary import Outcome
from planner.models import Household, Volunteer
from planner.services.states import visits_of_commune


@dataclass(frozen=True, slots=True)
class Entry:
    """A household of the register. `was_out`: the last call found nobody; `visited`: somebody called there before."""

    hamlet_id: int
    position: int
    group: int
    visited: bool
    was_out: bool


@dataclass(frozen=True)
class Register:
    """The households and the volunteers of a commune by the ids they have in problem documents."""

    homes: dict[str, Entry]
    hamlet_of: dict[str, int]

    @classmethod
    def read(cls, session: Session, commune_id: int) -> Register:
        visits = visits_of_commune(session, commune_id)
        homes = {}
        for row in session.execute(
            select(Household.id, Household.hamlet_id, Household.position, Household.outreach_group).where(
                Household.commune_id == commune_id, Household.left_at.is_(None)
            )
        ):
            calls = effective(visits.get(row.id, ()))
            was_out = bool(calls) and calls[-1].outcome is Outcome.ABSENT
            homes[f"h{row.id}"] = Entry(row.hamlet_id, row.position, row.outreach_group or 0, bool(calls), was_out)
        people = select(Volunteer.id, Volunteer.hamlet_id).where(Volunteer.commune_id == commune_id)
        return cls(homes, {f"v{row.id}": row.hamlet_id or 0 for row in session.execute(people)})
