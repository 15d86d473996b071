"""A campaign is made from a template; from then on all of it is data."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import templates
from planner.domain.settings import CampaignSettings
from planner.domain.text import fold, printable, squeeze
from planner.domain.vocabulary import AuditAction
from planner.models import Campaign, Indicator, Service
from planner.services import audit
from planner.services.actors import Actor
from planner.services.campaigns.dates import check_dates
from planner.services.campaigns.views import CampaignView, view


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
    check_dates(starts_on, ends_on)
    for other in session.scalars(select(Campaign).where(Campaign.commune_id == actor.commune_id, Campaign.active)):
        other.active = False
    campaign = Campaign(
        commune_id=actor.commune_id,
        code=_free_code(session, actor.commune_id, f"{fold(plan.code)}-{starts_on:%Y%m}"),
        name=squeeze(printable(name)) or plan.name_vi,
        starts_on=starts_on,
        ends_on=ends_on,
        settings=CampaignSettings.from_dict({**plan.settings, **_reports(plan, ends_on)}).to_dict(),
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


def _reports(plan: templates.CampaignTemplate, ends_on: date) -> dict[str, str]:
    """Return the date of the final report, as far from the campaign's end as in the plan."""
    return {"final_report_on": (ends_on + timedelta(days=plan.final_report_days)).isoformat()} if plan.final_report_days else {}


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
