"""How many residents each team is asked to guide: an organisation's volunteers, or those of a hamlet. Set by the desk.

Beside what follows from a list of officials (so many residents for each). The quotas are settings of the campaign, by the
team's name as people write it, so that they can be read and set on the command line too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.errors import InvalidInput
from planner.domain.settings import MOST_GUIDED
from planner.domain.text import match_key, sort_key
from planner.domain.vocabulary import Role
from planner.models import Hamlet, Volunteer
from planner.services import campaigns, scope
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


class TeamKind(StrEnum):
    ORGANISATION = "organisation"
    HAMLET = "hamlet"


@dataclass(frozen=True)
class Team:
    """A team and its quota; None: it has none. `volunteers` are those it has now, 0 where nobody goes by its name any more."""

    kind: TeamKind
    key: str
    name: str
    volunteers: int
    quota: int | None

    @property
    def id(self) -> str:
        """What a form calls the team."""
        return f"{self.kind.value}:{self.key}"


@dataclass(frozen=True)
class TeamQuotas:
    """All teams. `version` goes back with a change, so that nobody overwrites another's."""

    version: int
    teams: tuple[Team, ...]


def quotas(session: Session, actor: Actor) -> TeamQuotas:
    """Return the organisations, then the hamlets, of the actor's commune, each with its quota."""
    actor.require(Role.DESK, Role.VIEWER)
    campaign = campaigns.active(session, actor)
    return TeamQuotas(campaign.version, teams_of(session, actor, campaign))


def teams_of(session: Session, actor: Actor, campaign: CampaignView) -> tuple[Team, ...]:
    """Return the teams: those with volunteers, every hamlet, and those a quota was set for."""
    return (*_organisations(session, campaign), *_hamlets(session, actor, campaign))


def _organisations(session: Session, campaign: CampaignView) -> list[Team]:
    names: dict[str, str] = {}
    people: Counter[str] = Counter()
    here = select(Volunteer.org, func.count()).where(Volunteer.commune_id == campaign.commune_id, Volunteer.left_at.is_(None))
    for org, number in session.execute(here.where(Volunteer.org != "").group_by(Volunteer.org).order_by(Volunteer.org)):
        names.setdefault(match_key(org), org)
        people[match_key(org)] += number
    asked = _by_key(campaign.settings.organisation_quotas, names)
    return [
        Team(TeamKind.ORGANISATION, key, name, people[key], asked.get(key))
        for key, name in sorted(names.items(), key=lambda pair: sort_key(pair[1]))
    ]


def _hamlets(session: Session, actor: Actor, campaign: CampaignView) -> list[Team]:
    people = dict(
        session.execute(
            select(Volunteer.hamlet_id, func.count())
            .where(Volunteer.commune_id == campaign.commune_id, Volunteer.left_at.is_(None), Volunteer.hamlet_id.is_not(None))
            .group_by(Volunteer.hamlet_id)
        ).all()
    )
    rows = session.scalars(scope.hamlets(actor).order_by(Hamlet.position, Hamlet.id)).all()
    ids = {hamlet.name_key: hamlet.id for hamlet in rows}
    names = {hamlet.name_key: hamlet.name for hamlet in rows}
    asked = _by_key(campaign.settings.hamlet_quotas, names)
    return [Team(TeamKind.HAMLET, key, name, people.get(ids.get(key), 0), asked.get(key)) for key, name in names.items()]


def _by_key(given: Mapping[str, int], names: dict[str, str]) -> dict[str, int]:
    """Return quotas by the key of the team's name; a team that is not there is added, so that its quota is seen."""
    for name in given:
        names.setdefault(match_key(name), name)
    return {match_key(name): quota for name, quota in given.items()}


def change(session: Session, actor: Actor, given: Mapping[str, int | None], at: datetime, version: int | None = None) -> None:
    """Set the quotas of teams by `Team.id`; None takes one away, what is left out stays.

    Raises
    ------
    InvalidInput
        `facts["field"]` is the team's id: there is no such team, or no such number of residents.
    Conflict
        ``campaign_changed_meanwhile``.
    """
    known = {team.id: team for team in quotas(session, actor).teams}
    for team_id, quota in given.items():
        if team_id not in known:
            raise InvalidInput("setting_unknown", field=team_id)
        if quota is not None and not 1 <= quota <= MOST_GUIDED:
            raise InvalidInput("setting_out_of_range", field=team_id, low=1, high=MOST_GUIDED)
    wanted = {team.id: given.get(team.id, team.quota) for team in known.values()}
    changes = {
        f"{kind.value}_quotas": {
            team.name: quota for team in known.values() if team.kind is kind and (quota := wanted[team.id]) is not None
        }
        for kind in TeamKind
    }
    campaigns.change_settings(session, actor, changes, at, version)
