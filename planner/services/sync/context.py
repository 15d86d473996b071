"""What all reports of one transmission share: who sends, since when, and what need be read only once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.calendar import instant
from planner.domain.vocabulary import WeekState
from planner.models import WeekPlan
from planner.services import campaigns
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


@dataclass
class Transmission:
    """One phone's sending, within one transaction.

    Parameters
    ----------
    actor
        The person on whose behalf: never another than the one who made the reports.
    at
        When it was received.
    sent_at
        What the phone's clock said on sending, where it told.
    """

    session: Session
    actor: Actor
    device_id: int | None
    client: int
    at: datetime
    sent_at: datetime | None = None
    _published: dict[date, datetime | None] = field(default_factory=dict)

    @cached_property
    def campaign(self) -> CampaignView:
        return campaigns.active(self.session, self.actor)

    @cached_property
    def campaign_began_at(self) -> datetime:
        return instant(self.campaign.starts_on, time())

    @cached_property
    def closed_mondays(self) -> frozenset[date]:
        rows = select(WeekPlan.monday).where(WeekPlan.campaign_id == self.campaign.id, WeekPlan.state == WeekState.CLOSED)
        return frozenset(self.session.scalars(rows))

    def first_published_at(self, monday: date) -> datetime | None:
        """Return when a week was first published: nobody can have gone by it before."""
        if monday not in self._published:
            self._published[monday] = self.session.scalar(
                select(func.min(WeekPlan.published_at)).where(WeekPlan.campaign_id == self.campaign.id, WeekPlan.monday == monday)
            )
        return self._published[monday]
