"""Which doors of a list are *core* and which *reserve*: dropped first when the evening grows long, and nobody is to blame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    worth: int
    seconds: int
    opens: int = 0
    kept: bool = False


Way = Callable[[str | None, str | None], int]  # seconds from door to door; None: where the crew starts


def reserves(doors: Sequence[Door], begins: int, ends: int, way: Way, spread_minutes: float, share: float) -> frozenset[str]:
    """Return the ids of the doors without which the crew is home in time with probability `share`.

    The doors of least worth go first; where two are worth the same, the later one.
    """
    core = list(doors)
    out: set[str] = set()
    while not _home_in_time(core, begins, ends, way, spread_minutes, share):
        spare = [(door.worth, -n, door) for n, door in enumerate(core) if not door.kept]
        if not spare:
            break
        least = min(spare, key=lambda entry: entry[:2])[2]
        core.remove(least)
        out.add(least.id)
    return frozenset(out)


def _home_in_time(core: Sequence[Door], begins: int, ends: int, way: Way, spread_minutes: float, share: float) -> bool:
    if not core:
        return True
    return home_at(core, begins, way) + 60 * stray_minutes(spread_minutes, len(core), share) <= ends


def home_at(doors: Sequence[Door], begins: int, way: Way) -> int:
    """Return when a crew that visits these doors in order is back, everything taking as long as expected."""
    at, here = begins, None
    for door in doors:
        at = max(at + way(here, door.id), door.opens) + door.seconds
        here = door.id
    return at + way(here, None)
