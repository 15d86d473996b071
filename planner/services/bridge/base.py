"""What a problem names as the week in force: visits that can stay as they are, and how many of them may have to give way.

The format calls a change of its base forced only where household, slot or person are gone. It counts one for a household that
has since named another hour, and one where evenings turned out to hold fewer doors: a limit that no plan could keep. So the
bridge names no visit that has become impossible, and allows for those that may no longer fit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.domain.calendar import slot_id
from planner.services.bridge.ways import Ways
from planner.services.comparing import PlannedVisit

Document = dict[str, Any]


@dataclass(frozen=True)
class Base:
    """The `visits` of a document's base, and how many of them may `give_way`: reserve doors, and what the hours do not hold."""

    visits: list[Document]
    give_way: int


def base_of(document: Mapping[str, Any], planned: Sequence[PlannedVisit]) -> Base:
    """Return the base of a problem document that has all else but that.

    A visit stays in the base where its household, slot or crew are not in the problem any more: its change is forced, by the
    format's own rule, and explained as such.
    """
    problem = _Problem(document)
    can_change = [visit for visit in planned if not problem.forces_change(_named(visit))]
    can_stay = [visit for visit in can_change if problem.allows(_named(visit))]
    impossible = {visit.assignment_id for visit in can_change} - {visit.assignment_id for visit in can_stay}
    core: dict[tuple[str, tuple[str, ...]], list[Document]] = defaultdict(list)
    for visit in sorted(can_stay, key=lambda v: (v.shift_starts_at, v.starts_at, v.assignment_id)):
        if not visit.reserve:
            named = _named(visit)
            core[named["slot"], tuple(named["volunteers"])].append(problem.houses[named["household"]])
    crowded = sum(problem.crowded_out(slot, crew, houses) for (slot, crew), houses in core.items())
    ordered = sorted(planned, key=lambda v: (v.household_id, v.shift_starts_at, v.assignment_id))
    return Base(
        [_named(visit) for visit in ordered if visit.assignment_id not in impossible],
        sum(visit.reserve for visit in can_stay) + crowded,
    )


def _named(visit: PlannedVisit) -> Document:
    return {
        "household": f"h{visit.household_id}",
        "slot": slot_id(visit.on_date, visit.period),
        "volunteers": [f"v{member}" for member in sorted(visit.crew)],
    }


class _Problem:
    """A problem document, asked what it allows."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.crew = document["crew"]
        self.slots = {slot["id"]: slot for slot in document["slots"]}
        self.people = {person["id"]: person for person in document["volunteers"]}
        self.houses = {house["id"]: house for house in document["households"]}
        self.pins: dict[str, list[Document]] = defaultdict(list)
        for pin in document["pins"]:
            self.pins[pin["household"]].append(pin)
        self.ways = Ways(document)

    def forces_change(self, visit: Document) -> bool:
        """Tell whether this promise falls by who and what is left in the week."""
        return (
            visit["household"] not in self.houses
            or visit["slot"] not in self.slots
            or any(visit["slot"] not in self.people.get(member, {"slots": ()})["slots"] for member in visit["volunteers"])
        )

    def allows(self, visit: Document) -> bool:
        """Tell whether the household may be visited in this slot by this crew, were there time enough."""
        house, slot = self.houses[visit["household"]], self.slots[visit["slot"]]
        members = [self.people[member] for member in visit["volunteers"]]
        skills = {skill for member in members for skill in member["skills"]}
        tongues = {language for member in members for language in member["languages"]}
        return (
            len(members) == self.crew["size"]
            and skills >= {*self.crew["skills"], *house.get("skills", ())}
            and (not house.get("languages") or bool(tongues & set(house["languages"])))
            and not set(house.get("avoid", ())) & set(visit["volunteers"])
            and slot["class"] in house["reward"]
            and _opening(house, slot["start"], slot["end"]) is not None
            and all(
                pin.get("slot", visit["slot"]) == visit["slot"] and set(pin.get("volunteers", ())) <= set(visit["volunteers"])
                for pin in self.pins.get(visit["household"], ())
            )
        )

    def crowded_out(self, slot: str, crew: Sequence[str], houses: Sequence[Document]) -> int:
        """Return how many doors of a list its slot does not hold, at most: the list walked in its order, what fits visited."""
        starts = {self.people[member]["start"] for member in crew}
        return min(self._left_out(self.slots[slot], start, houses) for start in starts)

    def _left_out(self, slot: Document, start: str, houses: Sequence[Document]) -> int:
        now, here, left = slot["start"], start, 0
        for house in houses:
            opens = _opening(house, now + self.ways.seconds(here, house["location"]), slot["end"])
            ends = None if opens is None else opens + house["visit_seconds"][slot["class"]]
            if ends is None or ends + self.ways.seconds(house["location"], start) > slot["end"]:
                left += 1
            else:
                now, here = ends, house["location"]
        return left


def _opening(house: Document, earliest: int, latest: int) -> int | None:
    """Return when a visit may begin within these seconds; None: never."""
    spans = house.get("windows", [(earliest, latest)])
    return min((max(opens, earliest) for opens, closes in spans if max(opens, earliest) <= min(closes, latest)), default=None)
