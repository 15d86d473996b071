"""The roster as a list: searched without diacritics, filtered, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from planner.domain.text import fold, printable
from planner.domain.vocabulary import NeedState, OutreachGroup, StopReason
from planner.models import Campaign, ContactStop, Hamlet, Household, Need, Resident, Service
from planner.services import scope
from planner.services.actors import Actor
from planner.services.pages import LARGEST_PAGE, Page


@dataclass(frozen=True)
class HouseholdFilter:
    """What to list. `q` is searched without diacritics in names, addresses and household numbers, word by word."""

    q: str = ""
    hamlet_id: int | None = None
    group: OutreachGroup | None = None
    service_code: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class HouseholdRow:
    """A household in a list."""

    id: int
    code: str
    head_name: str
    address: str
    hamlet: str
    group: OutreachGroup | None
    residents: int
    open_needs: int
    stopped: StopReason | None


@dataclass(frozen=True)
class HamletView:
    id: int
    name: str
    lat: float | None
    lon: float | None


def hamlets(session: Session, actor: Actor) -> tuple[HamletView, ...]:
    """Return the commune's hamlets in its own order."""
    rows = session.scalars(scope.hamlets(actor).order_by(Hamlet.position, Hamlet.name_key, Hamlet.id))
    return tuple(HamletView(row.id, row.name, row.lat, row.lon) for row in rows)


def count(session: Session, actor: Actor) -> int:
    """Return how many households the actor may see."""
    return _count(session, scope.households(actor).where(Household.left_at.is_(None)))


def _count(session: Session, query: Select[Household]) -> int:
    return session.scalar(query.with_only_columns(func.count(Household.id)).order_by(None)) or 0


def search(session: Session, actor: Actor, wanted: HouseholdFilter) -> Page[HouseholdRow]:
    """Return a page of the roster, in the order of hamlets and of the commune's own book.

    A page beyond the end is the last one.
    """
    query = scope.households(actor).where(Household.left_at.is_(None), *_conditions(actor, wanted))
    total = _count(session, query)
    size = max(1, min(wanted.size, LARGEST_PAGE))
    page = max(1, min(wanted.page, -(-total // size)))
    rows = session.execute(
        query.join(Hamlet, Hamlet.id == Household.hamlet_id)
        .with_only_columns(
            Household.id, Household.code, Household.head_name, Household.address, Hamlet.name, Household.outreach_group,
            Household.open_needs,
        )
        .order_by(Hamlet.position, Household.hamlet_id, Household.position, Household.id)
        .limit(size)
        .offset((page - 1) * size)
    ).all()  # fmt: skip
    ids = [row[0] for row in rows]
    people = dict(
        session.execute(
            select(Resident.household_id, func.count())
            .where(Resident.household_id.in_(ids), Resident.left_at.is_(None))
            .group_by(Resident.household_id)
        ).all()
    )
    stops = dict(
        session.execute(
            select(ContactStop.household_id, ContactStop.reason).where(
                ContactStop.household_id.in_(ids), ContactStop.resident_id.is_(None), ContactStop.lifted_at.is_(None)
            )
        ).all()
    )
    return Page(
        tuple(
            HouseholdRow(
                household_id, code, head, address, hamlet, group_of(group), people.get(household_id, 0), open_needs,
                stops.get(household_id),
            )
            for household_id, code, head, address, hamlet, group, open_needs in rows
        ),
        page, size, total,
    )  # fmt: skip


def group_of(value: int | None) -> OutreachGroup | None:
    return None if value is None else OutreachGroup(value)


def _conditions(actor: Actor, wanted: HouseholdFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Household.search.contains(word, autoescape=True) for word in fold(printable(wanted.q))[:100].split()
    ]
    if wanted.hamlet_id is not None:
        conditions.append(Household.hamlet_id == wanted.hamlet_id)
    if wanted.group is not None:
        conditions.append(Household.outreach_group == int(wanted.group))
    if wanted.service_code:
        in_campaign = (
            select(Service.id)
            .join(Campaign, Campaign.id == Service.campaign_id)
            .where(Service.code == wanted.service_code, Service.active, Campaign.commune_id == actor.commune_id, Campaign.active)
        )
        conditions.append(
            Household.id.in_(select(Need.household_id).where(Need.state == NeedState.OPEN, Need.service_id.in_(in_campaign)))
        )
    return conditions
