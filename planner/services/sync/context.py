"""What all reports of one transmission share: who sends, since when, and what need be read only once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from sqlalchemy import select
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
    paper
        List and row, where a report was typed from paper.
    """

    session: Session
    actor: Actor
    device_id: int | None
    client: int
    at: datetime
    sent_at: datetime | None = None
    paper: tuple[int, int] | None = None

    @cached_property
    def campaign(self) -> CampaignView:
        return campaigns.active(self.session, self.actor)

    @cached_property
    def campaign_began_at(self) -> datetime:
        return instant(self.campaign.starts_on, time())

    @cached_property
    def closed_mondays(self) -> frozenset[date]:
        return frozenset(monday for monday, state, _ in self._weeks if state is WeekState.CLOSED)

    def first_published_at(self, monday: date) -> datetime | None:
        """Return when a week was first published: nobody can have gone by it before."""
        return min((at for of, _, at in self._weeks if of == monday and at is not None), default=None)

    @cached_property
    def _weeks(self) -> list[tuple[date, WeekState, datetime | None]]:
        """Every revision of the campaign's weeks: a few dozen, read once for all reports."""
        rows = select(WeekPlan.monday, WeekPlan.state, WeekPlan.published_at).where(WeekPlan.campaign_id == self.campaign.id)
        return [(monday, state, at) for monday, state, at in self.session.execute(rows)]
