"""Quotas of residents to guide, each with its pace: what follows from a list of officials, and what the desk asks of a team."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import indicators
from planner.domain.calendar import local_date
from planner.domain.indicators import Counted
from planner.domain.pace import Pace, pace
from planner.domain.text import match_key, sort_key
from planner.domain.vocabulary import Role
from planner.models import Household, Resident
from planner.services import campaigns, facts
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.progress.guided import guided
from planner.services.team_quotas import Team, TeamKind, teams_of


@dataclass(frozen=True)
class OfficeRow:
    """An organisation's officials, how far they are themselves, and the residents its volunteers guided (Plan B, B2)."""

    organisation: str
    officials: int
    account: int
    activated: int
    used: int
    papers: int
    pace: Pace


@dataclass(frozen=True)
class TeamQuotaRow:
    """A team with a quota of its own."""

    team: Team
    pace: Pace


@dataclass(frozen=True)
class Quotas:
    """All quotas of the campaign."""

    teams: tuple[TeamQuotaRow, ...]
    offices: tuple[OfficeRow, ...]


def quotas(session: Session, actor: Actor, at: datetime) -> Quotas:
    """Return the teams with a quota, and the organisations with officials."""
    actor.require(Role.DESK, Role.VIEWER)
    campaign = campaigns.active(session, actor)
    officials = officials_by_organisation(session, campaign)
    teams = [team for team in teams_of(session, actor, campaign) if team.quota is not None]
    on_date = local_date(at)
    found = guided(session, campaign, on_date) if officials or teams else ()
    reached = {kind: Counter(one.counts_for(kind) for one in found) for kind in TeamKind}

    def paced(quota: int, kind: TeamKind, key: str) -> Pace:
        return pace(quota, reached[kind][key], campaign.starts_on, campaign.ends_on, on_date)

    offices = []
    for organisation in sorted(officials, key=sort_key):
        counts = indicators.count((one for _id, one in officials[organisation]), on_date, campaign.settings)
        offices.append(
            OfficeRow(
                organisation, counts["officials"], counts["officials_account"], counts["officials_activated"],
                counts["officials_activated_portal"], counts["officials_papers"],
                paced(counts["quota"], TeamKind.ORGANISATION, match_key(organisation)),
            )
        )  # fmt: skip
    return Quotas(tuple(TeamQuotaRow(team, paced(team.quota or 0, team.kind, team.key)) for team in teams), tuple(offices))


def officials_by_organisation(session: Session, campaign: CampaignView) -> dict[str, list[tuple[int, Counted]]]:
    """Return the officials who are there with their ids, by the organisation they serve, however it is spelled."""
    found: dict[str, list[tuple[int, Counted]]] = defaultdict(list)
    names: dict[str, str] = {}
    for organisation, resident_id, household_id, *known in session.execute(
        select(Resident.official_of, Resident.id, Resident.household_id, *facts.COLUMNS)
        .join(Household, Household.id == Resident.household_id)
        .where(
            Resident.commune_id == campaign.commune_id, Resident.official_of != "",
            Resident.left_at.is_(None), Household.left_at.is_(None),
        )
        .order_by(Resident.official_of, Resident.id)
    ):  # fmt: skip
        one = Counted(facts.of_row(known), {}, household_id, official=True)
        found[names.setdefault(match_key(organisation), organisation)].append((resident_id, one))
    return found
