"""Builders of rows: each makes one thing with sensible values; a test names only what it is about.

Where a parent is not given, the one made last is taken, or made. `NOW` is a Sunday noon in Việt Nam, the day before the week
that the builders plan (Monday 23 November 2026; the 24th is a public holiday).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.calendar import WEEKDAYS, slot_on
from planner.domain.settings import CampaignSettings
from planner.domain.text import fold, match_key, sort_key
from planner.domain.vocabulary import (
    AccountState,
    BirthPrecision,
    CommuneKind,
    Outcome,
    OutreachGroup,
    Period,
    Role,
    Sex,
    WeekState,
    Work,
)
from planner.models import (
    Assignment,
    Availability,
    Campaign,
    Commune,
    Hamlet,
    Household,
    Need,
    Resident,
    Shift,
    ShiftMember,
    User,
    Visit,
    Volunteer,
    WeekPlan,
)
from planner.services import campaigns, needs
from planner.services.actors import Actor

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
# Facts of a resident that put them into a group.
FACTS_OF_GROUP: dict[int, dict[str, Any]] = {
    0: {"account": AccountState.ACTIVATED, "birth": "1985-03-02", "work": Work.HOME, "documents": {"bhyt": "owned"}},
    1: {"account": AccountState.ISSUED, "birth": "1985-03-02", "work": Work.HOME},
    2: {"account": AccountState.NONE, "birth": "1985-03-02", "work": Work.HOME},
    3: {"account": AccountState.ISSUED, "birth": "1950-03-02", "work": Work.HOME},
    4: {"account": AccountState.ISSUED, "birth": "1985-03-02", "work": Work.WORKER},
}


def a_commune(session: Session, code: str | None = None, name: str = "Lộc Hòa", kind: CommuneKind = CommuneKind.XA) -> Commune:
    number = session.scalar(select(func.count()).select_from(Commune)) or 0
    return _add(session, Commune(code=code or f"2530{number}", name=name, kind=kind, province="Đồng Nai"))


def a_campaign(
    session: Session,
    commune: Commune | None = None,
    template: str = "plan_a",
    starts_on: date = date(2026, 11, 2),
    ends_on: date = date(2027, 1, 31),
    made_at: datetime = NOW,
    **settings: Any,
) -> Campaign:
    commune = commune or _latest(session, Commune) or a_commune(session)
    view = campaigns.create_campaign(session, Actor.cli(commune.id), template, "", starts_on, ends_on, made_at)
    campaign = session.get_one(Campaign, view.id)
    campaign.settings = CampaignSettings.from_dict({**campaign.settings, **settings}).to_dict()
    return campaign


def a_hamlet(session: Session, commune: Commune | None = None, name: str | None = None, **fields: Any) -> Hamlet:
    commune = commune or _latest(session, Commune) or a_commune(session)
    position = session.scalar(select(func.count()).where(Hamlet.commune_id == commune.id)) or 0
    name = name or f"Ấp {position + 1}"
    fields = {"lat": 11.84, "lon": 106.61} | fields
    return _add(session, Hamlet(commune_id=commune.id, name=name, name_key=match_key(name), position=position, **fields))


def a_household(
    session: Session,
    hamlet: Hamlet | None = None,
    head_name: str = "Nguyễn Văn An",
    group: int | OutreachGroup | None = None,
    **fields: Any,
) -> Household:
    """Make a household; with `group`, a resident (its head) of that group too, with needs where there is a campaign."""
    hamlet = hamlet or _latest(session, Hamlet) or a_hamlet(session)
    position = session.scalar(select(func.count()).where(Household.commune_id == hamlet.commune_id)) or 0
    household = Household(
        commune_id=hamlet.commune_id, hamlet=hamlet, key=f"h{uuid.uuid4().hex[:12]}", position=position, head_name=head_name,
        sort=sort_key(head_name),
        **{
            "code": f"{position + 1:04}", "address": f"Số {position + 1}, đường số 1, {hamlet.name}", "lane": "đường số 1",
            "house_number": str(position + 1), "lat": 11.84 + position * 0.0004, "lon": 106.61,
        } | fields,
    )  # fmt: skip
    household.search = fold(f"{household.head_name} {household.code} {household.address}")
    _add(session, household)
    if group is not None:
        a_resident(session, household, head_name, **FACTS_OF_GROUP[int(group)])
        rebuild(session, household)
    return household


def a_lane(session: Session, hamlet: Hamlet, heads: Iterable[tuple[str, int]]) -> list[Household]:
    """Make households of ``(head, group)``, as `a_household` does one by one."""
    made = []
    for head_name, group in heads:
        made.append(a_household(session, hamlet, head_name))
        a_resident(session, made[-1], head_name, **FACTS_OF_GROUP[group])
    rebuild(session, *made)
    return made


def a_resident(
    session: Session,
    household: Household | None = None,
    name: str = "Nguyễn Văn An",
    account: AccountState = AccountState.ACTIVATED,
    birth: str = "1985-03-02",
    **fields: Any,
) -> Resident:
    """Make a resident. Needs follow by `rebuild`."""
    household = household or _latest(session, Household) or a_household(session)
    position = session.scalar(select(func.count()).where(Resident.household_id == household.id)) or 0
    precision = [BirthPrecision.YEAR, BirthPrecision.MONTH, BirthPrecision.DAY][birth.count("-")] if birth else None
    household.search = fold(f"{household.search} {name}")
    return _add(
        session,
        Resident(
            commune_id=household.commune_id, household_id=household.id, key=f"r{uuid.uuid4().hex[:12]}", position=position,
            name=name, account=account, birth=birth, birth_precision=precision, **{"work": Work.HOME} | fields,
        ),
    )  # fmt: skip


def rebuild(session: Session, *households: Household, at: datetime = NOW) -> None:
    """Derive needs and groups of these households (none given: of every commune)."""
    session.flush()
    if not households:
        for commune_id in session.scalars(select(Commune.id)).all():
            needs.rebuild(session, commune_id, at)
    for commune_id in sorted({household.commune_id for household in households}):
        needs.rebuild(session, commune_id, at, [each.id for each in households if each.commune_id == commune_id])


def needs_of(session: Session, household: Household) -> dict[str, Need]:
    """Return a household's needs by service code (of the last resident where two lack the same)."""
    from planner.models import Service

    rows = session.execute(
        select(Service.code, Need)
        .join(Need, Need.service_id == Service.id)
        .where(Need.household_id == household.id)
        .order_by(Need.id)
    )
    return dict(rows.all())


def a_volunteer(
    session: Session,
    commune: Commune | None = None,
    name: str = "Trần Quang Minh",
    slots: Sequence[str] = ("mon_T", "wed_T", "sat_S"),
    hamlet: Hamlet | None = None,
    **fields: Any,
) -> Volunteer:
    """Make a volunteer who can come in these slots of every week."""
    commune = commune or _latest(session, Commune) or a_commune(session)
    fields = {
        "can_lead": True, "sex": Sex.MALE, "phone": "0900000001", "languages": ["Việt"], "org": "Đoàn Thanh niên",
    } | fields  # fmt: skip
    volunteer = Volunteer(
        commune_id=commune.id, hamlet_id=hamlet.id if hamlet else None, key=f"v{uuid.uuid4().hex[:12]}", name=name,
        search=fold(name), sort=sort_key(name), **fields,
    )  # fmt: skip
    for slot in slots:
        weekday, period = slot.split("_")
        volunteer.availability.append(Availability(weekday=WEEKDAYS.index(weekday), period=Period(period)))
    return _add(session, volunteer)


def a_user(
    session: Session,
    commune: Commune | None = None,
    role: Role = Role.DESK,
    name: str = "Hoa",
    volunteer: Volunteer | None = None,
    passphrase: str | None = None,
    **fields: Any,
) -> User:
    """Make a user; with a passphrase only where a test signs in by one (hashing takes its time)."""
    commune = commune or _latest(session, Commune) or a_commune(session)
    login = fields.pop("login", f"{fold(name).replace(' ', '.')}{uuid.uuid4().hex[:4]}")
    return _add(
        session,
        User(
            commune_id=commune.id, volunteer_id=volunteer.id if volunteer else None, login=login, name=name, role=role,
            passphrase_hash=_hash(passphrase) if passphrase else "", **fields,
        ),
    )  # fmt: skip


@cache
def _hash(passphrase: str) -> str:
    from planner.services import passphrases

    return passphrases.hash_of(passphrase)


def a_published_week(
    session: Session,
    shifts: Iterable[tuple[str, Sequence[Volunteer], Sequence[Household]]],
    campaign: Campaign | None = None,
    monday: date = MONDAY,
    state: WeekState = WeekState.PUBLISHED,
) -> WeekPlan:
    """Make a week of shifts ``(slot id, crew with its lead first, households in order)``, every visit 20 minutes."""
    campaign = campaign or _latest(session, Campaign) or a_campaign(session)
    settings = CampaignSettings.from_dict(campaign.settings)
    last = session.scalar(
        select(func.max(WeekPlan.revision)).where(WeekPlan.campaign_id == campaign.id, WeekPlan.monday == monday)
    )
    week = _add(
        session,
        WeekPlan(
            campaign_id=campaign.id, monday=monday, revision=(last or 0) + 1, state=state, made_at=NOW,
            published_at=NOW if state is not WeekState.DRAFT else None,
        ),
    )  # fmt: skip
    numbers: dict[str, int] = {}
    for slot_id, crew, households in shifts:
        weekday, period = slot_id.split("_")
        slot = slot_on(monday + timedelta(days=WEEKDAYS.index(weekday)), Period(period), settings)
        numbers[slot_id] = numbers.get(slot_id, 0) + 1
        shift = _add(
            session,
            Shift(
                week_plan_id=week.id, on_date=slot.on_date, period=slot.period, slot_class=slot.slot_class,
                starts_at=slot.starts_at, ends_at=slot.ends_at, number=numbers[slot_id],
                hamlet_id=households[0].hamlet_id if households else None,
                members=[ShiftMember(volunteer_id=v.id, position=i, is_lead=i == 0) for i, v in enumerate(crew)],
            ),
        )  # fmt: skip
        for position, household in enumerate(households, start=1):
            an_assignment(session, shift, household, position)
    return week


def an_assignment(session: Session, shift: Shift, household: Household, position: int = 1, **fields: Any) -> Assignment:
    need_ids = session.scalars(select(Need.id).where(Need.household_id == household.id, Need.state == "open")).all()
    return _add(
        session,
        Assignment(
            uid=str(uuid.uuid4()), week_plan_id=shift.week_plan_id, shift_id=shift.id, household_id=household.id,
            position=position, starts_at=shift.starts_at + timedelta(minutes=20 * (position - 1)), minutes=20,
            need_ids=list(need_ids), **fields,
        ),
    )  # fmt: skip


def assignments_of(session: Session, household: Household) -> list[Assignment]:
    return list(session.scalars(select(Assignment).where(Assignment.household_id == household.id).order_by(Assignment.id)))


def a_visit(
    session: Session,
    household: Household,
    outcome: Outcome = Outcome.ABSENT,
    at: datetime = NOW - timedelta(days=5),
    assignment: Assignment | None = None,
    **fields: Any,
) -> Visit:
    """Make the bare row of a visit; `outcomes.record_visit` does all that follows from one."""
    event_id = str(uuid.uuid4())
    return _add(
        session,
        Visit(
            event_id=event_id, body_hash=event_id.replace("-", "") * 2, household_id=household.id, occurred_at=at,
            received_at=at, outcome=outcome, assignment_id=assignment.id if assignment else None, **fields,
        ),
    )  # fmt: skip


def _add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def _latest(session: Session, model: Any) -> Any:
    return session.scalars(select(model).order_by(model.id.desc()).limit(1)).one_or_none()
