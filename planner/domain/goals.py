"""What a campaign aims at, as the desk may change it: which services are offered, which indicators are reported, how far.

Both come from a template (`templates`); their words, rules and counts stay the template's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from planner.domain import readers as read
from planner.domain.errors import InvalidInput

Goal = TypeVar("Goal", "ServiceGoal", "IndicatorGoal")


@dataclass(frozen=True)
class ServiceGoal:
    """Is a service offered, how long does it take with someone who is at home, and what is one worth to the plan?"""

    active: bool = field(metadata={"read": read.yes_no})
    minutes: int = field(metadata={"read": read.whole(1, 240)})
    weight: int = field(metadata={"read": read.whole(0, 1000)})

    def checked(self, path: str, on_date: date) -> ServiceGoal:
        return self


@dataclass(frozen=True)
class IndicatorGoal:
    """Is an indicator reported, how far is it to go, and over what?

    A denominator given from outside stands before the counted one, and needs a source and a date; null: it is counted.
    """

    active: bool = field(metadata={"read": read.yes_no})
    target_percent: float = field(metadata={"read": read.number(1, 100)})
    denominator_value: int | None = field(metadata={"read": read.optional(read.whole(1, 10_000_000))})
    denominator_source: str = field(metadata={"read": read.text(300)})
    as_of_on: date | None = field(metadata={"read": read.optional(read.day)})

    def checked(self, path: str, on_date: date) -> IndicatorGoal:
        """Return the goal if its denominator says where it comes from; a counted one needs to say nothing."""
        if self.denominator_value is None:
            return replace(self, denominator_source="", as_of_on=None)
        if not self.denominator_source:
            raise InvalidInput("goal_without_source", field=f"{path}.denominator_source")
        if self.as_of_on is None:
            raise InvalidInput("goal_without_date", field=f"{path}.as_of_on")
        if self.as_of_on > on_date:
            raise InvalidInput("goal_date_ahead", field=f"{path}.as_of_on")
        return self


def changed(goal: Goal, path: str, given: Any, on_date: date) -> Goal:
    """Return a goal with what `given` (JSON) says otherwise.

    Raises
    ------
    InvalidInput
        `facts["field"]` is the path of the faulty value, e.g. ``indicators.a1.target_percent``.
    """
    if not isinstance(given, Mapping):
        raise InvalidInput("setting_not_an_object", field=path)
    return read.section(type(goal))(path, {**read.plain(goal), **given}).checked(path, on_date)
