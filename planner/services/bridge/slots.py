"""The slots of a weekly problem: each a little shorter than it is, so that most crews are home when it ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from planner.domain.calendar import Slot, week_second
from planner.domain.learning.lengths import margin_minutes
from planner.domain.learning.table import Chances
from planner.domain.settings import CampaignSettings
from planner.services.bridge.houses import Target

# A promised hour that opens so late in its slot needs the slot whole: the longest usual visit, and the way home.
LATE_SECONDS = 45 * 60


def slot_documents(slots: Sequence[Slot], monday: date, margins: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the slots as the problem names them, ended earlier by their margins (minutes, by id)."""
    return [
        {
            "id": slot.id,
            "class": slot.slot_class.value,
            "start": week_second(monday, slot.starts_at),
            "end": week_second(monday, slot.ends_at) - 60 * margins.get(slot.id, 0),
        }
        for slot in slots
    ]


def margins_of(
    slots: Sequence[Slot], monday: date, settings: CampaignSettings, chances: Chances | None, targets: Collection[Target]
) -> dict[str, int]:
    """Return by how many minutes each slot is planned to end early; one with a promise at its very end keeps all its time."""
    if chances is None:
        return {}
    late = [opens for target in targets if target.promised for opens, _ in target.record.get("windows", ())]
    margins = {}
    for slot in slots:
        begins, ends = week_second(monday, slot.starts_at), week_second(monday, slot.ends_at)
        minutes = margin_minutes(
            chances.lengths.spread_minutes, (ends - begins) / 60, settings.home_percent / 100, settings.margin_percent / 100
        )
        if minutes and not any(ends - 60 * minutes - LATE_SECONDS < opens <= ends for opens in late):
            margins[slot.id] = minutes
    return margins
