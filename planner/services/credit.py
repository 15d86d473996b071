"""Which visits count, and with which needs they are credited: one rule for every figure, page and print.

A visit counts where no later report corrects it. It is credited with a need that is done by now where it finished it, sent it
in, or sent its resident to the police. The campaign has brought about what a visit is credited with, and what the desk noted as
done; what a newer roster tells of people nobody helped is not its work.
"""

from __future__ import annotations

from datetime import time
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from planner.domain.calendar import instant
from planner.domain.vocabulary import AuditAction, NeedResult, NeedState, Outcome
from planner.models import AuditEntry, Need, Visit, VisitResult
from planner.services.campaigns import CampaignView

# What of a visit may have led to a need that is done by now: approved by the register or the police since, too.
LED_TO_DONE = (NeedResult.DONE, NeedResult.SUBMITTED, NeedResult.REFERRED)


def stands() -> ColumnElement[bool]:
    """Return the condition that no later report corrects a visit."""
    return Visit.id.not_in(select(Visit.corrects_id).where(Visit.corrects_id.is_not(None)))


def since_start(campaign: CampaignView) -> ColumnElement[bool]:
    """Return the condition that a visit is of none of the campaigns before: by the server's clock, as phones' go wrong."""
    return Visit.received_at >= instant(campaign.starts_on, time())


def brought_about() -> ColumnElement[bool]:
    """Return the condition that a need, once it is done, is the campaign's work: a visit led to it, or the desk noted it."""
    noted = select(AuditEntry.id).where(
        AuditEntry.action == AuditAction.NEED_SETTLED, AuditEntry.subject == "need", AuditEntry.subject_id == Need.id,
        AuditEntry.after["state"].as_string() == NeedState.DONE.value,
    )  # fmt: skip
    return or_(led_to_done(VisitResult.id).where(VisitResult.need_id == Need.id).exists(), noted.exists())


def led_to_done(*columns: Any) -> Any:
    """Return a query of the needs, done by now or not, that visits finished or set on their way."""
    return (
        select(*columns)
        .select_from(VisitResult)
        .join(Visit, Visit.id == VisitResult.visit_id)
        .where(stands(), VisitResult.result.in_(LED_TO_DONE))
    )


def results(campaign: CampaignView, *columns: Any) -> Any:
    """Return a query of what visits did for needs of the campaign that are done by now."""
    services = [service.id for service in campaign.services]
    # Plus nought: nearly all needs are the campaign's, and a database that began with their index would read every one of them.
    ours = (Need.service_id + 0).in_(services)
    return led_to_done(*columns).join(Need, Need.id == VisitResult.need_id).where(Need.state == NeedState.DONE, ours)


def attempts(campaign: CampaignView, *columns: Any) -> Any:
    """Return a query of the campaign's visits that count as attempts: they stand, and the crew got to the door."""
    return select(*columns).select_from(Visit).where(stands(), since_start(campaign), Visit.outcome != Outcome.NOT_REACHED)
