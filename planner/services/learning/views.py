"""The learned table as the desk looks at it: each figure with where it comes from and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.learning.beliefs import NOTHING, Belief, Count
from planner.domain.learning.lengths import Lengths
from planner.domain.learning.table import LearnedTable
from planner.domain.vocabulary import MeetKind, SlotClass
from planner.models import ChanceOverrule, Hamlet, User
from planner.services import campaigns, scope
from planner.services.actors import Actor
from planner.services.learning.tables import begun, from_json, latest_row

SURE = 0.8  # how much of what is possible an interval covers


@dataclass(frozen=True)
class Overruled:
    """A figure set by hand, and by whom. `everywhere`: for all hamlets, not for this one."""

    id: int
    percent: int
    note: str
    made_at: datetime
    made_by: str
    everywhere: bool


@dataclass(frozen=True)
class RateView:
    """A chance: learned, from how many tries, between what it lies, and what was assumed. Chances are 0 to 1."""

    chance: float
    low: float
    high: float
    fixed: float
    count: Count


@dataclass(frozen=True)
class CellView:
    """A cell of the heat map. `rate.count` is the hamlet's own where one is chosen; `all_hamlets` are the counts of all.

    `planned` is what the plan counts with: `overruled` where the desk set it.
    """

    kind: MeetKind
    slot_class: SlotClass
    planned: float
    rate: RateView
    all_hamlets: Count
    overruled: Overruled | None


@dataclass(frozen=True)
class HeatMap:
    """All that the campaign has learned. `made_at` None: nothing yet, the figures are the assumptions."""

    learning: bool
    made_at: datetime | None
    hamlet_id: int | None
    hamlets: tuple[tuple[int, str], ...]
    cells: Mapping[tuple[MeetKind, SlotClass], CellView]
    services: Mapping[str, RateView]
    promise: RateView
    lengths: Lengths
    knocks: int


def heat_map(session: Session, actor: Actor, hamlet_id: int | None = None) -> HeatMap:
    """Return the table of the active campaign, of one hamlet or of all together.

    Raises
    ------
    NotFound
        A hamlet that is not the actor's.
    """
    actor.require_desk()
    campaign = campaigns.active(session, actor)
    hamlets = tuple((h.id, h.name) for h in session.scalars(scope.hamlets(actor).order_by(Hamlet.position, Hamlet.id)))
    if hamlet_id is not None and hamlet_id not in dict(hamlets):
        raise scope.missing("hamlet")
    row = latest_row(session, campaign.id)
    table = from_json(row.figures, row.parameters) if row else begun(campaign.settings)
    by_hand = _by_hand(session, campaign.id)
    cells = {
        (kind, slot_class): _cell(table, kind, slot_class, hamlet_id, by_hand) for kind in MeetKind for slot_class in SlotClass
    }
    services = {
        key: _rate(table.success(key), assumed, table.counts.services.get(key, NOTHING))
        for key, assumed in table.prior.success.items()
    }
    return HeatMap(
        campaign.settings.learning, row.made_at if row else None, hamlet_id, hamlets, cells, services,
        _rate(table.promise, table.prior.promise, table.counts.promises), table.lengths,
        sum(count.tried for count in table.counts.doors.values()),
    )  # fmt: skip


def _cell(
    table: LearnedTable,
    kind: MeetKind,
    slot_class: SlotClass,
    hamlet_id: int | None,
    by_hand: Mapping[tuple[MeetKind, SlotClass, int | None], Overruled],
) -> CellView:
    pooled = table.pooled_counts.get((kind, slot_class), NOTHING)
    own = pooled if hamlet_id is None else table.counts.doors.get((kind, slot_class, hamlet_id), NOTHING)
    rate = _rate(table.believed(kind, slot_class, hamlet_id), table.fixed(kind, slot_class), own)
    set_by = by_hand.get((kind, slot_class, hamlet_id)) or by_hand.get((kind, slot_class, None))
    return CellView(kind, slot_class, table.chance(kind, slot_class, hamlet_id), rate, pooled, set_by)


def _rate(belief: Belief, fixed: float, count: Count) -> RateView:
    low, high = belief.interval(SURE)
    return RateView(belief.mean, low, high, fixed, count)


def _by_hand(session: Session, campaign_id: int) -> dict[tuple[MeetKind, SlotClass, int | None], Overruled]:
    rows = session.execute(
        select(ChanceOverrule, User.name)
        .outerjoin(User, User.id == ChanceOverrule.made_by_id)
        .where(ChanceOverrule.campaign_id == campaign_id, ChanceOverrule.removed_at.is_(None))
    )
    return {
        (row.kind, row.slot_class, row.hamlet_id): Overruled(
            row.id, row.percent, row.note, row.made_at, name or "", row.hamlet_id is None
        )
        for row, name in rows
    }  # fmt: skip
