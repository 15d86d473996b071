"""The desk knows what no visit has shown yet: a factory's new shifts, a harvest. It sets a chance, and takes that back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.errors import InvalidInput, NotFound
from planner.domain.text import printable, squeeze
from planner.domain.vocabulary import AuditAction, MeetKind, SlotClass
from planner.models import Campaign, ChanceOverrule, Hamlet
from planner.services import audit, campaigns, scope
from planner.services.actors import Actor
from planner.services.learning.tables import restate

LONGEST_NOTE = 300


@dataclass(frozen=True)
class OverruleForm:
    """A chance set by hand. `hamlet_id` None: in all hamlets that have none of their own."""

    kind: MeetKind
    slot_class: SlotClass
    hamlet_id: int | None
    percent: int
    note: str = ""


def overrule(session: Session, actor: Actor, form: OverruleForm, at: datetime) -> int:
    """Set a chance by hand, in the place of what was set for the same cell before, and return its id.

    Raises
    ------
    InvalidInput
        ``chance_out_of_range``, ``value_too_long``.
    NotFound
        A hamlet that is not the actor's.
    """
    actor.require_desk()
    campaign = campaigns.active(session, actor)
    if not 0 <= form.percent <= 100:
        raise InvalidInput("chance_out_of_range", field="percent")
    note = squeeze(printable(form.note))
    if len(note) > LONGEST_NOTE:
        raise InvalidInput("value_too_long", field="note", longest=LONGEST_NOTE)
    if form.hamlet_id is not None:
        _hamlet(session, actor, form.hamlet_id)
    session.get(Campaign, campaign.id, with_for_update=True)  # two officers at once: one after the other
    cell = (
        ChanceOverrule.campaign_id == campaign.id, ChanceOverrule.kind == form.kind,
        ChanceOverrule.slot_class == form.slot_class, ChanceOverrule.removed_at.is_(None),
        ChanceOverrule.hamlet_id.is_(None) if form.hamlet_id is None else ChanceOverrule.hamlet_id == form.hamlet_id,
    )  # fmt: skip
    before = session.scalars(select(ChanceOverrule).where(*cell)).all()
    for row in before:
        row.removed_at = at
    made = ChanceOverrule(
        campaign_id=campaign.id, kind=form.kind, slot_class=form.slot_class, hamlet_id=form.hamlet_id, percent=form.percent,
        note=note, made_at=at, made_by_id=actor.user_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(
        session, actor, AuditAction.CHANCE_OVERRULED, "chance_overrule", made.id, at,
        before=_facts(before[0]) if before else None, after=_facts(made),
    )  # fmt: skip
    restate(session, actor, at)
    return made.id


def remove_overrule(session: Session, actor: Actor, overrule_id: int, at: datetime) -> None:
    """Take back a chance set by hand: from now on what visits show counts again."""
    actor.require_desk()
    row = session.scalar(
        select(ChanceOverrule)
        .join(Campaign, Campaign.id == ChanceOverrule.campaign_id)
        .where(
            ChanceOverrule.id == overrule_id, Campaign.commune_id == actor.commune_id, ChanceOverrule.removed_at.is_(None)
        )
    )  # fmt: skip
    if row is None:
        raise NotFound("not_found", what="chance_overrule")
    row.removed_at = at
    audit.record(session, actor, AuditAction.OVERRULE_REMOVED, "chance_overrule", row.id, at, before=_facts(row))
    session.flush()
    restate(session, actor, at)


def _hamlet(session: Session, actor: Actor, hamlet_id: int) -> None:
    if session.scalar(scope.hamlets(actor).where(Hamlet.id == hamlet_id)) is None:
        raise scope.missing("hamlet")


def _facts(row: ChanceOverrule) -> dict[str, object]:
    return {
        "kind": row.kind.value,
        "slot_class": row.slot_class.value,
        "hamlet_id": row.hamlet_id,
        "percent": row.percent,
    }
