"""Hours that households asked for at the door, and what the plans make of them: kept, not planned yet, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date, monday_of
from planner.domain.vocabulary import WeekState
from planner.models import Appointment, Assignment, ContactStop, Hamlet, Household, Shift, WeekPlan
from planner.services import campaigns
from planner.services.actors import Actor
from planner.services.comparing import household_names
from planner.services.states import visits_of

PLANNED, DRAFTED, AHEAD = "planned", "drafted", "ahead"


@dataclass(frozen=True)
class PromiseLine:
    """A promised visit that is not over.

    Attributes
    ----------
    standing
        ``planned`` (the week in force holds it), ``drafted`` (only a draft does), ``ahead`` (its week is not drafted yet),
        or why it cannot be kept: a code of the reasons of `planning.unplaced_view`, ``not_in_plan`` where the promise is
        younger than the week's plan, ``contact_stopped``, ``after_campaign``.
    visit_at
        When the crew is to come, where it is planned.
    """

    household_id: int
    head_name: str
    address: str
    hamlet: str
    starts_at: datetime
    ends_at: datetime
    standing: str
    visit_at: datetime | None
    week_plan_id: int | None

    @property
    def kept(self) -> bool:
        """Whether nothing stands against it; where nothing is left to help with, nobody waits."""
        return self.standing in (PLANNED, DRAFTED, AHEAD, "no_open_need")


def promised_visits(session: Session, actor: Actor, at: datetime) -> tuple[PromiseLine, ...]:
    """Return the promised visits of the active campaign not over at an instant: those in danger first, then by hour."""
    actor.require_desk()
    campaign = campaigns.active(session, actor)
    rows = session.scalars(
        select(Appointment)
        .join(Household, Household.id == Appointment.household_id)
        .where(
            Household.commune_id == actor.commune_id, Household.left_at.is_(None), Appointment.at_police.is_(False),
            Appointment.cancelled_at.is_(None), Appointment.ends_at > at,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()  # fmt: skip
    visits = visits_of(session, [row.household_id for row in rows])
    ahead = [
        row for row in rows if not any(row.starts_at <= v.happened_at <= row.ends_at for v in visits.get(row.household_id, ()))
    ]
    names = household_names(session, [row.household_id for row in ahead])
    hamlets = _hamlets(session, actor, ahead)
    weeks = _Weeks(session, campaign.id, ahead)
    stopped = _stopped(session, ahead)
    lines = []
    for row in ahead:
        standing, visit_at, plan_id = weeks.standing(row)
        if row.household_id in stopped:
            standing = "contact_stopped"
        elif local_date(row.starts_at) > campaign.ends_on:
            standing = "after_campaign"
        house = names[row.household_id]
        lines.append(
            PromiseLine(
                row.household_id, house.head_name, house.address, hamlets.get(row.household_id, ""), row.starts_at, row.ends_at,
                standing, visit_at, plan_id,
            )
        )  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (line.kept, line.starts_at, line.household_id)))


def _hamlets(session: Session, actor: Actor, rows: Sequence[Appointment]) -> dict[int, str]:
    found = session.execute(
        select(Household.id, Hamlet.name)
        .join(Hamlet, Hamlet.id == Household.hamlet_id)
        .where(Household.commune_id == actor.commune_id, Household.id.in_({row.household_id for row in rows}))
    )
    return dict(found.all())


def _stopped(session: Session, rows: Sequence[Appointment]) -> set[int]:
    return set(
        session.scalars(
            select(ContactStop.household_id).where(
                ContactStop.household_id.in_({row.household_id for row in rows}), ContactStop.resident_id.is_(None),
                ContactStop.lifted_at.is_(None),
            )
        )
    )  # fmt: skip


class _Weeks:
    """The weeks that the promises fall into: the plan in force of each, else its newest draft."""

    def __init__(self, session: Session, campaign_id: int, rows: Sequence[Appointment]) -> None:
        self.session = session
        mondays = {monday_of(local_date(row.starts_at)) for row in rows}
        self.plans: dict[date, WeekPlan] = {}
        for plan in session.scalars(
            select(WeekPlan)
            .where(
                WeekPlan.campaign_id == campaign_id, WeekPlan.monday.in_(mondays),
                WeekPlan.state.in_((WeekState.DRAFT, WeekState.PUBLISHED)),
            )
            .order_by(WeekPlan.revision)
        ):  # fmt: skip
            known = self.plans.get(plan.monday)
            if known is None or known.state is not WeekState.PUBLISHED or plan.state is WeekState.PUBLISHED:
                self.plans[plan.monday] = plan
        self.visits: dict[tuple[int, int], list[datetime]] = {}
        rows_of = session.execute(
            select(Assignment.week_plan_id, Assignment.household_id, Assignment.starts_at)
            .join(Shift, Shift.id == Assignment.shift_id)
            .where(
                Assignment.week_plan_id.in_({plan.id for plan in self.plans.values()}), Assignment.withdrawn_at.is_(None),
                Assignment.household_id.in_({row.household_id for row in rows}),
            )
        )  # fmt: skip
        for plan_id, household_id, starts_at in rows_of:
            self.visits.setdefault((plan_id, household_id), []).append(starts_at)
        self.unplaced = {plan.id: _reasons(plan.unplaced) for plan in self.plans.values()}

    def standing(self, row: Appointment) -> tuple[str, datetime | None, int | None]:
        """Return how a promise stands, when the crew comes, and the plan that says so."""
        plan = self.plans.get(monday_of(local_date(row.starts_at)))
        if plan is None:
            return AHEAD, None, None
        coming = self.visits.get((plan.id, row.household_id), [])
        fitting = next((visit_at for visit_at in sorted(coming) if row.starts_at <= visit_at <= row.ends_at), None)
        if fitting is not None:
            return PLANNED if plan.state is WeekState.PUBLISHED else DRAFTED, fitting, plan.id
        return self.unplaced[plan.id].get(row.household_id, "not_in_plan"), None, plan.id


def _reasons(unplaced: Sequence[dict[str, Any]]) -> dict[int, str]:
    return {row["household_id"]: row["reason"] for row in unplaced if "household_id" in row}
