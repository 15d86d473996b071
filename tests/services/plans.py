"""What tests of plans do again and again: have a week drafted, without a child process and without a clock."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import RunKind
from planner.models import Assignment, Database, PlanRun, Shift, ShiftMember
from planner.services import bridge, planning, publishing
from planner.services.actors import Actor
from planner.services.planning import RunView
from planner.services.solving import Engine, InlineEngine
from tests.builders import MONDAY, NOW

ROUNDS = 20


def drafted(
    db: Database,
    actor: Actor,
    at: datetime = NOW,
    monday: date = MONDAY,
    kind: RunKind = RunKind.DRAFT,
    engine: Engine | None = None,
    **parameters: Any,
) -> RunView:
    """Ask for a draft and compute it here and now."""
    with db.begin() as session:
        run_id = planning.request_draft(session, actor, monday, kind, {"iterations": ROUNDS, **parameters}, at)
    return computed(db, run_id, at, engine)


def computed(db: Database, run_id: int, at: datetime = NOW, engine: Engine | None = None) -> RunView:
    """Compute a run that waits."""
    return planning.run_now(db, run_id, lambda: at, engine=engine or InlineEngine())


def published(db: Database, actor: Actor, run: RunView, at: datetime = NOW) -> publishing.Published:
    """Publish what a run drafted."""
    assert run.week_plan_id is not None, run
    with db.begin() as session:
        head = planning.draft_head(session, actor, run.week_plan_id)
        return publishing.publish(session, actor, run.week_plan_id, head.version, head.base_version, at)


def problem_of(session: Session, actor: Actor, at: datetime = NOW, monday: date = MONDAY) -> bridge.WeekProblem:
    """Return the problem that a draft asked for now would have."""
    run_id = planning.request_draft(session, actor, monday, RunKind.DRAFT, {}, at)
    run = session.get_one(PlanRun, run_id)
    problem = bridge.build(session, run, bridge.scope_of(session, run))
    session.delete(run)
    session.flush()
    return problem


def files_of(session: Session, run_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the problem and plan kept with a run."""
    run = session.get_one(PlanRun, run_id)
    assert run.problem_gz
    assert run.plan_gz
    return json.loads(gzip.decompress(run.problem_gz)), json.loads(gzip.decompress(run.plan_gz))


def promised(session: Session, week_plan_id: int) -> dict[int, tuple[str, frozenset[int]]]:
    """Return slot and crew of each live promise of a revision, by household id."""
    rows = session.execute(
        select(Assignment.household_id, Shift.id, Shift.on_date, Shift.period)
        .join(Shift, Shift.id == Assignment.shift_id)
        .where(Assignment.week_plan_id == week_plan_id, Assignment.withdrawn_at.is_(None))
    ).all()
    crews: dict[int, set[int]] = {}
    for shift_id, volunteer_id in session.execute(select(ShiftMember.shift_id, ShiftMember.volunteer_id)):
        crews.setdefault(shift_id, set()).add(volunteer_id)
    return {row.household_id: (f"{row.on_date:%a}_{row.period.value}", frozenset(crews[row.id])) for row in rows}
