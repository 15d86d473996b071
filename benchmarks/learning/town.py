"""A town of households whose true chances of being at home the planner does not know, and weeks of visits in it.

True chances are drawn around the fixed table (docs/learning.md): by kind of resident and class of hours, by hamlet and
class, and by household; after an unanswered call the next in such hours finds fewer. Nothing else of the planner's is
used but the learning itself, so that a campaign of eleven weeks takes a second.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from planner.domain.chances import MEET_CHANCE
from planner.domain.learning.history import OwnKnock, own_chance
from planner.domain.learning.knocks import Counts, Knock, Sight, count_doors
from planner.domain.learning.table import Chances, LearnedTable, Prior
from planner.domain.learning.words import Exploration
from planner.domain.rewards import assumed_success
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import MeetKind, SlotClass

HAMLETS = 24
HOUSEHOLDS = 3000  # in need
VISITS_A_WEEK = 250
WEEKS = 11
MOST_ATTEMPTS = 3
SHARES = {
    MeetKind.USUAL: 0.45, MeetKind.NO_ACCOUNT: 0.15, MeetKind.LOW_TECH: 0.17, MeetKind.COMMUTER: 0.14,
    MeetKind.ROTATING_SHIFT: 0.05, MeetKind.AWAY: 0.04,
}  # fmt: skip
# How many of a week's visits fall into each class of hours, and on which days.
HOURS = {
    SlotClass.WEEKDAY_DAY: (0.20, (0, 1, 2, 3, 4)),
    SlotClass.WEEKDAY_EVENING: (0.45, (0, 1, 2, 3, 4)),
    SlotClass.WEEKEND_DAY: (0.25, (5, 6)),
    SlotClass.WEEKEND_EVENING: (0.10, (5, 6)),
}
FIRST_DAY = datetime(2026, 3, 2, tzinfo=UTC)
SETTINGS = CampaignSettings()


@dataclass(frozen=True)
class Spread:
    """How far truth strays from the table: standard deviations of log-odds, and what is left after a call in vain."""

    kind: float = 0.5
    hamlet: float = 0.4
    household: float = 0.5
    repeat: float = 0.85


@dataclass
class House:
    id: int
    kind: MeetKind
    hamlet: int
    worth: float
    leaning: float
    knocks: list[OwnKnock] = field(default_factory=list)
    silent: dict[SlotClass, int] = field(default_factory=dict)
    unanswered: int = 0
    met: bool = False


class Town:
    """Households with their true chances, all out of one seed."""

    def __init__(self, seed: int, spread: Spread) -> None:
        dice = random.Random(f"town {seed}")
        self.spread = spread
        self.of_kind = {(k, c): dice.gauss(0, spread.kind) for k in MeetKind for c in SlotClass}
        self.of_hamlet = {(h, c): dice.gauss(0, spread.hamlet) for h in range(HAMLETS) for c in SlotClass}
        self.houses = [
            House(
                n, dice.choices(list(SHARES), list(SHARES.values()))[0], dice.randrange(HAMLETS), dice.lognormvariate(0, 0.5),
                dice.gauss(0, spread.household),
            )
            for n in range(HOUSEHOLDS)
        ]  # fmt: skip

    def truth(self, house: House, slot_class: SlotClass) -> float:
        """Return the true chance of meeting someone there now."""
        fixed = MEET_CHANCE[house.kind][slot_class]
        odds = math.log(fixed / (1 - fixed))
        odds += self.of_kind[house.kind, slot_class] + self.of_hamlet[house.hamlet, slot_class] + house.leaning
        return self.spread.repeat ** house.silent.get(slot_class, 0) / (1 + math.exp(-odds))


@dataclass(frozen=True)
class Prediction:
    """What each way of knowing said of one visit, the truth, and how it ended."""

    week: int
    fixed: float
    learned: float
    truth: float
    met: bool


@dataclass
class Campaign:
    """A campaign as it went: what was foretold of each visit, and the worth of all who were met."""

    predictions: list[Prediction] = field(default_factory=list)
    worth: float = 0.0
    met: int = 0


Chance = Callable[[House, SlotClass], float]


def play(
    seed: int,
    spread: Spread,
    *,
    learning: bool = True,
    exploration: Exploration = Exploration.NONE,
    settings: CampaignSettings = SETTINGS,
    weeks: int = WEEKS,
) -> Campaign:
    """Return a campaign of a town: each week plans by what it knows, visits, and learns."""
    town, dice = Town(seed, spread), random.Random(f"visits {seed}")
    knocks: list[Knock] = []
    campaign = Campaign()
    for week in range(weeks):
        chances = Chances(_table(knocks, settings), exploration, seed * WEEKS + week)
        expected = _learned(chances.chance, settings)
        looked_at = _learned(chances.worth, settings) if learning else _fixed(settings)
        for house, slot_class, weekday in _plan(town.houses, looked_at, dice):
            truth = town.truth(house, slot_class)
            met = dice.random() < truth
            campaign.predictions.append(
                Prediction(week, _fixed(settings)(house, slot_class), expected(house, slot_class), truth, met)
            )
            at = FIRST_DAY + timedelta(days=7 * week + weekday, minutes=len(knocks) % 1000)
            knocks.append(Knock(len(knocks), house.hamlet, at, slot_class, (Sight(house.id, house.kind, met),)))
            _remember(house, slot_class, weekday, met)
            campaign.worth += house.worth * met
            campaign.met += met
    return campaign


def _table(knocks: Sequence[Knock], settings: CampaignSettings) -> LearnedTable:
    doors, promises = count_doors(knocks)
    return LearnedTable(Prior.of(settings, assumed_success(settings)), Counts(doors, promises))


def _learned(look: Callable[[MeetKind, SlotClass, int], float], settings: CampaignSettings) -> Chance:
    def chance(house: House, slot_class: SlotClass) -> float:
        general = look(house.kind, slot_class, house.hamlet)
        return own_chance(general, house.knocks, slot_class, HOURS[slot_class][1], settings.repeat_factor)

    return chance


def _fixed(settings: CampaignSettings) -> Chance:
    """Return the chance as it was before learning: the table, less for each unanswered call in such hours."""

    def chance(house: House, slot_class: SlotClass) -> float:
        return settings.meet_chance[house.kind][slot_class] * settings.repeat_factor ** house.silent.get(slot_class, 0)

    return chance


def _plan(houses: Sequence[House], chance: Chance, dice: random.Random) -> list[tuple[House, SlotClass, int]]:
    """Return whom to visit when: what is worth most first, each household once a week, as many as the hours hold."""
    left = {slot_class: round(VISITS_A_WEEK * share) for slot_class, (share, _) in HOURS.items()}
    open_still = [h for h in houses if not h.met and h.unanswered < MOST_ATTEMPTS]
    offers = [(h.worth * chance(h, c), h.id, c) for h in open_still for c in SlotClass]
    offers.sort(key=lambda offer: (-offer[0], offer[1]))
    taken: set[int] = set()
    plan = []
    for _, house_id, slot_class in offers:
        if left[slot_class] and house_id not in taken:
            taken.add(house_id)
            left[slot_class] -= 1
            plan.append((houses[house_id], slot_class, dice.choice(HOURS[slot_class][1])))
    return plan


def _remember(house: House, slot_class: SlotClass, weekday: int, met: bool) -> None:
    house.knocks.append(OwnKnock(slot_class, weekday, met))
    house.met = met
    if not met:
        house.silent[slot_class] = house.silent.get(slot_class, 0) + 1
        house.unanswered += 1
