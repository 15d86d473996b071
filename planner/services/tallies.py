"""Figures over the commune: the sum of its households' shares, those that changed since counted anew on the spot.

A share is counted where it changed (`needs.rebuild` ends in `refresh`) and holds until the database says otherwise
(`models.watch`), a birthday passes, or the campaign changes what is counted. What does not hold is counted by the reader, so
a sum is right whatever wrote to the rows; the nightly count leaves nothing to count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, not_, select, update
from sqlalchemy.orm import Session

from planner.domain import tally as rules
from planner.domain.calendar import local_date
from planner.domain.indicators import Counted
from planner.domain.tally import Home
from planner.domain.vocabulary import NeedState, Outcome
from planner.models import Campaign, ContactStop, Database, Household, Need, Resident, Visit, household_tally
from planner.services import campaigns, credit, facts
from planner.services.campaigns import CampaignView
from planner.services.sequences import in_parts

TALLY = household_tally.c
ALL_AT_ONCE = 4_000  # so many households are read with the whole commune rather than in parts
Key = tuple[int, int | None]  # hamlet, outreach group (None: nobody to call for)
Sums = dict[Key, dict[str, int]]


@dataclass(frozen=True)
class Share:
    """A household with what it adds to the figures asked for."""

    home: Home
    counts: dict[str, int]


def sums(session: Session, campaign: CampaignView, names: Collection[str], on_date: date) -> Sums:
    """Return the figures of `names` (of `tally.SUMMED`) by hamlet and group of the households."""
    found: Sums = {}
    columns = [func.sum(TALLY[name]) for name in names]
    rows = session.execute(
        select(TALLY.hamlet_id, TALLY.outreach_group, *columns)
        .where(holds(campaign, on_date))
        .group_by(TALLY.hamlet_id, TALLY.outreach_group)
    )
    for hamlet_id, group, *values in rows:
        found[hamlet_id, group] = dict(zip(names, values, strict=True))
    for share in counted_now(session, campaign, on_date):
        add(found, (share.home.hamlet_id, share.home.group), {name: share.counts[name] for name in names})
    return found


def add(found: Sums, key: Key, counts: dict[str, int]) -> None:
    """Add counts to what was found under a key."""
    known = found.setdefault(key, dict.fromkeys(counts, 0))
    for name, value in counts.items():
        known[name] += value


def total(found: Sums, names: Iterable[str]) -> dict[str, int]:
    """Return the sums over all keys; 0 where there is nothing to add up."""
    return {name: sum(counts[name] for counts in found.values()) for name in names}


def holds(campaign: CampaignView, on_date: date) -> ColumnElement[bool]:
    """Return the condition that a share of the campaign's commune may be taken as it stands."""
    return and_(
        TALLY.commune_id == campaign.commune_id,
        TALLY.fresh,
        TALLY.basis == _basis(campaign),
        TALLY.counted_on <= on_date,
        TALLY.holds_until > on_date,
    )


def counted_now(session: Session, campaign: CampaignView, on_date: date) -> Iterator[Share]:
    """Yield the households whose share does not hold, counted anew; nothing is written."""
    yield from shares(session, campaign, _stale(session, campaign, on_date), on_date)


def shares(session: Session, campaign: CampaignView, household_ids: Sequence[int], on_date: date) -> Iterator[Share]:
    """Yield households with their share in all figures, counted from their rows."""
    offered = frozenset(service.code for service in campaign.offered)
    for home in homes(session, campaign, household_ids):
        yield Share(home, rules.share(home, on_date, campaign.settings, offered))


def refresh(session: Session, campaign: CampaignView, at: datetime, household_ids: Collection[int] | None = None) -> int:
    """Count shares anew and keep them; None: those that do not hold. Return how many.

    Whoever changes one of these households meanwhile waits for this transaction: their mark comes after our count.
    """
    on_date = local_date(at)
    ids = sorted(set(_stale(session, campaign, on_date) if household_ids is None else household_ids))
    session.flush()
    for part in in_parts(ids):
        session.execute(
            select(TALLY.household_id).where(TALLY.household_id.in_(part)).order_by(TALLY.household_id).with_for_update()
        )
    _keep(session, campaign, shares(session, campaign, ids, on_date), on_date)
    return len(ids)


def refresh_all(db: Database, at: datetime) -> int:
    """Count all that does not hold any more, of every active campaign; return how many households.

    For a program that counts otherwise than the one before it: until it is done, readers count on the spot and pages are slow.
    A part at a time, so that nobody who reports a visit waits for all of it.
    """
    with db.read() as session:
        active = [campaigns.view(row) for row in session.scalars(select(Campaign).where(Campaign.active).order_by(Campaign.id))]
        stale = {campaign.id: _stale(session, campaign, local_date(at)) for campaign in active}
    for campaign in active:
        for part in in_parts(stale[campaign.id], ALL_AT_ONCE):
            with db.begin() as session:
                refresh(session, campaigns.view(session.get_one(Campaign, campaign.id)), at, part)
    return sum(map(len, stale.values()))


def _stale(session: Session, campaign: CampaignView, on_date: date) -> Sequence[int]:
    """Return the households whose share does not hold."""
    return session.scalars(
        select(TALLY.household_id)
        .where(TALLY.commune_id == campaign.commune_id, not_(func.coalesce(holds(campaign, on_date), False)))
        .order_by(TALLY.household_id)
    ).all()


def _keep(session: Session, campaign: CampaignView, counted: Iterable[Share], on_date: date) -> None:
    basis = _basis(campaign)
    rows = [
        {
            "of_household": share.home.household_id, "hamlet_id": share.home.hamlet_id, "outreach_group": share.home.group,
            "fresh": True, "basis": basis, "counted_on": on_date,
            "holds_until": rules.holds_until((p.facts.birth for p in share.home.people), on_date, campaign.settings),
            **share.counts,
        }
        for share in counted
    ]  # fmt: skip
    if rows:
        keys = [name for name in rows[0] if name != "of_household"]
        statement = (
            update(household_tally)
            .where(TALLY.household_id == bindparam("of_household"))
            .values({name: bindparam(name) for name in keys})
        )
        session.connection().execute(statement, rows)


def _basis(campaign: CampaignView) -> str:
    return rules.basis(campaign.id, campaign.settings, [service.code for service in campaign.offered])


def homes(session: Session, campaign: CampaignView, household_ids: Sequence[int]) -> Iterator[Home]:
    """Yield households as rules count them, their people with the needs of the campaign's services."""
    parts: Iterable[Sequence[int] | None] = [None] if len(household_ids) > ALL_AT_ONCE else in_parts(household_ids)
    wanted = set(household_ids)
    for part in parts:
        for home in _read(session, campaign, part):
            if home.household_id in wanted:
                yield home


def _read(session: Session, campaign: CampaignView, part: Sequence[int] | None) -> Iterator[Home]:
    people: dict[int, list[Counted]] = defaultdict(list)
    gone: dict[int, list[Counted]] = defaultdict(list)
    for _id, here, one in people_of(session, campaign, part):
        (people if here else gone)[one.household_id].append(one)
    visits = _visits(session, campaign, part)
    households = select(Household.id, Household.hamlet_id, Household.outreach_group, Household.left_at)
    for household_id, hamlet_id, group, left_at in session.execute(
        _of(households.where(Household.commune_id == campaign.commune_id), Household.id, part)
    ):
        yield Home(
            household_id, hamlet_id, group, left_at is None, people[household_id], gone[household_id], visits[household_id]
        )


def people_of(session: Session, campaign: CampaignView, part: Sequence[int] | None) -> Iterator[tuple[int, bool, Counted]]:
    """Yield the residents of these households (None: of all) as rules count them: id, whether they are still there, the rest."""
    needs, worked_on = _needs_of(session, campaign, part)
    stopped = _stops(session, campaign, part)
    residents = select(Resident.id, Resident.household_id, Resident.official_of, Resident.left_at, *facts.COLUMNS)
    for resident_id, household_id, official_of, left_at, *known in session.execute(
        _of(residents.where(Resident.commune_id == campaign.commune_id), Resident.household_id, part).order_by(Resident.id)
    ):
        one = Counted(
            facts.of_row(known), needs.get(resident_id, {}), household_id, bool(official_of),
            frozenset(worked_on.get(resident_id, ())),
            left_at is not None or not stopped.isdisjoint({(household_id, None), (household_id, resident_id)}),
        )  # fmt: skip
        yield resident_id, left_at is None, one


def _of(query: Any, column: Any, part: Sequence[int] | None) -> Any:
    return query if part is None else query.where(column.in_(part))


Needs = tuple[dict[int, dict[str, NeedState]], dict[int, set[str]]]


def _needs_of(session: Session, campaign: CampaignView, part: Sequence[int] | None) -> Needs:
    """Return the states of needs by resident and service, and which of them the campaign brings about."""
    codes = {service.id: service.code for service in campaign.services}
    found: dict[int, dict[str, NeedState]] = defaultdict(dict)
    worked_on: dict[int, set[str]] = defaultdict(set)
    query = select(Need.resident_id, Need.service_id, Need.state, credit.brought_about()).where(Need.service_id.in_(list(codes)))
    if part is not None:  # by resident: the needs of someone who moved still stand under the former household
        query = query.join(Resident, Resident.id == Need.resident_id).where(Resident.household_id.in_(part))
    for resident_id, service_id, state, ours in session.execute(query):
        found[resident_id][codes[service_id]] = state
        if ours:
            worked_on[resident_id].add(codes[service_id])
    return found, worked_on


def _stops(session: Session, campaign: CampaignView, part: Sequence[int] | None) -> set[tuple[int, int | None]]:
    """Return where nobody calls any more: a household with one of its residents, or with None for all of them."""
    query = (
        select(ContactStop.household_id, ContactStop.resident_id)
        .join(Household, Household.id == ContactStop.household_id)
        .where(Household.commune_id == campaign.commune_id, ContactStop.lifted_at.is_(None))
    )
    return {(household_id, resident_id) for household_id, resident_id in session.execute(_of(query, Household.id, part))}


def _visits(session: Session, campaign: CampaignView, part: Sequence[int] | None) -> dict[int, list[Outcome]]:
    """Return the outcomes of the campaign's visits that stand, by household: not those that a later report corrects."""
    query = select(Visit.id, Visit.household_id, Visit.outcome, Visit.corrects_id).where(credit.since_start(campaign))
    if part is None:
        query = query.join(Household, Household.id == Visit.household_id).where(Household.commune_id == campaign.commune_id)
    rows = session.execute(_of(query, Visit.household_id, part)).all()
    corrected = {row.corrects_id for row in rows}
    found: dict[int, list[Outcome]] = defaultdict(list)
    for row in rows:
        if row.id not in corrected:
            found[row.household_id].append(row.outcome)
    return found
