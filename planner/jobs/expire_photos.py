"""Every night: erase the photos whose time is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from planner.jobs.job import CLOSING_DAYS, Job, Result, Tools, daily
from planner.services import evidence
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


def erase(tools: Tools, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Erase rows, then files; whatever a crash left of it is found again by the next attempt, or by `evidence check`."""
    if tools.folder is None:
        return {"skipped": "no_folder"}
    return {"photos": evidence.expire(tools.db, actor, evidence.folder_of(tools.folder), at)}


def last_day(campaign: CampaignView) -> date:
    return campaign.ends_on + timedelta(days=campaign.settings.evidence_days + CLOSING_DAYS)


JOB = Job(
    "expire_photos",
    daily(lambda settings: settings.photos_at),
    prepare=erase,
    until=last_day,
    title=("Xóa ảnh hết hạn", "Erase photos past their time"),
)
