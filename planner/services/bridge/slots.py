"""The slots of a weekly problem: each a little longer than it is, so that crews with a quick evening do not run out of doors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from planner.domain.calendar import Slot, week_second
from planner.domain.learning.lengths import extra_minutes
from planner.domain.learning.table import Chances
from planner.domain.settings import CampaignSettings


def slot_documents(slots: Sequence[Slot], monday: date, extras: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the slots as the problem names them, ended later by their extras (minutes, by id)."""
    return [
        {
            "id": slot.id,
            "class": slot.slot_class.value,
            "start": week_second(monday, slot.starts_at),
            "end": week_second(monday, slot.ends_at) + 60 * extras.get(slot.id, 0),
        }
        for slot in slots
    ]


def extras_of(slots: Sequence[Slot], settings: CampaignSettings, chances: Chances | None) -> dict[str, int]:
    """Return by how many minutes the list of each slot goes on beyond its end: never into the next slot of its day."""
    if chances is None:
        return {}
    extras = {}
    for slot in slots:
        minutes = (slot.ends_at - slot.starts_at).total_seconds() / 60
        share, part = settings.home_percent / 100, settings.extra_percent / 100
        extras[slot.id] = extra_minutes(chances.lengths.spread, minutes, share, part)
    for slot, after in pairwise(sorted(slots, key=lambda s: s.starts_at)):
        between = int((after.starts_at - slot.ends_at).total_seconds() // 60)
        extras[slot.id] = max(0, min(extras[slot.id], between))
    return extras
