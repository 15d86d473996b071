"""Where the campaign's indicators stand: every figure a sum over rows, none typed in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from planner.domain import indicators
from planner.domain.calendar import local_date
from planner.domain.indicators import Counted, Measured
from planner.domain.vocabulary import NeedState
from planner.models import AuditEntry, Household, Indicator, Need, Resident, Service
from planner.services import campaigns, facts
from planner.services.actors import Actor


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

    @property
    def needs_officials(self) -> bool:
        """Nobody can tell, because there is no list of officials."""
        return self.measured.percent is None and self.denominator in indicators.OF_OFFICIALS

    @property
    def exceeds(self) -> bool:
        """More was counted than there is said to be: the given denominator is wrong or out of date."""
        return self.measured.percent is not None and self.measured.percent > 100

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


def standing(session: Session, actor: Actor, at: datetime) -> Standing:
    """Return where the campaign stands today."""
    campaign = campaigns.active(session, actor)
    found = counts(session, actor, at)
    rows = session.scalars(
        select(Indicator).where(Indicator.campaign_id == campaign.id, Indicator.active).order_by(Indicator.position)
    )
    states = dict(
        session.execute(
            select(Need.state, func.count())
            .join(Service, Service.id == Need.service_id)
            .where(Service.campaign_id == campaign.id, or_(Service.active, Need.state == NeedState.DONE))
            .group_by(Need.state)
        ).all()
    )
    households = select(func.count(Household.id)).where(Household.commune_id == actor.commune_id, Household.left_at.is_(None))
    return Standing(
        households=session.scalar(households) or 0,
        residents=found["residents"],
        needs_done=states.get(NeedState.DONE, 0),
        needs_waiting=states.get(NeedState.SUBMITTED, 0) + states.get(NeedState.REFERRED, 0),
        needs_open=states.get(NeedState.OPEN, 0) + states.get(NeedState.REJECTED, 0),
        targets=tuple(
            Target(
                row.code, row.name_vi, row.name_en, row.target_percent,
                indicators.measure(row.numerator, row.denominator, row.target_percent, found, row.denominator_value),
                row.source, row.denominator, row.denominator_source, row.as_of_on,
            )
            for row in rows
        ),
    )  # fmt: skip


# The last counts of each commune of each database, with the latest audit entry and the day they were counted at: every
# write leaves an entry, so its id says whether they still hold.
_KEPT: dict[tuple[str, int], tuple[tuple[int, date], dict[str, int]]] = {}


def counts(session: Session, actor: Actor, at: datetime) -> dict[str, int]:
    """Return the commune's counts; a large one takes a second to count, so they are kept until something changes."""
    place = str(session.get_bind().engine.url), actor.commune_id
    latest = session.scalar(select(func.max(AuditEntry.id)).where(AuditEntry.commune_id == actor.commune_id)) or 0
    stamp = latest, local_date(at)
    kept = _KEPT.get(place)
    if kept is None or kept[0] != stamp:
        kept = _KEPT[place] = stamp, _count(session, actor, at)
    return kept[1]


def _count(session: Session, actor: Actor, at: datetime) -> dict[str, int]:
    campaign = campaigns.active(session, actor)
    codes = {service.id: service.code for service in campaign.services}
    needs: dict[int, dict[str, NeedState]] = defaultdict(dict)
    for resident_id, service_id, state in session.execute(
        select(Need.resident_id, Need.service_id, Need.state).where(Need.service_id.in_(list(codes)))
    ):
        needs[resident_id][codes[service_id]] = state
    people = session.execute(
        select(Resident.id, Resident.household_id, Resident.official_of, *facts.COLUMNS)
        .join(Household, Household.id == Resident.household_id)
        .where(Resident.commune_id == actor.commune_id, Resident.left_at.is_(None), Household.left_at.is_(None))
    )
    counted = (
        Counted(facts.of_row(known), needs.get(resident_id, {}), household_id, bool(official_of))
        for resident_id, household_id, official_of, *known in people
    )
    return indicators.count(counted, local_date(at), campaign.settings)
