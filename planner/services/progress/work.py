"""What the volunteers of each organisation did, and what each crew did. In the order of names: no ranking.

A need is credited once it is done, by a report that stands; one that two of them worked on, to both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, case, distinct, func, select
from sqlalchemy.orm import Session

from planner.domain.text import sort_key
from planner.domain.vocabulary import Outcome, Period, Role
from planner.models import Assignment, Campaign, Household, Need, Shift, ShiftMember, Visit, Volunteer, WeekPlan
from planner.services import campaigns
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.comparing import volunteer_names
from planner.services.credit import attempts, results
from planner.services.pages import Page, page_of
from planner.services.sequences import in_parts

NO_CREW = "none"  # visits outside the campaign's plans
CREWS_A_PAGE = 50
MET = func.sum(case((Visit.outcome == Outcome.MET, 1), else_=0))


@dataclass(frozen=True)
class TeamRow:
    """What the volunteers of one organisation did; nobody is told apart within one. `volunteers`: who is still there."""

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
    weeks = select(*columns).select_from(Shift).join(WeekPlan, WeekPlan.id == Shift.week_plan_id)
    return weeks.where(WeekPlan.campaign_id == campaign.id)


def teams(session: Session, actor: Actor) -> tuple[TeamRow, ...]:
    """Return what the volunteers did, by the organisation that sent them."""
    actor.require(Role.DESK, Role.VIEWER)
    campaign = campaigns.active(session, actor)
    still_there = func.sum(case((Volunteer.left_at.is_(None), 1), else_=0))
    here = Volunteer.commune_id == actor.commune_id
    sizes: dict[str, int] = dict(session.execute(select(Volunteer.org, still_there).where(here).group_by(Volunteer.org)).all())
    visits = attempts(campaign, Volunteer.org, func.count(), func.count(distinct(Visit.household_id)))
    visited = {org: counts for org, *counts in session.execute(_by_org(visits, actor.commune_id))}
    done = results(campaign, Volunteer.org, func.count(distinct(Need.resident_id)), func.count(distinct(Need.id)))
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


def crews(session: Session, actor: Actor, page: int = 1, size: int = CREWS_A_PAGE) -> Page[CrewRow]:
    """Return what each crew of the active campaign did. Every attempt in the commune is in one of the rows.

    Crews are as many as pairs of volunteers, so what they did is summed up for those of the page alone.
    """
    actor.require(Role.DESK, Role.VIEWER)
    campaign = campaigns.active(session, actor)
    names = volunteer_names(session, campaign.commune_id)
    order = {name: sort_key(name) for name in names.values()}  # each once: a volunteer is in many crews
    shifts = _shifts_by_crew(session, campaign)
    keys = sorted(shifts, key=_by_names(names, order))
    if any(session.execute(limited(attempts(campaign, Visit.id)).limit(1)).first() for limited in _outside(campaign)):
        keys.append(NO_CREW)
    shown = page_of(keys, page, size)
    sums = _sums(session, campaign, {key: shifts.get(key, []) for key in shown.rows})
    rows = [
        CrewRow(key, crew_names(key, names, order), len(s.outings), s.attempts, s.met, len(s.people), len(s.needs))
        for key, s in sums.items()
    ]
    return Page(rows, shown.page, shown.size, shown.total)


def _by_names(names: Mapping[int, str], order: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the sort key of crews: by the names of their members, as `crew_names` has them."""
    ranks = {name: rank for rank, name in enumerate(sorted(set(order.values())))}
    rank_of = {str(volunteer_id): ranks[order[name]] for volunteer_id, name in names.items()}
    return lambda key: (sorted(map(rank_of.__getitem__, key.split("-"))), key)


def _shifts_by_crew(session: Session, campaign: CampaignView) -> dict[str, list[int]]:
    """Return the campaign's shifts of which an attempt was reported, by the key of their crew."""
    reported = (
        attempts(campaign, Visit.id).join(Assignment, Assignment.id == Visit.assignment_id).where(Assignment.shift_id == Shift.id)
    )
    members = (
        shifts_of(campaign, ShiftMember.shift_id, ShiftMember.volunteer_id)
        .join(ShiftMember, ShiftMember.shift_id == Shift.id)
        .where(reported.exists())
        .order_by(ShiftMember.shift_id, ShiftMember.volunteer_id)
    )
    crew_of: dict[int, str] = {}
    for shift_id, volunteer_id in session.connection().execute(members):  # tens of thousands: no session need know of them
        crew_of[shift_id] = f"{crew_of[shift_id]}-{volunteer_id}" if shift_id in crew_of else str(volunteer_id)
    found: dict[str, list[int]] = defaultdict(list)
    for shift_id, key in crew_of.items():
        found[key].append(shift_id)
    return found


def _sums(session: Session, campaign: CampaignView, shifts: Mapping[str, Collection[int]]) -> dict[str, _Sum]:
    """Return what these crews did at these of their shifts, and what was done outside the campaign's plans if asked for."""
    sums = {key: _Sum() for key in shifts}
    crew_of = {shift_id: key for key, theirs in shifts.items() for shift_id in theirs}
    limits: list[Callable[[Any], Any]] = [partial(_at, part) for part in in_parts(sorted(crew_of))]
    if NO_CREW in shifts:
        limits += _outside(campaign)
    for limited in limits:
        visits = attempts(campaign, Assignment.shift_id, func.count(), MET).group_by(Assignment.shift_id)
        for shift_id, number, met in session.execute(limited(visits)):
            one = sums[crew_of.get(shift_id, NO_CREW)]
            one.attempts += number
            one.met += met
        for shift_id, resident_id, need_id in session.execute(
            limited(results(campaign, Assignment.shift_id, Need.resident_id, Need.id))
        ):
            one = sums[crew_of.get(shift_id, NO_CREW)]
            one.people.add(resident_id)
            one.needs.add(need_id)
    for part in in_parts(sorted(crew_of)):
        when = shifts_of(campaign, Shift.id, Shift.on_date, Shift.period).where(Shift.id.in_(part))
        for shift_id, *outing in session.execute(when):  # a week published anew has the shift once more: the same outing
            sums[crew_of[shift_id]].outings.add((outing[0], outing[1]))
    return sums


def _at(shift_ids: Sequence[int], query: Any) -> Any:
    """Limit a query of visits to those of some shifts, found by what was promised there."""
    return query.join(Assignment, Assignment.id == Visit.assignment_id).where(Assignment.shift_id.in_(shift_ids))


def _outside(campaign: CampaignView) -> list[Callable[[Any], Any]]:
    """Return what limits a query of visits to those `is_outside`, in two parts, each of which the database finds by an index."""
    others = (
        select(WeekPlan.id)
        .join(Campaign, Campaign.id == WeekPlan.campaign_id)
        .where(Campaign.commune_id == campaign.commune_id, Campaign.id != campaign.id)
    )
    return [
        lambda query: made_as_planned(query, campaign).where(Visit.assignment_id.is_(None)),
        lambda query: query.join(Assignment, Assignment.id == Visit.assignment_id).where(Assignment.week_plan_id.in_(others)),
    ]


def is_outside(campaign: CampaignView) -> ColumnElement[bool]:
    """Return the condition that a visit, joined by `made_as_planned`, is of no shift of the campaign's plans."""
    return Assignment.shift_id.is_(None) | Assignment.shift_id.not_in(shifts_of(campaign, Shift.id))


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
