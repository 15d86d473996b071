"""The volunteers of a synthetic commune: who they are, and when each kind of them can usually come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from benchmarks.campaign import names
from benchmarks.campaign.profiles import Profile
from planner.domain.calendar import PERIODS
from planner.domain.vocabulary import Period

MAJORITY = "Việt"
Moment = tuple[int, Period]  # weekday (0 is Monday) and period
WEEKDAYS, WEEKEND = range(5), (5, 6)
EVENING = (Period.EVENING,)
DAY = (Period.MORNING, Period.AFTERNOON)


@dataclass(frozen=True)
class Org:
    """A kind of volunteer: its share, and the chance that one of them usually can in a slot. ASSUMPTION throughout."""

    name: str
    share: float
    weekday_day: float
    weekday_evening: float
    weekend_day: float
    weekend_evening: float

    def chance(self, moment: Moment) -> float:
        weekday, period = moment
        if weekday in WEEKEND:
            return self.weekend_evening if period is Period.EVENING else self.weekend_day
        return self.weekday_evening if period is Period.EVENING else self.weekday_day


HEAD = Org("Trưởng ấp", 0.0, 0.35, 0.45, 0.4, 0.35)
ORGS = (
    Org("Đoàn Thanh niên", 0.30, 0.0, 0.45, 0.5, 0.35),
    Org("Hội Phụ nữ", 0.25, 0.05, 0.45, 0.5, 0.35),
    Org("Giáo viên", 0.15, 0.0, 0.5, 0.3, 0.2),
    Org("Sinh viên", 0.10, 0.0, 0.3, 0.65, 0.5),
    Org("Tổ bảo vệ an ninh", 0.20, 0.1, 0.5, 0.3, 0.5),
)


class Place(Protocol):
    """Where a volunteer lives."""

    @property
    def index(self) -> int: ...
    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Helper:
    """A volunteer at (`x`, `y`) metres; `usual` are the slots of every week in which they can as a rule."""

    index: int
    hamlet: int
    name: str
    woman: bool
    org: str
    can_lead: bool
    languages: tuple[str, ...]
    x: float
    y: float
    max_shifts: int
    usual: frozenset[Moment]


def helpers_of(profile: Profile, hamlets: Sequence[Place], random: Random) -> list[Helper]:
    """Return the active volunteers, hamlet by hamlet; each hamlet has a head who leads, and at least one more."""
    found: list[Helper] = []
    for cell in hamlets:
        others = sum(random.random() < profile.active_share for _ in range(profile.members_a_hamlet - 1))
        for n in range(1 + max(1, others)):
            org = HEAD if n == 0 else random.choices(ORGS, [o.share for o in ORGS])[0]
            woman = random.random() < (0.9 if org.name == "Hội Phụ nữ" else 0.4)
            speaks = (MAJORITY, cell.language) if cell.language != MAJORITY else (MAJORITY,)
            found.append(
                Helper(
                    len(found), cell.index, names.full_name(random, names.surname(random), woman=woman), woman, org.name,
                    n == 0 or random.random() < 0.5, speaks if random.random() < 0.9 else (MAJORITY,),
                    round(cell.x + random.gauss(0, profile.radius_m / 2), 1),
                    round(cell.y + random.gauss(0, profile.radius_m / 2), 1),
                    random.choice((2, 3)), _usual(org, random),
                )
            )  # fmt: skip
    return found


def _usual(org: Org, random: Random) -> frozenset[Moment]:
    moments = [(weekday, period) for weekday in range(7) for period in PERIODS]
    free = {moment for moment in moments if random.random() < org.chance(moment)}
    while len(free) < 3:  # who offers less is no volunteer
        free.add(random.choice([m for m in moments if org.chance(m) > 0]))
    return frozenset(free)
