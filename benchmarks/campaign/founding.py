"""The database on the day before a campaign: the commune as rows, people to sign in, and the campaign itself."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.campaign.commune import LAT, LON, METRES_A_DEGREE, Home, Person, SyntheticCommune
from benchmarks.campaign.helpers import Helper
from benchmarks.campaign.profiles import STARTS_ON, WEEKS
from planner.domain.calendar import instant
from planner.domain.settings import CampaignSettings
from planner.domain.text import fold, match_key, sort_key
from planner.domain.vocabulary import BirthPrecision, CommuneKind, Residence, Role, Sex
from planner.models import Availability, Base, Campaign, Database, Hamlet, Household, Resident, User, Volunteer
from planner.services import campaigns, needs
from planner.services.actors import Actor

Row = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Who acts where. Rows have the index of what they stand for, plus one, as their id."""

    commune_id: int
    campaign_id: int
    desk: Actor

    def crew_lead(self, volunteer_id: int) -> Actor:
        """Return the volunteer as the actor who reports from the door."""
        return Actor(volunteer_id + 1, self.commune_id, Role.VOLUNTEER, volunteer_id, "", f"user:{volunteer_id + 1}")


def empty_database() -> Database:
    """Return a database in this process's memory, with the schema in it; each is another."""
    database = Database(f"sqlite:///file:campaign-{uuid.uuid4().hex}?mode=memory&uri=true", durable=False)
    Base.metadata.create_all(database.engine)
    return database


def found(session: Session, commune: SyntheticCommune, settings: Mapping[str, Any]) -> Place:
    """Write the commune and its campaign down, and derive needs and groups."""
    at = instant(STARTS_ON - timedelta(days=7), time(9))
    view = campaigns.create_commune(session, "99001", CommuneKind.XA, "Xã thử nghiệm", "", at)
    ends_on = STARTS_ON + timedelta(days=7 * WEEKS - 1)
    actor = Actor.cli(view.id)
    campaign = campaigns.create_campaign(session, actor, "plan_a", "", STARTS_ON, ends_on, at)
    row = session.get_one(Campaign, campaign.id)
    travel = {"metres_per_second": commune.profile.metres_per_second}
    row.settings = CampaignSettings.from_dict({**row.settings, "travel": travel, **settings}).to_dict()
    session.flush()
    _insert(session, Hamlet, [_hamlet(view.id, cell.index, cell.name, cell.x, cell.y) for cell in commune.hamlets])
    _insert(session, Household, [_household(view.id, home, position) for position, home in enumerate(_as_walked(commune))])
    _insert(session, Resident, [_resident(view.id, person) for person in commune.people])
    _insert(session, Volunteer, [_volunteer(view.id, helper) for helper in commune.helpers])
    _insert(session, Availability, _availability(commune.helpers))
    _insert(session, User, [_user(view.id, "truc-ban", Role.DESK, None), *(_account(view.id, h) for h in commune.helpers)])
    needs.rebuild(session, view.id, at)
    return Place(view.id, campaign.id, Actor.of_user(session.get_one(User, 1)))


def _insert(session: Session, model: type[Base], rows: list[Row]) -> None:
    if rows:
        session.execute(insert(model), rows)


def _as_walked(commune: SyntheticCommune) -> list[Home]:
    """Return the households in the register's order: hamlet by hamlet, lane by lane, by house number."""
    return sorted(commune.homes, key=lambda home: (home.hamlet, home.lane, home.number))


def _coordinates(x: float, y: float) -> Row:
    return {
        "lat": round(LAT + y / METRES_A_DEGREE, 7),
        "lon": round(LON + x / METRES_A_DEGREE / math.cos(math.radians(LAT)), 7),
    }


def _hamlet(commune_id: int, index: int, name: str, x: float, y: float) -> Row:
    return {
        "id": index + 1, "commune_id": commune_id, "name": name, "name_key": match_key(name), "position": index, "aliases": [],
        **_coordinates(x, y),
    }  # fmt: skip


def _household(commune_id: int, home: Home, position: int) -> Row:
    head = home.people[0].name
    lane, number = f"Đường số {home.lane + 1}", str(home.number)
    return {
        "id": home.index + 1, "commune_id": commune_id, "hamlet_id": home.hamlet + 1, "key": f"h{home.index}",
        "code": f"{position + 1:05}", "position": position, "head_name": head, "address": f"Số {number}, {lane}", "lane": lane,
        "house_number": number, "languages": list(home.languages), "needs_woman": home.needs_woman,
        "smartphones": home.smartphones, "note": "", "search": fold(head), "sort": sort_key(head), "open_needs": 0,
        **_coordinates(home.x, home.y),
    }  # fmt: skip


def _resident(commune_id: int, person: Person) -> Row:
    return {
        "id": person.index + 1, "commune_id": commune_id, "household_id": person.home + 1, "key": f"r{person.index}",
        "position": person.index, "name": person.name, "birth": str(person.birth_year), "birth_precision": BirthPrecision.YEAR,
        "sex": Sex.FEMALE if person.woman else Sex.MALE, "relation": "", "phone": "", "residence": Residence.PERMANENT,
        "work": person.work, "account": person.account, "documents": dict(person.documents), "smartphone": person.smartphone,
        "low_tech": person.low_tech,
        "note": "", "official_of": "",
    }  # fmt: skip


def _volunteer(commune_id: int, helper: Helper) -> Row:
    return {
        "id": helper.index + 1, "commune_id": commune_id, "hamlet_id": helper.hamlet + 1, "key": f"v{helper.index}",
        "name": helper.name, "search": fold(helper.name), "sort": sort_key(helper.name), "phone": "",
        "sex": Sex.FEMALE if helper.woman else Sex.MALE, "org": helper.org, "skills": [], "languages": list(helper.languages),
        "can_lead": helper.can_lead, "max_shifts": helper.max_shifts, **_coordinates(helper.x, helper.y),
    }  # fmt: skip


def _availability(helpers: list[Helper]) -> list[Row]:
    return [
        {"volunteer_id": helper.index + 1, "weekday": weekday, "period": period}
        for helper in helpers
        for weekday, period in sorted(helper.usual)
    ]


def _account(commune_id: int, helper: Helper) -> Row:
    return _user(commune_id, f"tnv{helper.index}", Role.VOLUNTEER, helper.index + 1)


def _user(commune_id: int, login: str, role: Role, volunteer_id: int | None) -> Row:
    """Return a user's row; ids follow the order: the desk is 1, a volunteer's user comes one after the volunteer's id."""
    return {
        "id": 1 + (volunteer_id or 0), "commune_id": commune_id, "volunteer_id": volunteer_id, "login": login, "name": login,
        "role": role, "language": "vi", "passphrase_hash": "",
    }  # fmt: skip
