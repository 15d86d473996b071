"""After each shift and its grace: find what was missed, and tell the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.calendar import PERIODS, local_date, monday_of, slot_on
from planner.domain.notices import NoticeKind
from planner.domain.vocabulary import AuditAction
from planner.jobs import runs
from planner.jobs.job import Job, Result, days_between, first_day
from planner.services import audit, board, notices
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


def due_slots(campaign: CampaignView, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the end of grace of every slot."""
    grace = timedelta(minutes=campaign.settings.grace_minutes)
    for day in days_between(after - grace - timedelta(days=1), until):
        for period in PERIODS:
            over_at = slot_on(day, period, campaign.settings).ends_at + grace
            if after < over_at <= until:
                yield over_at


def act(session: Session, actor: Actor, campaign: CampaignView, due_at: datetime, at: datetime) -> Result:
    """Count what is missed in the week the slot was in; the state itself is computed, so there is nothing to mark.

    After an outage over a Sunday night the slots merged into this one were in the week before: that is looked at, too.
    """
    grace = timedelta(minutes=campaign.settings.grace_minutes)
    slots = [due_at, *runs.merged_before(session, JOB.name, campaign.id, due_at)]
    *earlier, latest = (_look(session, actor, campaign, monday, at) for monday in sorted({_week_of(s, grace) for s in slots}))
    return latest | ({"earlier": earlier} if earlier else {})


def _week_of(due_at: datetime, grace: timedelta) -> date:
    return monday_of(local_date(due_at - grace))


def _look(session: Session, actor: Actor, campaign: CampaignView, monday: date, at: datetime) -> Result:
    """Tell the desk when a shift's visits have come to be missed, not again because they still are."""
    missed = board.missed(session, actor, monday, at)
    result: Result = {"monday": monday.isoformat(), "missed": len(missed)}
    if not missed:
        return result
    audit.record(session, actor, AuditAction.MISSED_FOUND, "campaign", campaign.id, at, after=result)
    over = [(row.on_date, row.period.value) for row in missed if row.why == "shift_over"]
    if over:
        on_date, period = max(over, key=lambda slot: (slot[0], "SCT".index(slot[1])))
        notices.tell(
            session, notices.desk(session, campaign.commune_id), NoticeKind.MISSED_FOUND,
            {"monday": monday, "missed": len(missed)}, f"missed:{on_date}:{period}", at,
        )  # fmt: skip
    return result


JOB = Job("missed", due_slots, act, since=first_day, title=("Tìm lượt bỏ lỡ", "Find the missed"))
