"""A synthetic commune as its roster knows it: hamlets, households, residents with their facts, volunteers. No habits in here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from benchmarks.campaign import names
from benchmarks.campaign.helpers import MAJORITY, Helper, helpers_of
from benchmarks.campaign.profiles import STARTS_ON, Profile
from planner.domain.groups import ResidentFacts, meet_kind, resident_groups
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import AccountState, DocumentState, MeetKind, OutreachGroup, Work

LAT, LON = 11.84, 106.61
METRES_A_DEGREE = 111_320.0
CHILDREN, ELDERLY = 0.233, 0.093  # under 15; 65 and over
ACCOUNT_AGE = 14
PAPERS = {"bhyt": (0.94, 0.50), "gplx": (0.55, 0.40), "gcn": (0.45, 0.25)}  # of residents of age: own it; of those, integrated
NEEDS_PATIENCE = 0.25  # of the elderly with a smartphone; as the police class them, a sixth of all residents of age
LOW_TECH_LACKS = 1.5  # how much more often someone elderly or without a smartphone lacks an activated account
LANES_A_HAMLET = 8
LANGUAGES = ("Thái", "Mông")
SAME, OTHERS = 0.7, 0.1  # households that need a language other than Vietnamese: in a hamlet that speaks one, elsewhere
RULES = CampaignSettings()


@dataclass(frozen=True, slots=True)
class Person:
    """A resident. `kind` and `group` follow from the facts by the planner's own rules, at the campaign's start."""

    index: int
    home: int
    name: str
    birth_year: int
    woman: bool
    work: Work
    account: AccountState
    documents: Mapping[str, str]
    smartphone: bool
    kind: MeetKind
    group: OutreachGroup
    low_tech: bool


@dataclass(frozen=True, slots=True)
class Home:
    """A household at (`x`, `y`) metres from the commune's middle."""

    index: int
    hamlet: int
    lane: int
    number: int
    x: float
    y: float
    languages: tuple[str, ...]
    needs_woman: bool
    people: tuple[Person, ...]

    @property
    def smartphones(self) -> int:
        return sum(person.smartphone for person in self.people)


@dataclass(frozen=True, slots=True)
class Cell:
    """A hamlet; `language` is what most of its people speak at home."""

    index: int
    name: str
    x: float
    y: float
    language: str


@dataclass
class SyntheticCommune:
    profile: Profile
    hamlets: list[Cell]
    homes: list[Home] = field(default_factory=list)
    helpers: list[Helper] = field(default_factory=list)

    @property
    def people(self) -> list[Person]:
        return [person for home in self.homes for person in home.people]


def make_commune(profile: Profile, seed: int) -> SyntheticCommune:
    """Return the commune of a profile and seed; the same for every way of working."""
    random = Random(f"{profile.name}/{profile.households}/{seed}")
    commune = SyntheticCommune(profile, _hamlets(profile, random))
    lanes = {cell.index: _lanes(cell, profile, random) for cell in commune.hamlets}
    numbers: dict[tuple[int, int], int] = {}
    people = 0
    for index in range(profile.households):
        cell = commune.hamlets[index * profile.hamlets // profile.households]
        lane = random.randrange(LANES_A_HAMLET)
        numbers[cell.index, lane] = number = numbers.get((cell.index, lane), 0) + 1
        x, y = _door(lanes[cell.index][lane], random)
        members = _members(profile, index, people, random)
        people += len(members)
        other = profile.other_language > 0 and random.random() < (SAME if cell.language != MAJORITY else OTHERS)
        spoken = cell.language if cell.language != MAJORITY else random.choice(LANGUAGES)
        needs_woman = len(members) == 1 and members[0].woman and random.random() < 0.2
        commune.homes.append(Home(index, cell.index, lane, number, x, y, (spoken,) if other else (), needs_woman, members))
    commune.helpers = helpers_of(profile, commune.hamlets, random)
    return commune


def _hamlets(profile: Profile, random: Random) -> list[Cell]:
    """Lay the hamlets along a ribbon that turns back at the commune's edge; a few lie far out."""
    columns = max(1, math.isqrt(profile.hamlets))
    step = sum(profile.gap_m) / 2
    cells = []
    for index in range(profile.hamlets):
        row, place = divmod(index, columns)
        column = place if row % 2 == 0 else columns - 1 - place
        wobble = (profile.gap_m[1] - profile.gap_m[0]) / 4
        x = column * step + random.uniform(-wobble, wobble)
        y = row * step + random.uniform(-wobble, wobble)
        if index >= profile.hamlets - profile.far_hamlets:
            x += profile.far_m
        foreign = random.random() < (profile.other_language - OTHERS) / (SAME - OTHERS)
        language = random.choice(LANGUAGES) if foreign else MAJORITY
        cells.append(Cell(index, f"Ấp {index + 1}", x, y, language))
    middle_x, middle_y = (sum(getattr(c, axis) for c in cells) / len(cells) for axis in ("x", "y"))
    return [Cell(c.index, c.name, c.x - middle_x, c.y - middle_y, c.language) for c in cells]


@dataclass(frozen=True)
class _Lane:
    x: float
    y: float
    angle: float
    length_m: float


def _lanes(cell: Cell, profile: Profile, random: Random) -> list[_Lane]:
    radius = profile.radius_m
    return [
        _Lane(
            cell.x + random.gauss(0, radius / 2),
            cell.y + random.gauss(0, radius / 2),
            random.uniform(0, math.pi),
            random.uniform(0.3, 0.9) * radius,
        )
        for _ in range(LANES_A_HAMLET)
    ]


def _door(lane: _Lane, random: Random) -> tuple[float, float]:
    along = random.uniform(-lane.length_m, lane.length_m)
    return (
        round(lane.x + along * math.cos(lane.angle) + random.gauss(0, 8), 1),
        round(lane.y + along * math.sin(lane.angle) + random.gauss(0, 8), 1),
    )


def _members(profile: Profile, home: int, first_index: int, random: Random) -> tuple[Person, ...]:
    size = min(10, 1 + _poisson(profile.household_size - 1, random))
    family = names.surname(random)
    return tuple(_person(profile, home, first_index + n, family, n == 0, random) for n in range(size))


def _person(profile: Profile, home: int, index: int, family: str, is_head: bool, random: Random) -> Person:
    woman = random.random() < (0.3 if is_head else 0.57)
    age = _age(profile, is_head, random)
    work = _work(profile, age, random)
    smartphone = random.random() < _smartphone_share(profile, age)
    low_tech = age >= ACCOUNT_AGE and (not smartphone or (age >= RULES.elderly_age and random.random() < NEEDS_PATIENCE))
    account = _account(profile, age, low_tech, random)
    birth_year = STARTS_ON.year - age - 1  # had this year's birthday before the campaign or not: a year is all rosters know
    documents = _documents(profile, age, account, random)
    facts = ResidentFacts(account, str(birth_year), work, low_tech=low_tech, documents=documents, smartphone=smartphone)
    groups = resident_groups(facts, STARTS_ON, RULES, has_open_need=True)
    return Person(
        index, home, names.full_name(random, family, woman=woman), birth_year, woman, work, account, documents, smartphone,
        meet_kind(facts, STARTS_ON, RULES), groups.call or OutreachGroup.DOCUMENTS, low_tech,
    )  # fmt: skip


def _age(profile: Profile, is_head: bool, random: Random) -> int:
    """Draw an age; no child heads a household, so the others are children the more often."""
    drawn = random.random()
    children = 0.0 if is_head else CHILDREN * profile.household_size / (profile.household_size - 1)
    if drawn < children:
        return random.randint(0, 14)
    if drawn < children + (1.5 * ELDERLY if is_head else ELDERLY):
        return random.randint(65, 88)
    return random.randint(22 if is_head else 15, 64)


def _work(profile: Profile, age: int, random: Random) -> Work:
    if age < 18:
        return Work.PUPIL if age >= 6 else Work.NA
    if age >= 62:
        return Work.HOME
    drawn = random.random()
    for work, share in ((Work.WORKER, profile.worker), (Work.SHIFT, profile.shift), (Work.AWAY, profile.away)):
        if drawn < share:
            return work
        drawn -= share
    return Work.HOME


def _smartphone_share(profile: Profile, age: int) -> float:
    """Return the share of an age that has a smartphone; over all adults it is the profile's."""
    if age < 12:
        return 0.0
    old = 0.55 * profile.smartphone
    return old if age >= 60 else min(0.99, (profile.smartphone - 0.17 * old) / 0.83)


def _account(profile: Profile, age: int, low_tech: bool, random: Random) -> AccountState:
    if age < ACCOUNT_AGE:
        return AccountState.NA
    usual_share = 0.8  # of residents of age who are not low-tech
    factor = (LOW_TECH_LACKS if low_tech else 1.0) / (usual_share + (1 - usual_share) * LOW_TECH_LACKS)
    drawn = random.random()
    if drawn < profile.issued * factor:
        return AccountState.ISSUED
    return AccountState.NONE if drawn < (profile.issued + profile.no_account) * factor else AccountState.ACTIVATED


def _documents(profile: Profile, age: int, account: AccountState, random: Random) -> dict[str, str]:
    """Draw papers; only who has activated the account can have integrated one, a child's card shows in a parent's app."""
    activated = 1 - profile.issued - profile.no_account
    found = {}
    for code, (owned, integrated) in PAPERS.items():
        owns = random.random() < owned and (code == "bhyt" or age >= 18)
        has = random.random() < (integrated if age < ACCOUNT_AGE else min(1.0, integrated / activated))
        can = account is AccountState.ACTIVATED or age < ACCOUNT_AGE
        state = DocumentState.NONE if not owns else DocumentState.INTEGRATED if has and can else DocumentState.OWNED
        found[code] = state.value
    return found


def _poisson(mean: float, random: Random) -> int:
    limit, product, count = math.exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count
