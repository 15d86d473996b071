"""Which doors of a list are *core* and which *reserve*: dropped first when the evening grows long, and nobody is to blame."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from planner.domain.learning.lengths import stray_minutes


@dataclass(frozen=True, slots=True)
class Door:
    """A visit of a crew's list, in seconds of the week.

    Parameters
    ----------
    opens
        Before that nobody knocks: the crew waits.
    kept
        A promise, a pin, or a door that was missed before: never reserve.
    """

    id: str
    seconds: int
    opens: int = 0
    kept: bool = False


Way = Callable[[str | None, str | None], int]  # seconds from door to door; None: where the crew starts


def reserves(doors: Sequence[Door], begins: int, ends: int, way: Way, spread: float, share: float) -> frozenset[str]:
    """Return the ids of the doors without which the crew is home in time with probability `share`: the last ones of the list.

    Whether there is time for one more is best known when all else is done, and no crew walks past a door to come back to it.
    """
    core = list(doors)
    out: set[str] = set()
    for door in reversed(doors):
        if _home_in_time(core, begins, ends, way, spread, share):
            break
        if not door.kept:
            core.remove(door)
            out.add(door.id)
    return frozenset(out)


def told_hours(
    doors: Sequence[Door],
    starts: Sequence[int],
    reserve: Collection[str],
    begins: int,
    ends: int,
    way: Way,
    spread: float,
    share: float,
) -> list[int]:
    """Return the hour of each door as its crew reads it: as planned, but never too late for the core doors after it.

    The hours of core doors follow each other; that of a reserve door may lie before the one before, where it takes longer or a
    promise comes after it: it is for crews that are early. A crew that is past the hour of a reserve door leaves it out, and
    reckons no more than that: who goes there at that very hour is home in time with probability `share`.

    Parameters
    ----------
    starts
        When the plan, with every reserve door, is at each.
    begins, ends
        Of the slot.
    """
    latest: list[int] = []
    core: list[Door] = []  # behind this door
    needed = 0  # seconds from the beginning of the next core door until the crew is home
    for door in reversed(doors):
        from_here = door.seconds + way(door.id, core[-1].id if core else None) + needed
        if door.id in reserve:
            stray = stray_minutes(spread, [each.seconds / 60 for each in (door, *core)], share)
            latest.append(round(ends - from_here - 60 * stray))
        else:
            latest.append(ends - from_here)
            core.append(door)
            needed = from_here
    told: list[int] = []
    here = begins  # the hour of the core door before: no later one is told an earlier hour
    for door, start, last in zip(doors, starts, reversed(latest), strict=True):
        hour = max(min(start, last), begins, door.opens)
        if door.id not in reserve:
            hour = here = max(hour, here)
        told.append(hour)
    return told


def _home_in_time(core: Sequence[Door], begins: int, ends: int, way: Way, spread: float, share: float) -> bool:
    late_seconds = 60 * stray_minutes(spread, [door.seconds / 60 for door in core], share)
    return home_at(core, begins, way) + late_seconds <= ends


def home_at(doors: Sequence[Door], begins: int, way: Way) -> int:
    """Return when a crew that visits these doors in order is back, everything taking as long as expected."""
    at, here = begins, None
    for door in doors:
        at = max(at + way(here, door.id), door.opens) + door.seconds
        here = door.id
    return at + way(here, None)
