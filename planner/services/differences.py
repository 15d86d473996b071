"""What publishing a draft would change of the week in force, and why: shown before anybody says yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import WeekState
from planner.models import WeekPlan
from planner.services import reasons, scope
from planner.services.actors import Actor
from planner.services.comparing import Comparison, PlannedVisit, compare, planned_visits
from planner.services.states import is_kept, visits_of

SHOWN_CHANGES = 200


@dataclass(frozen=True)
class ChangeLine:
    """One promise that differs: where it stood, where it would stand, and why (a code of `services.reasons`)."""

    household_id: int
    reason: str
    before: PlannedVisit | None
    after: PlannedVisit | None

    @property
    def kind(self) -> str:
        """``moved``, ``added`` or ``withdrawn``."""
        if self.before is None:
            return "added"
        return "withdrawn" if self.after is None else "moved"


@dataclass(frozen=True)
class Difference:
    """What publishing a draft would change of the week in force. `lines` are the first of the changes."""

    week_plan_id: int
    base_id: int | None
    base_version: int | None
    base_revision: int | None
    kept: int
    moved: int
    added: int
    withdrawn: int
    lines: tuple[ChangeLine, ...] = ()


def in_force(session: Session, campaign_id: int, monday: date) -> WeekPlan | None:
    """Return the published revision of a week."""
    return session.scalar(
        select(WeekPlan).where(
            WeekPlan.campaign_id == campaign_id, WeekPlan.monday == monday, WeekPlan.state == WeekState.PUBLISHED
        )
    )


def of_draft(session: Session, actor: Actor, week_plan_id: int, shown: int = SHOWN_CHANGES) -> Difference:
    """Return what publishing this draft would change of the week now in force."""
    draft = scope.get_week_plan(session, actor, week_plan_id)
    base = in_force(session, draft.campaign_id, draft.monday)
    result = compare_to_base(session, draft, base)
    lines: list[ChangeLine] = []
    if base is not None:
        grounds = reasons.grounds_of(session, actor.commune_id, draft)
        lines += [ChangeLine(n.household_id, reasons.why_changed(grounds, o, n), o, n) for o, n in result.moved]
        lines += [ChangeLine(n.household_id, reasons.ADDED, None, n) for n in result.added]
        lines += [ChangeLine(o.household_id, reasons.why_changed(grounds, o, None), o, None) for o in result.withdrawn]
    return Difference(
        draft.id,
        base.id if base else None,
        base.version if base else None,
        base.revision if base else None,
        len(result.kept),
        len(result.moved),
        len(result.added),
        len(result.withdrawn),
        tuple(lines[:shown]),
    )


def compare_to_base(session: Session, draft: WeekPlan, base: WeekPlan | None, since: datetime | None = None) -> Comparison:
    """Compare a draft with the week in force.

    What had begun when the draft was made (or at `since`) stands as it is; of it only a promise nobody kept counts as
    moved, namely to the visit that makes up for it.
    """
    since = since or draft.made_at
    old = planned_visits(session, base.id) if base else []
    new = planned_visits(session, draft.id)
    wanted = {visit.household_id for visit in new}
    begun = [p for p in old if p.shift_starts_at <= since and p.household_id in wanted]
    visited = visits_of(session, {p.household_id for p in begun})
    open_still = [p for p in begun if not is_kept(p, visited)]
    result = compare([p for p in old if p.shift_starts_at > since] + open_still, new)
    # A missed promise that nothing makes up for stays missed; it is not withdrawn.
    return Comparison(result.kept, result.moved, result.added, tuple(p for p in result.withdrawn if p.shift_starts_at > since))
