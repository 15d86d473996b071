"""Behind each figure of an organisation, a crew or a quota: the households it is the sum of, and for the desk the people."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain import indicators
from planner.domain.calendar import local_date
from planner.domain.text import match_key, sort_key
from planner.domain.vocabulary import Role
from planner.models import Assignment, Hamlet, Household, Need, Resident, Shift, ShiftMember, Visit, Volunteer
from planner.services import campaigns, scope
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.comparing import volunteer_names
from planner.services.credit import attempts, results
from planner.services.pages import Page, page_of
from planner.services.progress.guided import guided
from planner.services.progress.quotas import officials_by_organisation
from planner.services.progress.rows import ROWS_A_PAGE, FigureRows, PersonRow, described
from planner.services.progress.work import (
    MET,
    NO_CREW,
    crew_names,
    crews_of,
    is_outside,
    made_as_planned,
    made_by_team,
    shifts_of,
)
from planner.services.sequences import in_parts
from planner.services.team_quotas import TeamKind, teams_of


class Doer(StrEnum):
    """Whose figure it is: the volunteers of an organisation, a crew, a team with a quota, an organisation's officials."""

    TEAM = "team"
    CREW = "crew"
    ORGANISATION_QUOTA = "organisation"
    HAMLET_QUOTA = "hamlet"
    OFFICE = "office"


_OF_VISITS = ("attempts", "people_helped", "needs_done")
FIGURES: Mapping[Doer, tuple[str, ...]] = {
    Doer.TEAM: (*_OF_VISITS, "households_visited"),
    Doer.CREW: (*_OF_VISITS, "met"),
    Doer.ORGANISATION_QUOTA: ("guided",),
    Doer.HAMLET_QUOTA: ("guided",),
    Doer.OFFICE: (
        "officials", "officials_account", "officials_activated", "officials_activated_portal", "officials_papers", "guided",
    ),
}  # fmt: skip
_CREW = re.compile(r"\d{1,9}(-\d{1,9}){0,9}")
Hit = tuple[int, int | None, int]  # household, resident where it is about one, how much


@dataclass(frozen=True)
class WorkFilter:
    """Which rows. `who`: the name of an organisation or a hamlet, a crew's key."""

    doer: Doer
    who: str
    figure: str
    page: int = 1
    size: int = ROWS_A_PAGE


@dataclass(frozen=True)
class WorkRows:
    """A page of the rows; `who`: the names of those whose figure it is."""

    who: tuple[str, ...]
    rows: FigureRows


def work_rows(session: Session, actor: Actor, wanted: WorkFilter, at: datetime) -> WorkRows:
    """Return the households behind a figure, in the order of hamlets and the commune's book.

    Raises
    ------
    NotFound
        There is no such figure, or nobody of that name.
    """
    actor.require(Role.DESK, Role.VIEWER)
    campaign = campaigns.active(session, actor)
    if wanted.figure not in FIGURES[wanted.doer]:
        raise scope.missing("figure")
    who = _who(session, actor, campaign, wanted)
    by_home: Counter[int] = Counter()
    by_person: dict[int, Counter[int]] = defaultdict(Counter)
    for household_id, resident_id, amount in _hits(session, campaign, wanted, local_date(at)):
        by_home[household_id] += amount
        if resident_id is not None:
            by_person[household_id][resident_id] += amount
    found = [(home, by_home[home], by_home[home]) for home in _in_order(session, actor, by_home)]
    shown = page_of(found, wanted.page, wanted.size)
    people = _people(session, {home: by_person[home] for home, _, _ in shown.rows}) if actor.runs_the_campaign else {}
    page = Page(described(session, actor, shown.rows, people), shown.page, shown.size, shown.total)
    total = sum(value for _, value, _ in found)
    return WorkRows(who, FigureRows(None, wanted.figure, total, total, page))


def _who(session: Session, actor: Actor, campaign: CampaignView, wanted: WorkFilter) -> tuple[str, ...]:
    """Return the names of those asked for; who is not of this commune is not there."""
    if wanted.doer is Doer.CREW:
        names = volunteer_names(session, campaign.commune_id)
        if wanted.who != NO_CREW and not (
            _CREW.fullmatch(wanted.who) and all(int(member) in names for member in wanted.who.split("-"))
        ):
            raise scope.missing("crew")
        return crew_names(wanted.who, names, {name: sort_key(name) for name in names.values()})
    if wanted.doer in (Doer.ORGANISATION_QUOTA, Doer.HAMLET_QUOTA):
        kind, key = TeamKind(wanted.doer.value), match_key(wanted.who)
        return _only((t.name for t in teams_of(session, actor, campaign) if (t.kind, t.key) == (kind, key)), "team")
    if wanted.doer is Doer.OFFICE:
        return _only((name for name in officials_by_organisation(session, campaign) if name == wanted.who), "organisation")
    here = select(Volunteer.org).where(Volunteer.commune_id == campaign.commune_id, Volunteer.org == wanted.who)
    return _only(session.scalars(here.limit(1)), "organisation")


def _only(found: Iterable[str], what: str) -> tuple[str, ...]:
    names = tuple(found)[:1]
    if not names:
        raise scope.missing(what)
    return names


def _hits(session: Session, campaign: CampaignView, wanted: WorkFilter, on_date: date) -> Iterator[Hit]:
    if wanted.figure == "guided":
        kind = TeamKind.HAMLET if wanted.doer is Doer.HAMLET_QUOTA else TeamKind.ORGANISATION
        key = match_key(wanted.who)
        for guest in guided(session, campaign, on_date):
            if guest.counts_for(kind) == key:
                yield guest.household_id, guest.resident_id, 1
    elif wanted.doer is Doer.OFFICE:
        for resident_id, one in officials_by_organisation(session, campaign)[wanted.who]:
            if amount := indicators.count([one], on_date, campaign.settings)[wanted.figure]:
                yield one.household_id, resident_id, amount
    elif wanted.figure in ("people_helped", "needs_done"):
        yield from _helped(session, campaign, wanted)
    else:
        for household_id, number, met in _theirs(
            session, campaign, wanted, attempts(campaign, Visit.household_id, func.count(), MET).group_by(Visit.household_id)
        ):
            amount = {"attempts": number, "met": met, "households_visited": 1}[wanted.figure]
            if amount:
                yield household_id, None, amount


def _helped(session: Session, campaign: CampaignView, wanted: WorkFilter) -> Iterator[Hit]:
    """Yield the needs done, or the people they were done for, under the household where they live by now."""
    done = results(campaign, Need.id, Need.resident_id).distinct()
    pairs = list(_theirs(session, campaign, wanted, done))
    homes: dict[int, int] = {}
    for part in in_parts(sorted({resident_id for _, resident_id in pairs})):
        homes.update(session.execute(select(Resident.id, Resident.household_id).where(Resident.id.in_(part))).all())
    needs = Counter(resident_id for _, resident_id in pairs)
    for resident_id, number in needs.items():
        yield homes[resident_id], resident_id, number if wanted.figure == "needs_done" else 1


def _theirs(session: Session, campaign: CampaignView, wanted: WorkFilter, query: Any) -> Iterator[Any]:
    """Yield the rows of a query of visits that are of those asked for."""
    if wanted.doer is Doer.TEAM:
        yield from session.execute(made_by_team(query, campaign.commune_id).where(Volunteer.org == wanted.who))
        return
    query, ours = made_as_planned(query, campaign), shifts_of(campaign, Shift.id)
    if wanted.who == NO_CREW:
        yield from session.execute(query.where(is_outside(campaign)))
        return
    first = int(wanted.who.split("-")[0])
    went = ours.join(ShiftMember, ShiftMember.shift_id == Shift.id).where(ShiftMember.volunteer_id == first)
    crew_of = crews_of(session, session.scalars(went).all())
    theirs = [shift_id for shift_id, key in crew_of.items() if key == wanted.who]
    yield from session.execute(query.where(Assignment.shift_id.in_(theirs)))


def _in_order(session: Session, actor: Actor, homes: Mapping[int, int]) -> list[int]:
    query = (
        scope.households(actor)
        .join(Hamlet, Hamlet.id == Household.hamlet_id)
        .with_only_columns(Household.id)
        .order_by(Hamlet.position, Hamlet.id, Household.position, Household.id)
    )
    return [household_id for household_id in session.scalars(query) if household_id in homes]


def _people(session: Session, counted: Mapping[int, Mapping[int, int]]) -> dict[int, tuple[PersonRow, ...]]:
    """Return who of the households counts, by name."""
    ids = [resident_id for people in counted.values() for resident_id in people]
    found: dict[int, list[PersonRow]] = defaultdict(list)
    rows = select(Resident.id, Resident.household_id, Resident.name).where(Resident.id.in_(ids))
    for resident_id, household_id, name in session.execute(rows.order_by(Resident.position, Resident.id)):
        amount = counted[household_id][resident_id]
        found[household_id].append(PersonRow(name, amount, amount))
    return {household_id: tuple(people) for household_id, people in found.items()}
