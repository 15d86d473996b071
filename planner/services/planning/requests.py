"""Asking for a plan run, and throwing a draft away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.domain.errors import Conflict, InvalidInput
from planner.domain.vocabulary import AuditAction, RunKind, RunState, WeekState
from planner.models import Campaign, PlanRun
from planner.services import audit, campaigns, learning, scope
from planner.services.actors import Actor
from planner.services.planning.lifecycle import LIVE

LONGEST_RUN_SECONDS = 3600
MOST_CHOSEN = 20_000
KNOWN = ("time_limit_seconds", "iterations", "threads", "seed", "household_ids")


def request_draft(
    session: Session, actor: Actor, monday: date, kind: RunKind, parameters: Mapping[str, Any], at: datetime
) -> int:
    """Write down that a week is to be drafted (or re-planned) and return the run's id; nothing is computed here.

    Parameters
    ----------
    monday
        First day of the week.
    parameters
        Any of ``time_limit_seconds``, ``iterations``, ``threads``, ``seed``, ``household_ids``.

    Raises
    ------
    InvalidInput, Conflict
        ``not_a_monday``, ``week_over``, ``week_outside_campaign``, ``run_parameter_wrong``; ``run_in_progress``.
    """
    actor.require_desk()
    campaign = campaigns.active(session, actor)
    if monday.weekday() != 0:
        raise InvalidInput("not_a_monday", field="monday", monday=monday)
    if monday + timedelta(days=7) <= local_date(at):
        raise InvalidInput("week_over", field="monday", monday=monday)
    if monday > campaign.ends_on or monday + timedelta(days=6) < campaign.starts_on:
        raise InvalidInput(
            "week_outside_campaign", field="monday", monday=monday, starts_on=campaign.starts_on, ends_on=campaign.ends_on
        )
    wanted = {"time_limit_seconds": campaign.settings.solver_seconds, **_checked(parameters)}
    if campaign.settings.learning:
        wanted["learned_table"] = learning.latest_id(session, campaign.id)  # whatever is learned later: this run is made with it
    wanted["asked_by"] = actor.label  # the audit entry of a draft names who asked, also where that is no user
    seed = int(wanted.pop("seed", campaign.settings.solver_seed))
    session.get(Campaign, campaign.id, with_for_update=True)  # two clicks at once must not start two runs
    busy = session.scalar(
        select(PlanRun.id).where(PlanRun.campaign_id == campaign.id, PlanRun.monday == monday, PlanRun.state.in_(LIVE)).limit(1)
    )
    if busy is not None:
        raise Conflict("run_in_progress", run_id=busy)
    run = PlanRun(
        campaign_id=campaign.id, monday=monday, kind=kind, state=RunState.QUEUED, requested_by_id=actor.user_id,
        requested_at=at, alive_at=at, parameters=wanted, seed=seed, progress={"fraction": 0.0, "stage": "waiting"},
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run.id


def _checked(parameters: Mapping[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in parameters.items() if value is not None}
    limits = {
        "time_limit_seconds": (1, LONGEST_RUN_SECONDS), "iterations": (0, 10**9), "threads": (1, 64), "seed": (0, 2**31 - 1),
    }  # fmt: skip
    for key, value in given.items():
        if key == "household_ids":
            if not isinstance(value, list) or not all(isinstance(h, int) for h in value) or len(value) > MOST_CHOSEN:
                raise InvalidInput("run_parameter_wrong", field=key)
            continue
        if key not in KNOWN:
            raise InvalidInput("run_parameter_wrong", field=key)
        low, high = limits[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise InvalidInput("run_parameter_wrong", field=key, low=low, high=high)
    return given


def discard_draft(session: Session, actor: Actor, week_plan_id: int, at: datetime) -> None:
    """Put a draft away; its rows stay, nobody can publish it any more."""
    actor.require_desk()
    draft = scope.get_week_plan(session, actor, week_plan_id)
    if draft.state is not WeekState.DRAFT:
        raise Conflict("draft_not_open", state=draft.state.value)
    draft.state = WeekState.DISCARDED
    audit.record(
        session, actor, AuditAction.DRAFT_DISCARDED, "week_plan", draft.id, at,
        before={"monday": draft.monday.isoformat(), "revision": draft.revision},
    )  # fmt: skip
    session.flush()
