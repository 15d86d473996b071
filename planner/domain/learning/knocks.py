"""From visits to counts: which knocks say something of when people are at home, and what each says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from planner.domain.calendar import PERIODS, local_date, slot_on
from planner.domain.learning.beliefs import NOTHING, Count
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import MeetKind, NeedResult, Outcome, SlotClass

# Whom the visit was for was there; a refusal says so as well as a welcome does.
OPENED = (Outcome.MET, Outcome.REFUSED)
# They were not. With "come another time" somebody may have opened, but whom the visit was for had no time or was out.
# A dog in the yard, a flood, a wrong address, a family that moved away say nothing about the hour.
SILENT = (Outcome.ABSENT, Outcome.CALLBACK)
# A crew starts a little early and ends a little late; a report further off tells when it was typed, not when they knocked.
AROUND = timedelta(minutes=45)
HELPED = (NeedResult.DONE, NeedResult.SUBMITTED)

Cell = tuple[MeetKind, SlotClass, int]  # the last: hamlet


@dataclass(frozen=True, slots=True)
class Sight:
    """A resident who was called on, and whether they were met."""

    resident_id: int
    kind: MeetKind
    met: bool


@dataclass(frozen=True, slots=True)
class Knock:
    """A visit as far as it says who was at home when. `promised`: the household had asked for that hour."""

    id: int
    hamlet_id: int
    at: datetime
    slot_class: SlotClass
    sights: tuple[Sight, ...]
    promised: bool = False


@dataclass(frozen=True)
class Counts:
    """All that was counted. `doors` by kind, class of slot and hamlet; `services` by key (see `rewards.success_key`)."""

    doors: Mapping[Cell, Count] = field(default_factory=dict)
    promises: Count = NOTHING
    services: Mapping[str, Count] = field(default_factory=dict)


def slot_class_at(
    at: datetime, settings: CampaignSettings, shift: tuple[datetime, datetime, SlotClass] | None = None
) -> SlotClass | None:
    """Return the class of the hours in which a knock happened; None where they are no hours of visits, or unknown.

    Parameters
    ----------
    shift
        Begin, end and class of the shift it was made in; without one, the periods of the day decide.
    """
    if shift is not None:
        begins, ends, slot_class = shift
        return slot_class if begins - AROUND <= at <= ends + AROUND else None
    slots = (slot_on(local_date(at), period, settings) for period in PERIODS)
    return next((slot.slot_class for slot in slots if slot.starts_at <= at <= slot.ends_at), None)


def who_was_met(
    outcome: Outcome,
    called_on: Mapping[int, MeetKind],
    written_of: Mapping[int, MeetKind],
    likeliest: Mapping[MeetKind, float],
) -> tuple[Sight, ...]:
    """Return which residents a visit met, and which it did not.

    Where results were written down, those they are about; of the others called on none, since a crew writes down everyone it
    could speak to. Where nobody opened, or somebody named another hour, none. Where they were met and nothing more is known, it
    was the one who is likeliest to be at home, and nothing is said of the others.

    Parameters
    ----------
    called_on
        Residents whose needs the visit was for, and their kinds.
    written_of
        Residents of whom it wrote a result down, and their kinds.
    likeliest
        The chances of meeting each kind in such hours.
    """
    everyone = sorted({**called_on, **written_of}.items())
    if written_of:
        return tuple(Sight(resident_id, kind, resident_id in written_of) for resident_id, kind in everyone)
    if outcome in SILENT:
        return tuple(Sight(resident_id, kind, met=False) for resident_id, kind in everyone)
    if outcome not in OPENED or not everyone:
        return ()
    resident_id, kind = max(everyone, key=lambda pair: likeliest[pair[1]])
    return (Sight(resident_id, kind, met=True),)


def count_doors(knocks: Iterable[Knock]) -> tuple[dict[Cell, Count], Count]:
    """Return the counts by cell, and those of promised hours, which are kept apart.

    Residents are counted, since the reward takes the figure for each of them. Of each the first knock in each class of hours
    counts: whoever is called on again was not at home before, so that later knocks would make everybody else look as hard to
    meet. What later ones say is said of the resident alone (see `history`).
    """
    met: Counter[Cell] = Counter()
    tried: Counter[Cell] = Counter()
    promises = NOTHING
    seen: set[tuple[int, SlotClass]] = set()
    for knock in sorted(knocks, key=lambda k: (k.at, k.id)):
        if knock.promised:
            if knock.sights:
                promises += Count(int(any(sight.met for sight in knock.sights)), 1)
            continue
        for sight in knock.sights:
            once = (sight.resident_id, knock.slot_class)
            if once not in seen:
                seen.add(once)
                cell = (sight.kind, knock.slot_class, knock.hamlet_id)
                tried[cell] += 1
                met[cell] += sight.met
    return {cell: Count(met[cell], tried[cell]) for cell in sorted(tried)}, promises


def helped(result: NeedResult, *, at_police: bool) -> bool:
    """Tell whether a result is what the plan hoped for: with the police's services an appointment is."""
    return result in HELPED or (at_police and result is NeedResult.REFERRED)
