"""What the database knows of the households to visit, read in bulk: a few queries for a whole commune, none per household."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planner.domain.calendar import instant_of
from planner.domain.contact import ANSWERED
from planner.domain.groups import ResidentFacts, is_low_tech, meet_kind, resident_groups
from planner.domain.needs import ServiceFacts, is_open
from planner.domain.rewards import NeedFacts
from planner.domain.settings import CampaignSettings
from planner.domain.visits import VisitFacts, effective
from planner.domain.vocabulary import (
    AccountState,
    MeetKind,
    NeedState,
    OutreachGroup,
    Period,
    RuleKind,
    ServiceRule,
    StopReason,
)
from planner.models import (
    Appointment,
    Assignment,
    ContactStop,
    Hamlet,
    Household,
    HouseholdRule,
    Need,
    Resident,
    Service,
    ShiftMember,
    Visit,
    VisitResult,
    Volunteer,
)
from planner.services.bridge.places import HamletPlace, Home
from planner.services.states import visits_of_commune

INTO_ACCOUNT = (ServiceRule.DOCUMENT, ServiceRule.USE)  # what only an activated account can have
OPEN_STATES = tuple(state for state in NeedState if is_open(state))


@dataclass(frozen=True, slots=True)
class Rule:
    """What the desk decided about a household, as far as a week's problem asks."""

    id: int
    kind: RuleKind
    on_date: date | None
    period: Period | None
    volunteer_id: int | None


@dataclass(frozen=True, slots=True)
class Door:
    """Fixed facts of a household: where it is and what a crew must bring."""

    home: Home
    languages: tuple[str, ...]
    needs_woman: bool
    smartphones: int | None


@dataclass
class HouseholdFacts:
    """All that decides about visits, each a mapping by household id; what is missing is none."""

    doors: dict[int, Door]
    needs: dict[int, list[tuple[int, NeedFacts]]]
    visits: dict[int, list[VisitFacts]]
    stops: dict[int, list[StopReason]]
    promised: dict[int, list[tuple[datetime, datetime]]]
    rules: dict[int, list[Rule]]
    known: dict[int, list[int]]
    reported: dict[int, set[int]] = field(default_factory=dict)  # by visit: the residents a result was written down of
    helped: frozenset[int] = frozenset()  # residents for whom something is finished, or sent in
    promised_later: frozenset[int] = frozenset()  # households that named an hour in a later week of the campaign
    hamlets: list[HamletPlace] = field(default_factory=list)


def load_households(
    session: Session,
    commune_id: int,
    campaign_id: int,
    monday: date,
    settings: CampaignSettings,
    after: datetime,
    ends_on: date,
) -> HouseholdFacts:
    """Read the facts of all households of a commune for a week: promised hours as far as they end `after`, which is when the
    plan begins, and later ones until the campaign's last day."""
    doors = _doors(session, commune_id)
    visits = visits_of_commune(session, commune_id)
    return HouseholdFacts(
        doors=doors,
        needs=_needs(session, commune_id, campaign_id, monday, settings),
        visits=visits,
        stops=_stops(session, commune_id),
        promised=_promised(session, commune_id, monday, after, visits),
        promised_later=_promised_later(session, commune_id, monday, ends_on),
        rules=_rules(session, campaign_id, monday),
        known=_known(session, commune_id, visits),
        reported=_reported(session, commune_id),
        helped=_helped(session, campaign_id),
        hamlets=[
            HamletPlace(*row)
            for row in session.execute(
                select(Hamlet.id, Hamlet.position, Hamlet.lat, Hamlet.lon)
                .where(Hamlet.commune_id == commune_id)
                .order_by(Hamlet.id)
            )
        ],
    )


def _doors(session: Session, commune_id: int) -> dict[int, Door]:
    rows = session.execute(
        select(
            Household.id, Household.hamlet_id, Household.lane, Household.house_number, Household.position, Household.lat,
            Household.lon, Household.languages, Household.needs_woman, Household.smartphones,
        )
        .where(Household.commune_id == commune_id, Household.left_at.is_(None))
        .order_by(Household.id)
    )  # fmt: skip
    return {row.id: Door(Home(*row[:7]), tuple(row.languages or ()), bool(row.needs_woman), row.smartphones) for row in rows}


def _needs(
    session: Session, commune_id: int, campaign_id: int, monday: date, settings: CampaignSettings
) -> dict[int, list[tuple[int, NeedFacts]]]:
    services = {
        row.id: ServiceFacts(
            row.code, ServiceRule(row.rule), row.document, row.minutes, row.weight, row.asynchronous, row.at_police
        )
        for row in session.scalars(select(Service).where(Service.campaign_id == campaign_id))
    }
    silent = select(ContactStop.resident_id).where(ContactStop.resident_id.is_not(None), ContactStop.lifted_at.is_(None))
    rows = session.execute(
        select(
            Need.id, Need.household_id, Need.service_id, Resident.id.label("resident_id"), Resident.account, Resident.birth,
            Resident.work, Resident.residence, Resident.low_tech, Resident.documents, Resident.smartphone,
        )
        .join(Resident, Resident.id == Need.resident_id)
        .join(Service, Service.id == Need.service_id)
        .where(
            Resident.commune_id == commune_id, Resident.left_at.is_(None), Service.campaign_id == campaign_id, Service.active,
            Need.state.in_(OPEN_STATES), Resident.id.not_in(silent),
        )
        .order_by(Need.household_id, Need.id)
    )  # fmt: skip
    activates = any(service.rule is ServiceRule.ACCOUNT for service in services.values())
    kinds: dict[int, tuple[MeetKind, OutreachGroup, bool]] = {}
    found: dict[int, list[tuple[int, NeedFacts]]] = defaultdict(list)
    for row in rows:
        if row.resident_id not in kinds:
            facts = ResidentFacts(
                row.account, row.birth, row.work, row.residence, row.low_tech, row.documents or {}, row.smartphone
            )
            call = resident_groups(facts, monday, settings, has_open_need=True).call or OutreachGroup.DOCUMENTS
            kinds[row.resident_id] = (meet_kind(facts, monday, settings), call, is_low_tech(facts, monday, settings))
        service = services[row.service_id]
        waits = activates and service.rule in INTO_ACCOUNT and row.account is not AccountState.ACTIVATED
        found[row.household_id].append((row.id, NeedFacts(service, *kinds[row.resident_id], row.resident_id, waits)))
    return found


def _reported(session: Session, commune_id: int) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for visit_id, resident_id in session.execute(
        select(VisitResult.visit_id, Need.resident_id)
        .join(Need, Need.id == VisitResult.need_id)
        .join(Household, Household.id == Need.household_id)
        .where(Household.commune_id == commune_id)
    ):
        found[visit_id].add(resident_id)
    return found


def _helped(session: Session, campaign_id: int) -> frozenset[int]:
    return frozenset(
        session.scalars(
            select(Need.resident_id)
            .join(Service, Service.id == Need.service_id)
            .where(Service.campaign_id == campaign_id, Need.state.in_((NeedState.DONE, NeedState.SUBMITTED)))
        )
    )


def _stops(session: Session, commune_id: int) -> dict[int, list[StopReason]]:
    found: dict[int, list[StopReason]] = defaultdict(list)
    for household_id, reason in session.execute(
        select(ContactStop.household_id, ContactStop.reason)
        .join(Household, Household.id == ContactStop.household_id)
        .where(Household.commune_id == commune_id, ContactStop.resident_id.is_(None), ContactStop.lifted_at.is_(None))
        .order_by(ContactStop.id)
    ):
        found[household_id].append(reason)
    return found


def _promised(
    session: Session, commune_id: int, monday: date, after: datetime, visits: dict[int, list[VisitFacts]]
) -> dict[int, list[tuple[datetime, datetime]]]:
    """Return the promised hours of a week that are still to be kept: not over, and nobody was there yet."""
    begins, ends = max(instant_of(monday, 0), after), instant_of(monday + timedelta(days=7), 0)
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for household_id, starts_at, ends_at in session.execute(
        select(Appointment.household_id, Appointment.starts_at, Appointment.ends_at)
        .join(Household, Household.id == Appointment.household_id)
        .where(
            Household.commune_id == commune_id,
            Appointment.at_police.is_(False),
            Appointment.cancelled_at.is_(None),
            Appointment.starts_at < ends,
            Appointment.ends_at > begins,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ):
        kept = any(starts_at <= v.happened_at <= ends_at for v in effective(visits.get(household_id, ())))
        if not kept:
            found[household_id].append((starts_at, ends_at))
    return found


def _promised_later(session: Session, commune_id: int, monday: date, ends_on: date) -> frozenset[int]:
    begins, ends = instant_of(monday + timedelta(days=7), 0), instant_of(ends_on + timedelta(days=1), 0)
    return frozenset(
        session.scalars(
            select(Appointment.household_id)
            .join(Household, Household.id == Appointment.household_id)
            .where(
                Household.commune_id == commune_id,
                Appointment.at_police.is_(False),
                Appointment.cancelled_at.is_(None),
                Appointment.starts_at >= begins,
                Appointment.starts_at < ends,
            )
        )
    )


def _rules(session: Session, campaign_id: int, monday: date) -> dict[int, list[Rule]]:
    sunday = monday + timedelta(days=6)
    found: dict[int, list[Rule]] = defaultdict(list)
    for row in session.execute(
        select(
            HouseholdRule.household_id, HouseholdRule.id, HouseholdRule.kind, HouseholdRule.on_date, HouseholdRule.period,
            HouseholdRule.volunteer_id,
        )
        .where(
            HouseholdRule.campaign_id == campaign_id,
            HouseholdRule.removed_at.is_(None),
            or_(HouseholdRule.monday.is_(None), HouseholdRule.monday == monday),
            or_(HouseholdRule.on_date.is_(None), HouseholdRule.on_date.between(monday, sunday)),
        )
        .order_by(HouseholdRule.id)
    ):  # fmt: skip
        found[row.household_id].append(Rule(row.id, row.kind, row.on_date, row.period, row.volunteer_id))
    return found


def _known(session: Session, commune_id: int, visits: dict[int, list[VisitFacts]]) -> dict[int, list[int]]:
    """Return which volunteers have met a household before: the crews of answered visits, and who wrote them down."""
    met = {v.id: household_id for household_id, facts in visits.items() for v in effective(facts) if v.outcome in ANSWERED}
    if not met:
        return {}
    crews = (
        select(Visit.id, ShiftMember.volunteer_id)
        .join(Assignment, Assignment.id == Visit.assignment_id)
        .join(ShiftMember, ShiftMember.shift_id == Assignment.shift_id)
        .join(Volunteer, Volunteer.id == ShiftMember.volunteer_id)
        .where(Volunteer.commune_id == commune_id, Volunteer.left_at.is_(None))
    )
    writers = (
        select(Visit.id, Visit.volunteer_id)
        .join(Volunteer, Volunteer.id == Visit.volunteer_id)
        .where(Volunteer.commune_id == commune_id, Volunteer.left_at.is_(None))
    )
    found: dict[int, set[int]] = defaultdict(set)
    for visit_id, volunteer_id in (*session.execute(crews), *session.execute(writers)):
        if visit_id in met:
            found[met[visit_id]].add(volunteer_id)
    return {household_id: sorted(people) for household_id, people in found.items()}
