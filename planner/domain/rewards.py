"""What a visit is worth to the week's plan, and how long it is likely to take, by class of slot.

    reward(class) = sum over the needs a visit can deal with of
                    service weight x chance of success x group weight x chance of meeting(kind, class)
                    x urgency of the household

Someone who works by day is hardly met by day: a household whose needy members all commute gets its value in the evening
and at the weekend by that table alone, no special rule needed. With `chances` given, the chances are the campaign's learned
ones and the household's own visits count (domain.learning); without, those of the settings.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from planner.domain import chances as assumed
from planner.domain.learning.history import OwnKnock, own_chance
from planner.domain.learning.table import Chances
from planner.domain.needs import ServiceFacts
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import MeetKind, OutreachGroup, SlotClass


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """An open need of one resident: the service, and whom a crew must meet for it."""

    service: ServiceFacts
    kind: MeetKind
    group: OutreachGroup
    low_tech: bool = False


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
        Where it is, and its own earlier visits: what a learned table is asked with.
    weekdays
        On which the week has hours of a class.
    """

    needs: tuple[NeedFacts, ...]
    days_left: int
    calls_by_class: Mapping[SlotClass, int] = field(default_factory=dict)
    visited: bool = False
    promised: bool = False
    interpreter: bool = False
    smartphone: bool | None = None
    hamlet_id: int | None = None
    knocks: tuple[OwnKnock, ...] = ()
    weekdays: Mapping[SlotClass, Collection[int]] = field(default_factory=dict)


def meet_chance(
    worth: VisitWorth,
    kind: MeetKind,
    slot_class: SlotClass,
    settings: CampaignSettings,
    chances: Chances | None = None,
    *,
    exploring: bool = False,
) -> float:
    """Return the chance of meeting a resident of a kind: the table's, less for each unanswered call in such hours.

    `exploring`: the learned chance as the reward counts it, with what trying uncertain hours would teach.
    """
    if chances is None:
        if worth.promised:
            return settings.promise_chance
        return settings.meet_chance[kind][slot_class] * settings.repeat_factor ** worth.calls_by_class.get(slot_class, 0)
    if worth.promised:
        return chances.promise
    look = chances.worth if exploring else chances.chance
    general = look(kind, slot_class, worth.hamlet_id)
    if general == 0:
        return 0.0
    return own_chance(general, worth.knocks, slot_class, worth.weekdays.get(slot_class, ()), settings.repeat_factor)


def success_key(code: str, *, low_tech: bool, smartphone: bool | None) -> str:
    """Return the row of the chances of success that a need falls under: activation is three different things."""
    if code == "activate" and smartphone is False:
        return "activate.no_phone"
    return "activate.low_tech" if code == "activate" and low_tech else code


def assumed_success(settings: CampaignSettings) -> dict[str, float]:
    """Return the settings' chances of success by `success_key`."""
    return {
        **settings.success_chance,
        "activate.no_phone": assumed.NO_PHONE_ACTIVATION,
        "activate.low_tech": min(assumed.LOW_TECH_ACTIVATION, settings.success_chance["activate"]),
    }


def success_chance(need: NeedFacts, worth: VisitWorth, settings: CampaignSettings, chances: Chances | None = None) -> float:
    """Return the chance that someone who is met is helped."""
    key = success_key(need.service.code, low_tech=need.low_tech, smartphone=worth.smartphone)
    if chances is not None:
        return chances.success(key)
    if key == "activate.no_phone":
        return assumed.NO_PHONE_ACTIVATION
    if key == "activate.low_tech":
        return min(assumed.LOW_TECH_ACTIVATION, settings.success_chance["activate"])
    return settings.success_chance.get(key, settings.success_chance["other"])


def urgency(worth: VisitWorth, settings: CampaignSettings) -> float:
    """Return the factor of a household: a promise, a first visit, and the campaign's last days count for more."""
    factor = settings.promise_urgency if worth.promised else 1.0
    if not worth.visited:
        factor *= settings.first_visit_urgency
    if worth.days_left < settings.final_days:
        gone = 1 - max(worth.days_left, 0) / settings.final_days
        factor *= 1 + gone * (settings.final_urgency - 1)
    return factor


def need_minutes(need: NeedFacts, worth: VisitWorth, settings: CampaignSettings) -> float:
    """Return how long a need takes with someone who is met."""
    slow = need.low_tech or worth.interpreter
    return need.service.minutes * (settings.patience_factor if slow else 1.0)


def within_patience(worth: VisitWorth, settings: CampaignSettings, chances: Chances | None = None) -> tuple[NeedFacts, ...]:
    """Return the needs one visit can deal with: the best worth for their minutes first, until nobody has the time."""

    def per_minute(need: NeedFacts) -> float:
        value = need.service.weight * settings.group_weight[need.group] * success_chance(need, worth, settings, chances)
        return value / max(need_minutes(need, worth, settings), 1.0)

    chosen: list[NeedFacts] = []
    minutes = 0.0
    for need in sorted(worth.needs, key=per_minute, reverse=True):
        minutes += need_minutes(need, worth, settings)
        if chosen and minutes > settings.max_visit_minutes:
            break
        chosen.append(need)
    return tuple(chosen)


def rewards(worth: VisitWorth, settings: CampaignSettings, chances: Chances | None = None) -> dict[SlotClass, int]:
    """Return the points of a visit by class of slot, at least 1 each.

    A class in which nobody can be met is absent; without open needs the result is empty: there is nothing to go for.
    """
    needs = within_patience(worth, settings, chances)
    factor = urgency(worth, settings)
    points = {}
    for slot_class in SlotClass:
        value = sum(
            need.service.weight
            * settings.group_weight[need.group]
            * success_chance(need, worth, settings, chances)
            * meet_chance(worth, need.kind, slot_class, settings, chances, exploring=True)
            for need in needs
        )
        if value > 0:
            points[slot_class] = max(1, round(value * factor))
    return points


def visit_seconds(worth: VisitWorth, settings: CampaignSettings, chances: Chances | None = None) -> dict[SlotClass, int]:
    """Return the length of a visit by class of slot, for the classes of `rewards`.

    It is the expected length, since three minutes before a closed door are not twenty inside:
    ``best chance x arrive + sum of chance x minutes + (1 - best chance) x nobody_home``; with `expected_lengths` off, as if
    everyone were at home. Learned paces stretch the time with someone and the time before a closed door.
    """
    needs = within_patience(worth, settings, chances)
    inside, outside = (chances.lengths.inside, chances.lengths.outside) if chances is not None else (1.0, 1.0)
    seconds = {}
    for slot_class in rewards(worth, settings, chances):
        helping = 0.0
        chance_any = 0.0
        for need in needs:
            chance = meet_chance(worth, need.kind, slot_class, settings, chances) if settings.expected_lengths else 1.0
            helping += chance * need_minutes(need, worth, settings)
            chance_any = max(chance_any, chance)
        minutes = inside * (chance_any * settings.arrive_minutes + helping)
        minutes += outside * (1 - chance_any) * settings.nobody_home_minutes
        seconds[slot_class] = max(60, round(minutes * 60))
    return seconds
