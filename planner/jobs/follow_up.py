"""Every morning: integrations that were sent in so many days ago (a setting) and have not been answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain.notices import NoticeKind
from planner.jobs.job import Job, Result, daily, first_day
from planner.services import follow_ups, notices
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Tell the desk where another one has come to wait too long since it was told last."""
    found = follow_ups.overdue(session, campaign, at)
    if found.oldest_at is None:
        return {"overdue": 0}
    told = notices.tell(
        session, notices.desk(session, campaign.commune_id), NoticeKind.FOLLOW_UP_DUE,
        {"count": found.count, "oldest_days": (at - found.oldest_at).days}, f"follow-up:{found.latest}", at,
    )  # fmt: skip
    return {"overdue": found.count, "told": told}


JOB = Job(
    "follow_up",
    daily(lambda settings: settings.digest_at),
    act,
    since=first_day,
    title=("Hỏi lại việc đã gửi", "Ask about what was sent in"),
)
