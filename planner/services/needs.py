"""Needs and groups follow from the facts: derived in bulk after an import, one household at a time after a visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from planner.domain import needs as rules
from planner.domain.calendar import local_date
from planner.domain.groups import Groups, ResidentFacts, household_group, resident_groups
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import NeedState, OutreachGroup
from planner.models import ContactStop, Household, Need, Resident, VisitResult
from planner.services import campaigns, facts, tallies
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView, ServiceView
from planner.services.sequences import in_parts


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild changed."""

    added: int
    changed: int
    removed: int
    households: int


@dataclass(slots=True)
class _Existing:
    id: int
    household_id: int
    state: NeedState
    since_at: datetime
    has_results: bool


@dataclass(slots=True)
class _Person:
    id: int
    household_id: int
    facts: ResidentFacts
    here: bool


def rebuild(
    session: Session,
    commune_id: int,
    at: datetime,
    household_ids: Collection[int] | None = None,
    campaign: CampaignView | None = None,
) -> Rebuilt:
    """Derive needs, groups, counts of open needs and shares in the figures from the facts.

    Parameters
    ----------
    household_ids
        Only these; None: the whole commune.
    campaign
        The active one, where the caller has read it already.

    Needs that visits worked on are kept as they are, but for those that newer facts end. Residents who left the roster,
    or for whom nobody may call any more, count as having nothing open.
    """
    campaign = campaign or campaigns.find_active(session, commune_id)
    if campaign is None:
        return Rebuilt(0, 0, 0, 0)
    on_date = local_date(at)
    changes = _Changes(at)
    households = 0
    for part in _parts(household_ids):
        people = _people(session, commune_id, part)
        existing = _existing(session, commune_id, part)
        states = changes.of(people, existing, campaign.offered, on_date, campaign.settings)
        households += _refresh_households(session, commune_id, part, people, states, on_date, campaign.settings)
    changes.write(session)
    tallies.refresh(session, campaign, at, household_ids)
    return Rebuilt(len(changes.added), len(changes.changed), len(changes.removed), households)


def _parts(household_ids: Collection[int] | None) -> Iterable[Collection[int] | None]:
    return [None] if household_ids is None else in_parts(sorted(set(household_ids)))


class _Changes:
    """Collects what is to be written, so that it is written in a few statements."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.added: list[dict[str, Any]] = []
        self.changed: list[dict[str, Any]] = []
        self.removed: list[int] = []

    def of(
        self,
        people: list[_Person],
        existing: dict[tuple[int, int], _Existing],
        services: tuple[ServiceView, ...],
        on_date: date,
        settings: CampaignSettings,
    ) -> dict[int, list[NeedState]]:
        """Note the changes for these people; return the states of each one's needs as they will be."""
        states: dict[int, list[NeedState]] = defaultdict(list)
        for person in people:
            for service in services:
                old = existing.get((person.id, service.id))
                state = self._state(person, service, old, on_date, settings)
                if state is not None:
                    states[person.id].append(state)
                self._note(person, service.id, old, state)
        return states

    def _state(
        self, person: _Person, service: ServiceView, old: _Existing | None, on_date: date, settings: CampaignSettings
    ) -> NeedState | None:
        if not person.here:  # what was done stays countable, nothing else is left to do
            return old.state if old is not None and (old.has_results or old.state is NeedState.DONE) else None
        now = rules.standing(person.facts, service.facts, on_date, settings)
        return rules.derived_state(old.state if old else None, now, has_results=old is not None and old.has_results)

    def _note(self, person: _Person, service_id: int, old: _Existing | None, state: NeedState | None) -> None:
        if old is None and state is not None:
            self.added.append(
                {
                    "resident_id": person.id, "household_id": person.household_id, "service_id": service_id,
                    "state": state, "state_since_at": self.at,
                }
            )  # fmt: skip
        elif old is not None and state is None:
            self.removed.append(old.id)
        elif old is not None and state is not None and (state is not old.state or person.household_id != old.household_id):
            since_at = old.since_at if state is old.state else self.at
            self.changed.append({"id": old.id, "household_id": person.household_id, "state": state, "state_since_at": since_at})

    def write(self, session: Session) -> None:
        for part in in_parts(self.removed):
            session.execute(delete(Need).where(Need.id.in_(part)))
        if self.changed:
            session.execute(update(Need), self.changed)
        if self.added:
            session.execute(insert(Need), self.added)
        _forget_derived(session)


def _forget_derived(session: Session) -> None:
    """Let rows that the session holds be read anew: the bulk statements went past them."""
    for row in session.identity_map.values():
        if isinstance(row, Household):
            session.expire(row, ["outreach_group", "open_needs"])
        elif isinstance(row, Need):
            session.expire(row)


def _people(session: Session, commune_id: int, part: Collection[int] | None) -> list[_Person]:
    query = (
        select(Resident.id, Resident.household_id, *facts.COLUMNS, Resident.left_at, Household.left_at)
        .join(Household, Household.id == Resident.household_id)
        .where(Resident.commune_id == commune_id)
        .order_by(Resident.household_id, Resident.position, Resident.id)  # needs come to be in the order they are read in
    )
    if part is not None:
        query = query.where(Resident.household_id.in_(part))
    silent = stopped_residents(session, commune_id)
    return [
        _Person(person_id, household_id, facts.of_row(row), left is None and household_left is None and person_id not in silent)
        for person_id, household_id, *row, left, household_left in session.execute(query)
    ]


def stopped_residents(session: Session, commune_id: int) -> set[int]:
    """Return the residents nobody calls for any more, though their household may still be visited."""
    return set(
        session.scalars(
            select(ContactStop.resident_id)
            .join(Household, Household.id == ContactStop.household_id)
            .where(Household.commune_id == commune_id, ContactStop.lifted_at.is_(None), ContactStop.resident_id.is_not(None))
        )
    )


def _existing(session: Session, commune_id: int, part: Collection[int] | None) -> dict[tuple[int, int], _Existing]:
    query = (
        select(Need.id, Need.resident_id, Need.service_id, Need.household_id, Need.state, Need.state_since_at)
        .join(Household, Household.id == Need.household_id)
        .where(Household.commune_id == commune_id)
    )
    worked_on = select(VisitResult.need_id).distinct()
    if part is not None:
        # By resident: the needs of someone who moved here still stand under the former household.
        residents = select(Resident.id).where(Resident.household_id.in_(part))
        query = query.where(Need.resident_id.in_(residents))
        worked_on = worked_on.where(VisitResult.need_id.in_(select(Need.id).where(Need.resident_id.in_(residents))))
    with_results = set(session.scalars(worked_on))
    return {
        (resident_id, service_id): _Existing(need_id, household_id, state, since_at, need_id in with_results)
        for need_id, resident_id, service_id, household_id, state, since_at in session.execute(query)
    }


def _refresh_households(
    session: Session,
    commune_id: int,
    part: Collection[int] | None,
    people: list[_Person],
    states: dict[int, list[NeedState]],
    on_date: date,
    settings: CampaignSettings,
) -> int:
    calls: dict[int, list[OutreachGroup | None]] = defaultdict(list)
    open_needs: dict[int, int] = defaultdict(int)
    for person in people:
        still_open = sum(rules.is_open(state) for state in states.get(person.id, ())) if person.here else 0
        open_needs[person.household_id] += still_open
        calls[person.household_id].append(resident_groups(person.facts, on_date, settings, has_open_need=still_open > 0).call)
    query = select(Household.id, Household.outreach_group, Household.open_needs).where(Household.commune_id == commune_id)
    if part is not None:
        query = query.where(Household.id.in_(part))
    changed = []
    for household_id, group, count in session.execute(query):
        new_group = household_group(calls[household_id])
        if (group, count) != (new_group, open_needs[household_id]):
            changed.append(
                {
                    "id": household_id,
                    "outreach_group": None if new_group is None else int(new_group),
                    "open_needs": open_needs[household_id],
                }
            )
    if changed:
        session.execute(update(Household), changed)
    return len(changed)


@dataclass(frozen=True)
class OpenNeed:
    """An open need with what the plan asks of its resident."""

    id: int
    resident_id: int
    household_id: int
    service: ServiceView
    facts: ResidentFacts
    groups: Groups


def open_needs(
    session: Session, actor: Actor, on_date: date, household_ids: Collection[int] | None = None
) -> dict[int, list[OpenNeed]]:
    """Return the open needs by household, of residents who may be called for; in the order of services."""
    campaign = campaigns.active(session, actor)
    services = {service.id: service for service in campaign.offered}
    silent = stopped_residents(session, actor.commune_id)
    found: dict[int, list[OpenNeed]] = defaultdict(list)
    for part in _parts(household_ids):
        query = (
            select(Need.id, Need.resident_id, Need.household_id, Need.service_id, *facts.COLUMNS)
            .join(Resident, Resident.id == Need.resident_id)
            .where(
                Need.state == NeedState.OPEN,
                Need.service_id.in_(services),
                Resident.commune_id == actor.commune_id,
                Resident.left_at.is_(None),
            )
            .order_by(Need.household_id, Resident.position, Resident.id)
        )
        if part is not None:
            query = query.where(Need.household_id.in_(part))
        for need_id, resident_id, household_id, service_id, *row in session.execute(query):
            if resident_id not in silent:
                known = facts.of_row(row)
                groups = resident_groups(known, on_date, campaign.settings, has_open_need=True)
                found[household_id].append(OpenNeed(need_id, resident_id, household_id, services[service_id], known, groups))
    for listed in found.values():
        listed.sort(key=lambda need: need.service.position)
    return found
