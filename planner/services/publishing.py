"""A draft becomes the week that people go by: one transaction, and never over another planner's head."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from planner.domain.calendar import local_date
from planner.domain.errors import Conflict
from planner.domain.vocabulary import AuditAction, WeekState
from planner.models import Assignment, Campaign, ContactStop, Shift, ShiftMember, Visit, WeekPlan
from planner.services import audit, reasons, scope
from planner.services.actors import Actor
from planner.services.comparing import Comparison, planned_visits
from planner.services.differences import compare_to_base, in_force, of_draft
from planner.services.sequences import in_parts


@dataclass(frozen=True)
class Published:
    """What publishing did. `dropped` counts draft visits left out because of what happened since, by reason."""

    week_plan_id: int
    monday: date
    revision: int
    version: int
    shifts: int
    assignments: int
    kept: int
    moved: int
    added: int
    withdrawn: int
    dropped: dict[str, int] = field(default_factory=dict)


def publish(session: Session, actor: Actor, week_plan_id: int, version: int, base_version: int | None, at: datetime) -> Published:
    """Put a draft in force.

    Parameters
    ----------
    version, base_version
        Of the draft and of the week in force (None: there is none) as the person saw them.

    Raises
    ------
    Conflict
        ``week_changed`` where another revision was published since, with `facts["difference"]`; ``draft_changed``,
        ``draft_not_open``; ``draft_outdated`` where a slot that it changes has begun; ``week_over``.
    """
    actor.require_desk()
    draft = scope.get_week_plan(session, actor, week_plan_id)
    session.get(Campaign, draft.campaign_id, with_for_update=True)  # PostgreSQL: one publisher at a time, as on SQLite
    session.refresh(draft)
    base = in_force(session, draft.campaign_id, draft.monday)
    _check(session, actor, draft, base, version, base_version, at)
    dropped = _drop_settled(session, draft, base)
    _leave_begun_as_it_is(session, draft, base, at)
    result = compare_to_base(session, draft, base, at)
    grounds = reasons.grounds_of(session, actor.commune_id, draft)
    if base is not None:
        _carry_over(session, base.id, draft.id, at)
        _keep(session, draft.id, result)
        _replace(session, result, grounds, at)
    try:
        _switch(session, actor, draft, base, at)
    except (IntegrityError, StaleDataError):
        raise Conflict("week_changed", difference=None) from None
    shifts, assignments = _sizes(session, draft.id)
    done = Published(
        draft.id, draft.monday, draft.revision, draft.version, shifts, assignments, len(result.kept), len(result.moved),
        len(result.added), len(result.withdrawn), dropped,
    )  # fmt: skip
    audit.record(
        session, actor, AuditAction.WEEK_PUBLISHED, "week_plan", draft.id, at,
        before={"week_plan_id": base.id, "revision": base.revision} if base else None,
        after={
            "monday": draft.monday.isoformat(), "revision": draft.revision, "shifts": shifts, "assignments": assignments,
            "kept": done.kept, "moved": done.moved, "added": done.added, "withdrawn": done.withdrawn, "dropped": dropped,
        },
    )  # fmt: skip
    return done


def _check(
    session: Session, actor: Actor, draft: WeekPlan, base: WeekPlan | None, version: int, base_version: int | None, at: datetime
) -> None:
    if draft.state is not WeekState.DRAFT:
        raise Conflict("draft_not_open", state=draft.state.value)
    if draft.version != version:
        raise Conflict("draft_changed")
    if draft.monday + timedelta(days=7) <= local_date(at):
        raise Conflict("week_over", monday=draft.monday)
    found = (base.id, base.version) if base else (None, None)
    if found != (draft.base_id, draft.base_version) or base_version != draft.base_version:
        raise Conflict("week_changed", difference=of_draft(session, actor, draft.id))


def _drop_settled(session: Session, draft: WeekPlan, base: WeekPlan | None) -> dict[str, int]:
    """Take out of the draft whom nobody may call on any more, and who was called on while it was looked through."""
    stopped = set(
        session.scalars(
            select(ContactStop.household_id)
            .join(Assignment, Assignment.household_id == ContactStop.household_id)
            .where(Assignment.week_plan_id == draft.id, ContactStop.resident_id.is_(None), ContactStop.lifted_at.is_(None))
        )
    )
    visited = set(
        session.scalars(
            select(Visit.household_id)
            .join(Assignment, Assignment.household_id == Visit.household_id)
            .where(Assignment.week_plan_id == draft.id, Visit.received_at > draft.made_at)
        )
    )
    standing = {p.identity for p in planned_visits(session, base.id)} if base and visited else set()
    dropped: Counter[str] = Counter()
    going = []
    for promise in planned_visits(session, draft.id) if stopped or visited else []:
        if promise.household_id in stopped:
            dropped["contact_stopped"] += 1
        elif promise.household_id in visited and promise.identity not in standing:
            dropped["visited_meanwhile"] += 1
        else:
            continue
        going.append(promise.assignment_id)
    _delete_assignments(session, going)
    _delete_empty_shifts(session, draft.id)
    return dict(dropped)


def _leave_begun_as_it_is(session: Session, draft: WeekPlan, base: WeekPlan | None, at: datetime) -> None:
    """A slot that has begun since the draft was made can only stay as it was promised."""
    begun = [p for p in planned_visits(session, draft.id) if p.shift_starts_at <= at]
    standing = [p for p in (planned_visits(session, base.id) if base else []) if draft.made_at < p.shift_starts_at <= at]
    if {p.identity for p in begun} != {p.identity for p in standing}:
        slots = sorted({(p.on_date, p.period) for p in (*begun, *standing)})
        raise Conflict("draft_outdated", on_date=slots[0][0], period=slots[0][1].value)
    _delete_assignments(session, [p.assignment_id for p in begun])
    _delete_empty_shifts(session, draft.id)


def _carry_over(session: Session, base_id: int, draft_id: int, at: datetime) -> None:
    """Move the shifts that have begun, with all their promises, into the new revision."""
    begun = select(Shift.id).where(Shift.week_plan_id == base_id, Shift.starts_at <= at)
    session.execute(
        update(Assignment)
        .where(Assignment.shift_id.in_(begun))
        .values(week_plan_id=draft_id)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Shift)
        .where(Shift.week_plan_id == base_id, Shift.starts_at <= at)
        .values(week_plan_id=draft_id)
        .execution_options(synchronize_session=False)
    )


def _keep(session: Session, draft_id: int, result: Comparison) -> None:
    """Let unchanged promises keep their rows and uids: phones and printed sheets that know them stay right."""
    new = select(Assignment.id, Assignment.need_ids, Assignment.reason, Assignment.reserve)
    fresh = {
        row.id: row
        for part in in_parts([after.assignment_id for _, after in result.kept])
        for row in session.execute(new.where(Assignment.id.in_(part)))
    }
    rows = [
        {
            "id": before.assignment_id, "week_plan_id": draft_id, "shift_id": after.shift_id, "position": after.position,
            "starts_at": after.starts_at, "minutes": after.minutes, "need_ids": fresh[after.assignment_id].need_ids,
            "reason": fresh[after.assignment_id].reason, "reserve": fresh[after.assignment_id].reserve,
        }
        for before, after in result.kept
    ]  # fmt: skip
    if rows:
        session.execute(update(Assignment), rows)
    _delete_assignments(session, [after.assignment_id for _, after in result.kept])


def _replace(session: Session, result: Comparison, grounds: reasons.Grounds, at: datetime) -> None:
    going = [(before, after) for before, after in result.moved] + [(before, None) for before in result.withdrawn]
    if going:
        session.execute(
            update(Assignment),
            [
                {"id": o.assignment_id, "withdrawn_at": at, "withdrawn_reason": reasons.why_changed(grounds, o, n)}
                for o, n in going
            ],
        )
    if result.moved:
        session.execute(update(Assignment), [{"id": n.assignment_id, "replaces_id": o.assignment_id} for o, n in result.moved])


def _switch(session: Session, actor: Actor, draft: WeekPlan, base: WeekPlan | None, at: datetime) -> None:
    if base is not None:
        base.state = WeekState.SUPERSEDED
        session.flush()  # before the other: the database allows one published revision a week
    draft.state = WeekState.PUBLISHED
    draft.published_at = at
    draft.published_by_id = actor.user_id
    for other in session.scalars(
        select(WeekPlan).where(
            WeekPlan.campaign_id == draft.campaign_id,
            WeekPlan.monday == draft.monday,
            WeekPlan.state == WeekState.DRAFT,
            WeekPlan.id != draft.id,
        )
    ):
        other.state = WeekState.DISCARDED  # made from a week that is in force no more
    session.flush()


def _delete_assignments(session: Session, ids: list[int]) -> None:
    for part in in_parts(ids):
        session.execute(delete(Assignment).where(Assignment.id.in_(part)).execution_options(synchronize_session=False))


def _delete_empty_shifts(session: Session, week_plan_id: int) -> None:
    used = select(Assignment.shift_id).where(Assignment.week_plan_id == week_plan_id)
    empty = list(session.scalars(select(Shift.id).where(Shift.week_plan_id == week_plan_id, Shift.id.not_in(used))))
    for part in in_parts(empty):
        session.execute(delete(ShiftMember).where(ShiftMember.shift_id.in_(part)).execution_options(synchronize_session=False))
        session.execute(delete(Shift).where(Shift.id.in_(part)).execution_options(synchronize_session=False))


def _sizes(session: Session, week_plan_id: int) -> tuple[int, int]:
    live = planned_visits(session, week_plan_id)
    return len({p.shift_id for p in live}), len(live)
