"""A large ward in the midst of its campaign, written straight into a database: 60,000 residents, 100,000 visits.

The rows are such as imports, plans and reports leave: needs follow from the facts by `needs.rebuild`, what visits finished is
done and known as a fact, each visit of a planned shift has its assignment. Names are numbers: nobody reads them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from planner.domain.calendar import slot_on
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import (
    AccountState,
    CommuneKind,
    NeedResult,
    NeedState,
    Outcome,
    Period,
    Residence,
    Role,
    WeekState,
    Work,
)
from planner.models import (
    Assignment,
    Availability,
    Database,
    Hamlet,
    Household,
    Need,
    Resident,
    Shift,
    ShiftMember,
    Visit,
    VisitResult,
    Volunteer,
    WeekPlan,
)
from planner.services import accounts, campaigns, needs, tallies
from planner.services.actors import Actor
from planner.services.progress import history

HAMLETS, A_HOUSEHOLD, VOLUNTEERS, A_SHIFT = 25, 3.3, 400, 8
STARTS_ON, ENDS_ON = date(2026, 3, 2), date(2026, 5, 31)
WEDNESDAY_EVENING = datetime(2026, 5, 13, 12, 30, tzinfo=UTC)  # 19:30, in the eleventh week
THIS_WEEK = date(2026, 5, 11)
PROMISES_THIS_WEEK = 2_000  # the most a week plan of ours holds: 250 shifts of 8 doors
DOCUMENTS = {"bhyt": (0.94, 0.5), "gplx": (0.55, 0.4), "gcn": (0.35, 0.25)}


@dataclass
class Ward:
    """What the benchmark needs to know of the world it made."""

    commune_id: int
    users: dict[Role, int]
    residents: int
    visits: int


def build(db: Database, residents: int, visits: int, seed: int = 1) -> Ward:
    """Make the ward."""
    rng = random.Random(seed)
    start = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
    with db.begin() as session:
        commune = campaigns.create_commune(session, "26734", CommuneKind.PHUONG, "Bến Nghé", "Thành phố Hồ Chí Minh", start)
        actor = Actor.cli(commune.id)
        campaigns.create_campaign(session, actor, "plan_a", "", STARTS_ON, ENDS_ON, start)
        users = {role: user.id for role, user in accounts.ensure_role_users(session, commune.id, start).items()}
        _people(session, commune.id, residents, rng)
        _volunteers(session, commune.id, rng)
    with db.begin() as session:
        needs.rebuild(session, commune.id, start)
        campaign = campaigns.active(session, actor)
        history.keep(session, campaign, start)
    made = 0
    weeks = [STARTS_ON + timedelta(days=7 * n) for n in range((THIS_WEEK - STARTS_ON).days // 7)]
    for monday in weeks:
        with db.begin() as session:
            campaign = campaigns.active(session, actor)
            made += _week(session, campaign, monday, visits // len(weeks), rng)
            tallies.refresh(session, campaign, _instant(monday, 6, 16))
            history.keep(session, campaign, _instant(monday + timedelta(days=7), 0, 0))
    with db.begin() as session:
        campaign = campaigns.active(session, actor)
        made += _week(session, campaign, THIS_WEEK, PROMISES_THIS_WEEK, rng, visited=0.4)
        needs.rebuild(session, commune.id, WEDNESDAY_EVENING)
    return Ward(commune.id, users, residents, made)


def _instant(monday: date, days: int, hour: int) -> datetime:
    return datetime(monday.year, monday.month, monday.day, hour, tzinfo=UTC) + timedelta(days=days)


def _people(session: Session, commune_id: int, residents: int, rng: random.Random) -> None:
    hamlets = session.scalars(
        insert(Hamlet).returning(Hamlet.id),
        [
            {"commune_id": commune_id, "name": f"Khu phố {n}", "name_key": f"khu pho {n}", "position": n, "aliases": []}
            for n in range(1, HAMLETS + 1)
        ],
    ).all()  # fmt: skip
    count = round(residents / A_HOUSEHOLD)
    households = session.scalars(
        insert(Household).returning(Household.id),
        [
            {
                "commune_id": commune_id, "hamlet_id": hamlets[n * HAMLETS // count], "key": f"h{n}", "code": f"{n:05}",
                "position": n, "head_name": f"Hộ số {n}", "languages": [], "lat": 10.77 + n % 500 / 40_000, "lon": 106.7,
            }
            for n in range(count)
        ],
    ).all()  # fmt: skip
    rows = [_resident(commune_id, households[n * count // residents], n, rng) for n in range(residents)]
    session.execute(insert(Resident), rows)


def _resident(commune_id: int, household_id: int, number: int, rng: random.Random) -> dict[str, Any]:
    age = rng.randrange(15) if rng.random() < 0.233 else rng.randrange(15, 85)
    account = AccountState.NA
    documents = {}
    if age >= 14:
        account = rng.choices((AccountState.ACTIVATED, AccountState.ISSUED, AccountState.NONE), (0.68, 0.14, 0.18))[0]
    for code, (owned, integrated) in DOCUMENTS.items():
        if (age >= 18 or code == "bhyt") and rng.random() < owned:
            documents[code] = "integrated" if account is AccountState.ACTIVATED and rng.random() < integrated else "owned"
    return {
        "commune_id": commune_id, "household_id": household_id, "key": f"r{number}", "name": f"Người số {number}",
        "birth": f"{2026 - age}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}", "account": account, "documents": documents,
        "residence": Residence.PERMANENT, "work": rng.choice((Work.HOME, Work.WORKER, Work.UNKNOWN)),
        "official_of": f"Đơn vị {number % 7}" if number % 150 == 0 else "",
    }  # fmt: skip


def _volunteers(session: Session, commune_id: int, rng: random.Random) -> None:
    orgs = ("Đoàn Thanh niên", "Hội Phụ nữ", "Hội Cựu chiến binh", "Công an", "Đơn vị 1", "Đơn vị 2")
    ids = session.scalars(
        insert(Volunteer).returning(Volunteer.id),
        [
            {
                "commune_id": commune_id, "key": f"v{n}", "name": f"Tình nguyện viên {n}", "org": orgs[n % len(orgs)],
                "skills": [], "languages": [], "can_lead": True,
            }
            for n in range(VOLUNTEERS)
        ],
    ).all()  # fmt: skip
    slots = [(weekday, period) for weekday in range(7) for period in Period]
    session.execute(
        insert(Availability),
        [
            {"volunteer_id": volunteer_id, "weekday": weekday, "period": period}
            for volunteer_id in ids
            for weekday, period in rng.sample(slots, 3)
        ],
    )


def _week(session: Session, campaign: Any, monday: date, doors: int, rng: random.Random, visited: float = 1.0) -> int:
    """Make a published week with so many doors, and reports of a share of them."""
    this = monday == THIS_WEEK
    week = WeekPlan(
        campaign_id=campaign.id, monday=monday, revision=1, state=WeekState.PUBLISHED if this else WeekState.CLOSED,
        made_at=_instant(monday, -2, 1), published_at=_instant(monday, -1, 1),
    )  # fmt: skip
    session.add(week)
    session.flush()
    open_homes = session.scalars(
        select(Household.id).where(Household.commune_id == campaign.commune_id, Household.open_needs > 0)
    ).all()
    volunteers = session.scalars(select(Volunteer.id)).all()
    # A home can be called on oftener than once in a week here: 100,000 visits are more than eleven weeks of ours hold.
    chosen = [rng.choice(open_homes) for _ in range(doors)]
    shifts = list(_shifts(session, week, monday, -(-doors // A_SHIFT), volunteers, campaign.settings, rng))
    promises = []
    for number, household_id in enumerate(chosen):
        shift = shifts[number // A_SHIFT]
        promises.append(
            {
                "uid": f"{monday:%m%d}-{number:08}", "week_plan_id": week.id, "shift_id": shift.id, "household_id": household_id,
                "position": number % A_SHIFT, "starts_at": shift.starts_at + timedelta(minutes=15 * (number % A_SHIFT)),
                "minutes": 15, "need_ids": [], "reason": {}, "withdrawn_reason": "",
            }
        )  # fmt: skip
    ids = session.scalars(insert(Assignment).returning(Assignment.id, sort_by_parameter_order=True), promises).all()
    made = [(row, promise_id) for row, promise_id in zip(promises, ids, strict=True) if rng.random() < visited]
    return _visits(session, campaign, made, {shift.id: shift.members[0].volunteer_id for shift in shifts}, rng)


def _shifts(
    session: Session, week: WeekPlan, monday: date, number: int, volunteers: Any, settings: CampaignSettings, rng: random.Random
) -> Iterator[Shift]:
    rows = []
    for n in range(number):
        slot = slot_on(
            monday + timedelta(days=n * 7 // number), (Period.MORNING, Period.AFTERNOON, Period.EVENING)[n % 3], settings
        )
        pair = rng.sample(volunteers, 2)
        rows.append(
            Shift(
                week_plan_id=week.id, on_date=slot.on_date, period=slot.period, slot_class=slot.slot_class,
                starts_at=slot.starts_at, ends_at=slot.ends_at, number=n + 1,
                members=[ShiftMember(volunteer_id=v, position=i, is_lead=i == 0) for i, v in enumerate(pair)],
            )
        )  # fmt: skip
    session.add_all(rows)
    session.flush()
    yield from rows


def _visits(session: Session, campaign: Any, made: Any, leads: dict[int, int], rng: random.Random) -> int:
    outcomes = [rng.choices((Outcome.MET, Outcome.ABSENT, Outcome.NOT_REACHED), (0.55, 0.42, 0.03))[0] for _ in made]
    visit_ids = session.scalars(
        insert(Visit).returning(Visit.id, sort_by_parameter_order=True),
        [
            {
                "event_id": f"{promise['uid']}", "body_hash": "0" * 64, "household_id": promise["household_id"],
                "assignment_id": promise_id, "volunteer_id": leads[promise["shift_id"]], "occurred_at": promise["starts_at"],
                "received_at": promise["starts_at"], "outcome": outcome, "note": "",
            }
            for (promise, promise_id), outcome in zip(made, outcomes, strict=True)
        ],
    ).all()  # fmt: skip
    open_needs: dict[int, list[tuple[int, int, str]]] = {}
    rows = session.execute(
        select(Need.household_id, Need.id, Need.resident_id, Need.service_id).where(Need.state == NeedState.OPEN)
    )
    codes = {service.id: service.code for service in campaign.services}
    for household_id, need_id, resident_id, service_id in rows:
        open_needs.setdefault(household_id, []).append((need_id, resident_id, codes[service_id]))
    done: list[dict[str, Any]] = []
    learnt: dict[int, list[str]] = {}
    for ((promise, _), outcome), visit_id in zip(zip(made, outcomes, strict=True), visit_ids, strict=True):
        if outcome is not Outcome.MET:
            continue
        for need_id, resident_id, code in open_needs.pop(promise["household_id"], ()):
            if rng.random() < 0.35:
                done.append(
                    {
                        "visit_id": visit_id,
                        "need_id": need_id,
                        "result": NeedResult.DONE,
                        "reason": "",
                        "at": promise["starts_at"],
                    }
                )
                learnt.setdefault(resident_id, []).append(code)
    if done:
        session.execute(
            update(Need), [{"id": d["need_id"], "state": NeedState.DONE, "state_since_at": d.pop("at")} for d in done]
        )
        session.execute(insert(VisitResult), done)
        _learn(session, learnt)
    return len(visit_ids)


def _learn(session: Session, learnt: dict[int, list[str]]) -> None:
    changes = []
    for resident in session.execute(select(Resident.id, Resident.account, Resident.documents)):
        if resident.id in learnt:
            account, documents = resident.account, dict(resident.documents)
            for code in learnt[resident.id]:
                if code == "activate":
                    account = AccountState.ACTIVATED
                elif code == "register":
                    account = AccountState.ISSUED if account is not AccountState.ACTIVATED else account
                else:
                    documents[code] = "integrated"
            changes.append({"id": resident.id, "account": account, "documents": documents})
    session.execute(update(Resident), changes)
