"""What the solver found out about each change of the week in force: what forced it, whom it makes room for, what it gains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import RunKind
from planner.models import PlanRun, WeekPlan

MOST_NAMED = 3


@dataclass(frozen=True)
class ChangeFacts:
    """Why one promise changes.

    Attributes
    ----------
    because
        A code of `solver.explain.changed`.
    forced
        Nothing else was possible.
    who
        Volunteers who are gone, away or have no shift left.
    makes_room_for
        Households that its crew visits instead, `others` more of them not named.
    points
        What the change gains over the best plan found that keeps the promise; None where it is forced, where nothing
        keeps it, and in a re-planning, whose points say what promises are worth.
    """

    because: str
    forced: bool
    who: tuple[int, ...] = ()
    makes_room_for: tuple[int, ...] = ()
    others: int = 0
    points: float | None = None


NOTHING_FOUND = ChangeFacts("", forced=False)


def change_facts(session: Session, draft: WeekPlan) -> Mapping[int, ChangeFacts]:
    """Return what the run of a draft found out about the changes it makes, by household."""
    run = session.scalars(select(PlanRun).where(PlanRun.week_plan_id == draft.id).order_by(PlanRun.id.desc())).first()
    if run is None or not run.insight:
        return {}
    steady = run.kind is RunKind.REASSIGN
    return {_number(change["household"]): _facts(change, steady=steady) for change in run.insight.get("changes", ())}


def _facts(change: Mapping[str, Any], *, steady: bool) -> ChangeFacts:
    others = change.get("for", ())
    gain = change["gain"]
    return ChangeFacts(
        change["reason"], change["forced"], tuple(_number(v) for v in change.get("who", ())),
        tuple(_number(h) for h in others[:MOST_NAMED]), max(0, len(others) - MOST_NAMED),
        None if steady or gain is None else gain / 1000,
    )  # fmt: skip


def _number(name: str) -> int:
    return int(name[1:])
