"""The most that knowing when people are at home could bring in a week: plans made with the truth, valued by the truth.

The first week's problem is solved three times, alike in all but the rewards: with the fixed table of chances, with each hamlet's
true rates, and with each household's own. What a plan is really worth is then counted with the true chances of those very
people in those very hours. No learning can bring more than the truth does; how near it comes is what campaigns show.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from sqlalchemy import select

from benchmarks.campaign.commune import Home, Person
from benchmarks.campaign.intervals import Interval
from benchmarks.campaign.profiles import PROFILES, STARTS_ON
from benchmarks.campaign.season import Season, Setting
from benchmarks.campaign.truth import Hour
from benchmarks.campaign.ways import WAYS
from planner.domain.chances import GROUP_WEIGHT, LOW_TECH_ACTIVATION, MEET_CHANCE, NO_PHONE_ACTIVATION, SUCCESS_CHANCE
from planner.domain.templates import PLAN_A
from planner.domain.vocabulary import RunKind, SlotClass
from planner.models import Need, PlanRun, Service
from planner.services import bridge, planning

Document = dict[str, Any]
WEIGHTS = {service.facts.code: service.facts.weight for service in PLAN_A.services}
KNOWN = ("table", "hamlets", "households")  # what a plan is made with


@dataclass(frozen=True)
class Stake:
    """What a resident's needs are worth to a visit that meets them."""

    home: Home
    person: Person
    points: float


class Week:
    """The first week of a commune, and who is worth what in it."""

    def __init__(self, season: Season) -> None:
        self.truth = season.truth
        season._hear_who_can(STARTS_ON)
        at = season.clock()
        with season.db.begin() as session:
            run_id = planning.request_draft(session, season.place.desk, STARTS_ON, RunKind.DRAFT, {}, at)
            run = session.get_one(PlanRun, run_id)
            problem = bridge.build(session, run, bridge.scope_of(session, run))
            codes = {row.id: row.code for row in session.execute(select(Service.id, Service.code))}
            rows = session.execute(select(Need.id, Need.resident_id, Need.service_id))
            needs = {row.id: (row.resident_id - 1, codes[row.service_id]) for row in rows}
        self.document = problem.document
        self.hours = {slot.id: Hour.of(slot) for slot in problem.slots.values()}
        people = season.commune.people
        self.stakes: dict[str, list[Stake]] = {}
        for household_id, target in problem.targets.items():
            home = season.commune.homes[household_id - 1]
            wanted = [needs[need_id] for need_id in target.need_ids]
            self.stakes[f"h{household_id}"] = [Stake(home, people[i], _points(home, people[i], code)) for i, code in wanted]

    def problem_with(self, chance: Callable[[Stake, SlotClass], float]) -> Document:
        """Return the week's problem with rewards by other chances of meeting people; all else is the same."""
        document: Document = json.loads(json.dumps(self.document))
        for household in document["households"]:
            household["reward"] = {
                name: max(1, round(sum(stake.points * chance(stake, SlotClass(name)) for stake in self.stakes[household["id"]])))
                for name in household["reward"]
            }
        return document

    def by_table(self, stake: Stake, slot_class: SlotClass) -> float:
        return MEET_CHANCE[stake.person.kind][slot_class]

    def by_hamlet(self, stake: Stake, slot_class: SlotClass) -> float:
        return self.truth.rate(stake.home.hamlet, stake.person.kind, slot_class)

    def by_household(self, stake: Stake, slot_class: SlotClass) -> float:
        hours = [hour for hour in self.hours.values() if hour.slot_class is slot_class]
        return fmean(self.truth.presence(stake.home, stake.person, hour) for hour in hours) if hours else 0.0

    def true_worth(self, plan: Document) -> tuple[float, float]:
        """Return the points that a plan really brings on average, and the residents in need that it meets."""
        points = residents = 0.0
        for crew in plan["crews"]:
            hour = self.hours[crew["slot"]]
            for visit in crew["visits"]:
                stakes = self.stakes[visit["household"]]
                points += sum(stake.points * self.truth.presence(stake.home, stake.person, hour) for stake in stakes)
                people = {stake.person.index: stake for stake in stakes}.values()
                residents += sum(self.truth.presence(stake.home, stake.person, hour) for stake in people)
        return points, residents


def _points(home: Home, person: Person, code: str) -> float:
    success = SUCCESS_CHANCE[code]
    if code == "activate":
        low_tech = LOW_TECH_ACTIVATION if person.low_tech else success
        success = NO_PHONE_ACTIVATION if home.smartphones == 0 else low_tech
    return WEIGHTS[code] * GROUP_WEIGHT[person.group] * success


def measure(profile: str, households: int, seeds: Iterable[int], folder: Path, iterations: int) -> None:
    """Measure the ceiling of communes and store it, seed by seed."""
    path = folder / "ceilings" / f"{profile}-{households}.json"
    stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for seed in seeds:
        if str(seed) not in stored:
            commune = PROFILES[profile].scaled(households)
            stored[str(seed)] = ceiling(Setting(commune, seed, iterations=iterations))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(stored, indent=1), encoding="utf-8")
            print(profile, households, seed, stored[str(seed)], flush=True)


def told(folder: Path, name: str) -> str:
    """Return the stored ceiling of a commune as a sentence for the page; "" where there is none."""
    path = folder / "ceilings" / f"{name}.json"
    if not path.exists():
        return ""
    seeds = json.loads(path.read_text(encoding="utf-8")).values()

    def gain(known: str, what: int) -> str:
        return Interval.of([100 * (seed[known][what] / seed["table"][what] - 1) for seed in seeds]).signed()

    return (
        f"What knowing could bring ({len(seeds)} seeds, the first week, plans valued by the true chances): with each hamlet's "
        f"true rates {gain('hamlets', 0)} weighed points and {gain('hamlets', 1)} residents met; with each household's own "
        f"true chances {gain('households', 0)} and {gain('households', 1)}."
    )


def ceiling(setting: Setting) -> dict[str, tuple[float, float]]:
    """Return what the plans of a commune's first week are really worth, by what they were made with."""
    from solver.solve import solve_document

    with closing(Season(setting, WAYS["c"])) as season:
        week = Week(season)
    chances = dict(zip(KNOWN, (week.by_table, week.by_hamlet, week.by_household), strict=True))
    found = {}
    for known, chance in chances.items():
        parameters = {"iterations": setting.iterations, "seed": setting.seed, "threads": 1}
        found[known] = week.true_worth(solve_document(week.problem_with(chance), parameters))
    return found
