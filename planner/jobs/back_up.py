"""Every night: a copy of the database and the photos, and of older copies only so many are kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.domain.notices import NoticeKind
from planner.jobs.job import Job, Result, Tools, daily
from planner.models import Campaign
from planner.services import backups, campaigns, retention
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


def copy(tools: Tools, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Make the copy of the slot's night; where it is there already (another campaign's, a crash) it stays."""
    if tools.folder is None:
        return {"skipped": "no_folder"}
    made = backups.make(tools.db, actor, tools.folder, local_date(due_at), at)
    with tools.db.read() as session:
        gone = backups.keep_latest(tools.folder, _kept(session, campaign))
        # where a crash came between an erasure and what follows from it
        retention.note_missing(session, tools.folder)
    cleansed = retention.cleanse(tools.db, campaign.commune_id, tools.folder, at)
    return {
        "bytes": made.size_bytes, "photos": made.photos, "made": made.new, "older_erased": gone,
        "cleansed": cleansed.rewritten + cleansed.removed, "not_cleansed": cleansed.left,
    }  # fmt: skip


def _kept(session: Session, campaign: CampaignView) -> int:
    """Return how many copies are kept: each holds all communes, so the one that wants the most is heard."""
    others = session.scalars(select(Campaign).where(Campaign.active, Campaign.id != campaign.id))
    return max(campaign.settings.backups_kept, *(campaigns.view(other).settings.backups_kept for other in others), 1)


def first_day(campaign: CampaignView) -> date:
    return campaign.starts_on - timedelta(days=365)  # as soon as it is there: the roster is taken in long before it starts


def last_day(campaign: CampaignView) -> date:
    return campaign.ends_on + timedelta(days=campaign.settings.retention_days + 60)  # until nothing is left to lose


JOB = Job(
    "back_up",
    daily(lambda settings: settings.backup_at),
    prepare=copy,
    since=first_day,
    until=last_day,
    title=("Sao lưu", "Backup"),
    trouble=NoticeKind.BACKUP_FAILED,
)
