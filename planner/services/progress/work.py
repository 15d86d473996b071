"""What the volunteers of each organisation did, and what each crew did. In the order of names: no ranking.

A need is credited once it is done, by a report that stands; one that two of them worked on, to both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, distinct, func, select
from sqlalchemy.orm import Session

from planner.domain.text import sort_key
from planner.domain.vocabulary import NeedResult, NeedState, Outcome, Period, Role
from planner.models import Assignment, Household, Need, Shift, ShiftMember, Visit, VisitResult, Volunteer, WeekPlan
from planner.services import campaigns
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.comparing import volunteer_names
from planner.services.sequences import in_parts

# What of a visit may have led to a need that is done by now: approved by the register or the police since, too.
LED_TO_DONE = (NeedResult.DONE, NeedResult.SUBMITTED, NeedResult.REFERRED)
NO_CREW = "none"  # visits outside the campaign's plans


@dataclass(frozen=True)
class TeamRow:
    """What the volunteers of one organisation did; nobody is told apart within one."""

    name: str
    volunteers: int
    attempts: int
    households_visited: int
    people_helped: int
    needs_done: int


@dataclass(frozen=True)
class CrewRow:
    """What one crew did: the same people, whenever they went out together.

    `key` is made of their ids, or `NO_CREW`; `met`: calls at which somebody was met; `shifts`: those of which a visit was
    reported.
    """

    key: str
    names: tuple[str, ...]
    shifts: int
    attempts: int
    met: int
    people_helped: int
    needs_done: int


def stands() -> ColumnElement[bool]:
    """Return the condition that no later report corrects a visit."""
    return Visit.id.not_in(select(Visit.corrects_id).where(Visit.corrects_id.is_not(None)))


def made_by_team(query: Any, commune_id: int) -> Any:
    """Join a query of visits with the volunteers who made them."""
    return query.join(Volunteer, Volunteer.id == Visit.volunteer_id).where(Volunteer.commune_id == commune_id)


def made_as_planned(query: Any, campaign: CampaignView) -> Any:
    """Join a query of visits in the commune with the promise each kept, none for those nobody planned."""
    return (
        query.join(Household, Household.id == Visit.household_id)
        .outerjoin(Assignment, Assignment.id == Visit.assignment_id)
        .where(Household.commune_id == campaign.commune_id)
    )


def shifts_of(campaign: CampaignView, *columns: Any) -> Any:
    """Return a query of the shifts of all the campaign's plans."""
    return select(*columns).join(WeekPlan, WeekPlan.id == Shift.week_plan_id).where(WeekPlan.campaign_id == campaign.id)


def results(*columns: Any) -> Any:
    """Return a query of what visits did for needs that are done by now."""
    return (
        select(*columns)
        .select_from(VisitResult)
        .join(Visit, Visit.id == VisitResult.visit_id)
        .join(Need, Need.id == VisitResult.need_id)
        .where(stands(), VisitResult.result.in_(LED_TO_DONE), Need.state == NeedState.DONE)
    )


def attempts(*columns: Any) -> Any:
    """Return a query of the visits that count as attempts: they stand, and the crew got to the door."""
    return select(*columns).select_from(Visit).where(stands(), Visit.outcome != Outcome.NOT_REACHED)


def teams(session: Session, actor: Actor) -> tuple[TeamRow, ...]:
    """Return what the volunteers did, by the organisation that sent them."""
    actor.require(Role.DESK, Role.VIEWER)
    here = Volunteer.commune_id == actor.commune_id
    sizes = dict(session.execute(select(Volunteer.org, func.count()).where(here).group_by(Volunteer.org)).all())
    visits = attempts(Volunteer.org, func.count(), func.count(distinct(Visit.household_id)))
    visited = {org: counts for org, *counts in session.execute(_by_org(visits, actor.commune_id))}
    done = results(Volunteer.org, func.count(distinct(Need.resident_id)), func.count(distinct(Need.id)))
    helped = {org: counts for org, *counts in session.execute(_by_org(done, actor.commune_id))}
    rows = [TeamRow(org, sizes[org], *visited.get(org, (0, 0)), *helped.get(org, (0, 0))) for org in sizes]
    return tuple(sorted(rows, key=lambda row: sort_key(row.name)))


def _by_org(query: Any, commune_id: int) -> Any:
    return made_by_team(query, commune_id).group_by(Volunteer.org)


@dataclass
class _Sum:
    outings: set[tuple[date, Period]] = field(default_factory=set)
    attempts: int = 0
    met: int = 0
    people: set[int] = field(default_factory=set)
    needs: set[int] = field(default_factory=set)


def crews(session: Session, actor: Actor) -> tuple[CrewRow, ...]:
    """Return what each crew of the active campaign did. Every attempt in the commune is in one of the rows."""
    actor.require(Role.DESK, Role.VIEWER)
    campaign = campaigns.active(session, actor)
    planned = session.execute(shifts_of(campaign, Shift.id, Shift.on_date, Shift.period))
    outings = {shift_id: (on_date, period) for shift_id, on_date, period in planned}
    crew_of = crews_of(session, outings)
    sums: dict[str, _Sum] = defaultdict(_Sum)
    visits = attempts(Assignment.shift_id, func.count(), func.sum(case((Visit.outcome == Outcome.MET, 1), else_=0)))
    for shift_id, number, met in session.execute(made_as_planned(visits, campaign).group_by(Assignment.shift_id)):
        one = sums[crew_of.get(shift_id, NO_CREW)]
        one.attempts += number
        one.met += met
        if shift_id in outings:  # a week published anew has the shift once more: it is the same outing
            one.outings.add(outings[shift_id])
    done = results(Assignment.shift_id, Need.resident_id, Need.id)
    for shift_id, resident_id, need_id in session.execute(made_as_planned(done, campaign)):
        one = sums[crew_of.get(shift_id, NO_CREW)]
        one.people.add(resident_id)
        one.needs.add(need_id)
    names = volunteer_names(session, campaign.commune_id)
    order = {name: sort_key(name) for name in names.values()}  # each once: a volunteer is in many crews
    rows = [
        CrewRow(key, crew_names(key, names, order), len(s.outings), s.attempts, s.met, len(s.people), len(s.needs))
        for key, s in sums.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.key == NO_CREW, [order[name] for name in row.names], row.key)))


def crews_of(session: Session, shift_ids: Collection[int]) -> dict[int, str]:
    """Return the crew of each of these shifts, by its key."""
    members: dict[int, list[int]] = defaultdict(list)
    for part in in_parts(sorted(shift_ids)):
        rows = select(ShiftMember.shift_id, ShiftMember.volunteer_id).where(ShiftMember.shift_id.in_(part))
        for shift_id, volunteer_id in session.execute(rows):
            members[shift_id].append(volunteer_id)
    return {shift_id: "-".join(map(str, sorted(crew))) for shift_id, crew in members.items()}


def crew_names(key: str, names: Mapping[int, str], order: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of a crew's members; `order`: their sort keys."""
    return () if key == NO_CREW else tuple(sorted((names[int(member)] for member in key.split("-")), key=order.__getitem__))
