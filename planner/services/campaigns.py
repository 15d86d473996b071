"""Communes and their campaigns: services, indicators and settings are data, taken from a template and changed at will."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain import templates
from planner.domain.errors import InvalidInput, NotFound
from planner.domain.needs import ServiceFacts
from planner.domain.settings import CampaignSettings
from planner.domain.text import fold, printable, squeeze
from planner.domain.vocabulary import AuditAction, CommuneKind, ServiceRule
from planner.models import Campaign, Commune, Indicator, Service
from planner.services import audit
from planner.services.actors import Actor


@dataclass(frozen=True)
class ServiceView:
    """A service of the running campaign."""

    id: int
    position: int
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
    """The running campaign of a commune."""

    id: int
    commune_id: int
    code: str
    name: str
    starts_on: date
    ends_on: date
    settings: CampaignSettings
    services: tuple[ServiceView, ...]

    def service(self, service_id: int) -> ServiceView:
        return next(s for s in self.services if s.id == service_id)


@dataclass(frozen=True)
class CommuneView:
    id: int
    code: str
    kind: CommuneKind
    name: str
    province: str


def create_commune(session: Session, code: str, kind: CommuneKind, name: str, province: str, at: datetime) -> CommuneView:
    """Make a commune. Its code is what it is known by; names change."""
    code, name = code.strip(), squeeze(printable(name))
    for field, value in (("code", code), ("name", name)):
        if not value:
            raise InvalidInput("value_empty", field=field)
    if session.scalar(select(Commune.id).where(Commune.code == code)):
        raise InvalidInput("commune_exists", field="code", commune=code)
    commune = Commune(code=code, kind=kind, name=name, province=squeeze(province))
    session.add(commune)
    session.flush()
    audit.record(session, Actor.cli(commune.id), AuditAction.COMMUNE_CREATED, "commune", commune.id, at, after={"code": code})
    return _commune_view(commune)


def commune(session: Session, actor: Actor) -> CommuneView:
    """Return the actor's commune."""
    return _commune_view(session.get_one(Commune, actor.commune_id))


def any_commune(session: Session) -> bool:
    """Tell whether there is a commune yet."""
    return session.scalar(select(Commune.id).limit(1)) is not None


def sole_commune(session: Session, code: str | None = None) -> CommuneView:
    """Return the commune of that code, or the only one there is (for the command line)."""
    found = session.scalars(select(Commune).order_by(Commune.code)).all()
    if code is not None:
        chosen = [c for c in found if c.code == code]
        if not chosen:
            raise NotFound("unknown_commune", commune=code)
        return _commune_view(chosen[0])
    if not found:
        raise NotFound("no_commune")
    if len(found) > 1:
        raise InvalidInput("several_communes", field="commune", codes=", ".join(c.code for c in found))
    return _commune_view(found[0])


def _commune_view(row: Commune) -> CommuneView:
    return CommuneView(row.id, row.code, row.kind, row.name, row.province)


def create_campaign(
    session: Session, actor: Actor, template: str, name: str, starts_on: date, ends_on: date, at: datetime
) -> CampaignView:
    """Make a campaign from a template and make it the commune's active one.

    Parameters
    ----------
    template
        ``plan_a`` or ``plan_b``, see `domain.templates`.
    name
        "" takes the template's.
    starts_on, ends_on
        First and last day: always data, never "90 days".
    """
    actor.require_desk()
    plan = templates.template(template)
    if ends_on < starts_on:
        raise InvalidInput("campaign_dates_reversed", field="ends_on")
    for other in session.scalars(select(Campaign).where(Campaign.commune_id == actor.commune_id, Campaign.active)):
        other.active = False
    campaign = Campaign(
        commune_id=actor.commune_id,
        code=_free_code(session, actor.commune_id, f"{fold(plan.code)}-{starts_on:%Y%m}"),
        name=squeeze(printable(name)) or plan.name_vi,
        starts_on=starts_on,
        ends_on=ends_on,
        settings=CampaignSettings.from_dict(plan.settings).to_dict(),
        services=[_service_row(position, service) for position, service in enumerate(plan.services)],
        indicators=[_indicator_row(position, indicator) for position, indicator in enumerate(plan.indicators)],
    )
    session.add(campaign)
    session.flush()
    audit.record(
        session, actor, AuditAction.CAMPAIGN_CREATED, "campaign", campaign.id, at,
        after={"template": plan.code, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()},
    )  # fmt: skip
    return view(campaign)


def _free_code(session: Session, commune_id: int, wanted: str) -> str:
    taken = set(session.scalars(select(Campaign.code).where(Campaign.commune_id == commune_id)))
    number = 1
    code = wanted
    while code in taken:
        number += 1
        code = f"{wanted}-{number}"
    return code


def _service_row(position: int, service: templates.ServiceTemplate) -> Service:
    facts = service.facts
    return Service(
        code=facts.code, position=position, rule=facts.rule.value, document=facts.document, minutes=facts.minutes,
        weight=facts.weight, asynchronous=facts.asynchronous, at_police=facts.at_police,
        name_vi=service.name_vi, name_en=service.name_en, result_vi=service.result_vi, result_en=service.result_en,
    )  # fmt: skip


def _indicator_row(position: int, indicator: templates.IndicatorTemplate) -> Indicator:
    return Indicator(
        code=indicator.code, position=position, name_vi=indicator.name_vi, name_en=indicator.name_en,
        numerator=indicator.numerator, denominator=indicator.denominator, target_percent=indicator.target_percent,
        source=indicator.source,
    )  # fmt: skip


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
    campaign = _active_row(session, commune_id)
    if campaign is None:
        raise NotFound("no_active_campaign")
    return view(campaign)


def find_active(session: Session, commune_id: int) -> CampaignView | None:
    """Return the active campaign of a commune, or None."""
    campaign = _active_row(session, commune_id)
    return None if campaign is None else view(campaign)


def _active_row(session: Session, commune_id: int) -> Campaign | None:
    return session.scalars(
        select(Campaign)
        .where(Campaign.commune_id == commune_id, Campaign.active)
        .order_by(Campaign.id.desc())
        .limit(1)
        .options(selectinload(Campaign.services))
    ).one_or_none()


def change(session: Session, actor: Actor, name: str, starts_on: date, ends_on: date, at: datetime) -> CampaignView:
    """Rename the active campaign and move its first and last day."""
    actor.require_desk()
    campaign = _active_row(session, actor.commune_id)
    if campaign is None:
        raise NotFound("no_active_campaign")
    if not squeeze(printable(name)):
        raise InvalidInput("value_empty", field="name")
    if len(name) > 200:
        raise InvalidInput("value_too_long", field="name", longest=200)
    if ends_on < starts_on:
        raise InvalidInput("campaign_dates_reversed", field="ends_on")
    before = _dated(campaign)
    campaign.name, campaign.starts_on, campaign.ends_on = squeeze(printable(name)), starts_on, ends_on
    if _dated(campaign) != before:
        audit.record(
            session, actor, AuditAction.CAMPAIGN_CHANGED, "campaign", campaign.id, at, before=before, after=_dated(campaign)
        )
    session.flush()
    return view(campaign)


def _dated(campaign: Campaign) -> dict[str, str]:
    return {"name": campaign.name, "starts_on": campaign.starts_on.isoformat(), "ends_on": campaign.ends_on.isoformat()}


def change_settings(session: Session, actor: Actor, changes: Mapping[str, Any], at: datetime) -> CampaignView:
    """Change settings of the active campaign. `changes` is JSON; a null takes a setting back to its default."""
    actor.require_desk()
    campaign = _active_row(session, actor.commune_id)
    if campaign is None:
        raise NotFound("no_active_campaign")
    before = dict(campaign.settings)
    merged = {key: value for key, value in {**before, **changes}.items() if value is not None}
    after = CampaignSettings.from_dict(merged).to_dict()
    if after != before:
        campaign.settings = after
        touched = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
        # The desk's name and phone are settings too: only which ones changed is kept.
        audit.record(session, actor, AuditAction.CAMPAIGN_CHANGED, "campaign", campaign.id, at, after={"settings": touched})
    return view(campaign)


def view(campaign: Campaign) -> CampaignView:
    """Return a campaign's row as others see it, its settings checked."""
    return CampaignView(
        campaign.id,
        campaign.commune_id,
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
        service.id, service.position, facts, service.name_vi, service.name_en, service.result_vi, service.result_en
    )
