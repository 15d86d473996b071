"""The week as the desk watches it: what is due, done and missed, by hamlet, crew and day; and each promise in five clears."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from planner.domain.fiveclear import FiveClear
from planner.domain.vocabulary import AssignmentState, Period, Role, WeekState
from planner.models import Hamlet, WeekPlan
from planner.services import campaigns, scope
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.clears import five_clears
from planner.services.comparing import PlannedVisit, household_names, planned_visits, volunteer_names
from planner.services.pages import Page, page_of
from planner.services.states import Absences, absences, reports_of_week, states

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Figures:
    """Numbers of promises by state."""

    planned: int = 0
    due: int = 0
    done: int = 0
    missed: int = 0
    spared: int = 0
    withdrawn: int = 0

    @property
    def total(self) -> int:
        """All promises in force; withdrawn ones are none any more, and a door of reserve not reached was none to blame for."""
        return self.planned + self.due + self.done + self.missed


@dataclass(frozen=True)
class CrewLine:
    """A crew's shift and how it stands. `members` with the lead first."""

    shift_id: int
    number: int
    on_date: date
    period: Period
    starts_at: datetime
    ends_at: datetime
    members: tuple[str, ...]
    figures: Figures


@dataclass(frozen=True)
class HamletLine:
    hamlet_id: int
    name: str
    figures: Figures


@dataclass(frozen=True)
class WeekBoard:
    """The week in force (or closed) at a glance; `week_plan_id` None: nothing is published for it."""

    monday: date
    week_plan_id: int | None
    state: WeekState | None
    revision: int | None
    version: int | None
    published_at: datetime | None
    figures: Figures
    days: tuple[tuple[date, Figures], ...]
    hamlets: tuple[HamletLine, ...]
    crews: tuple[CrewLine, ...]


@dataclass(frozen=True)
class BoardFilter:
    """Which promises of the week; None: all."""

    shift_id: int | None = None
    volunteer_id: int | None = None
    hamlet_id: int | None = None
    on_date: date | None = None
    state: AssignmentState | None = None


@dataclass(frozen=True)
class FiveClearRow:
    """One promise with its state and its clears (`domain.fiveclear.render_five_clear` puts them into words)."""

    assignment_uid: str
    household_id: int
    hamlet_id: int
    shift_id: int
    state: AssignmentState
    clear: FiveClear
    reserve: bool = False


@dataclass(frozen=True)
class MissedRow:
    """A promise nobody kept. `why`: ``shift_over`` or ``member_absent``; `absent` names who could not come."""

    assignment_uid: str
    household_id: int
    household_code: str
    head_name: str
    address: str
    hamlet: str
    shift_id: int
    shift_number: int
    on_date: date
    period: Period
    starts_at: datetime
    members: tuple[str, ...]
    why: str
    absent: tuple[str, ...]


@dataclass
class _Week:
    """A revision with the states of its promises, read once per page."""

    plan: WeekPlan
    campaign: CampaignView
    visits: Sequence[PlannedVisit]
    state: Mapping[int, AssignmentState]
    away: Absences


def week(session: Session, actor: Actor, monday: date, at: datetime) -> WeekBoard:
    """Return the figures of a week by day, hamlet and crew."""
    found = _week(session, actor, monday, at)
    if found is None:
        return WeekBoard(monday, None, None, None, None, None, Figures(), (), (), ())
    state, visits, plan = found.state, found.visits, found.plan
    names = volunteer_names(session, actor.commune_id)
    by_shift: dict[int, list[PlannedVisit]] = {}
    for visit in visits:
        by_shift.setdefault(visit.shift_id, []).append(visit)
    crews = [
        CrewLine(
            shift_id, first.shift_number, first.on_date, first.period, first.shift_starts_at, first.shift_ends_at,
            tuple(names.get(member, "") for member in first.crew), _figures(group, state),
        )
        for shift_id, group in by_shift.items()
        for first in group[:1]
    ]  # fmt: skip
    days = sorted({visit.on_date for visit in visits})
    hamlets: dict[int, list[PlannedVisit]] = {}
    for visit in visits:
        hamlets.setdefault(visit.hamlet_id, []).append(visit)
    return WeekBoard(
        monday, plan.id, plan.state, plan.revision, plan.version, plan.published_at, _figures(visits, state),
        tuple((day, _figures([v for v in visits if v.on_date == day], state)) for day in days),
        tuple(
            HamletLine(hamlet.id, hamlet.name, _figures(hamlets[hamlet.id], state))
            for hamlet in session.scalars(scope.hamlets(actor).order_by(Hamlet.position, Hamlet.id))
            if hamlet.id in hamlets
        ),
        tuple(crews),
    )  # fmt: skip


def five_clear(
    session: Session,
    actor: Actor,
    monday: date,
    filters: BoardFilter | None,
    page: int,
    at: datetime,
    size: int = ROWS_A_PAGE,
) -> Page[FiveClearRow]:
    """Return a page of a week's promises, each in full, in the order of day, crew and way."""
    found = _week(session, actor, monday, at)
    if found is None:
        return Page((), 1, size, 0)
    chosen = _chosen(found, filters or BoardFilter())
    shown = page_of(chosen, page, size)
    return Page(tuple(_rows(session, actor, found, shown.rows)), shown.page, shown.size, shown.total)


def missed(session: Session, actor: Actor, monday: date, at: datetime) -> tuple[MissedRow, ...]:
    """Return the promises of a week that nobody kept or can keep, in the order of their hours."""
    found = _week(session, actor, monday, at)
    if found is None:
        return ()
    lost = [visit for visit in found.visits if found.state[visit.assignment_id] is AssignmentState.MISSED]
    houses = household_names(session, [visit.household_id for visit in lost])
    people = volunteer_names(session, actor.commune_id)
    hamlets = {hamlet.id: hamlet.name for hamlet in session.scalars(scope.hamlets(actor))}
    rows = []
    for visit in lost:
        house = houses[visit.household_id]
        absent = found.away.of(visit)
        rows.append(
            MissedRow(
                visit.uid, visit.household_id, house.code, house.head_name, house.address,
                hamlets.get(visit.hamlet_id, ""),
                visit.shift_id, visit.shift_number, visit.on_date, visit.period, visit.starts_at,
                tuple(people.get(member, "") for member in visit.crew), "member_absent" if absent else "shift_over",
                tuple(people.get(member, "") for member in visit.crew if member in absent),
            )
        )  # fmt: skip
    return tuple(rows)


def all_five_clear(session: Session, actor: Actor, monday: date, filters: BoardFilter | None, at: datetime) -> list[FiveClearRow]:
    """Return every promise that the filter lets through, for a print or a workbook."""
    found = _week(session, actor, monday, at)
    return [] if found is None else _rows(session, actor, found, _chosen(found, filters or BoardFilter()))


def _week(session: Session, actor: Actor, monday: date, at: datetime) -> _Week | None:
    """Read the week in force; of a week that is over, its last revision."""
    campaign = campaigns.active(session, actor)
    plan = session.scalars(
        scope.week_plans(actor)
        .where(
            WeekPlan.campaign_id == campaign.id,
            WeekPlan.monday == monday,
            WeekPlan.state.in_((WeekState.PUBLISHED, WeekState.CLOSED)),
        )
        .order_by(WeekPlan.revision.desc())
        .limit(1)
    ).one_or_none()
    if plan is None:
        return None
    visits = planned_visits(session, plan.id, withdrawn=True)
    away = absences(session, actor.commune_id, monday)
    state = states(visits, reports_of_week(session, plan.id, monday), away, campaign.settings, at)
    return _Week(plan, campaign, visits, state, away)


def _chosen(found: _Week, filters: BoardFilter) -> list[PlannedVisit]:
    def fits(visit: PlannedVisit) -> bool:
        state = found.state[visit.assignment_id]
        if filters.state is None and state is AssignmentState.WITHDRAWN:
            return False  # no promise any more: shown only to who asks for it
        return (
            filters.shift_id in (None, visit.shift_id)
            and (filters.volunteer_id is None or filters.volunteer_id in visit.crew)
            and filters.hamlet_id in (None, visit.hamlet_id)
            and filters.on_date in (None, visit.on_date)
            and filters.state in (None, state)
        )

    return [visit for visit in found.visits if fits(visit)]


def _rows(session: Session, actor: Actor, found: _Week, visits: Sequence[PlannedVisit]) -> list[FiveClearRow]:
    phones = actor.role in (None, Role.DESK, Role.LEADER)
    clears = five_clears(session, found.campaign, [visit.assignment_id for visit in visits], phones=phones)
    return [
        FiveClearRow(
            visit.uid, visit.household_id, visit.hamlet_id, visit.shift_id,
            found.state[visit.assignment_id], clears[visit.assignment_id], visit.reserve,
        )
        for visit in visits
    ]  # fmt: skip


def _figures(visits: Iterable[PlannedVisit], state: Mapping[int, AssignmentState]) -> Figures:
    counts = Counter(state[visit.assignment_id].value for visit in visits)
    return Figures(**counts)
