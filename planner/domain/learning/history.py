"""What a household's own visits say of the next one: silence at an hour makes that hour less likely, a welcome more.

The household is a Beta-Binomial of its own around its cell's chance. How firmly follows from the setting `repeat_factor`:
after one unanswered call that much of the chance is left at the same hour of the same weekday.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from planner.domain.vocabulary import SlotClass

# What a knock says of other hours than its own. People who are out on a Tuesday evening are often out every Tuesday
# evening, less often every evening, and only sometimes at all hours. ASSUMPTION.
SAME_WEEKDAY, SAME_CLASS, OTHER_CLASS = 1.0, 0.75, 0.25


@dataclass(frozen=True, slots=True)
class OwnKnock:
    """An earlier knock at this very door. `weekday`: 0 is Monday."""

    slot_class: SlotClass
    weekday: int
    met: bool


def own_chance(
    chance: float, knocks: Iterable[OwnKnock], slot_class: SlotClass, weekdays: Collection[int], repeat_factor: float
) -> float:
    """Return the chance of meeting someone at a door whose earlier visits are known.

    Parameters
    ----------
    chance
        Of such people in such hours in general.
    weekdays
        On which the plan has hours of that class; the figure is the mean over them, since the weekly problem knows classes
        of hours and not days.
    repeat_factor
        0 to 1; 1: a household's own visits say nothing.
    """
    listed = tuple(knocks)
    if not listed or repeat_factor >= 1:
        return chance
    days = tuple(weekdays) or (None,)
    return sum(_on(chance, listed, slot_class, day, repeat_factor) for day in days) / len(days)


def _on(chance: float, knocks: tuple[OwnKnock, ...], slot_class: SlotClass, weekday: int | None, factor: float) -> float:
    strength = max(factor / (1 - factor), 1e-6)
    tried = met = 0.0
    for knock in knocks:
        says = OTHER_CLASS
        if knock.slot_class is slot_class:
            says = SAME_WEEKDAY if knock.weekday == weekday else SAME_CLASS
        tried += says
        met += says * knock.met
    return (strength * chance + met) / (strength + tried)
