"""The running campaign as everybody else reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from planner.domain.errors import NotFound
from planner.domain.needs import ServiceFacts
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import AuditAction, ServiceRule
from planner.models import AuditEntry, Campaign, Service
from planner.services.actors import Actor


@dataclass(frozen=True)
class ServiceView:
    """A service of the running campaign."""

    id: int
    position: int
    active: bool
    facts: ServiceFacts
    name_vi: str
    name_en: str
    result_vi: str
    result_en: str

    @property
    def code(self) -> str:
        return self.facts.code

    def name(self, lang: str) -> str:
        return self.name_en if lang == "en" else self.name_vi

    def result(self, lang: str) -> str:
        return self.result_en if lang == "en" else self.result_vi


@dataclass(frozen=True)
class CampaignView:
    """The running campaign of a commune. `services` are all it ever offered: results of each must stay readable."""

    id: int
    commune_id: int
    version: int
    code: str
    name: str
    starts_on: date
    ends_on: date
    settings: CampaignSettings
    services: tuple[ServiceView, ...]

    @property
    def offered(self) -> tuple[ServiceView, ...]:
        """Return the services that are offered now: what is planned, asked about and still to be done."""
        return tuple(service for service in self.services if service.active)

    def service(self, service_id: int) -> ServiceView:
        return next(s for s in self.services if s.id == service_id)


def active(session: Session, actor: Actor) -> CampaignView:
    """Return the commune's active campaign.

    Raises
    ------
    NotFound
        ``no_active_campaign``.
    """
    return active_of(session, actor.commune_id)


def active_of(session: Session, commune_id: int) -> CampaignView:
    """Return the active campaign of a commune, see `active`."""
    campaign = active_row(session, commune_id)
    if campaign is None:
        raise NotFound("no_active_campaign")
    return view(campaign)


def find_active(session: Session, commune_id: int) -> CampaignView | None:
    """Return the active campaign of a commune, or None."""
    campaign = active_row(session, commune_id)
    return None if campaign is None else view(campaign)


def created_at(session: Session, campaign_id: int) -> datetime | None:
    """Return when a campaign was made; None where nobody noted it."""
    return session.scalar(
        select(func.min(AuditEntry.at)).where(
            AuditEntry.subject == "campaign",
            AuditEntry.subject_id == campaign_id,
            AuditEntry.action == AuditAction.CAMPAIGN_CREATED,
        )
    )


def active_row(session: Session, commune_id: int) -> Campaign | None:
    """Return the row of a commune's active campaign, for the modules of this package."""
    return session.scalars(
        select(Campaign)
        .where(Campaign.commune_id == commune_id, Campaign.active)
        .order_by(Campaign.id.desc())
        .limit(1)
        .options(selectinload(Campaign.services))
    ).one_or_none()


def view(campaign: Campaign) -> CampaignView:
    """Return a campaign's row as others see it, its settings checked."""
    return CampaignView(
        campaign.id,
        campaign.commune_id,
        campaign.version,
        campaign.code,
        campaign.name,
        campaign.starts_on,
        campaign.ends_on,
        CampaignSettings.from_dict(campaign.settings),
        tuple(_service_view(service) for service in campaign.services),
    )


def _service_view(service: Service) -> ServiceView:
    facts = ServiceFacts(
        service.code,
        ServiceRule(service.rule),
        service.document,
        service.minutes,
        service.weight,
        service.asynchronous,
        service.at_police,
    )
    return ServiceView(
        service.id,
        service.position,
        service.active,
        facts,
        service.name_vi,
        service.name_en,
        service.result_vi,
        service.result_en,
    )
