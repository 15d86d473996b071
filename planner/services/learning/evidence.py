"""What the database holds of knocks and their ends, read in bulk, as the counts that `domain.learning` works on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from planner.domain.calendar import instant
from planner.domain.groups import is_low_tech, meet_kind
from planner.domain.languages import VIETNAMESE, language_key
from planner.domain.learning.beliefs import Count
from planner.domain.learning.knocks import OPENED, Counts, Knock, count_doors, helped, slot_class_at, who_was_met
from planner.domain.learning.lengths import Lengths, Stop, measured
from planner.domain.learning.table import APPOINTMENT
from planner.domain.needs import ServiceFacts
from planner.domain.rewards import success_key
from planner.domain.vocabulary import AccountState, MeetKind, NeedResult, NeedState, Outcome, ServiceRule, SlotClass
from planner.models import Appointment, Assignment, Household, Need, Resident, Shift, Visit, VisitResult
from planner.services import facts as residents
from planner.services.campaigns import CampaignView


@dataclass(frozen=True, slots=True)
class _Need:
    """A need as far as learning asks: of which service and resident, and how it stands now."""

    service: ServiceFacts
    resident_id: int
    kind: MeetKind
    low_tech: bool
    state: NeedState


@dataclass(frozen=True, slots=True)
class _Promise:
    """The assignment that a visit was made for."""

    shift_id: int
    begins: datetime
    ends: datetime
    slot_class: SlotClass
    position: int
    starts_at: datetime
    minutes: int
    need_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class _House:
    hamlet_id: int
    slow: bool  # by an interpreter
    smartphone: bool | None


@dataclass(frozen=True, slots=True)
class _Visit:
    id: int
    household_id: int
    outcome: Outcome
    at: datetime
    occurred_at: datetime
    assignment_id: int | None


@dataclass(frozen=True)
class _Facts:
    campaign: CampaignView
    visits: Sequence[_Visit]
    houses: Mapping[int, _House]
    needs: Mapping[int, _Need]
    open_of: Mapping[int, Sequence[_Need]]
    results: Mapping[int, Sequence[tuple[int, NeedResult]]]
    promises: Mapping[int, _Promise]
    appointments: Mapping[int, Sequence[tuple[datetime, datetime, datetime, datetime | None]]]

    def known(self, need_ids: Iterable[int]) -> list[_Need]:
        """Return those of the needs that are the campaign's."""
        return [self.needs[need_id] for need_id in need_ids if need_id in self.needs]

    def reported(self, visit: _Visit) -> list[_Need]:
        """Return the needs of which a visit wrote a result down."""
        return self.known(need_id for need_id, _ in self.results.get(visit.id, ()))


def evidence(session: Session, campaign: CampaignView) -> tuple[Counts, Lengths]:
    """Return all that a campaign's visits have taught so far. Visits that another one corrects teach nothing."""
    found = _read(session, campaign)
    doors, promised = count_doors(_knocks(found))
    shifts: dict[int, list[Stop]] = defaultdict(list)
    for visit in found.visits:
        promise = found.promises.get(visit.assignment_id or 0)
        if promise is not None:
            shifts[promise.shift_id].append(_stop(found, visit, promise))
    listed = [shifts[shift_id] for shift_id in sorted(shifts)]
    return Counts(doors, promised, _services(found)), measured(listed, campaign.settings.length_spread)


def _knocks(found: _Facts) -> Iterable[Knock]:
    settings = found.campaign.settings
    for visit in found.visits:
        promise = found.promises.get(visit.assignment_id or 0)
        shift = (promise.begins, promise.ends, promise.slot_class) if promise else None
        slot_class = slot_class_at(visit.at, settings, shift)
        if slot_class is None:
            continue
        planned = found.known(promise.need_ids) if promise else []
        called_on = planned or found.open_of.get(visit.household_id, ())
        likeliest = {kind: settings.meet_chance[kind][slot_class] for kind in MeetKind}
        sights = who_was_met(visit.outcome, _residents(called_on), _residents(found.reported(visit)), likeliest)
        if sights:
            hamlet_id = found.houses[visit.household_id].hamlet_id
            yield Knock(visit.id, hamlet_id, visit.at, slot_class, sights, _was_promised(found, visit))


def _residents(needs: Iterable[_Need]) -> dict[int, MeetKind]:
    return {need.resident_id: need.kind for need in needs}


def _was_promised(found: _Facts, visit: _Visit) -> bool:
    """Tell whether the household had asked for that hour; a promise that the visit itself replaced was in force till then."""
    return any(
        starts <= visit.at <= ends and made < visit.at and (cancelled is None or cancelled >= visit.at)
        for starts, ends, made, cancelled in found.appointments.get(visit.household_id, ())
    )


def _services(found: _Facts) -> dict[str, Count]:
    done: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for visit in found.visits:
        for need_id, result in found.results.get(visit.id, ()):
            need = found.needs.get(need_id)
            if need is None:
                continue
            phone = found.houses[visit.household_id].smartphone
            key = success_key(need.service.code, low_tech=need.low_tech, smartphone=phone)
            tried[key] += 1
            done[key] += helped(result, at_police=need.service.at_police)
    for need in _answered(found):
        tried[APPOINTMENT] += 1
        done[APPOINTMENT] += need.state is NeedState.DONE
    return {key: Count(done[key], tried[key]) for key in sorted(tried)}


def _answered(found: _Facts) -> list[_Need]:
    """Return the needs sent to the police of which it is known by now whether their residents came."""
    sent = {
        need_id for visit in found.visits for need_id, result in found.results.get(visit.id, ()) if result is NeedResult.REFERRED
    }
    return [need for need in found.known(sorted(sent)) if need.state is not NeedState.REFERRED]


def _stop(found: _Facts, visit: _Visit, promise: _Promise) -> Stop:
    settings = found.campaign.settings
    usual: float | None = None
    if visit.outcome is Outcome.ABSENT:
        usual = settings.nobody_home_minutes
    dealt_with = found.reported(visit)
    if dealt_with:
        slow = found.houses[visit.household_id].slow
        usual = settings.arrive_minutes + sum(
            need.service.minutes * (settings.patience_factor if slow or need.low_tech else 1.0) for need in dealt_with
        )
    return Stop(
        promise.position, promise.starts_at, promise.minutes, visit.occurred_at, visit.outcome in OPENED, usual
    )  # fmt: skip


def _read(session: Session, campaign: CampaignView) -> _Facts:
    mine = select(Household.id).where(Household.commune_id == campaign.commune_id)
    since = instant(campaign.starts_on, time())
    visits = _visits(session, mine, since)
    needs, open_of = _needs(session, campaign, mine)
    results: dict[int, list[tuple[int, NeedResult]]] = defaultdict(list)
    rows = select(VisitResult.visit_id, VisitResult.need_id, VisitResult.result).join(Visit, Visit.id == VisitResult.visit_id)
    for visit_id, need_id, result in session.execute(rows.where(Visit.household_id.in_(mine)).order_by(VisitResult.id)):
        results[visit_id].append((need_id, result))
    appointments: dict[int, list[tuple[datetime, datetime, datetime, datetime | None]]] = defaultdict(list)
    for row in session.execute(
        select(
            Appointment.household_id, Appointment.starts_at, Appointment.ends_at, Appointment.made_at, Appointment.cancelled_at
        ).where(Appointment.household_id.in_(mine), Appointment.at_police.is_(False))
    ):
        appointments[row.household_id].append((row.starts_at, row.ends_at, row.made_at, row.cancelled_at))
    return _Facts(
        campaign, visits, _houses(session, campaign), needs, open_of, results, _promises(session, mine), appointments
    )  # fmt: skip


def _visits(session: Session, mine: Select[int], since: datetime) -> list[_Visit]:
    rows = session.execute(
        select(
            Visit.id, Visit.household_id, Visit.outcome, Visit.occurred_at, Visit.received_at, Visit.assignment_id,
            Visit.corrects_id,
        )
        .where(Visit.household_id.in_(mine))
        .order_by(Visit.id)
    ).all()  # fmt: skip
    corrected = {row.corrects_id for row in rows}
    listed = [
        _Visit(
            row.id, row.household_id, row.outcome, min(row.occurred_at, row.received_at), row.occurred_at, row.assignment_id
        )
        for row in rows
        if row.id not in corrected
    ]  # fmt: skip
    return [visit for visit in listed if visit.at >= since]


def _houses(session: Session, campaign: CampaignView) -> dict[int, _House]:
    rows = session.execute(
        select(Household.id, Household.hamlet_id, Household.languages, Household.smartphones).where(
            Household.commune_id == campaign.commune_id
        )
    )
    found = {}
    for row in rows:
        keys = {key for written in row.languages or () if (key := language_key(written))}
        phone = None if row.smartphones is None else row.smartphones > 0
        found[row.id] = _House(row.hamlet_id, bool(keys) and VIETNAMESE not in keys, phone)
    return found


def _needs(session: Session, campaign: CampaignView, mine: Select[int]) -> tuple[dict[int, _Need], dict[int, list[_Need]]]:
    """Return the needs of the campaign, and those open now by household.

    Kinds are those of the campaign's first day, so that a birthday moves no figure. Whoever had to register had no account
    when they were called on, though they may have one by now.
    """
    services = {service.id: service.facts for service in campaign.services}
    rows = session.execute(
        select(Need.id, Need.household_id, Need.service_id, Need.state, Resident.id.label("resident_id"), *residents.COLUMNS)
        .join(Resident, Resident.id == Need.resident_id)
        .where(Need.household_id.in_(mine), Need.service_id.in_(services))
        .order_by(Need.id)
    ).all()
    registering = {row.resident_id for row in rows if services[row.service_id].rule is ServiceRule.REGISTER}
    kinds: dict[int, tuple[MeetKind, bool]] = {}
    needs: dict[int, _Need] = {}
    open_of: dict[int, list[_Need]] = defaultdict(list)
    for row in rows:
        if row.resident_id not in kinds:
            known = residents.of_row(row[5:])
            if row.resident_id in registering:
                known = replace(known, account=AccountState.NONE)
            day, settings = campaign.starts_on, campaign.settings
            kinds[row.resident_id] = (meet_kind(known, day, settings), is_low_tech(known, day, settings))
        need = _Need(services[row.service_id], row.resident_id, *kinds[row.resident_id], row.state)
        needs[row.id] = need
        if need.state is NeedState.OPEN:
            open_of[row.household_id].append(need)
    return needs, open_of


def _promises(session: Session, mine: Select[int]) -> dict[int, _Promise]:
    """Return the assignments that visits were made for, by id."""
    visited = select(Visit.assignment_id).where(Visit.household_id.in_(mine), Visit.assignment_id.is_not(None))
    rows = session.execute(
        select(
            Assignment.id, Assignment.shift_id, Shift.starts_at.label("begins"), Shift.ends_at.label("ends"), Shift.slot_class,
            Assignment.position, Assignment.starts_at, Assignment.minutes, Assignment.need_ids,
        )
        .join(Shift, Shift.id == Assignment.shift_id)
        .where(Assignment.id.in_(visited))
    )  # fmt: skip
    return {
        row.id: _Promise(
            row.shift_id, row.begins, row.ends, row.slot_class, row.position, row.starts_at, row.minutes, row.need_ids
        )
        for row in rows
    }  # fmt: skip
