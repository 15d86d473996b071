"""Which visits of a drafted shift are of reserve: without them its crew is home in time, nearly always."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, hypot
from typing import Any

from planner.domain.calendar import week_second
from planner.domain.learning.reserves import Door, reserves
from planner.services.bridge import WeekProblem

Document = Mapping[str, Any]


def reserve_doors(problem: WeekProblem, crew: Document) -> frozenset[str]:
    """Return the households of a crew's list, by their ids in documents, that it may leave out when the shift grows long.

    Never a promise, never a pin, and never one that was missed and is planned anew: nobody is put off twice.
    """
    if problem.spread_minutes is None:
        return frozenset()
    slot = problem.slots[crew["slot"]]
    doors = [_door(problem, visit["household"], slot.slot_class.value) for visit in crew["visits"]]
    begins, ends = (week_second(problem.monday, at) for at in (slot.starts_at, slot.ends_at))
    ways = _Ways(problem.document, crew["start"])
    return reserves(doors, begins, ends, ways.seconds, problem.spread_minutes, problem.home_share)


def _door(problem: WeekProblem, household: str, slot_class: str) -> Door:
    target = problem.targets[int(household[1:])]
    record = target.record
    return Door(
        household,
        record["reward"][slot_class],
        record["visit_seconds"][slot_class],
        min((opens for opens, _ in record["windows"]), default=0) if target.promised and "windows" in record else 0,
        target.promised or bool(target.pins) or target.household_id in problem.chosen,
    )


class _Ways:
    """Travel times of a problem, from where a crew starts and back to it."""

    def __init__(self, document: Document, start: str) -> None:
        self.travel, self.start = document["travel"], start
        self.point = {place["id"]: (place["x"], place["y"]) for place in document["locations"]}
        self.home = {house["id"]: house["location"] for house in document["households"]}

    def seconds(self, here: str | None, there: str | None) -> int:
        a, b = (self.start if door is None else self.home[door] for door in (here, there))
        if a == b:
            return 0
        (ax, ay), (bx, by) = self.point[a], self.point[b]
        rule = self.travel
        return int(rule["fixed_seconds"] + ceil(rule["detour"] * hypot(ax - bx, ay - by) / rule["metres_per_second"]))
