"""Where the campaign's indicators stand: every figure a sum over rows, none typed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import indicators, tally
from planner.domain.calendar import local_date
from planner.domain.indicators import Measured
from planner.models import Indicator
from planner.services import campaigns, tallies
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


@dataclass(frozen=True)
class Target:
    """An indicator and where it stands. `source` is the requirement's.

    `denominator_source` and `as_of_on` tell where a given denominator comes from; they are empty for one that is counted
    from the roster, today.
    """

    code: str
    name_vi: str
    name_en: str
    target_percent: float
    measured: Measured
    source: str
    denominator: str
    denominator_source: str
    as_of_on: date | None
    numerator: str = ""

    @property
    def needs_officials(self) -> bool:
        """Nobody can tell, because there is no list of officials."""
        return self.measured.percent is None and self.denominator in indicators.OF_OFFICIALS

    @property
    def exceeds(self) -> bool:
        """More was counted than there is said to be: the given denominator is wrong or out of date; a quota may be exceeded."""
        return self.measured.percent is not None and self.measured.percent > 100 and self.denominator != "quota"

    def name(self, lang: str) -> str:
        return self.name_en if lang == "en" else self.name_vi


@dataclass(frozen=True)
class Standing:
    """The campaign at a glance; counts only, no one is named."""

    households: int
    residents: int
    needs_done: int
    needs_waiting: int
    needs_open: int
    targets: tuple[Target, ...]


def standing(session: Session, actor: Actor, at: datetime, found: Mapping[str, int] | None = None) -> Standing:
    """Return where the campaign stands today; `found`: its counts, where the caller has them."""
    return standing_of(session, campaigns.active(session, actor), counts(session, actor, at) if found is None else found)


def standing_of(session: Session, campaign: CampaignView, found: Mapping[str, int]) -> Standing:
    """Return where the campaign stands by counts that hold all its indicators ask for."""
    return Standing(
        found["households"], found["residents"], found["needs_done"], found["needs_waiting"], found["needs_open"],
        tuple(
            Target(
                row.code, row.name_vi, row.name_en, row.target_percent,
                indicators.measure(row.numerator, row.denominator, row.target_percent, found, row.denominator_value),
                row.source, row.denominator, row.denominator_source, row.as_of_on, row.numerator,
            )
            for row in indicator_rows(session, campaign)
        ),
    )  # fmt: skip


def indicator_rows(session: Session, campaign: CampaignView) -> tuple[Indicator, ...]:
    """Return the indicators that are reported, in their order."""
    return tuple(
        session.scalars(
            select(Indicator).where(Indicator.campaign_id == campaign.id, Indicator.active).order_by(Indicator.position)
        )
    )


def counts(session: Session, actor: Actor, at: datetime) -> dict[str, int]:
    """Return the commune's counts."""
    campaign = campaigns.active(session, actor)
    found = tallies.sums(session, campaign, tally.SUMMED, local_date(at))
    return tally.with_quota(tallies.total(found, tally.SUMMED), campaign.settings)
