"""What is true of the commune and nobody in the planner knows: who is at home when, who is helped, how long it takes.

Rates are drawn once around the planner's fixed table: the whole commune's, each hamlet's, each household's. Single events are
throws of the dice named after whom and when they concern, so that all ways of working meet the same people at the same hours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from statistics import NormalDist

from benchmarks.campaign.commune import Home, Person
from benchmarks.campaign.dice import Dice
from benchmarks.campaign.profiles import HARVEST_WEEKS, STARTS_ON, Habits, Profile
from planner.domain.calendar import PERIODS, Slot
from planner.domain.chances import LOW_TECH_ACTIVATION, MEET_CHANCE, NO_PHONE_ACTIVATION, SUCCESS_CHANCE
from planner.domain.needs import ServiceFacts
from planner.domain.vocabulary import MeetKind, Period, SlotClass

_BELL = NormalDist()
EVERY_HOUR = 7 * len(PERIODS)


@dataclass(frozen=True, slots=True)
class Hour:
    """A slot as far as presence depends on it."""

    on_date: date
    period: Period
    slot_class: SlotClass

    @classmethod
    def of(cls, slot: Slot) -> Hour:
        return cls(slot.on_date, slot.period, slot.slot_class)

    @property
    def of_week(self) -> int:
        return self.on_date.weekday() * len(PERIODS) + PERIODS.index(self.period)


class Truth:
    """The habits of a commune, for the simulator's eyes only."""

    def __init__(self, profile: Profile, habits: Habits, seed: int) -> None:
        self.profile, self.habits = profile, habits
        self.dice = Dice("truth", profile.name, seed)
        self._chance = lru_cache(maxsize=None)(self._drawn_chance)

    def at_home(self, home: Home, person: Person, hour: Hour) -> bool:
        """Tell whether a resident is at home in a slot."""
        day, period = hour.on_date.toordinal(), hour.period.value
        shared = self.dice.normal("home", home.index, day, period)
        own = self.dice.normal("person", person.index, day, period)
        weight = self.habits.together
        drawn = _BELL.cdf(math.sqrt(weight) * shared + math.sqrt(1 - weight) * own)
        return drawn < self.presence(home, person, hour)

    def presence(self, home: Home, person: Person, hour: Hour) -> float:
        """Return the true chance of finding a resident at home in a slot."""
        if person.kind is MeetKind.AWAY:  # working far away is no habit of the hour
            return MEET_CHANCE[person.kind][hour.slot_class]
        if hour.of_week in self.never(home):
            return 0.0
        odds = self._chance(home.hamlet, person.kind, hour.slot_class)
        odds += self.habits.home_sd * self.dice.normal("habit", home.index)
        odds += self.habits.hour_sd * self.dice.normal("habit", home.index, hour.of_week)
        chance = _logistic(odds)
        week = (hour.on_date - STARTS_ON).days // 7
        if self.profile.harvest and week in HARVEST_WEEKS and hour.period is not Period.EVENING:
            chance = max(0.0, chance - self.profile.harvest)
        return chance

    def rate(self, hamlet: int, kind: MeetKind, slot_class: SlotClass) -> float:
        """Return a hamlet's true rate, without what is peculiar to a household."""
        return _logistic(self._chance(hamlet, kind, slot_class))

    def _drawn_chance(self, hamlet: int, kind: MeetKind, slot_class: SlotClass) -> float:
        odds = _log_odds(MEET_CHANCE[kind][slot_class])
        odds += self.habits.table_sd * self.dice.normal("table", kind.value, slot_class.value)
        return odds + self.habits.hamlet_sd * self.dice.normal("hamlet", hamlet, kind.value, slot_class.value)

    def never(self, home: Home) -> tuple[int, ...]:
        """Return the hours of the week at which nobody of a household is ever at home."""
        if not self.dice.chance(self.habits.never_home, "never", home.index):
            return ()
        return tuple(self.dice.pick(EVERY_HOUR, "never", home.index, n) for n in range(2))

    def is_gone(self, home: Home) -> bool:
        return self.dice.chance(self.habits.gone, "gone", home.index)

    def has_wrong_address(self, home: Home) -> bool:
        return self.dice.chance(self.habits.wrong_address, "address", home.index)

    def refuses(self, home: Home) -> bool:
        """Tell whether a household wants no visits: it says so as soon as it is met."""
        return self.dice.chance(self.habits.refuses, "refuses", home.index)

    def keeps_promise(self, home: Home, on_date: date) -> bool:
        """Tell whether a household is there at the hour it named itself."""
        return self.dice.chance(self.habits.promise_kept, "promise", home.index, on_date.toordinal())

    def is_down(self, hour: Hour) -> bool:
        """Tell whether the app is out of order that evening."""
        outage = self.dice.chance(self.habits.outage, "outage", hour.on_date.toordinal())
        return outage and hour.period is Period.EVENING

    def succeeds(self, home: Home, person: Person, service: ServiceFacts, times: int) -> bool:
        """Tell whether a resident who is met is helped, this being the n-th try."""
        return self.dice.chance(self.success(home, person, service), "success", person.index, service.code, times)

    def success(self, home: Home, person: Person, service: ServiceFacts) -> float:
        """Return the true chance that someone who is met is helped."""
        if service.code == "register":
            chance = self.habits.register
        elif service.code == "activate" and home.smartphones == 0:
            return NO_PHONE_ACTIVATION
        elif service.code == "activate" and person.low_tech:
            chance = LOW_TECH_ACTIVATION
        else:
            chance = SUCCESS_CHANCE.get(service.code, SUCCESS_CHANCE["other"])
        spread = self.habits.success_sd * self.dice.normal("success", home.hamlet, service.code)
        return _logistic(_log_odds(chance) + spread)

    def is_hopeless(self, person: Person, service: ServiceFacts) -> bool:
        """Tell whether a failure is for good, e.g. a licence issued to an old identity number."""
        return self.dice.chance(self.habits.hopeless, "hopeless", person.index, service.code)

    def visit_minutes(self, home: Home, hour: Hour, expected: float) -> float:
        """Return how long a visit of an expected length really takes."""
        return expected * self._about_one(self.habits.minutes_sd, "minutes", home.index, hour.on_date.toordinal())

    def way_seconds(self, helper: int, hour: Hour, leg: int, expected: float) -> float:
        """Return how long a way of an expected length really takes; in heavy rain longer."""
        day = hour.on_date.toordinal()
        wet = self.dice.chance(self.habits.rain, "rain", day)
        about = self._about_one(self.habits.way_sd, "way", helper, day, hour.period.value, leg)
        return expected * about / (self.habits.rain_speed if wet else 1.0)

    def comes(self, helper: int, hour: Hour) -> bool:
        """Tell whether a volunteer who is in a crew turns up."""
        return not self.dice.chance(self.habits.no_show, "no show", helper, hour.on_date.toordinal(), hour.period.value)

    def can(self, helper: int, on_date: date, period: Period) -> bool:
        """Tell whether a volunteer can, in a usual slot of theirs, on a date."""
        return self.dice.chance(self.habits.comes, "can", helper, on_date.toordinal(), period.value)

    def _about_one(self, spread: float, *what: int | str) -> float:
        """Return a factor with mean one, log-normally distributed."""
        return math.exp(spread * self.dice.normal(*what) - spread * spread / 2)


def _log_odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
