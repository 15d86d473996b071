"""Integrations that were sent in and have not been answered for long: somebody has to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import NeedState
from planner.models import Hamlet, Household, Need, Resident, Service
from planner.services import campaigns
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.pages import LARGEST_PAGE, Page


@dataclass(frozen=True)
class FollowUp:
    """A need that waits for its answer."""

    need_id: int
    household_id: int
    name: str
    hamlet: str
    service_vi: str
    service_en: str
    since_at: datetime

    def service(self, lang: str) -> str:
        return self.service_en if lang == "en" else self.service_vi


@dataclass(frozen=True)
class Overdue:
    """How many wait too long, since when the oldest, and the one that came to be so last, with since when: it may be so again."""

    count: int
    oldest_at: datetime | None
    latest: str


def _waiting(campaign: CampaignView, at: datetime) -> Select[Need]:
    return (
        select(Need)
        .join(Resident, Resident.id == Need.resident_id)
        .join(Household, Household.id == Need.household_id)
        .join(Service, Service.id == Need.service_id)
        .where(
            Service.campaign_id == campaign.id,
            Need.state == NeedState.SUBMITTED,
            Need.state_since_at <= at - timedelta(days=campaign.settings.follow_up_days),
            Resident.left_at.is_(None),
            Household.left_at.is_(None),
        )
    )


def overdue(session: Session, campaign: CampaignView, at: datetime) -> Overdue:
    """Return how many integrations of a campaign are to be asked about."""
    query = _waiting(campaign, at)
    count, oldest = session.execute(query.with_only_columns(func.count(), func.min(Need.state_since_at))).one()
    by_age = query.with_only_columns(Need.id, Need.state_since_at).order_by(Need.state_since_at.desc(), Need.id.desc())
    latest = session.execute(by_age.limit(1)).one_or_none()
    return Overdue(count, oldest, "" if latest is None else f"{latest.id}:{latest.state_since_at.isoformat()}")


def listed(session: Session, actor: Actor, at: datetime, page: int = 1, size: int = 50) -> Page[FollowUp]:
    """Return a page of what is to be asked about, the oldest first."""
    actor.require_desk()
    query = _waiting(campaigns.active(session, actor), at)
    total = session.scalar(query.with_only_columns(func.count())) or 0
    size = max(1, min(size, LARGEST_PAGE))
    page = max(1, min(page, -(-total // size)))
    rows = session.execute(
        query.join(Hamlet, Hamlet.id == Household.hamlet_id)
        .with_only_columns(
            Need.id, Need.household_id, Resident.name, Hamlet.name, Service.name_vi, Service.name_en, Need.state_since_at
        )
        .order_by(Need.state_since_at, Need.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return Page(tuple(FollowUp(*row) for row in rows), page, size, total)
