"""Residents and their needs as pages show them: on the household page in full, at the door as much as a visit needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.groups import ResidentFacts, resident_groups
from planner.domain.needs import allowed_results, is_open, settlements
from planner.domain.vocabulary import (
    AccountState,
    BirthPrecision,
    NeedResult,
    NeedState,
    OutreachGroup,
    Residence,
    Sex,
    StopReason,
    Work,
)
from planner.models import ContactStop, Need, Resident
from planner.services import facts
from planner.services.campaigns import CampaignView, ServiceView
from planner.services.sequences import in_parts


@dataclass(frozen=True)
class NeedLine:
    """A need with what a visit may report for it, and what the desk may note when it hears of it elsewhere."""

    id: int
    resident_id: int
    service_view: ServiceView
    state: NeedState
    results: tuple[NeedResult, ...]

    def service(self, lang: str) -> str:
        return self.service_view.name(lang)

    @property
    def code(self) -> str:
        return self.service_view.code

    @property
    def is_open(self) -> bool:
        return is_open(self.state)

    @property
    def settlements(self) -> tuple[NeedState, ...]:
        return settlements(self.service_view.facts, self.state)


@dataclass(frozen=True)
class ResidentView:
    """A resident. `phone` is empty where the reader may not see it, `masked_phone` shows its last three digits."""

    id: int
    household_id: int
    name: str
    birth: str
    birth_precision: BirthPrecision | None
    sex: Sex | None
    relation: str
    phone: str
    masked_phone: str
    residence: Residence
    work: Work
    low_tech: bool | None
    note: str
    official_of: str
    facts: ResidentFacts
    account_group: OutreachGroup | None
    reach_group: OutreachGroup | None
    group: OutreachGroup | None
    needs: tuple[NeedLine, ...]
    stop: StopReason | None

    @property
    def account(self) -> AccountState:
        return self.facts.account


def masked(phone: str) -> str:
    """Return a phone number of which only the last three digits can be read."""
    return "•" * (len(phone) - 3) + phone[-3:] if len(phone) > 3 else "•" * len(phone)


def residents_of(
    session: Session, campaign: CampaignView, household_ids: Collection[int], on_date: date, *, phones: bool
) -> dict[int, list[ResidentView]]:
    """Return the residents still there by household, in the household's own order, with all their needs."""
    found: dict[int, list[ResidentView]] = defaultdict(list)
    for part in in_parts(sorted(set(household_ids))):
        needs = _needs(session, campaign, part)
        stops = dict(
            session.execute(
                select(ContactStop.resident_id, ContactStop.reason).where(
                    ContactStop.household_id.in_(part), ContactStop.lifted_at.is_(None), ContactStop.resident_id.is_not(None)
                )
            ).all()
        )
        query = (
            select(Resident)
            .where(Resident.household_id.in_(part), Resident.left_at.is_(None))
            .order_by(Resident.household_id, Resident.position, Resident.id)
        )
        for row in session.scalars(query):
            found[row.household_id].append(_view(row, campaign, needs.get(row.id, []), stops.get(row.id), on_date, phones=phones))
    return found


def _needs(session: Session, campaign: CampaignView, household_ids: Sequence[int]) -> dict[int, list[NeedLine]]:
    services = {service.id: service for service in campaign.offered}
    found: dict[int, list[NeedLine]] = defaultdict(list)
    query = select(Need.id, Need.resident_id, Need.service_id, Need.state).where(
        Need.household_id.in_(household_ids), Need.service_id.in_(services)
    )
    for need_id, resident_id, service_id, state in session.execute(query):
        service = services[service_id]
        found[resident_id].append(NeedLine(need_id, resident_id, service, state, allowed_results(service.facts, state)))
    for lines in found.values():
        lines.sort(key=lambda line: line.service_view.position)
    return found


def _view(
    row: Resident, campaign: CampaignView, needs: list[NeedLine], stop: StopReason | None, on_date: date, *, phones: bool
) -> ResidentView:
    known = facts.of_resident(row)
    open_need = stop is None and any(line.is_open for line in needs)
    groups = resident_groups(known, on_date, campaign.settings, has_open_need=open_need)
    return ResidentView(
        row.id, row.household_id, row.name, row.birth, row.birth_precision, row.sex, row.relation,
        row.phone if phones else "", masked(row.phone), row.residence, row.work, row.low_tech, row.note, row.official_of, known,
        groups.account, groups.reach, groups.call, tuple(needs), stop,
    )  # fmt: skip
