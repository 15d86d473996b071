"""What became of a week's assignments at an instant, in bulk: the facts that `domain.visits.assignment_state` asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from planner.domain.calendar import instant
from planner.domain.settings import CampaignSettings
from planner.domain.visits import Promise, VisitFacts, assignment_state, crew_stands, effective, fulfils
from planner.domain.vocabulary import AssignmentState, Period
from planner.models import Assignment, AvailabilityChange, Household, Visit, Volunteer
from planner.services import credit
from planner.services.comparing import PlannedVisit
from planner.services.sequences import in_parts

Absence = tuple[int, date, Period]


@dataclass(frozen=True)
class Absences:
    """Who cannot come when: `said` by date and period, `gone` for good."""

    said: frozenset[Absence]
    gone: frozenset[int]

    def of(self, visit: PlannedVisit) -> set[int]:
        """Return the members of a planned visit's crew who cannot come."""
        return {v for v in visit.crew if self.misses(v, visit.on_date, visit.period)}

    def misses(self, volunteer_id: int, on_date: date, period: Period) -> bool:
        """Tell whether a volunteer is known not to come then."""
        return volunteer_id in self.gone or (volunteer_id, on_date, period) in self.said


def said_changes(session: Session, commune_id: int, first: date, last: date) -> dict[Absence, bool]:
    """Return the latest word of volunteers on single dates and periods: whether they come."""
    change = AvailabilityChange
    rows = session.execute(
        select(change.volunteer_id, change.on_date, change.period, change.available)
        .join(Volunteer, Volunteer.id == change.volunteer_id)
        .where(Volunteer.commune_id == commune_id, change.on_date.between(first, last))
        .order_by(change.changed_at, change.id)
    )
    return {(row.volunteer_id, row.on_date, row.period): row.available for row in rows}


def absences(session: Session, commune_id: int, monday: date) -> Absences:
    """Return who of a commune is known not to come in a week."""
    said = said_changes(session, commune_id, monday, monday + timedelta(days=6))
    gone = session.scalars(select(Volunteer.id).where(Volunteer.commune_id == commune_id, Volunteer.left_at.is_not(None)))
    return Absences(frozenset(key for key, available in said.items() if not available), frozenset(gone))


def visits_of_week(session: Session, week_plan_id: int) -> dict[int, list[VisitFacts]]:
    """Return the visits, ever, of every household that a revision names, by household."""
    named = select(Assignment.household_id).where(Assignment.week_plan_id == week_plan_id)
    return _by_household(session, Visit.household_id.in_(named))


def reports_of_week(session: Session, week_plan_id: int, monday: date) -> dict[int, list[VisitFacts]]:
    """Return the visits that may keep a promise of a revision, by household: a tenth of `visits_of_week`, the same states.

    Those made for one of its promises, and those made for none since its Monday; without those that another one corrects.
    """
    named = select(Assignment.household_id).where(Assignment.week_plan_id == week_plan_id)
    made_for = select(Assignment.id).where(Assignment.week_plan_id == week_plan_id)
    for_none = and_(Visit.assignment_id.is_(None), Visit.received_at >= instant(monday, time()), Visit.household_id.in_(named))
    return _by_household(session, and_(or_(Visit.assignment_id.in_(made_for), for_none), credit.stands()))


def visits_of(session: Session, household_ids: Collection[int]) -> dict[int, list[VisitFacts]]:
    """Return all visits of the households, by household."""
    found: dict[int, list[VisitFacts]] = defaultdict(list)
    for part in in_parts(sorted(set(household_ids))):
        found.update(_by_household(session, Visit.household_id.in_(part)))
    return found


def visits_of_commune(session: Session, commune_id: int) -> dict[int, list[VisitFacts]]:
    """Return all visits of a commune, by household."""
    mine = select(Household.id).where(Household.commune_id == commune_id)
    return _by_household(session, Visit.household_id.in_(mine))


def _by_household(session: Session, condition: ColumnElement[bool]) -> dict[int, list[VisitFacts]]:
    rows = session.execute(
        select(
            Visit.household_id, Visit.id, Visit.outcome, Visit.occurred_at, Visit.received_at, Visit.assignment_id,
            Visit.corrects_id,
        )
        .where(condition)
        .order_by(Visit.id)
    )  # fmt: skip
    found: dict[int, list[VisitFacts]] = defaultdict(list)
    for row in rows:
        facts = VisitFacts(row.id, row.outcome, row.occurred_at, row.received_at, row.assignment_id, row.corrects_id)
        found[row.household_id].append(facts)
    return found


def states(
    planned: Sequence[PlannedVisit],
    visits: dict[int, list[VisitFacts]],
    away: Absences,
    settings: CampaignSettings,
    at: datetime,
) -> dict[int, AssignmentState]:
    """Return the state of each planned visit, by assignment id."""
    grace = timedelta(minutes=settings.grace_minutes)
    return {
        p.assignment_id: assignment_state(
            Promise(p.assignment_id, p.shift_starts_at, p.shift_ends_at, p.withdrawn_at, stands(p, away, settings), p.reserve),
            visits.get(p.household_id, ()),
            at,
            grace,
        )
        for p in planned
    }


def is_kept(visit: PlannedVisit, visits: dict[int, list[VisitFacts]]) -> bool:
    """Tell whether someone was there for this promise, whenever that was written down."""
    promise = Promise(visit.assignment_id, visit.shift_starts_at, visit.shift_ends_at, visit.withdrawn_at)
    return any(fulfils(fact, promise) for fact in effective(visits.get(visit.household_id, ())))


def stands(visit: PlannedVisit, away: Absences, settings: CampaignSettings) -> bool:
    """Tell whether enough of the crew can come."""
    return crew_stands(visit.crew, away.of(visit), settings.crew_size)


def unkept(
    planned: Iterable[PlannedVisit],
    visits: dict[int, list[VisitFacts]],
    away: Absences,
    settings: CampaignSettings,
    at: datetime,
) -> list[PlannedVisit]:
    """Return the planned visits that are missed: nobody came, or nobody can."""
    listed = list(planned)
    state = states(listed, visits, away, settings, at)
    return [p for p in listed if state[p.assignment_id] is AssignmentState.MISSED]
