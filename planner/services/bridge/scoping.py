"""How much of a week a run may plan: what has begun stands, what is promised elsewhere is left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import AssignmentState, RunKind, WeekState
from planner.models import Assignment, Campaign, PlanRun, Shift, WeekPlan
from planner.services.bridge.problem import Scope
from planner.services.comparing import PlannedVisit, planned_visits
from planner.services.states import absences, stands, states, visits_of_week


@dataclass(frozen=True)
class Standing:
    """The week in force as a run finds it: visits still `ahead`, `missed` ones, and those going on (`due`).

    `worked`: shifts that volunteers have behind them or are in, by volunteer.
    """

    ahead: Sequence[PlannedVisit]
    missed: Sequence[PlannedVisit]
    due: Sequence[PlannedVisit]
    worked: dict[int, int]


def standing_of(session: Session, run: PlanRun, commune_id: int, settings: CampaignSettings) -> Standing:
    """Return how the week in force stands when a run is asked for."""
    base_id = session.scalar(
        select(WeekPlan.id).where(
            WeekPlan.campaign_id == run.campaign_id, WeekPlan.monday == run.monday, WeekPlan.state == WeekState.PUBLISHED
        )
    )
    if base_id is None:
        return Standing((), (), (), {})
    at = run.requested_at
    listed = planned_visits(session, base_id)
    away = absences(session, commune_id, run.monday)
    state = states(listed, visits_of_week(session, base_id), away, settings, at)
    # A crew that did not go out has cost nobody one of the evenings they offered.
    begun = {(v.shift_id, member) for v in listed if v.shift_starts_at <= at and stands(v, away, settings) for member in v.crew}
    return Standing(
        ahead=[v for v in listed if v.shift_starts_at > at and state[v.assignment_id] is not AssignmentState.DONE],
        missed=[v for v in listed if state[v.assignment_id] is AssignmentState.MISSED],
        due=[v for v in listed if state[v.assignment_id] is AssignmentState.DUE],
        worked=dict(Counter(member for _, member in begun)),
    )


def scope_of(session: Session, run: PlanRun) -> Scope:
    """Return what a run may plan.

    A draft plans for everyone in need in the slots still ahead. A reassignment plans only for the chosen households, by
    default all that are missed, and changes what is promised as little as it can.
    """
    campaign = session.get_one(Campaign, run.campaign_id)
    settings = CampaignSettings.from_dict(campaign.settings)
    standing = standing_of(session, run, campaign.commune_id, settings)
    busy = frozenset(v.household_id for v in standing.due) | _promised_elsewhere(session, run)
    scope = Scope(after=run.requested_at, base=standing.ahead, busy=busy, worked=standing.worked)
    if run.kind is RunKind.DRAFT:
        return scope
    chosen = run.parameters.get("household_ids")
    wanted = frozenset(chosen if chosen is not None else (v.household_id for v in standing.missed))
    return Scope(
        after=scope.after, base=scope.base, household_ids=wanted, busy=scope.busy, worked=scope.worked,
        max_changes=len(wanted), steady=True,
    )  # fmt: skip


def _promised_elsewhere(session: Session, run: PlanRun) -> frozenset[int]:
    """Return the households that another published week still promises to visit: nobody is called on twice in a row."""
    return frozenset(
        session.scalars(
            select(Assignment.household_id)
            .join(Shift, Shift.id == Assignment.shift_id)
            .join(WeekPlan, WeekPlan.id == Assignment.week_plan_id)
            .where(
                WeekPlan.campaign_id == run.campaign_id,
                WeekPlan.monday != run.monday,
                WeekPlan.state == WeekState.PUBLISHED,
                Assignment.withdrawn_at.is_(None),
                Shift.ends_at > run.requested_at,
            )
        )
    )
