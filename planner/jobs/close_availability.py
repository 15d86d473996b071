"""Before the next week is drafted: close its availability, so that the draft stands on what people said."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.calendar import local_date, monday_of
from planner.domain.notices import NoticeKind
from planner.jobs.job import Job, Result, weekly
from planner.services import notices, volunteers
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Close the week after the slot's, and tell the desk how many people said something about it."""
    monday = monday_of(local_date(due_at)) + timedelta(days=7)
    if monday > campaign.ends_on or monday + timedelta(days=6) < campaign.starts_on:
        return {"monday": monday.isoformat(), "skipped": "outside_campaign"}
    if monday + timedelta(days=7) <= local_date(at):
        return {"monday": monday.isoformat(), "skipped": "week_over"}
    closed = volunteers.close(session, actor, campaign.id, monday, at)
    said = volunteers.answered(session, actor, monday)
    notices.tell(
        session, notices.desk(session, campaign.commune_id), NoticeKind.AVAILABILITY_CLOSED,
        {"monday": monday, "given": said.given, "missing": said.missing}, f"availability-closed:{monday}", at,
    )  # fmt: skip
    return {"monday": monday.isoformat(), "closed": closed}


JOB = Job(
    "close_availability",
    weekly(lambda s: (s.availability_weekday, s.availability_at), lambda _: timedelta()),
    act,
    title=("Khép lịch rảnh tuần sau", "Close next week's availability"),
)
