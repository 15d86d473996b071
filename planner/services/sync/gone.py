"""Why a document a phone has is no longer its person's: so that nothing vanishes without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import StopReason, WeekState
from planner.models import Assignment, ContactStop, Household, Shift, WeekPlan
from planner.services import scope
from planner.services.actors import Actor
from planner.services.sequences import in_parts
from planner.services.sync.shapes import UUID

VISIT = re.compile(f"visit:{UUID.strip('^$')}")
REFUSED = (StopReason.REFUSED, StopReason.DO_NOT_CONTACT)


@dataclass(frozen=True)
class Gone:
    """A document to be erased, and why: withdrawn, reassigned, week_over, not_yours, refused, left_roster."""

    key: str
    reason: str

    def plain(self) -> dict[str, str]:
        return {"key": self.key, "reason": self.reason}


def reasons(session: Session, actor: Actor, keys: Sequence[str], this_monday: date) -> Iterator[Gone]:
    """Return each key with why it is gone."""
    visits = {key.partition(":")[2] for key in keys if VISIT.fullmatch(key)}  # no database need take anything else
    for part in in_parts(sorted(visits)):
        yield from _visits(session, actor, part, this_monday)
    for key in keys:
        kind, _, rest = key.partition(":")
        if rest in visits and kind == "visit":
            continue
        if kind == "shift":
            yield Gone(key, _shift(session, actor, rest, this_monday))
        else:
            yield Gone(key, "week_over" if kind == "availability" else "not_yours")


def _visits(session: Session, actor: Actor, uids: Sequence[str], this_monday: date) -> Iterator[Gone]:
    mine = scope.recordable_assignments(actor).with_only_columns(Assignment.id)
    rows = {
        uid: (assignment, left_at, monday, state)
        for uid, assignment, left_at, monday, state in session.execute(
            select(Assignment.uid, Assignment, Household.left_at, WeekPlan.monday, WeekPlan.state)
            .join(Household, Household.id == Assignment.household_id)
            .join(WeekPlan, WeekPlan.id == Assignment.week_plan_id)
            .where(Assignment.uid.in_(uids), Assignment.id.in_(mine))
        )
    }
    homes = [row[0].household_id for row in rows.values()]
    refused = set(
        session.scalars(
            select(ContactStop.household_id).where(
                ContactStop.household_id.in_(homes),
                ContactStop.resident_id.is_(None),
                ContactStop.lifted_at.is_(None),
                ContactStop.reason.in_(REFUSED),
            )
        )
    )
    elsewhere = set(
        session.scalars(
            select(Assignment.household_id)
            .join(WeekPlan, WeekPlan.id == Assignment.week_plan_id)
            .where(
                Assignment.household_id.in_(homes),
                Assignment.withdrawn_at.is_(None),
                WeekPlan.state == WeekState.PUBLISHED,
                WeekPlan.monday.in_((this_monday, this_monday + timedelta(days=7))),
            )
        )
    )
    for uid in uids:
        if uid not in rows:
            yield Gone(f"visit:{uid}", "not_yours")
            continue
        assignment, left_at, monday, state = rows[uid]
        if left_at is not None:
            reason = "left_roster"
        elif assignment.household_id in refused:
            reason = "refused"
        elif monday < this_monday or state is WeekState.CLOSED:
            reason = "week_over"
        else:
            reason = "reassigned" if assignment.household_id in elsewhere else "withdrawn"
        yield Gone(f"visit:{uid}", reason)


def _shift(session: Session, actor: Actor, text: str, this_monday: date) -> str:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return "not_yours"
    row = session.execute(
        select(WeekPlan.monday, WeekPlan.state)
        .join(Shift, Shift.week_plan_id == WeekPlan.id)
        .where(Shift.id == int(text), WeekPlan.campaign_id.in_(scope.campaigns_of(actor)))
    ).one_or_none()
    if row is None:
        return "not_yours"
    return "week_over" if row.monday < this_monday or row.state is WeekState.CLOSED else "withdrawn"
