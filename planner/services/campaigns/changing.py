"""Changing the active campaign: its name, its dates, its settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, InvalidInput, NotFound
from planner.domain.settings import CampaignSettings
from planner.domain.text import printable, squeeze
from planner.domain.vocabulary import AuditAction
from planner.models import Campaign
from planner.services import audit
from planner.services.actors import Actor
from planner.services.campaigns.dates import check_dates
from planner.services.campaigns.views import CampaignView, active_row, view


def locked(session: Session, actor: Actor, version: int | None) -> Campaign:
    """Return the active campaign's row for the desk to change; others who would change it wait.

    Parameters
    ----------
    version
        What the reader saw; None: whatever it is by now (the command line).

    Raises
    ------
    Conflict
        ``campaign_changed_meanwhile``: somebody has changed it since.
    """
    actor.require_desk()
    campaign = active_row(session, actor.commune_id)
    if campaign is None:
        raise NotFound("no_active_campaign")
    session.refresh(campaign, with_for_update=True)
    if version is not None and version != campaign.version:
        raise Conflict("campaign_changed_meanwhile")
    return campaign


def note(
    session: Session, actor: Actor, campaign: Campaign, at: datetime, before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> None:
    """Count a change of the campaign, and leave its trace."""
    campaign.version += 1
    audit.record(session, actor, AuditAction.CAMPAIGN_CHANGED, "campaign", campaign.id, at, before=before, after=after)


def change(
    session: Session, actor: Actor, name: str, starts_on: date, ends_on: date, at: datetime, version: int | None = None
) -> CampaignView:
    """Rename the active campaign and move its first and last day; `version` as in `locked`."""
    campaign = locked(session, actor, version)
    if not squeeze(printable(name)):
        raise InvalidInput("value_empty", field="name")
    if len(name) > 200:
        raise InvalidInput("value_too_long", field="name", longest=200)
    check_dates(starts_on, ends_on)
    before = _dated(campaign)
    campaign.name, campaign.starts_on, campaign.ends_on = squeeze(printable(name)), starts_on, ends_on
    if _dated(campaign) != before:
        note(session, actor, campaign, at, before, _dated(campaign))
    session.flush()
    return view(campaign)


def _dated(campaign: Campaign) -> dict[str, str]:
    return {"name": campaign.name, "starts_on": campaign.starts_on.isoformat(), "ends_on": campaign.ends_on.isoformat()}


def change_settings(
    session: Session, actor: Actor, changes: Mapping[str, Any], at: datetime, version: int | None = None
) -> CampaignView:
    """Change settings of the active campaign. `changes` is JSON; a null takes a setting back to its default.

    `version` as in `locked`.
    """
    campaign = locked(session, actor, version)
    before = dict(campaign.settings)
    merged = {key: value for key, value in {**before, **changes}.items() if value is not None}
    after = CampaignSettings.from_dict(merged).to_dict()
    if after != before:
        campaign.settings = after
        touched = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
        # The desk's name and phone are settings too: only which ones changed is kept.
        note(session, actor, campaign, at, None, {"settings": touched})
    session.flush()
    return view(campaign)
