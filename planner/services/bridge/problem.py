"""From the database to the weekly problem of the solver. The same database gives the same problem, byte for byte."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from planner.domain.calendar import Slot
from planner.domain.settings import CampaignSettings
from planner.models import Campaign, Commune, PlanRun
from planner.services.bridge.base import base_of
from planner.services.bridge.facts import HouseholdFacts, load_households
from planner.services.bridge.houses import LeftOut, Target, Week, target_of
from planner.services.bridge.people import LEAD, Person, load_people, skill_keys, spoken
from planner.services.bridge.places import Places, Point, find_places
from planner.services.bridge.slots import extras_of, slot_documents
from planner.services.calendar import slots_for
from planner.services.comparing import PlannedVisit
from planner.services.learning.tables import for_run

FORMAT = "weekly-problem/1"
NAMED_IN_NOTES = 50
# In a steady week, in units of the most that any single visit is worth: a place found for someone pays for a few changes
# (5), no better hour or shorter way pays for one (1), and breaking a promise loses more than two others bring (15 > 2 x 6).
# A reserve door was promised to nobody: it is worth its visit, and makes room.
PLACED, CHANGED, PROMISED = 5, 1, 3


@dataclass(frozen=True)
class WeekProblem:
    """A weekly problem document, and what is needed to read its plan back.

    Attributes
    ----------
    digest
        SHA-256 of the canonical JSON of the document.
    notes
        What the desk should know of the input: guessed places, households left out by reason, missing leads …
    """

    document: dict[str, Any]
    digest: str
    notes: dict[str, Any]
    slots: Mapping[str, Slot]
    people: Mapping[int, Person]
    targets: Mapping[int, Target]
    left_out: Sequence[LeftOut]
    chosen: frozenset[int]  # households the run was asked to place: none of them goes unmentioned
    firm: frozenset[int]  # … and those that already have a firm place in a steady week: none of them is put off
    hamlet_of: Mapping[int, int]
    hamlet_position: Mapping[int, int]
    monday: date
    length_spread: float | None = None  # of visits; None: no door is of reserve
    home_share: float = 1.0

    @property
    def areas(self) -> dict[str, list[str]]:
        """The households of the problem by hamlet, both by the ids they have in documents."""
        found: dict[str, list[str]] = {}
        for household_id in self.targets:
            found.setdefault(f"t{self.hamlet_of[household_id]}", []).append(f"h{household_id}")
        return found


@dataclass(frozen=True)
class Scope:
    """What of a week is planned.

    Parameters
    ----------
    after
        Only slots that begin later.
    base
        Visits of the week in force that are still ahead.
    household_ids
        Plan for these alone (and those of `base`); None: for everyone in need.
    worked
        Shifts of this week that volunteers have behind them or are in, by volunteer.
    max_changes
        At most so many changes of `base` that nothing forces; reserve doors, and what no longer fits, may give way besides.
    steady
        People have arranged themselves: nobody in `base` loses a visit for the sake of someone who is not, and visits
        move only where that finds a place for someone.
    """

    after: datetime
    base: Sequence[PlannedVisit] = ()
    household_ids: frozenset[int] | None = None
    busy: frozenset[int] = frozenset()
    worked: Mapping[int, int] = field(default_factory=dict)
    max_changes: int | None = None
    steady: bool = False

    @property
    def firm(self) -> frozenset[int]:
        """The households of a steady week's `base` that are no reserve."""
        return frozenset(visit.household_id for visit in self.base if self.steady and not visit.reserve)


def build(session: Session, run: PlanRun, scope: Scope) -> WeekProblem:
    """Return the weekly problem of a run.

    Parameters
    ----------
    run
        Says which campaign and week.
    scope
        Says how much of the week is planned; households in ``scope.busy`` are left to visits already promised.
    """
    campaign = session.get_one(Campaign, run.campaign_id)
    commune = session.get_one(Commune, campaign.commune_id)
    settings = CampaignSettings.from_dict(campaign.settings)
    slots = [
        slot for slot in slots_for(run.monday, settings, campaign.starts_on, campaign.ends_on) if slot.starts_at > scope.after
    ]
    facts = load_households(session, commune.id, campaign.id, run.monday, settings, scope.after, campaign.ends_on)
    chances = for_run(session, run, settings)
    people = load_people(session, commune.id, slots)
    places = find_places([door.home for door in facts.doors.values()], facts.hamlets)
    extras = extras_of(slots, settings, chances)
    week = Week(run.monday, slots, settings, (campaign.ends_on - run.monday).days + 1, chances, extras)
    targets, left_out = _targets(facts, week, scope)
    leads = any(person.can_lead for person in people)
    located = _Located(places)
    document: dict[str, Any] = {
        "format": FORMAT,
        "name": f"{commune.code} {run.monday.isoformat()}",
        "travel": {
            "metres_per_second": settings.travel.metres_per_second,
            "detour": settings.travel.detour,
            "fixed_seconds": settings.travel.fixed_seconds,
        },
        "slots": slot_documents(slots, run.monday, extras),
        "volunteers": [_volunteer(person, settings, scope, located) for person in people],
        "crew": {"size": settings.crew_size, "skills": [LEAD] if settings.crew_needs_lead and leads else []},
        "households": [
            {**record, "location": located.home(household_id)} for household_id, record in _records(targets, scope).items()
        ],
        "pins": [pin for target in targets.values() for pin in target.pins],
        "weights": {
            "travel_per_hour": settings.weights.travel_per_hour,
            "extra_shift": settings.weights.extra_shift,
            "new_face": settings.weights.new_face,
            "change": _change_weight(targets, scope, settings),
        },
        "locations": located.listed,
    }
    base = base_of(document, scope.base)
    document["base"] = {"visits": base.visits}
    if scope.max_changes is not None:
        document["max_changes"] = scope.max_changes + base.give_way
    return WeekProblem(
        document=document,
        digest=digest_of(document),
        notes=_notes(places, people, slots, targets, left_out, crew_rule_dropped=settings.crew_needs_lead and not leads)
        | {"learned_table": run.parameters.get("learned_table"), "extra_minutes": max(extras.values(), default=0)},
        slots={slot.id: slot for slot in slots},
        people={person.id: person for person in people},
        targets=targets,
        left_out=left_out,
        chosen=scope.household_ids or frozenset(),
        firm=(scope.household_ids or frozenset()) | scope.firm,
        hamlet_of={door.home.id: door.home.hamlet_id for door in facts.doors.values()},
        hamlet_position={hamlet.id: hamlet.position for hamlet in facts.hamlets},
        monday=run.monday,
        length_spread=chances.lengths.spread if chances is not None else None,
        home_share=settings.home_percent / 100,
    )


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document's canonical JSON."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _targets(facts: HouseholdFacts, week: Week, scope: Scope) -> tuple[dict[int, Target], list[LeftOut]]:
    """Return the households that can be planned for and those that cannot; the many without any need go unmentioned."""
    wanted: Collection[int]
    if scope.household_ids is None:
        wanted = facts.needs.keys() | facts.promised.keys() | facts.rules.keys()
    else:
        wanted = scope.household_ids | {visit.household_id for visit in scope.base}
    targets: dict[int, Target] = {}
    left_out: list[LeftOut] = []
    for household_id in sorted(wanted):
        if household_id not in facts.doors:
            continue  # left the commune
        found = (
            LeftOut(household_id, "already_promised")  # a visit is going on, or to come in another week
            if household_id in scope.busy
            else target_of(household_id, facts, week)
        )
        if isinstance(found, Target):
            targets[household_id] = found
        else:
            left_out.append(found)
    return targets, left_out


def _records(targets: Mapping[int, Target], scope: Scope) -> dict[int, dict[str, Any]]:
    """Return the households' parts of the problem, those of a steady week with what a promise adds to their worth."""
    if not scope.steady:
        return {household_id: target.record for household_id, target in targets.items()}
    once = PLACED * _most_points(targets)
    reserve = {visit.household_id for visit in scope.base if visit.reserve}
    times = {h: PROMISED if h in scope.firm else int(h in (scope.household_ids or ()) or h not in reserve) for h in targets}
    return {
        household_id: {
            **target.record,
            "reward": {slot_class: points + once * times[household_id] for slot_class, points in target.record["reward"].items()},
        }
        for household_id, target in targets.items()
    }


def _change_weight(targets: Mapping[int, Target], scope: Scope, settings: CampaignSettings) -> int:
    return CHANGED * _most_points(targets) if scope.steady else settings.weights.change


def _most_points(targets: Mapping[int, Target]) -> int:
    return max((points for target in targets.values() for points in target.record["reward"].values()), default=0)


class _Located:
    """Numbers the places in use, so that doors with one pair of coordinates share a location."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.listed: list[dict[str, Any]] = []
        self._ids: dict[tuple[float, float], str] = {}

    def home(self, household_id: int) -> str:
        return self._id(self.places.homes[household_id])

    def start(self, person: Person) -> str:
        """Return where a volunteer starts: at home, else in the hamlet, else in the middle of the commune."""
        own = self.places.project(person.lat, person.lon)
        hamlet = self.places.hamlets.get(person.hamlet_id) if person.hamlet_id is not None else None
        return self._id(own or hamlet or self.places.centre)

    def _id(self, point: Point) -> str:
        rounded = (round(point[0], 1), round(point[1], 1))
        if rounded not in self._ids:
            self._ids[rounded] = f"p{len(self._ids) + 1}"
            self.listed.append({"id": self._ids[rounded], "x": rounded[0], "y": rounded[1]})
        return self._ids[rounded]


def _volunteer(person: Person, settings: CampaignSettings, scope: Scope, located: _Located) -> dict[str, Any]:
    most = settings.max_shifts if person.max_shifts is None else person.max_shifts
    ahead = {visit.shift_id for visit in scope.base if person.id in visit.crew}  # what is promised stands
    return {
        "id": f"v{person.id}",
        "start": located.start(person),
        "slots": list(person.slots),
        "max_shifts": max(0, most - scope.worked.get(person.id, 0), len(ahead)),
        "skills": skill_keys(person),
        "languages": spoken(person.languages),
    }


def _notes(
    places: Places,
    people: Sequence[Person],
    slots: Sequence[Slot],
    targets: Mapping[int, Target],
    left_out: Sequence[LeftOut],
    *,
    crew_rule_dropped: bool,
) -> dict[str, Any]:
    return {
        "households": len(targets),
        "volunteers": sum(bool(person.slots) for person in people),
        "volunteers_without_slots": [person.id for person in people if not person.slots][:NAMED_IN_NOTES],
        "slots": len(slots),
        "left_out": dict(sorted(Counter(house.reason for house in left_out).items())),
        "guessed_places": sum(h in places.guessed for h in targets),
        "places_too_far": sorted(h for h in places.too_far if h in targets)[:NAMED_IN_NOTES],
        "invented_hamlets": sorted(places.invented_hamlets)[:NAMED_IN_NOTES],
        "no_lead_known": crew_rule_dropped,
    }
