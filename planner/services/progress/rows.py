"""Behind each figure its rows: the households it is the sum of, and for the desk the people in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planner.domain import indicators, tally
from planner.domain.calendar import local_date
from planner.domain.indicators import Counted
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import OutreachGroup, Role
from planner.models import Hamlet, Household, Resident, household_tally
from planner.services import campaigns, scope, tallies, targets
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.pages import Page, page_of
from planner.services.progress.overview import POOL_OF
from planner.services.sequences import MOST_PARAMETERS
from planner.services.targets import Target

ROWS_A_PAGE = 50


class Part(StrEnum):
    """Which households: those with something counted, with something lacking, or both."""

    COUNTED = "counted"
    LACKING = "lacking"
    ALL = "all"


@dataclass(frozen=True)
class RowFilter:
    """Which rows. `figure`: an indicator's code, or the name of a count."""

    figure: str
    part: Part = Part.COUNTED
    hamlet_id: int | None = None
    group: int | None = None
    page: int = 1
    size: int = ROWS_A_PAGE


@dataclass(frozen=True)
class PersonRow:
    """A resident who counts, or could."""

    name: str
    value: int
    of: int


@dataclass(frozen=True)
class FigureRow:
    """A household behind a figure. `head_name` and `people` are the desk's alone; others know it by code and hamlet."""

    household_id: int
    code: str
    hamlet: str
    group: OutreachGroup | None
    value: int
    of: int
    head_name: str = ""
    people: tuple[PersonRow, ...] = ()


@dataclass(frozen=True)
class FigureRows:
    """A page of the rows, and what all of them add up to. `target` is None for a bare count."""

    target: Target | None
    name: str
    value: int
    of: int
    page: Page[FigureRow]


def rows(session: Session, actor: Actor, wanted: RowFilter, at: datetime) -> FigureRows:
    """Return the households behind a figure, in the order of hamlets and the commune's book.

    Raises
    ------
    NotFound
        There is no such figure, or hamlet.
    """
    actor.require(Role.DESK, Role.VIEWER)
    campaign = campaigns.active(session, actor)
    if wanted.hamlet_id is not None:
        scope.get_hamlet(session, actor, wanted.hamlet_id)
    target, numerator, denominator = _asked(session, campaign, wanted.figure)
    found = _matching(session, actor, campaign, wanted, numerator, denominator, local_date(at))
    shown = page_of(found, wanted.page, wanted.size)
    ids = [household_id for household_id, _, _ in shown.rows]
    people = _people(session, campaign, ids, (numerator, denominator), local_date(at)) if actor.runs_the_campaign else {}
    page = Page(described(session, actor, shown.rows, people), shown.page, shown.size, shown.total)
    return FigureRows(target, numerator, sum(value for _, value, _ in found), sum(of for _, _, of in found), page)


def _asked(session: Session, campaign: CampaignView, figure: str) -> tuple[Target | None, str, str]:
    """Return the indicator, and the counts a household has of it and could have."""
    if figure in tally.SUMMED:
        return None, figure, figure
    known = dict.fromkeys((*tally.SUMMED, "quota"), 0)
    target = next((t for t in targets.standing_of(session, campaign, known).targets if t.code == figure), None)
    if target is None:
        raise scope.missing("indicator")
    if target.numerator not in tally.SUMMED:
        raise scope.missing("indicator")
    pool = POOL_OF.get(target.numerator)
    return target, target.numerator, pool[0] if pool else target.denominator


Counts = tuple[int, int, int]  # household, what it has, what it could have


def _matching(
    session: Session, actor: Actor, campaign: CampaignView, wanted: RowFilter, numerator: str, denominator: str, on_date: date
) -> list[Counts]:
    """Return all households that fit, in their order."""
    c = household_tally.c
    changed = {
        share.home.household_id: (share.counts[numerator], share.counts[denominator])
        for share in tallies.counted_now(session, campaign, on_date)
    }
    query = (
        scope.households(actor)
        .join(Hamlet, Hamlet.id == Household.hamlet_id)
        .join(household_tally, c.household_id == Household.id)
        .with_only_columns(Household.id, c[numerator], c[denominator])
        .order_by(Hamlet.position, Hamlet.id, Household.position, Household.id)
    )
    if wanted.hamlet_id is not None:
        query = query.where(Household.hamlet_id == wanted.hamlet_id)
    if wanted.group is not None:
        query = query.where(Household.outreach_group == wanted.group)
    if len(changed) < MOST_PARAMETERS:
        kept = {
            Part.COUNTED: c[numerator] > 0,
            Part.LACKING: c[denominator] > c[numerator],
            Part.ALL: or_(c[denominator] > 0, c[numerator] > 0),
        }
        query = query.where(or_(kept[wanted.part], Household.id.in_(list(changed))))
    found = []
    for household_id, value, of in session.execute(query):
        counts = (household_id, *changed.get(household_id, (value, of)))
        if _fits(wanted.part, counts[1], counts[2]):
            found.append(counts)
    return found


def described(
    session: Session, actor: Actor, shown: Sequence[Counts], people: Mapping[int, tuple[PersonRow, ...]]
) -> tuple[FigureRow, ...]:
    """Return the households as far as the actor may know them: whose they are, and who in them counts, is the desk's alone."""
    query = (
        scope.households(actor)
        .join(Hamlet, Hamlet.id == Household.hamlet_id)
        .with_only_columns(Household.id, Household.code, Hamlet.name, Household.outreach_group, Household.head_name)
        .where(Household.id.in_([household_id for household_id, _, _ in shown]))
    )
    known = {row.id: row for row in session.execute(query)}
    names = actor.runs_the_campaign
    rows = []
    for household_id, value, of in shown:
        home = known[household_id]
        group = None if home.outreach_group is None else OutreachGroup(home.outreach_group)
        told = (home.head_name, people.get(household_id, ())) if names else ("", ())
        rows.append(FigureRow(household_id, home.code, home.name, group, value, of, *told))
    return tuple(rows)


def _fits(part: Part, value: int, of: int) -> bool:
    if part is Part.COUNTED:
        return value > 0
    return of > value if part is Part.LACKING else max(value, of) > 0


def _people(
    session: Session, campaign: CampaignView, ids: list[int], names: tuple[str, str], on_date: date
) -> dict[int, tuple[PersonRow, ...]]:
    """Return who of the households counts, or could. Of counts of households, nobody does for themselves."""
    if names[0] in tally.OF_HOUSEHOLDS:
        return {}
    offered = frozenset(service.code for service in campaign.offered)
    at_home: dict[int, list[Counted]] = defaultdict(list)
    counted: dict[int, tuple[bool, Counted]] = {}
    for resident_id, here, one in tallies.people_of(session, campaign, ids):
        counted[resident_id] = here, one
        if here:
            at_home[one.household_id].append(one)
    found: dict[int, list[PersonRow]] = defaultdict(list)
    query = select(Resident.id, Resident.name).where(Resident.id.in_(counted)).order_by(Resident.position, Resident.id)
    for resident_id, name in session.execute(query):
        here, one = counted[resident_id]
        counts = {
            **indicators.count([one] if here else [], on_date, campaign.settings),
            **indicators.guided([one], on_date, campaign.settings),
            **tally.help_of([one], offered),
        }
        value, of = (counts.get(name, 0) for name in names)
        if names[0] == "officials_family" and here:
            value, of = _of_family(one, at_home[one.household_id], on_date, campaign.settings)
        if value or of:
            found[one.household_id].append(PersonRow(name, value, of))
    return {household_id: tuple(people) for household_id, people in found.items()}


def _of_family(one: Counted, family: Sequence[Counted], on_date: date, settings: CampaignSettings) -> tuple[int, int]:
    """Return what somebody is to the count of officials' families: an official, for whom all count, or one who still lacks."""
    done = indicators.count(family, on_date, settings)["officials_family"] > 0
    of = one.official or (not done and any(o.official for o in family) and indicators.lacks_account(one.facts, on_date, settings))
    return int(done and one.official), int(of)
