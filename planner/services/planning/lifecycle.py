"""The life of a plan run's row: asked for, won by one process, kept alive, ended once. Every step is a conditional update."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict
from planner.domain.quality import better_by_percent
from planner.domain.vocabulary import AuditAction, RunKind, RunState
from planner.models import Campaign, PlanRun
from planner.models.base import Database
from planner.services import audit, scope
from planner.services.actors import Actor
from planner.services.notices import drafts
from planner.services.sequences import changed_rows

LIVE = (RunState.QUEUED, RunState.RUNNING)
SILENT_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class RunView:
    """A plan run as a page or a program shows it. `fraction` is 0 to 1; `total` and `bound` are milli-points.

    `better_by_percent` is by how much any plan could be better at most, None while nothing is proven.
    """

    id: int
    monday: date
    kind: RunKind
    state: RunState
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    fraction: float
    stage: str
    total: int | None
    bound: int | None
    better_by_percent: float | None
    seed: int
    parameters: dict[str, Any]
    input_digest: str
    versions: dict[str, str]
    duration_ms: int | None
    error_code: str
    error_facts: dict[str, Any]
    notes: dict[str, Any]
    week_plan_id: int | None
    cancelling: bool

    @property
    def live(self) -> bool:
        """Whether it is still waiting or at work."""
        return self.state in LIVE


def run_view(session: Session, actor: Actor, run_id: int) -> RunView:
    """Return a run of the actor's commune."""
    return view_of(scope.get_plan_run(session, actor, run_id))


def runs(session: Session, actor: Actor, monday: date, limit: int = 20) -> tuple[RunView, ...]:
    """Return the latest runs of a week, newest first."""
    rows = session.scalars(
        select(PlanRun)
        .join(Campaign, Campaign.id == PlanRun.campaign_id)
        .where(Campaign.commune_id == actor.commune_id, PlanRun.monday == monday)
        .order_by(PlanRun.id.desc())
        .limit(limit)
    )
    return tuple(view_of(row) for row in rows)


def view_of(run: PlanRun) -> RunView:
    """Return the view of a run's row."""
    progress = run.progress or {}
    total = run.total if run.total is not None else progress.get("total")
    bound = run.bound if run.bound is not None else progress.get("bound")
    return RunView(
        id=run.id, monday=run.monday, kind=run.kind, state=run.state, requested_at=run.requested_at, started_at=run.started_at,
        finished_at=run.finished_at, fraction=float(progress.get("fraction", 0.0)), stage=str(progress.get("stage") or "waiting"),
        total=total, bound=bound, better_by_percent=better_by_percent(total, bound),
        seed=run.seed, parameters=dict(run.parameters), input_digest=run.input_digest, versions=dict(run.versions),
        duration_ms=run.duration_ms, error_code=run.error_code, error_facts=dict(run.error_facts),
        notes=dict(progress.get("notes", {})), week_plan_id=run.week_plan_id, cancelling=run.cancel_at is not None,
    )  # fmt: skip


def cancel(session: Session, actor: Actor, run_id: int, at: datetime) -> RunView:
    """Ask a run to stop. A waiting one ends at once, a running one as soon as its process hears of it."""
    run = scope.get_plan_run(session, actor, run_id)
    if run.state not in LIVE:
        raise Conflict("run_already_ended", state=run.state.value)
    if run.cancel_at is None:
        run.cancel_at = at
        audit.record(session, actor, AuditAction.RUN_CANCELLED, "plan_run", run.id, at, after={"monday": run.monday.isoformat()})
    session.flush()
    waiting = update(PlanRun).where(PlanRun.id == run.id, PlanRun.state == RunState.QUEUED)
    changed_rows(session, waiting.values(state=RunState.CANCELLED, finished_at=at))
    session.refresh(run)
    return view_of(run)


def claim(db: Database, run_id: int, at: datetime) -> None:
    """Win a waiting run for this process, or raise Conflict: two processes never compute one run."""
    with db.begin() as session:
        won = changed_rows(
            session,
            update(PlanRun)
            .where(PlanRun.id == run_id, PlanRun.state == RunState.QUEUED)
            .values(state=RunState.RUNNING, started_at=at, alive_at=at, progress={"fraction": 0.0, "stage": "building"}),
        )
        if won != 1:
            raise Conflict("run_not_waiting", run_id=run_id)


def beat(db: Database, run_id: int, at: datetime, progress: dict[str, Any] | None = None) -> bool:
    """Say that the run is alive. True where it shall stop: someone cancelled it, or it was given up as lost."""
    with db.begin() as session:
        values: dict[str, Any] = {"alive_at": at}
        if progress is not None:
            values["progress"] = progress
        alive = changed_rows(session, update(PlanRun).where(PlanRun.id == run_id, PlanRun.state.in_(LIVE)).values(**values))
        cancel_at = session.scalar(select(PlanRun.cancel_at).where(PlanRun.id == run_id))
        return alive != 1 or cancel_at is not None


def end(db: Database, run_id: int, state: RunState, at: datetime, **values: Any) -> bool:
    """End a run that is still live; False where it had ended already."""
    with db.begin() as session:
        live = update(PlanRun).where(PlanRun.id == run_id, PlanRun.state.in_(LIVE))
        ended = changed_rows(session, live.values(state=state, finished_at=at, **values)) == 1
        if ended and state is RunState.FAILED:
            drafts.failed(session, run_id, at)
        return ended


def sweep(db: Database, at: datetime) -> int:
    """Mark as lost every run whose process has been silent for a minute. Returns how many."""
    silent = (PlanRun.state.in_(LIVE), PlanRun.alive_at < at - SILENT_AFTER)
    with db.read() as session:
        if session.scalar(select(PlanRun.id).where(*silent).limit(1)) is None:
            return 0  # the usual case takes no write lock
    with db.begin() as session:
        lost = session.scalars(
            update(PlanRun)
            .where(*silent)
            .values(state=RunState.LOST, finished_at=at, error_code="run_lost", error_facts={})
            .returning(PlanRun.id)
            .execution_options(synchronize_session=False)
        ).all()
        for run_id in lost:
            drafts.failed(session, run_id, at)
        return len(lost)
