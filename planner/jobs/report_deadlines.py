"""Days before a report is due, on the day, and when it is late: remind whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.orm import Session

from planner.domain.deadlines import days_of, deadlines, reminders
from planner.jobs.job import Job, Result, first_day
from planner.services import deadlines as reports
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


def due_slots(campaign: CampaignView, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the hours at which somebody is to be reminded of a report."""
    for deadline in deadlines(campaign.starts_on, campaign.ends_on, campaign.settings):
        for reminder in reminders(deadline, campaign.settings):
            if after < reminder.at <= until:
                yield reminder.at


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Remind of every report that is due and not handed in, as far as it has come by now."""
    return {"told": reports.remind(session, campaign, at)}


def last_day(campaign: CampaignView) -> date:
    return days_of(campaign.starts_on, campaign.ends_on, campaign.settings)


JOB = Job("report_deadlines", due_slots, act, since=first_day, title=("Nhắc hạn báo cáo", "Remind of reports"), until=last_day)
