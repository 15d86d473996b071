"""The same figures by hamlet and outreach group, in the commune's own order: no ranking."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from planner.domain import indicators, tally
from planner.domain.calendar import local_date
from planner.domain.indicators import Measured
from planner.domain.vocabulary import OutreachGroup, Role
from planner.models import Hamlet
from planner.services import campaigns, scope, tallies, targets
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.progress.overview import asked_for
from planner.services.targets import Target

SHOWN = ("households", "residents", "attempts", *tally.OF_HELP, "households_visited", "households_helped")


class By(StrEnum):
    HAMLET = "hamlet"
    GROUP = "group"


@dataclass(frozen=True)
class Row:
    """A part of the commune. `key`: a hamlet's id or a group's number; None: households with nothing to call for."""

    key: int | None
    name: str
    counts: Mapping[str, int]
    measured: tuple[Measured, ...]


@dataclass(frozen=True)
class Breakdown:
    """Parts whose figures add up to those of the whole."""

    by: By
    targets: tuple[Target, ...]
    rows: tuple[Row, ...]
    whole: Row


def breakdown(session: Session, actor: Actor, by: By, at: datetime) -> Breakdown:
    """Return all figures by hamlet or group."""
    actor.require(Role.DESK, Role.VIEWER)
    campaign = campaigns.active(session, actor)
    names = asked_for(session, campaign)
    found = tallies.sums(session, campaign, names, local_date(at))
    whole = tally.with_quota(tallies.total(found, names), campaign.settings)
    standing = targets.standing_of(session, campaign, whole)
    parts: dict[int | None, Counter[str]] = defaultdict(Counter)
    for (hamlet_id, group), counts in found.items():
        parts[hamlet_id if by is By.HAMLET else group].update(counts)
    rows = tuple(
        Row(key, name, _shown(parts[key]), _measured(standing.targets, parts[key], campaign))
        for key, name in _names(session, actor, by)
        if key in parts and any(parts[key].values())
    )
    return Breakdown(by, standing.targets, rows, Row(None, "", _shown(whole), tuple(t.measured for t in standing.targets)))


def _names(session: Session, actor: Actor, by: By) -> list[tuple[int | None, str]]:
    if by is By.GROUP:
        return [*((int(group), "") for group in OutreachGroup), (None, "")]
    return [(hamlet.id, hamlet.name) for hamlet in session.scalars(scope.hamlets(actor).order_by(Hamlet.position, Hamlet.id))]


def _shown(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts.get(name, 0) for name in SHOWN}


def _measured(found: Sequence[Target], counts: Mapping[str, int], campaign: CampaignView) -> tuple[Measured, ...]:
    known = tally.with_quota(counts, campaign.settings)
    return tuple(indicators.measure(t.numerator, t.denominator, t.target_percent, known) for t in found)
