"""The same figures by hamlet, outreach group, team and organisation. In the order of names or the commune's own: no ranking."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, distinct, func, select
from sqlalchemy.orm import Session

from planner.domain import indicators, tally
from planner.domain.calendar import local_date
from planner.domain.groups import account_state
from planner.domain.indicators import Counted, Measured
from planner.domain.text import match_key, sort_key
from planner.domain.vocabulary import AccountState, NeedResult, NeedState, Outcome, OutreachGroup, Role
from planner.models import Hamlet, Household, Need, Resident, Service, Visit, VisitResult, Volunteer
from planner.services import campaigns, facts, scope, tallies, targets
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.progress.overview import asked_for
from planner.services.targets import Target

# What of a visit may have led to a need that is done by now: approved by the register or the police since, too.
LED_TO_DONE = (NeedResult.DONE, NeedResult.SUBMITTED, NeedResult.REFERRED)
SHOWN = ("households", "residents", "attempts", *tally.OF_HELP, "households_visited", "households_helped")


class By(StrEnum):
    HAMLET = "hamlet"
    GROUP = "group"


@dataclass(frozen=True)
class Row:
    """A part of the commune. `key`: a hamlet's id or a group's number; None: households with nothing to call for."""

    key: int | None
    name: str
    counts: Mapping[str, int]
    measured: tuple[Measured, ...]


@dataclass(frozen=True)
class Breakdown:
    """Parts whose figures add up to those of the whole."""

    by: By
    targets: tuple[Target, ...]
    rows: tuple[Row, ...]
    whole: Row


@dataclass(frozen=True)
class TeamRow:
    """What the volunteers of one organisation did. A need is credited once it is done, by a report that stands."""

    name: str
    volunteers: int
    attempts: int
    households_visited: int
    people_helped: int
    needs_done: int


@dataclass(frozen=True)
class QuotaRow:
    """An organisation's officials, and the residents they guided (Plan B, B2).

    `behind`: how many residents are missing against a straight way to the quota, 0 where it is on course.
    """

    organisation: str
    officials: int
    account: int
    activated: int
    used: int
    papers: int
    quota: int
    guided: int
    behind: int

    @property
    def reached(self) -> bool:
        return self.guided >= self.quota


def breakdown(session: Session, actor: Actor, by: By, at: datetime) -> Breakdown:
    """Return all figures by hamlet or group."""
    actor.require(Role.DESK, Role.VIEWER)
    campaign = campaigns.active(session, actor)
    names = asked_for(session, campaign)
    found = tallies.sums(session, campaign, names, local_date(at))
    whole = tally.with_quota(tallies.total(found, names), campaign.settings)
    standing = targets.standing_of(session, campaign, whole)
    parts: dict[int | None, Counter[str]] = defaultdict(Counter)
    for (hamlet_id, group), counts in found.items():
        parts[hamlet_id if by is By.HAMLET else group].update(counts)
    rows = tuple(
        Row(key, name, _shown(parts[key]), _measured(standing.targets, parts[key], campaign))
        for key, name in _names(session, actor, by)
        if key in parts and any(parts[key].values())
    )
    return Breakdown(by, standing.targets, rows, Row(None, "", _shown(whole), tuple(t.measured for t in standing.targets)))


def _names(session: Session, actor: Actor, by: By) -> list[tuple[int | None, str]]:
    if by is By.GROUP:
        return [*((int(group), "") for group in OutreachGroup), (None, "")]
    return [(hamlet.id, hamlet.name) for hamlet in session.scalars(scope.hamlets(actor).order_by(Hamlet.position, Hamlet.id))]


def _shown(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts.get(name, 0) for name in SHOWN}


def _measured(found: Sequence[Target], counts: Mapping[str, int], campaign: CampaignView) -> tuple[Measured, ...]:
    known = tally.with_quota(counts, campaign.settings)
    return tuple(indicators.measure(t.numerator, t.denominator, t.target_percent, known) for t in found)


def teams(session: Session, actor: Actor) -> tuple[TeamRow, ...]:
    """Return what the volunteers did, by the organisation that sent them; nobody is told apart within one."""
    actor.require(Role.DESK, Role.VIEWER)
    here = Volunteer.commune_id == actor.commune_id
    sizes = dict(session.execute(select(Volunteer.org, func.count()).where(here).group_by(Volunteer.org)).all())
    visited = session.execute(
        select(Volunteer.org, func.count(), func.count(distinct(Visit.household_id)))
        .select_from(Visit)
        .join(Volunteer, Volunteer.id == Visit.volunteer_id)
        .where(here, stands(), Visit.outcome != Outcome.NOT_REACHED)
        .group_by(Volunteer.org)
    )
    attempts = {org: (number, households) for org, number, households in visited}
    helped = {org: (people, needs) for org, people, needs in session.execute(
        select(Volunteer.org, func.count(distinct(Need.resident_id)), func.count(distinct(Need.id)))
        .select_from(VisitResult)
        .join(Visit, Visit.id == VisitResult.visit_id)
        .join(Volunteer, Volunteer.id == Visit.volunteer_id)
        .join(Need, Need.id == VisitResult.need_id)
        .where(here, stands(), VisitResult.result.in_(LED_TO_DONE), Need.state == NeedState.DONE)
        .group_by(Volunteer.org)
    )}  # fmt: skip
    rows = [TeamRow(org, sizes[org], *attempts.get(org, (0, 0)), *helped.get(org, (0, 0))) for org in sizes]
    return tuple(sorted(rows, key=lambda row: sort_key(row.name)))


def stands() -> ColumnElement[bool]:
    """Return the condition that no later report corrects a visit."""
    return Visit.id.not_in(select(Visit.corrects_id).where(Visit.corrects_id.is_not(None)))


def quotas(session: Session, actor: Actor, at: datetime) -> tuple[QuotaRow, ...]:
    """Return each organisation's officials, how far they are themselves, and their quota of residents with its pace."""
    actor.require(Role.DESK, Role.VIEWER)
    campaign = campaigns.active(session, actor)
    on_date = local_date(at)
    officials: dict[str, list[Counted]] = defaultdict(list)
    for organisation, household_id, *known in session.execute(
        select(Resident.official_of, Resident.household_id, *facts.COLUMNS)
        .join(Household, Household.id == Resident.household_id)
        .where(
            Resident.commune_id == actor.commune_id, Resident.official_of != "",
            Resident.left_at.is_(None), Household.left_at.is_(None),
        )
    ):  # fmt: skip
        officials[organisation].append(Counted(facts.of_row(known), {}, household_id, official=True))
    guided = _guided(session, campaign, on_date) if officials else {}
    rows = []
    for organisation in sorted(officials, key=sort_key):
        counts = indicators.count(officials[organisation], on_date, campaign.settings)
        reached = guided.get(match_key(organisation), 0)
        rows.append(
            QuotaRow(
                organisation, counts["officials"], counts["officials_account"], counts["officials_activated"],
                counts["officials_activated_portal"], counts["officials_papers"], counts["quota"], reached,
                max(0, _due_by_now(campaign, counts["quota"], on_date) - reached),
            )
        )  # fmt: skip
    return tuple(rows)


def _due_by_now(campaign: CampaignView, quota: int, on_date: date) -> int:
    days = (campaign.ends_on - campaign.starts_on).days + 1
    return quota * min(days, max(0, (on_date - campaign.starts_on).days)) // days


def _guided(session: Session, campaign: CampaignView, on_date: date) -> dict[str, int]:
    """Return the residents guided by the volunteers of each organisation: activated *and* logged in to the portal by now.

    One whom volunteers of two organisations helped counts for the first.
    """
    rows = session.execute(
        select(Resident.id, Volunteer.org, *facts.COLUMNS)
        .select_from(VisitResult)
        .join(Visit, Visit.id == VisitResult.visit_id)
        .join(Volunteer, Volunteer.id == Visit.volunteer_id)
        .join(Need, Need.id == VisitResult.need_id)
        .join(Service, Service.id == Need.service_id)
        .join(Resident, Resident.id == Need.resident_id)
        .where(
            and_(Volunteer.commune_id == campaign.commune_id, Service.campaign_id == campaign.id, stands()),
            Service.code.in_(("activate", "portal")), VisitResult.result.in_(LED_TO_DONE), Need.state == NeedState.DONE,
            Resident.account == AccountState.ACTIVATED, Resident.left_at.is_(None),
        )
        .order_by(Visit.id)
    )  # fmt: skip
    credited: dict[int, str] = {}
    for resident_id, org, *known in rows:
        fact = facts.of_row(known)
        if account_state(fact, on_date, campaign.settings) is AccountState.ACTIVATED and indicators.has_used_portal(fact):
            credited.setdefault(resident_id, match_key(org))
    return Counter(credited.values())
