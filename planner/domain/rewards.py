"""What a visit is worth to the week's plan, and how long it is likely to take, by class of slot.

    reward(class) = sum over the needs a visit can deal with of
                    service weight x chance of success x group weight x chance of meeting(kind, class)
                    x urgency of the household

Someone who works by day is hardly met by day: a household whose needy members all commute gets its value in the evening
and at the weekend by that table alone, no special rule needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.domain import chances
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
    """

    needs: tuple[NeedFacts, ...]
    days_left: int
    calls_by_class: Mapping[SlotClass, int] = field(default_factory=dict)
    visited: bool = False
    promised: bool = False
    interpreter: bool = False
    smartphone: bool | None = None


def meet_chance(worth: VisitWorth, kind: MeetKind, slot_class: SlotClass, settings: CampaignSettings) -> float:
    """Return the chance of meeting a resident of a kind: the table's, less for each unanswered call in such hours."""
    if worth.promised:
        return settings.promise_chance
    return settings.meet_chance[kind][slot_class] * settings.repeat_factor ** worth.calls_by_class.get(slot_class, 0)


def success_chance(need: NeedFacts, worth: VisitWorth, settings: CampaignSettings) -> float:
    """Return the chance that someone who is met is helped."""
    if need.service.code == "activate":
        if worth.smartphone is False:
            return chances.NO_PHONE_ACTIVATION
        if need.low_tech:
            return min(chances.LOW_TECH_ACTIVATION, settings.success_chance["activate"])
    return settings.success_chance.get(need.service.code, settings.success_chance["other"])


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


def within_patience(worth: VisitWorth, settings: CampaignSettings) -> tuple[NeedFacts, ...]:
    """Return the needs one visit can deal with: the best worth for their minutes first, until nobody has the time."""

    def per_minute(need: NeedFacts) -> float:
        value = need.service.weight * settings.group_weight[need.group] * success_chance(need, worth, settings)
        return value / max(need_minutes(need, worth, settings), 1.0)

    chosen: list[NeedFacts] = []
    minutes = 0.0
    for need in sorted(worth.needs, key=per_minute, reverse=True):
        minutes += need_minutes(need, worth, settings)
        if chosen and minutes > settings.max_visit_minutes:
            break
        chosen.append(need)
    return tuple(chosen)


def rewards(worth: VisitWorth, settings: CampaignSettings) -> dict[SlotClass, int]:
    """Return the points of a visit by class of slot, at least 1 each.

    A class in which nobody can be met is absent; without open needs the result is empty: there is nothing to go for.
    """
    needs = within_patience(worth, settings)
    factor = urgency(worth, settings)
    points = {}
    for slot_class in SlotClass:
        value = sum(
            need.service.weight
            * settings.group_weight[need.group]
            * success_chance(need, worth, settings)
            * meet_chance(worth, need.kind, slot_class, settings)
            for need in needs
        )
        if value > 0:
            points[slot_class] = max(1, round(value * factor))
    return points


def visit_seconds(worth: VisitWorth, settings: CampaignSettings) -> dict[SlotClass, int]:
    """Return the length of a visit by class of slot, for the classes of `rewards`.

    It is the expected length, since three minutes before a closed door are not twenty inside:
    ``arrive + sum of chance x minutes + (1 - best chance) x nobody_home``; with `expected_lengths` off, as if everyone
    were at home.
    """
    needs = within_patience(worth, settings)
    seconds = {}
    for slot_class in rewards(worth, settings):
        minutes = float(settings.arrive_minutes)
        chance_any = 0.0
        for need in needs:
            chance = meet_chance(worth, need.kind, slot_class, settings) if settings.expected_lengths else 1.0
            minutes += chance * need_minutes(need, worth, settings)
            chance_any = max(chance_any, chance)
        minutes += (1 - chance_any) * settings.nobody_home_minutes
        seconds[slot_class] = max(60, round(minutes * 60))
    return seconds
