"""What a plan changes of the plan in force, and why: forced by what has happened, asked for by a pin, or for a gain.

Codes of what forces a change, the first that holds:

``household_gone, slot_gone, volunteer_gone``  it is no longer in the problem (`who`: which people)
``volunteer_away``       someone of the crew cannot work in that slot any more (`who`)
``no_shift_left``        someone of the crew has no shift left (`who`)
``no_crew_any_more``     those people may not go out together (skills that every crew needs, or their number)
``never_visitable, window_closed, skill_lacking, language_lacking, avoided``  the crew may not visit the household now
``does_not_fit``         the crew could not get there, stay, and be back in time, had it the whole slot for it
``pinned``               a pin asks for another slot or other people

and of what does not, with the exact ``gain`` of the total against the best plan found that keeps the promise:

``made_room``            its crew goes out in that slot, and visits others instead (`for`: whom it had not promised)
``crew_regrouped``       its people go out otherwise (`crews`: slots and people)
"""

from dataclasses import dataclass, field
from typing import Any

from solver.explain.standing import Standing, blocking_rule
from solver.explain.ways import way_with
from solver.problem import BaseVisit
from solver.reasons import Reasons
from solver.restore import open_tour
from solver.tour import Tour
from solver.week import Week
from solver.world import Members

RULE_CODES = {
    "visitable_class": "never_visitable",
    "within_windows": "window_closed",
    "household_skills": "skill_lacking",
    "household_languages": "language_lacking",
    "household_avoids": "avoided",
    "pins_hold": "pinned",
}
UNCOUNTED = ("household_gone", "slot_gone", "volunteer_gone", "volunteer_away")
"""What `max_changes` does not count."""


@dataclass(frozen=True, slots=True)
class Change:
    """A visit of the plan in force that is not made as promised. `gain` is None where it is forced."""

    visit: BaseVisit
    reason: str
    gain: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def changes(standing: Standing) -> list[dict[str, Any]]:
    """Return every change of the plan in force with its reason, as plain data in the order of `base`.

    Returns
    -------
    list of dict
        ``household, slot, volunteers`` as promised, ``now`` (``slot, volunteers``; None without a visit), ``reason``,
        ``forced`` (nothing else was possible), ``counted`` (against `max_changes`), ``gain`` (milli-points, None where
        forced) and the facts of the reason.
    """
    teller = _Teller(standing)
    told = []
    for visit in standing.world.problem.base:
        change = teller(visit)
        if change is not None:
            told.append(_document(standing, change))
    return told


class _Teller:
    """Finds the reasons; crews that are asked about for several of their households are looked at once."""

    def __init__(self, standing: Standing) -> None:
        self.standing, self.world = standing, standing.world
        self._reasons = Reasons(standing.world)
        self._crews = {(tour.slot, tour.members): n for n, tour in enumerate(standing.tours)}
        self._regrouped: dict[tuple[int, Members], int | None] = {}

    def __call__(self, visit: BaseVisit) -> Change | None:
        world = self.world
        house, slot = world.house_index.get(visit.household), world.slot_index.get(visit.slot)
        if house is None:
            return Change(visit, "household_gone")
        if slot is None:
            return Change(visit, "slot_gone")
        gone = sorted(v for v in visit.volunteers if v not in world.person_index)
        if gone:
            return Change(visit, "volunteer_gone", facts={"who": gone})
        members = tuple(sorted(world.person_index[v] for v in visit.volunteers))
        key = slot, members
        if key in self._crews and house in self.standing.tours[self._crews[key]].state.visits:
            return None
        away = [world.problem.volunteers[v].id for v in members if slot not in world.can_work[v]]
        if away:
            return Change(visit, "volunteer_away", facts={"who": away})
        tired = [world.problem.volunteers[v].id for v in members if not world.max_shifts[v]]
        if tired:
            return Change(visit, "no_shift_left", facts={"who": tired})
        if not world.is_crew(members):
            return Change(visit, "no_crew_any_more")
        rule = blocking_rule(world, slot, members, house)
        if rule is not None:
            return Change(visit, RULE_CODES[rule])
        if not self._reasons.in_reach(house, slot, {world.starts[v] for v in members}):
            return Change(visit, "does_not_fit")
        if key in self._crews:
            return self._made_room(visit, house, self._crews[key])
        return self._regroup(visit, key)

    def _made_room(self, visit: BaseVisit, house: int, number: int) -> Change:
        tour = self.standing.tours[number]
        promised = self.world.base[tour.slot, tour.members].visits
        others = [self.world.problem.households[h].id for h in tour.state.visits if h not in promised]
        way = way_with(self.standing, number, house)
        return Change(visit, "made_room", -way.gain if way else None, {"for": others})

    def _regroup(self, visit: BaseVisit, key: tuple[int, Members]) -> Change:
        busy = [tour for tour in self.standing.tours if self._clashes(key, tour)]
        if key not in self._regrouped:
            self._regrouped[key] = self._cost_of_keeping(key)
        problem = self.world.problem
        crews = [{"slot": problem.slots[t.slot].id, "volunteers": [problem.volunteers[v].id for v in t.members]} for t in busy]
        return Change(visit, "crew_regrouped", self._regrouped[key], {"crews": crews})

    def _clashes(self, key: tuple[int, Members], tour: Tour) -> bool:
        slot, members = key
        return tour.slot in self.world.overlaps[slot] and not set(members).isdisjoint(tour.members)

    def _cost_of_keeping(self, key: tuple[int, Members]) -> int | None:
        """Return the milli-points lost where the crew goes out as promised instead of what its people do now.

        None where that breaks a pin, or changes more of the plan in force than is allowed.
        """
        slot, members = key
        world, week = self.world, self.standing.week()
        broken = week.penalty()
        for number in [n for n, tour in week.tours.items() if self._clashes(key, tour)]:
            week.close(number)
        for v in members:
            while not week.can_join(v, slot):
                others = [n for n, t in week.tours.items() if v in t.members]
                if not others:
                    return None
                week.close(min(others, key=lambda n: week.tours[n].state.value))
        suits = world.suits(slot, members)
        promised = [h for h in world.base[key].visits if suits[h]]
        _free_up(week, promised)
        open_tour(week, slot, members, tuple(promised))
        return self.standing.total - week.total() if week.penalty() <= broken else None


def _free_up(week: Week, houses: list[int]) -> None:
    """Take households out of the crews that visit them now."""
    for house in houses:
        number = int(week.owner[house])
        if number >= 0:
            week.strip(number, {house})
    week.drop_empty()


def _document(standing: Standing, change: Change) -> dict[str, Any]:
    world, visit = standing.world, change.visit
    number = standing.owner.get(world.house_index.get(visit.household, -1))
    now = None if number is None else standing.tours[number]
    forced = change.reason not in ("made_room", "crew_regrouped")
    return {
        "household": visit.household,
        "slot": visit.slot,
        "volunteers": sorted(visit.volunteers),
        "now": None if now is None else {
            "slot": world.problem.slots[now.slot].id,
            "volunteers": [world.problem.volunteers[v].id for v in now.members],
        },
        "reason": change.reason,
        "forced": forced,
        "counted": change.reason not in UNCOUNTED,
        "gain": change.gain,
        **change.facts,
    }  # fmt: skip
