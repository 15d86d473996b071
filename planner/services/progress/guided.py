"""Whom the volunteers guided: residents who by now have the account activated *and* have logged in to the portal (Plan B, B2).

One who was helped by several counts for the first of them that has a team, once for an organisation and once for a hamlet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from planner.domain import indicators
from planner.domain.groups import account_state
from planner.domain.text import match_key
from planner.domain.vocabulary import AccountState
from planner.models import Hamlet, Need, Resident, Service, Visit, Volunteer
from planner.services import facts
from planner.services.campaigns import CampaignView
from planner.services.credit import results
from planner.services.progress.work import made_by_team
from planner.services.team_quotas import TeamKind


@dataclass(frozen=True, slots=True)
class Guided:
    """A resident who was guided. `organisation`, `hamlet`: keys of the teams this counts for; "" where none does."""

    resident_id: int
    household_id: int
    organisation: str
    hamlet: str

    def counts_for(self, kind: TeamKind) -> str:
        return self.organisation if kind is TeamKind.ORGANISATION else self.hamlet


def guided(session: Session, campaign: CampaignView, on_date: date) -> tuple[Guided, ...]:
    """Return everybody the campaign's volunteers guided, in the order of the first visit that helped."""
    helped = results(campaign, Resident.id, Resident.household_id, Volunteer.org, Hamlet.name_key, *facts.COLUMNS)
    rows = session.execute(
        made_by_team(helped, campaign.commune_id)
        .outerjoin(Hamlet, Hamlet.id == Volunteer.hamlet_id)
        .join(Service, Service.id == Need.service_id)
        .join(Resident, Resident.id == Need.resident_id)
        .where(
            Service.code.in_(("activate", "portal")), Resident.account == AccountState.ACTIVATED
        )
        .order_by(Visit.id)
    )  # fmt: skip
    found: dict[int, Guided | None] = {}
    for resident_id, household_id, org, hamlet_key, *known in rows:
        if resident_id not in found:
            fact = facts.of_row(known)
            activated = account_state(fact, on_date, campaign.settings) is AccountState.ACTIVATED
            counts = activated and indicators.has_used_portal(fact)
            found[resident_id] = Guided(resident_id, household_id, match_key(org), hamlet_key or "") if counts else None
        elif (one := found[resident_id]) is not None and not (one.organisation and one.hamlet):
            found[resident_id] = Guided(
                resident_id, household_id, one.organisation or match_key(org), one.hamlet or hamlet_key or ""
            )
    return tuple(one for one in found.values() if one is not None)
