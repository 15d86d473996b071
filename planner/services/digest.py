"""A day in a few numbers: what was visited and missed, what is on, what waits. For the desk, and for each leader of theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from planner.domain.calendar import instant, monday_of
from planner.domain.notices import NoticeKind
from planner.domain.vocabulary import NeedResult
from planner.models import Household, Shift, User, Visit, VisitResult
from planner.services import board, notices, scope
from planner.services.actors import Actor
from planner.services.board import CrewLine
from planner.services.campaigns import CampaignView
from planner.services.credit import stands
from planner.services.sync import reviewing


@dataclass(frozen=True)
class Day:
    """The crews of a date."""

    on_date: date
    crews: tuple[CrewLine, ...]

    def total(self, of: Callable[[CrewLine], int], shift_ids: frozenset[int] | None) -> int:
        """Add a figure up over all crews, or over those of these shifts."""
        return sum(of(crew) for crew in self.crews if shift_ids is None or crew.shift_id in shift_ids)


def day(session: Session, actor: Actor, on_date: date, at: datetime) -> Day:
    """Return a date of the week that is (or was) in force."""
    week = board.week(session, actor, monday_of(on_date), at)
    return Day(on_date, tuple(crew for crew in week.crews if crew.on_date == on_date))


def send(session: Session, actor: Actor, campaign: CampaignView, on_date: date, at: datetime) -> int:
    """Tell the desk, and each leader of their own crews, how the day before `on_date` went and what is on; return how many."""
    before, today = day(session, actor, on_date - timedelta(days=1), at), day(session, actor, on_date, at)
    waiting = reviewing.open_count(session, actor)
    if not (before.crews or today.crews or waiting):
        return 0
    key = f"digest:{on_date}"
    facts = {**_figures(before, today, None), "needs_done": _needs_done(session, actor, before.on_date), "waiting": waiting}
    desk = notices.desk(session, campaign.commune_id)
    told = notices.tell(session, desk, NoticeKind.DAILY_DIGEST, facts, key, at)
    for leader in session.scalars(select(User).where(User.id.in_(notices.leaders(session, campaign.commune_id)))):
        query = scope.recordable_shifts(Actor.of_user(leader)).where(Shift.on_date.in_((before.on_date, today.on_date)))
        mine = frozenset(session.scalars(query.with_only_columns(Shift.id)))
        if mine:
            told += notices.tell(session, [leader.id], NoticeKind.DAILY_DIGEST, _figures(before, today, mine), key, at)
    return told


def _figures(before: Day, today: Day, mine: frozenset[int] | None) -> Mapping[str, Any]:
    return {
        "on_date": before.on_date,
        "done": before.total(lambda crew: crew.figures.done, mine),
        "missed": before.total(lambda crew: crew.figures.missed, mine),
        "today_shifts": today.total(lambda crew: 1, mine),
        "today_visits": today.total(lambda crew: crew.figures.total, mine),
    }


def _needs_done(session: Session, actor: Actor, on_date: date) -> int:
    first, over = instant(on_date, time()), instant(on_date + timedelta(days=1), time())
    found = session.scalar(
        select(func.count(distinct(VisitResult.need_id)))
        .select_from(VisitResult)
        .join(Visit, Visit.id == VisitResult.visit_id)
        .join(Household, Household.id == Visit.household_id)
        .where(
            Household.commune_id == actor.commune_id, VisitResult.result == NeedResult.DONE, stands(),
            Visit.occurred_at >= first, Visit.occurred_at < over,
        )
    )  # fmt: skip
    return found or 0
