"""What a crew is told of its drafted list: which doors are reserve, without which it is home in time, and the hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from planner.domain.calendar import week_second
from planner.domain.learning.reserves import Door, reserves, told_hours
from planner.services.bridge import WeekProblem
from planner.services.bridge.ways import Ways

Document = Mapping[str, Any]


@dataclass(frozen=True)
class ToldList:
    """A crew's list as it is told: which doors are reserve, and the hour of each (seconds of the week)."""

    reserve: frozenset[str]
    hours: Mapping[str, int]


def told_list(problem: WeekProblem, crew: Document) -> ToldList:
    """Return what a crew is told of its list; households by their ids in documents.

    Reserve is never a promise, never a pin, and never a door that was missed and is planned anew, nor one that makes room for
    it: nobody is put off twice.
    """
    starts = [visit["start"] for visit in crew["visits"]]
    names = [visit["household"] for visit in crew["visits"]]
    if problem.length_spread is None:
        return ToldList(frozenset(), dict(zip(names, starts, strict=True)))
    slot = problem.slots[crew["slot"]]
    doors = [_door(problem, name, slot.slot_class.value) for name in names]
    begins, ends = (week_second(problem.monday, at) for at in (slot.starts_at, slot.ends_at))
    way = _ways(problem.document, crew["start"])
    reserve = reserves(doors, begins, ends, way, problem.length_spread, problem.home_share)
    hours = told_hours(doors, starts, reserve, begins, ends, way, problem.length_spread, problem.home_share)
    return ToldList(reserve, dict(zip(names, hours, strict=True)))


def _door(problem: WeekProblem, household: str, slot_class: str) -> Door:
    target = problem.targets[int(household[1:])]
    record = target.record
    return Door(
        household,
        record["visit_seconds"][slot_class],
        min((opens for opens, _ in record["windows"]), default=0) if target.promised and "windows" in record else 0,
        target.promised or bool(target.pins) or target.household_id in problem.firm,
    )


def _ways(document: Document, start: str) -> Callable[[str | None, str | None], int]:
    """Return the seconds from door to door of a problem; None: where the crew starts and ends."""
    ways = Ways(document)
    place = {None: start, **{house["id"]: house["location"] for house in document["households"]}}
    return lambda here, there: ways.seconds(place[here], place[there])
