"""A crew's hours: from door to door in the order of its list, until there is no time for one more."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.campaign.commune import SyntheticCommune
from benchmarks.campaign.doors import Doorstep, Happened
from benchmarks.campaign.lists import Door, Outing
from benchmarks.campaign.truth import Hour, Truth
from planner.domain.settings import CampaignSettings

IN_TIME = timedelta(minutes=1)  # nobody looks at seconds


@dataclass
class Evening:
    """What a crew did. `left` are doors it had no time for; `home_at` when it was back."""

    outing: Outing
    happened: list[Happened] = field(default_factory=list)
    left: list[Door] = field(default_factory=list)
    way_seconds: float = 0.0
    home_at: datetime | None = None

    @property
    def in_time(self) -> bool:
        """Whether the crew was home by the slot's end."""
        return self.home_at is not None and self.home_at <= self.outing.ends_at + IN_TIME

    @property
    def core_left(self) -> int:
        return sum(not door.reserve for door in self.left)


class Walker:
    """Takes crews from door to door in true times."""

    def __init__(self, commune: SyntheticCommune, truth: Truth, settings: CampaignSettings) -> None:
        self.commune, self.truth, self.travel = commune, truth, settings.travel
        self.doorstep = Doorstep(commune, truth)

    def walk(self, outing: Outing, hour: Hour) -> Evening:
        """Play a crew's hours.

        A crew sets out to the next door if a visit as long as its list says still lets it be home by the slot's end; a visit
        once begun is finished, however long it takes. A reserve door is left out once its hour on the list is past.
        """
        evening = Evening(outing)
        lead = outing.members[0] - 1
        start = self.commune.helpers[lead].x, self.commune.helpers[lead].y
        now, here = outing.starts_at, start
        for number, door in enumerate(outing.doors):
            there = self._place(door)
            way = self.truth.way_seconds(lead, hour, number, self._seconds(here, there))
            begin = now + timedelta(seconds=way)
            opens = min((starts for starts, ends in door.promised if ends > begin), default=begin)
            begin = max(begin, opens)
            home = timedelta(minutes=door.assignment.minutes, seconds=self._seconds(there, start))
            late = begin > (door.assignment.starts_at if door.reserve else outing.ends_at - home) + IN_TIME
            if late:
                evening.left.append(door)
                continue
            happened = self.doorstep.knock(door, hour, begin)
            evening.happened.append(happened)
            evening.way_seconds += way
            now, here = happened.ended_at, there
        back = self.truth.way_seconds(lead, hour, len(outing.doors), self._seconds(here, start))
        evening.way_seconds += back
        evening.home_at = now + timedelta(seconds=back)
        return evening

    def _place(self, door: Door) -> tuple[float, float]:
        home = self.commune.homes[door.household_id - 1]
        return home.x, home.y

    def _seconds(self, here: tuple[float, float], there: tuple[float, float]) -> float:
        if here == there:
            return 0.0
        metres = math.dist(here, there) * self.travel.detour
        return self.travel.fixed_seconds + metres / self.travel.metres_per_second
