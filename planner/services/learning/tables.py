"""Learned tables as rows: made when visits have taught something new, found again by the runs that used them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import models
from planner.domain.learning.beliefs import Count
from planner.domain.learning.knocks import Counts
from planner.domain.learning.lengths import Lengths
from planner.domain.learning.table import Chances, LearnedTable, Prior
from planner.domain.rewards import assumed_success
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import AuditAction, MeetKind, SlotClass
from planner.models import Campaign, ChanceOverrule, PlanRun
from planner.services import audit, campaigns
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.learning.evidence import evidence

Document = dict[str, Any]


@dataclass(frozen=True)
class Learned:
    """What a refresh found. `new` is False where visits have taught nothing since the table that is there."""

    table_id: int
    new: bool
    knocks: int
    shifts: int


def refresh(session: Session, actor: Actor, at: datetime) -> Learned:
    """Learn from all visits of the active campaign, and keep the table if it differs from the last."""
    actor.require_desk()
    campaign = campaigns.active(session, actor)
    counts, lengths = evidence(session, campaign)
    return _keep(session, actor, campaign, replace(begun(campaign.settings), counts=counts, lengths=lengths), at)


def restate(session: Session, actor: Actor, at: datetime) -> Learned:
    """Keep the latest table anew with what the desk has set by hand since; visits are not read again."""
    campaign = campaigns.active(session, actor)
    last = latest_row(session, campaign.id)
    table = from_json(last.figures, last.parameters) if last is not None else begun(campaign.settings)
    return _keep(session, actor, campaign, table, at)


def _keep(session: Session, actor: Actor, campaign: CampaignView, found: LearnedTable, at: datetime) -> Learned:
    table = replace(found, overrules=_by_hand(session, campaign.id))
    figures, parameters = to_json(table)
    digest = _digest(figures, parameters)
    last = latest_row(session, campaign.id)
    knocks = sum(count.tried for count in table.counts.doors.values())
    if last is not None and last.digest == digest:
        return Learned(last.id, False, knocks, table.lengths.n_shifts)
    row = models.LearnedTable(campaign_id=campaign.id, made_at=at, digest=digest, figures=figures, parameters=parameters)
    session.add(row)
    session.flush()
    audit.record(
        session, actor, AuditAction.CHANCES_LEARNED, "learned_table", row.id, at,
        after={"knocks": knocks, "shifts": table.lengths.n_shifts, "overruled": len(table.overrules)},
    )  # fmt: skip
    session.flush()
    return Learned(row.id, True, knocks, table.lengths.n_shifts)


def current(session: Session, campaign_id: int, seed: int = 0) -> Chances | None:
    """Return the latest learned chances of a campaign; None where it does not learn, or has not yet."""
    settings = CampaignSettings.from_dict(session.get_one(Campaign, campaign_id).settings)
    row = latest_row(session, campaign_id)
    if not settings.learning or row is None:
        return None
    return Chances(from_json(row.figures, row.parameters), settings.exploration, seed)


def latest_id(session: Session, campaign_id: int) -> int | None:
    """Return the id of the latest table of a campaign."""
    row = latest_row(session, campaign_id)
    return row.id if row is not None else None


def for_run(session: Session, run: PlanRun, settings: CampaignSettings) -> Chances | None:
    """Return the chances a run plans by: those of the table it noted when it was asked for. None: the settings' own.

    Before the first table the run learns from nothing, which is the assumptions: the margins and the households' own
    history hold from the first week on.
    """
    if not settings.learning:
        return None
    table_id = run.parameters.get("learned_table")
    row = session.get(models.LearnedTable, table_id) if table_id is not None else None
    table = from_json(row.figures, row.parameters) if row is not None else begun(settings)
    dice = run.seed * 1_000_000 + run.monday.toordinal()  # what is drawn differs from week to week
    return Chances(table, settings.exploration, dice)


def begun(settings: CampaignSettings) -> LearnedTable:
    """Return the table before anybody has knocked anywhere."""
    return LearnedTable(Prior.of(settings, assumed_success(settings)), lengths=Lengths(spread=settings.length_spread))


def _by_hand(session: Session, campaign_id: int) -> dict[tuple[MeetKind, SlotClass, int | None], float]:
    rows = session.scalars(
        select(ChanceOverrule)
        .where(ChanceOverrule.campaign_id == campaign_id, ChanceOverrule.removed_at.is_(None))
        .order_by(ChanceOverrule.id)
    )
    return {(row.kind, row.slot_class, row.hamlet_id): row.percent / 100 for row in rows}


def latest_row(session: Session, campaign_id: int) -> models.LearnedTable | None:
    return session.scalars(
        select(models.LearnedTable)
        .where(models.LearnedTable.campaign_id == campaign_id)
        .order_by(models.LearnedTable.id.desc())
        .limit(1)
    ).one_or_none()


def _digest(figures: Document, parameters: Document) -> str:
    canonical = json.dumps([figures, parameters], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def to_json(table: LearnedTable) -> tuple[Document, Document]:
    """Return figures and parameters of a table as its row keeps them."""
    counts, prior = table.counts, table.prior
    figures: Document = {
        "doors": sorted([kind.value, cls.value, hamlet, c.met, c.tried] for (kind, cls, hamlet), c in counts.doors.items()),
        "promises": [counts.promises.met, counts.promises.tried],
        "services": {key: [count.met, count.tried] for key, count in sorted(counts.services.items())},
        "lengths": asdict(table.lengths),
        "overrules": sorted(
            ([kind.value, cls.value, hamlet, chance] for (kind, cls, hamlet), chance in table.overrules.items()),
            key=lambda row: (row[0], row[1], row[2] or 0),
        ),
    }
    parameters: Document = {
        "meet": {kind.value: {cls.value: chance for cls, chance in row.items()} for kind, row in prior.meet.items()},
        "success": dict(sorted(prior.success.items())),
        "promise": prior.promise,
        "strength": prior.strength,
        "hamlet_strength": prior.hamlet_strength,
    }
    return figures, parameters


def from_json(figures: Mapping[str, Any], parameters: Mapping[str, Any]) -> LearnedTable:
    """Return the table of a row."""
    prior = Prior(
        {MeetKind(k): {SlotClass(c): p for c, p in row.items()} for k, row in parameters["meet"].items()},
        parameters["success"],
        parameters["promise"],
        parameters["strength"],
        parameters["hamlet_strength"],
    )
    counts = Counts(
        {(MeetKind(kind), SlotClass(cls), hamlet): Count(met, tried) for kind, cls, hamlet, met, tried in figures["doors"]},
        Count(*figures["promises"]),
        {key: Count(met, tried) for key, (met, tried) in figures["services"].items()},
    )
    by_hand = {(MeetKind(kind), SlotClass(cls), hamlet): chance for kind, cls, hamlet, chance in figures["overrules"]}
    return LearnedTable(prior, counts, Lengths(**figures["lengths"]), by_hand)
