"""Why a promise of the week in force changes: one code for the page, the audit entry and the withdrawn assignment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import RunKind
from planner.models import ContactStop, Household, HouseholdRule, PlanRun, WeekPlan
from planner.services.comparing import PlannedVisit
from planner.services.states import Absences, absences

MISSED = "missed"  # its shift is over and nobody came
MEMBER_ABSENT = "member_absent"  # someone of its crew is ill or away
CONTACT_STOPPED = "contact_stopped"
RULE = "rule"  # pinned or forbidden since
REPLANNED = "replanned"  # the whole week was drafted anew
MADE_ROOM = "moved_to_make_room"
NO_PLACE = "no_place_left"
TOO_SOON = "too_soon"  # called on a short while ago
RETIMED = "retimed"  # same crew, same slot, another hour in it
ADDED = "added"


@dataclass(frozen=True)
class Grounds:
    """The facts from which reasons follow. `since` is when the draft was made."""

    since: datetime
    reassigning: bool
    away: Absences
    stopped: frozenset[int]
    ruled: frozenset[int]


def grounds_of(session: Session, commune_id: int, draft: WeekPlan) -> Grounds:
    """Collect what happened to the people and households of a draft's week."""
    kind = session.scalar(select(PlanRun.kind).where(PlanRun.week_plan_id == draft.id).limit(1))
    stopped = session.scalars(
        select(ContactStop.household_id)
        .join(Household, Household.id == ContactStop.household_id)
        .where(Household.commune_id == commune_id, ContactStop.resident_id.is_(None), ContactStop.lifted_at.is_(None))
    )
    ruled = session.scalars(
        select(HouseholdRule.household_id).where(
            HouseholdRule.campaign_id == draft.campaign_id,
            HouseholdRule.removed_at.is_(None),
            or_(HouseholdRule.monday.is_(None), HouseholdRule.monday == draft.monday),
        )
    )
    return Grounds(
        since=draft.made_at,
        reassigning=kind is RunKind.REASSIGN,
        away=absences(session, commune_id, draft.monday),
        stopped=frozenset(stopped),
        ruled=frozenset(ruled),
    )


def why_changed(grounds: Grounds, before: PlannedVisit, after: PlannedVisit | None) -> str:
    """Return the code of why `before` does not stay as it is."""
    if before.shift_starts_at <= grounds.since:
        return MISSED
    if before.household_id in grounds.stopped:
        return CONTACT_STOPPED
    if grounds.away.of(before):
        return MEMBER_ABSENT
    if before.household_id in grounds.ruled:
        return RULE
    if not grounds.reassigning:
        return REPLANNED
    return MADE_ROOM if after is not None else NO_PLACE
