"""Telling people what a publication means for them: each hears of their own shifts, and only where something is new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from planner.domain.notices import NoticeKind
from planner.domain.vocabulary import Period
from planner.models import WeekPlan
from planner.services.comparing import planned_visits
from planner.services.notices.recipients import users_by_volunteer
from planner.services.notices.telling import tell_each

Moment = tuple[date, Period]


@dataclass(frozen=True)
class Duty:
    """What somebody is to do in a part of a day: with whom, and where."""

    crew: frozenset[int]
    households: frozenset[int]


Duties = Mapping[int, Mapping[Moment, Duty]]  # by volunteer


def duties(session: Session, week_plan_id: int, at: datetime) -> Duties:
    """Return what each volunteer is still to do by a revision: shifts that have not begun."""
    houses: dict[int, set[int]] = defaultdict(set)
    shifts: dict[int, tuple[Moment, tuple[int, ...]]] = {}
    for visit in planned_visits(session, week_plan_id):
        if visit.shift_starts_at > at:
            houses[visit.shift_id].add(visit.household_id)
            shifts[visit.shift_id] = ((visit.on_date, visit.period), visit.crew)
    found: dict[int, dict[Moment, Duty]] = defaultdict(dict)
    for shift_id, (moment, crew) in shifts.items():
        for member in crew:
            found[member][moment] = Duty(frozenset(crew), frozenset(houses[shift_id]))
    return found


def published(session: Session, week: WeekPlan, before: Duties | None, at: datetime) -> int:
    """Tell everyone what is new for them in a week just published; return how many were told.

    Parameters
    ----------
    before
        The duties by the revision it supersedes; None: the week is published for the first time.
    """
    after = duties(session, week.id, at)
    users = users_by_volunteer(session, {*after, *(before or {})})
    if before is None:
        facts = {users[v]: _first(week, moments) for v, moments in after.items() if v in users and moments}
        return tell_each(session, facts, NoticeKind.WEEK_PUBLISHED, f"week-published:{week.id}", at)
    changes = {user: _changes(week, before.get(v, {}), after.get(v, {})) for v, user in users.items()}
    told = {user: facts for user, facts in changes.items() if facts is not None}
    return tell_each(session, told, NoticeKind.SHIFT_CHANGED, f"week-changed:{week.id}", at)


def _first(week: WeekPlan, moments: Mapping[Moment, Duty]) -> dict[str, Any]:
    return {"monday": week.monday, "shifts": len(moments), "slots": _slots(moments)}


def _changes(week: WeekPlan, old: Mapping[Moment, Duty], new: Mapping[Moment, Duty]) -> dict[str, Any] | None:
    """Return what is new for one person, None where nothing is."""
    changed = {moment for moment in old.keys() & new.keys() if old[moment] != new[moment]}
    if old.keys() == new.keys() and not changed:
        return None
    return {
        "monday": week.monday, "added": _slots(new.keys() - old.keys()), "removed": _slots(old.keys() - new.keys()),
        "changed": _slots(changed),
    }  # fmt: skip


def _slots(moments: Iterable[Moment]) -> list[dict[str, Any]]:
    order = list(Period)
    return [{"on_date": day, "period": period} for day, period in sorted(moments, key=lambda m: (m[0], order.index(m[1])))]
