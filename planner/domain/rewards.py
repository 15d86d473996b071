"""What a visit is worth to the week's plan, and how long it is likely to take, by class of slot.

    reward(class) = urgency of the household x sum over its residents of
                        chance of meeting them(kind, class)
                        x (sum over the needs that a visit can deal with of
                               service weight x group weight x chance of success
                           + points for one more resident helped x chance that something succeeds)

Someone who works by day is hardly met by day: a household whose needy members all commute gets its value in the evening
and at the weekend by that table alone, no special rule needed. With `chances` given, the chances are the campaign's learned
ones and the residents' own history counts (domain.learning); without, those of the settings.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from planner.domain import chances as assumed
from planner.domain.learning.history import OwnKnock, own_chance
from planner.domain.learning.table import APPOINTMENT, Chances
from planner.domain.needs import ServiceFacts
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import MeetKind, OutreachGroup, ServiceRule, SlotClass


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """An open need of one resident: the service, and whom a crew must meet for it.

    `waits`: for the resident's account, which has to be activated before a paper can go into it.
    """

    service: ServiceFacts
    kind: MeetKind
    group: OutreachGroup
    low_tech: bool = False
    resident_id: int = 0
    waits: bool = False


@dataclass(frozen=True, slots=True)
class VisitWorth:
    """A household as far as the worth of visiting it depends on it.

    Parameters
    ----------
    needs
        Its open needs.
    days_left
        Of the campaign, from the planned week's Monday on.
    calls_by_class
        Unanswered calls since someone last answered, by class of slot.
    visited
        Somebody has been there in this campaign.
    promised
        The household itself asked for an hour of that week.
    interpreter
        The visit is not in Vietnamese.
    smartphone
        None: not known.
    hamlet_id, knocks
        Where it is, and earlier visits as far as each resident was met: what a learned table is asked with.
    weekdays
        On which the week has hours of a class.
    helped
        Residents for whom the campaign has finished something already.
    """

    needs: tuple[NeedFacts, ...]
    days_left: int
    calls_by_class: Mapping[SlotClass, int] = field(default_factory=dict)
    visited: bool = False
    promised: bool = False
    interpreter: bool = False
    smartphone: bool | None = None
    hamlet_id: int | None = None
    knocks: Mapping[int, tuple[OwnKnock, ...]] = field(default_factory=dict)
    weekdays: Mapping[SlotClass, Collection[int]] = field(default_factory=dict)
    helped: frozenset[int] = frozenset()


def success_key(code: str, *, low_tech: bool, smartphone: bool | None) -> str:
    """Return the row of the chances of success that a need falls under: activation is three different things."""
    if code == "activate" and smartphone is False:
        return "activate.no_phone"
    return "activate.low_tech" if code == "activate" and low_tech else code


def assumed_success(settings: CampaignSettings) -> dict[str, float]:
    """Return the settings' chances of success by `success_key`, and that of an appointment at the police being kept."""
    return {
        **settings.success_chance,
        "activate.no_phone": assumed.NO_PHONE_ACTIVATION,
        "activate.low_tech": min(assumed.LOW_TECH_ACTIVATION, settings.success_chance["activate"]),
        APPOINTMENT: settings.appointment_chance,
    }


def urgency(worth: VisitWorth, settings: CampaignSettings) -> float:
    """Return the factor of a household: a promise, a first visit, and the campaign's last days count for more."""
    factor = settings.promise_urgency if worth.promised else 1.0
    if not worth.visited:
        factor *= settings.first_visit_urgency
    if worth.days_left < settings.final_days:
        gone = 1 - max(worth.days_left, 0) / settings.final_days
        factor *= 1 + gone * (settings.final_urgency - 1)
    return factor


class Prospect:
    """What is to be expected of visiting a household in the planned week.

    Parameters
    ----------
    chances
        What the campaign has learned; None: the settings' tables.
    """

    def __init__(self, worth: VisitWorth, settings: CampaignSettings, chances: Chances | None = None) -> None:
        self.worth, self.settings, self.chances = worth, settings, chances
        self._assumed = assumed_success(settings) if chances is None else {}

    @cached_property
    def needs(self) -> tuple[NeedFacts, ...]:
        """The needs one visit can deal with: the best worth for their minutes first, until nobody has the time."""
        chosen: dict[int, NeedFacts] = {}
        minutes = 0.0
        for need in sorted(self.worth.needs, key=self._points_a_minute, reverse=True):
            activation = self._activation_of(need)
            if need.waits and activation is None:
                continue
            first = [need] if activation is None else [activation, need]
            more = {id(each): each for each in first if id(each) not in chosen}
            minutes += sum(map(self._minutes, more.values()))
            if chosen and minutes > self.settings.max_visit_minutes:
                break
            chosen |= more
        return tuple(chosen.values())

    @cached_property
    def points(self) -> dict[SlotClass, int]:
        """The reward by class of slot, at least 1 each.

        A class in which nobody can be met is absent; without needs to deal with it is empty: there is nothing to go for.
        """
        factor = urgency(self.worth, self.settings)
        points = {}
        for slot_class in SlotClass:
            value = sum(value * self._meets(need, slot_class, exploring=True) for need, value in self._values)
            if value > 0:
                points[slot_class] = max(1, round(value * factor))
        return points

    @cached_property
    def seconds(self) -> dict[SlotClass, int]:
        """The length by class of slot, for the classes of `points`.

        It is the expected length, since three minutes before a closed door are not twenty inside: ``best chance x arrive +
        sum of chance x minutes + (1 - best chance) x nobody_home``; with `expected_lengths` off, as if everyone were at home
        and everything succeeded. Learned paces stretch the time with someone and the time before a closed door.
        """
        expected = self.settings.expected_lengths
        inside, outside = (self.chances.lengths.inside, self.chances.lengths.outside) if self.chances else (1.0, 1.0)
        seconds = {}
        for slot_class in self.points:
            helping = chance_any = 0.0
            for need in self.needs:
                chance = self._meets(need, slot_class) if expected else 1.0
                helping += chance * self._minutes(need) * (self._begun(need) if expected else 1.0)
                chance_any = max(chance_any, chance)
            minutes = inside * (chance_any * self.settings.arrive_minutes + helping)
            minutes += outside * (1 - chance_any) * self.settings.nobody_home_minutes
            seconds[slot_class] = max(60, round(minutes * 60))
        return seconds

    @cached_property
    def _values(self) -> tuple[tuple[NeedFacts, float], ...]:
        """What each need is worth if its resident is met; one more resident helped counts with their first need."""
        values = {n: self._points(need) for n, need in enumerate(self.needs)}
        for resident_id in {need.resident_id for need in self.needs} - self.worth.helped:
            own = [(n, need) for n, need in enumerate(self.needs) if need.resident_id == resident_id]
            # papers that wait for an account succeed only where its activation did, which helps the resident already
            nothing = prod(1 - self._success(need) for _, need in own if not need.waits)
            values[own[0][0]] += self.settings.helped_points * (1 - nothing)
        return tuple((need, values[n]) for n, need in enumerate(self.needs))

    def _points(self, need: NeedFacts) -> float:
        return need.service.weight * self.settings.group_weight[need.group] * self._begun(need) * self._success(need)

    def _points_a_minute(self, need: NeedFacts) -> float:
        return self._points(need) / max(self._minutes(need), 1.0)

    def _minutes(self, need: NeedFacts) -> float:
        """Return how long a need takes with someone who is met."""
        slow = need.low_tech or self.worth.interpreter
        return need.service.minutes * (self.settings.patience_factor if slow else 1.0)

    def _activation_of(self, need: NeedFacts) -> NeedFacts | None:
        """Return the need that has to succeed first; None where there is none."""
        if not need.waits:
            return None
        own = (n for n in self.worth.needs if n.resident_id == need.resident_id and n.service.rule is ServiceRule.ACCOUNT)
        return next(own, None)

    def _begun(self, need: NeedFacts) -> float:
        """Return the chance that a need of someone who is met is tried at all."""
        if not need.waits:
            return 1.0
        activation = self._activation_of(need)
        return 0.0 if activation is None else self._success(activation)

    def _success(self, need: NeedFacts) -> float:
        """Return the chance that a need that is tried is met in the end: at the police, that they keep the appointment too."""
        key = success_key(need.service.code, low_tech=need.low_tech, smartphone=self.worth.smartphone)
        return self._of_table(key) * (self._of_table(APPOINTMENT) if need.service.at_police else 1.0)

    def _of_table(self, key: str) -> float:
        return self.chances.success(key) if self.chances is not None else self._assumed.get(key, self._assumed["other"])

    def _meets(self, need: NeedFacts, slot_class: SlotClass, *, exploring: bool = False) -> float:
        """Return the chance of meeting a need's resident: the table's, less for unanswered calls in such hours.

        `exploring`: the learned chance as the reward counts it, with what trying uncertain hours would teach.
        """
        worth, settings = self.worth, self.settings
        if self.chances is None:
            if worth.promised:
                return settings.promise_chance
            return settings.meet_chance[need.kind][slot_class] * settings.repeat_factor ** worth.calls_by_class.get(slot_class, 0)
        if worth.promised:
            return self.chances.promise
        look = self.chances.worth if exploring else self.chances.chance
        general = look(need.kind, slot_class, worth.hamlet_id)
        if general == 0:
            return 0.0
        own = worth.knocks.get(need.resident_id, ())
        return own_chance(general, own, slot_class, worth.weekdays.get(slot_class, ()), settings.repeat_factor)
