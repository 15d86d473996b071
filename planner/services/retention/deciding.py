"""Two people decide that residents' data are erased: one proposes on what a dry run found, another approves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from planner.domain.errors import Conflict, NotAllowed, NotFound
from planner.domain.vocabulary import AuditAction, Role
from planner.models import Campaign, Database, Erasure, User
from planner.services import audit, campaigns, targets
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.campaigns.changing import locked
from planner.services.retention.copies import cleanse
from planner.services.retention.counting import count, is_due
from planner.services.retention.erasing import erase_files, erase_rows
from planner.services.retention.ledger import note_missing

DECIDES = (Role.DESK, Role.VIEWER)


@dataclass(frozen=True)
class ErasureView:
    """A proposal and what became of it. `open`: it waits for another person's word."""

    id: int
    proposed_at: datetime
    proposed_by_id: int | None
    proposed_by: str
    found: Mapping[str, int]
    cancelled_at: datetime | None
    approved_by: str
    erased_at: datetime | None

    @property
    def open(self) -> bool:
        return self.cancelled_at is None and self.erased_at is None


def erasures(session: Session, actor: Actor) -> tuple[ErasureView, ...]:
    """Return the proposals of the commune, the latest first."""
    actor.require(*DECIDES)
    proposer, approver = aliased(User), aliased(User)
    rows = session.execute(
        select(Erasure, proposer.name, approver.name)
        .outerjoin(proposer, proposer.id == Erasure.proposed_by_id)
        .outerjoin(approver, approver.id == Erasure.approved_by_id)
        .where(Erasure.commune_id == actor.commune_id)
        .order_by(Erasure.id.desc())
    )
    return tuple(
        ErasureView(
            row.id, row.proposed_at, row.proposed_by_id, proposed or "", dict(row.found), row.cancelled_at, approved or "",
            row.erased_at,
        )
        for row, proposed, approved in rows
    )  # fmt: skip


def propose(session: Session, actor: Actor, folder: Path | None, at: datetime) -> int:
    """Propose to erase residents' data of the campaign that is over; nothing is erased yet. Returns the proposal's id.

    Raises
    ------
    NotAllowed
        ``erasure_needs_a_person``: a job or the command line is nobody who answers for it.
    Conflict
        ``erasure_too_early``, ``erasure_open_already``, ``nothing_to_erase``.
    """
    actor.require_desk()
    if actor.user_id is None:
        raise NotAllowed("erasure_needs_a_person")
    row = locked(session, actor, None)  # two proposals at once are one after the other
    campaign = campaigns.view(row)
    _check_due(campaign, at)
    if any(erasure.open for erasure in erasures(session, actor)):
        raise Conflict("erasure_open_already")
    found = count(session, actor.commune_id, folder)
    if found.nothing:
        raise Conflict("nothing_to_erase")
    made = Erasure(
        commune_id=actor.commune_id, campaign_id=campaign.id, proposed_at=at, proposed_by_id=actor.user_id, found=found.plain()
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, AuditAction.ERASURE_PROPOSED, "erasure", made.id, at, after=found.plain())
    return made.id


def _check_due(campaign: CampaignView, at: datetime) -> None:
    if not is_due(campaign, at):
        raise Conflict("erasure_too_early", days=campaign.settings.retention_days)


def cancel(session: Session, actor: Actor, erasure_id: int, at: datetime) -> None:
    """Take a proposal back; either of the two may."""
    row = _open(session, actor, erasure_id)
    row.cancelled_at = at
    audit.record(session, actor, AuditAction.ERASURE_CANCELLED, "erasure", row.id, at)
    session.flush()


def _open(session: Session, actor: Actor, erasure_id: int) -> Erasure:
    actor.require(*DECIDES)
    row = session.scalars(
        select(Erasure).where(Erasure.id == erasure_id, Erasure.commune_id == actor.commune_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("not_found", what="erasure")
    if row.cancelled_at is not None or row.erased_at is not None:
        raise Conflict("erasure_not_open")
    return row


def approve(db: Database, actor: Actor, erasure_id: int, folder: Path, at: datetime) -> None:
    """Approve another person's proposal and erase: the rows in one transaction, then files, the ledger, and what copies hold.

    What is counted is written down before, since some of it cannot be counted any more afterwards.

    Raises
    ------
    NotAllowed
        ``erasure_needs_another_person``: who proposed it does not approve it.
    Conflict
        ``erasure_not_open``, ``erasure_too_early``: the campaign was prolonged, or another one has begun.
    """
    with db.begin() as session:
        row = _open(session, actor, erasure_id)
        if actor.user_id is None or actor.user_id == row.proposed_by_id:
            raise NotAllowed("erasure_needs_another_person")
        active = campaigns.active(session, actor)
        if active.id != row.campaign_id:
            raise Conflict("erasure_too_early", days=active.settings.retention_days)
        _check_due(campaigns.view(session.get_one(Campaign, row.campaign_id)), at)
        kept: dict[str, Any] = {
            "figures": {
                t.code: [t.measured.numerator, t.measured.denominator] for t in targets.standing(session, actor, at).targets
            },
            "found": count(session, actor.commune_id, folder).plain(),
        }
        erased = erase_rows(session, actor.commune_id, at, actor.user_id)
        row = _open(session, actor, erasure_id)
        row.approved_by_id, row.erased_at, row.erased = actor.user_id, at, kept
        audit.record(session, actor, AuditAction.DATA_ERASED, "erasure", row.id, at, after=kept["found"])
    erase_files(folder, erased)
    with db.read() as session:  # from then on a copy made before this instant is out of date
        note_missing(session, folder)
    cleanse(db, actor.commune_id, folder, at)
