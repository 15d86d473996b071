"""Once residents' data are due to be erased: say so every week until two people have decided. The clock erases nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.calendar import instant, local_date
from planner.domain.notices import NoticeKind
from planner.jobs.job import Job, Result, Tools, days_between
from planner.services import notices, retention
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView

WEEKS_TOLD = 8


def due_slots(campaign: CampaignView, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the digest's hour of the day the data are due, and of the same weekday for some weeks."""
    first = retention.due_on(campaign)
    for day in days_between(after, until):
        due_at = instant(day, campaign.settings.digest_at)
        if (day - first).days in range(0, 7 * WEEKS_TOLD, 7) and after < due_at <= until:
            yield due_at


def note(tools: Tools, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Write down what the ledger of erasures lacks: a crash may have come between."""
    if tools.folder is None:
        return {}
    with tools.db.read() as session:
        return {"noted": retention.note_missing(session, tools.folder)}


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Tell the desk and the chairman where there is something to erase."""
    found = retention.count(session, campaign.commune_id, None)
    if found.nothing:
        return {"skipped": "nothing_to_erase"}
    due_on = retention.due_on(campaign)
    people = [*notices.desk(session, campaign.commune_id), *notices.viewers(session, campaign.commune_id)]
    facts = {"campaign": campaign.name, "due_on": due_on, "people": found.residents}
    week = (local_date(at) - due_on).days // 7
    return {"told": notices.tell(session, people, NoticeKind.RETENTION_DUE, facts, f"retention:{campaign.id}:{week}", at)}


def last_day(campaign: CampaignView) -> date:
    return retention.due_on(campaign) + timedelta(weeks=WEEKS_TOLD)


JOB = Job(
    "retention",
    due_slots,
    act,
    prepare=note,
    until=last_day,
    title=("Hạn xóa dữ liệu cá nhân", "Personal data due to be erased"),
)
