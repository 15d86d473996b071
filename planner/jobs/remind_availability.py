"""A day before the availability of a week closes (a setting): ask those who have not said anything yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.calendar import local_date, monday_of
from planner.domain.notices import NoticeKind
from planner.domain.settings import CampaignSettings
from planner.jobs.job import Job, Result, week_before, weekly
from planner.services import notices, volunteers
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


def _before(settings: CampaignSettings) -> timedelta:
    return -timedelta(hours=settings.availability_remind_hours)


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Ask once for a week; when it is closed, or over, nobody is asked any more."""
    closes_at = due_at - _before(campaign.settings)
    monday = monday_of(local_date(closes_at)) + timedelta(days=7)
    if monday > campaign.ends_on or monday + timedelta(days=6) < campaign.starts_on:
        return {"monday": monday.isoformat(), "skipped": "outside_campaign"}
    if at >= closes_at or volunteers.is_closed(session, campaign.commune_id, monday):
        return {"monday": monday.isoformat(), "skipped": "closed"}
    silent = volunteers.silent(session, actor, monday)
    told = notices.tell(
        session, notices.user_of_volunteers(session, silent), NoticeKind.AVAILABILITY_CLOSING,
        {"monday": monday, "closes_at": closes_at}, f"availability-closing:{monday}", at,
    )  # fmt: skip
    return {"monday": monday.isoformat(), "told": told}


JOB = Job(
    "remind_availability",
    weekly(lambda s: (s.availability_weekday, s.availability_at), _before),
    act,
    since=lambda campaign: week_before(campaign) - timedelta(days=7),  # some days before the first week closes
    title=("Nhắc báo lịch rảnh", "Ask for availability"),
)
