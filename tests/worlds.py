"""Named worlds: a commune at a telling moment, with the cast.

Hoa is the desk, Minh a volunteer, Lan the desk of another commune.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from planner.domain.vocabulary import AccountState, Role
from planner.models import Campaign, Commune, Hamlet, Household, User, Volunteer, WeekPlan
from planner.services.actors import Actor
from tests import builders as make


@dataclass
class World:
    """What there is. Rows stay usable after their transaction; change them only within one."""

    commune: Commune
    campaign: Campaign
    hamlet: Hamlet
    households: list[Household]
    volunteers: list[Volunteer]
    hoa: User
    minh: User
    lan: User
    week: WeekPlan | None = None

    @property
    def desk(self) -> Actor:
        return Actor.of_user(self.hoa)

    @property
    def volunteer(self) -> Actor:
        return Actor.of_user(self.minh)

    @property
    def stranger(self) -> Actor:
        """The desk of another commune."""
        return Actor.of_user(self.lan)


def one_alley(session: Session) -> World:
    """Five households of one lane, one of each group (0–4, in that order), four volunteers, no plan yet."""
    commune = make.a_commune(session)
    campaign = make.a_campaign(session, commune)
    hamlet = make.a_hamlet(session, commune)
    heads = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung", "Đỗ Văn Đức"]
    households = [make.a_household(session, hamlet, head, group) for group, head in enumerate(heads)]
    minh = make.a_volunteer(session, commune, "Trần Quang Minh", hamlet=hamlet)
    others = [
        make.a_volunteer(session, commune, name, ("mon_T", "wed_T", "sat_S"), hamlet, phone=f"090000000{i}")
        for i, name in enumerate(("Lê Thu Nga", "Phạm Văn Hải", "Võ Thị Yến"), start=2)
    ]
    elsewhere = make.a_commune(session, name="Bình Lương")
    make.a_campaign(session, elsewhere)
    far = make.a_hamlet(session, elsewhere, "Thôn Đông")
    make.a_household(session, far, "Hoàng Văn Xa", 1)
    return World(
        commune, campaign, hamlet, households, [minh, *others],
        hoa=make.a_user(session, commune, Role.DESK, "Hoa"),
        minh=make.a_user(session, commune, Role.VOLUNTEER, "Minh", volunteer=minh),
        lan=make.a_user(session, elsewhere, Role.DESK, "Lan"),
    )  # fmt: skip


def a_running_week(session: Session) -> World:
    """`one_alley` with its week published: Minh and Nga on Monday evening visit the first three, Hải and Yến on Wednesday
    evening the other two."""
    world = one_alley(session)
    first, second = world.volunteers[:2], world.volunteers[2:]
    world.week = make.a_published_week(
        session, [("mon_T", first, world.households[:3]), ("wed_T", second, world.households[3:])], world.campaign
    )
    return world


def a_family_with_everything(session: Session) -> Household:
    """One more household: grandmother, commuting parents, a pupil and a child, lacking a bit of everything."""
    household = make.a_household(session, head_name="Bùi Văn Giang")
    people = [
        ("Bùi Văn Giang", AccountState.ISSUED, "1980-01-05", {"work": "worker", "documents": {"bhyt": "owned", "gplx": "owned"}}),
        ("Hồ Thị Hạnh", AccountState.NONE, "1983", {"work": "shift", "documents": {"bhyt": "owned"}}),
        ("Vũ Thị Lan", AccountState.ACTIVATED, "1949", {"documents": {"bhyt": "integrated"}}),
        ("Bùi Minh Khoa", AccountState.UNKNOWN, "2010-06-01", {"work": "pupil", "documents": {}}),
        ("Bùi Minh Tâm", AccountState.NA, "2019-06-01", {"work": "na", "documents": {"bhyt": "owned"}}),
    ]
    for name, account, birth, fields in people:
        make.a_resident(session, household, name, account, birth, **fields)
    make.rebuild(session, household)
    return household
