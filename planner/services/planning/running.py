"""A plan run from its claim to its end: read, compute elsewhere, store guarded. Whatever happens, its row says what."""

from __future__ import annotations

import gzip
import json
import logging
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.defects import log_defect
from planner.domain.errors import PlannerError
from planner.domain.vocabulary import AuditAction, RunKind, RunState
from planner.models import Campaign, PlanRun, User
from planner.models.base import Database
from planner.services import audit
from planner.services.actors import Actor
from planner.services.bridge import WeekProblem, build, scope_of
from planner.services.notices import drafts
from planner.services.planning import lifecycle, storing
from planner.services.planning.lifecycle import RunView
from planner.services.solving import ChildEngine, Engine, Solved, SolvingFailed

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Progress = Callable[[dict[str, Any]], None]

BEAT_SECONDS = 2.0


class _Cancelled(Exception):
    """Someone asked the run to stop, or gave it up as lost."""


def run_now(
    db: Database,
    run_id: int,
    clock: Clock,
    on_progress: Progress | None = None,
    keep_files: Path | None = None,
    engine: Engine | None = None,
    beat_seconds: float = BEAT_SECONDS,
) -> RunView:
    """Compute a waiting run and return what became of it; blocks until its end.

    Takes short transactions of its own: one to claim, one to read, one to store, and the heartbeat's.

    Parameters
    ----------
    clock
        Tells the time of heartbeat and end.
    on_progress
        Hears ``{"fraction", "stage", "total", "bound"}``.
    keep_files
        A folder that gets ``problem.json`` and ``plan.json``.
    engine
        Where to compute; default a child process.

    Raises
    ------
    Conflict
        ``run_not_waiting``: another process has it, or it has ended.
    """
    began = time.perf_counter()
    lifecycle.claim(db, run_id, clock())
    try:
        problem, parameters = _read(db, run_id)
        _keep(keep_files, "problem.json", problem.document)
        watch = _Watch(db, run_id, clock, parameters, problem.notes, on_progress, beat_seconds)
        watch({})
        solved = (engine or ChildEngine()).solve(problem.document, parameters, watch)
        _keep(keep_files, "plan.json", solved.plan)
        if watch.stopped:
            raise _Cancelled
        _store(db, run_id, problem, solved, clock(), int(1000 * (time.perf_counter() - began)))
    except _Cancelled:
        lifecycle.end(db, run_id, RunState.CANCELLED, clock())
    except SolvingFailed as failed:
        _fail(db, run_id, clock, began, failed.code, failed.facts)
    except PlannerError as error:
        _fail(db, run_id, clock, began, error.code, error.facts)
    except KeyboardInterrupt:
        lifecycle.end(db, run_id, RunState.CANCELLED, clock())
        raise
    except Exception as error:
        log_defect(log, f"plan run {run_id} failed", error)
        _fail(db, run_id, clock, began, "run_failed", {"error": type(error).__name__})
    with db.read() as session:
        return lifecycle.view_of(session.get_one(PlanRun, run_id))


def _read(db: Database, run_id: int) -> tuple[WeekProblem, dict[str, Any]]:
    """Build the problem in a reading transaction, then keep it with the run."""
    with db.read() as session:
        run = session.get_one(PlanRun, run_id)
        problem = build(session, run, scope_of(session, run))
        parameters = {**run.parameters, "seed": run.seed}
        if run.kind is RunKind.DRAFT:  # in a steady week points say what a promise is worth, not what a visit brings
            parameters["areas"] = problem.areas
    packed = _packed(problem.document)
    with db.begin() as session:
        run = session.get_one(PlanRun, run_id)
        run.input_digest, run.problem_gz = problem.digest, packed
    return problem, parameters


class _Watch:
    """Passes progress on and keeps the run alive; called by the engine about twice a second."""

    def __init__(
        self,
        db: Database,
        run_id: int,
        clock: Clock,
        parameters: dict[str, Any],
        notes: dict[str, Any],
        on_progress: Progress | None,
        beat_seconds: float,
    ) -> None:
        self.db, self.run_id, self.clock, self.notes = db, run_id, clock, notes
        self.limit_seconds = float(parameters.get("time_limit_seconds") or 0)
        self.on_progress, self.beat_seconds = on_progress, beat_seconds
        self.stopped = False
        self._began = time.monotonic()
        self._beaten = float("-inf")

    def __call__(self, told: dict[str, Any]) -> bool:
        spent = time.monotonic() - self._began
        progress = {
            "stage": told.get("stage", "solving"),
            "fraction": round(min(0.97, spent / self.limit_seconds), 3) if self.limit_seconds else 0.5,
            "total": told.get("total"),
            "bound": told.get("bound"),
            "notes": self.notes,
        }
        if self.on_progress is not None:
            self.on_progress(progress)
        if spent - self._beaten >= self.beat_seconds:
            self._beaten = spent
            self.stopped = lifecycle.beat(self.db, self.run_id, self.clock(), progress) or self.stopped
        return self.stopped


def _store(db: Database, run_id: int, problem: WeekProblem, solved: Solved, at: datetime, duration_ms: int) -> None:
    """Write draft and run in one transaction, unless the run was cancelled or given up meanwhile."""
    packed = _packed(solved.plan)
    with db.begin() as session:
        run = session.scalars(select(PlanRun).where(PlanRun.id == run_id).with_for_update()).one()
        if run.state is not RunState.RUNNING or run.cancel_at is not None:
            raise _Cancelled
        draft = storing.store_draft(session, run, problem, solved.plan, solved.explanation, at)
        run.state, run.finished_at, run.alive_at = RunState.DONE, at, at
        run.week_plan_id = draft.id
        run.total, run.bound = solved.plan["total"], solved.plan.get("bound")
        run.duration_ms, run.versions, run.plan_gz = duration_ms, solved.versions, packed
        run.insight = {key: solved.explanation[key] for key in ("what_if", "changes") if key in solved.explanation}
        run.progress = {"fraction": 1.0, "stage": "done", "notes": problem.notes}
        run.log = _summary(problem, solved)
        drafts.ready(session, run, at)
        audit.record(
            session, _actor_of(session, run), AuditAction.WEEK_DRAFTED, "week_plan", draft.id, at,
            after={"monday": run.monday.isoformat(), "run_id": run.id, "revision": draft.revision, "total": run.total},
        )  # fmt: skip


def _actor_of(session: Session, run: PlanRun) -> Actor:
    if run.requested_by_id is not None:
        return Actor.of_user(session.get_one(User, run.requested_by_id))
    label = str(run.parameters.get("asked_by", "cli"))
    return Actor(None, session.get_one(Campaign, run.campaign_id).commune_id, None, None, label, label)


def _summary(problem: WeekProblem, solved: Solved) -> str:
    visits = sum(len(crew["visits"]) for crew in solved.plan["crews"])
    crews = sum(bool(crew["visits"]) for crew in solved.plan["crews"])
    return (
        f"{len(problem.targets)} households, {len(problem.people)} volunteers, {len(problem.slots)} slots: "
        f"{visits} visits by {crews} crews, total {solved.plan['total']}, bound {solved.plan.get('bound')}"
    )


def _fail(db: Database, run_id: int, clock: Clock, began: float, code: str, facts: dict[str, Any]) -> None:
    lifecycle.end(
        db, run_id, RunState.FAILED, clock(), error_code=code, error_facts=json.loads(json.dumps(facts, default=str)),
        duration_ms=int(1000 * (time.perf_counter() - began)),
    )  # fmt: skip


def _packed(document: dict[str, Any]) -> bytes:
    return gzip.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), compresslevel=5, mtime=0)


def _keep(folder: Path | None, name: str, document: dict[str, Any]) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
