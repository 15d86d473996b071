"""The best plan of a tiny week by trying everything: no code of the solver but its reader and its legs.

Pins and `max_changes` are left out, so the optimum here is never below that of the problem with them.
"""

from collections.abc import Callable, Iterator
from itertools import combinations
from math import floor

import numpy as np

from solver.problem import Household, Problem, Slot, parse_problem
from tests.solver.judge.check_plan import travel_seconds
from tests.solver.worlds import Document

NOTHING = -(10**18)
PER_HOUR = 3600

Leg = Callable[[str, str], int]
Crew = tuple[int, tuple[int, ...]]
"""The index of a slot, and of its members."""


def optimum(document: Document) -> int:
    """Return the largest total (milli-points) of any plan; meant for 8 households and 4 volunteers at most."""
    problem = parse_problem(document)
    legs = travel_seconds(document)
    count = len(problem.households)
    crews = list(_crews(problem))
    starts = {(s, problem.volunteers[v].start) for s, members in crews for v in members}
    ways = {(s, start): _ways(problem, legs, problem.slots[s], start) for s, start in starts}
    worth = {crew: _worth(problem, ways, crew) for crew in crews}
    lost = PER_HOUR * 1000 * problem.weights.change * len(problem.base)
    best = 0
    for chosen in _weeks(problem, crews):
        reached = np.full(1 << count, NOTHING, dtype=np.int64)
        reached[0] = 0
        for crew in chosen:
            reached = _with(reached, worth[crew], count)
        best = max(best, int(reached.max()) - PER_HOUR * 1000 * problem.weights.extra_shift * _extra(problem, chosen))
    return floor((best - lost) / PER_HOUR)


def _crews(problem: Problem) -> Iterator[Crew]:
    """Yield whoever can go out together, by slot."""
    for s, slot in enumerate(problem.slots):
        able = [v for v, p in enumerate(problem.volunteers) if slot.id in p.slots and p.max_shifts]
        for members in combinations(able, problem.crew.size):
            if set(problem.crew.skills) <= set().union(*(problem.volunteers[v].skills for v in members)):
                yield s, members


def _weeks(problem: Problem, crews: list[Crew], chosen: tuple[Crew, ...] = ()) -> Iterator[tuple[Crew, ...]]:
    """Yield every set of crews in which nobody is in two places or works too often."""
    yield chosen
    for n, crew in enumerate(crews):
        if all(_together(problem, crew, other) for other in chosen) and all(
            sum(v in other for _, other in chosen) < problem.volunteers[v].max_shifts for v in crew[1]
        ):
            yield from _weeks(problem, crews[n + 1 :], (*chosen, crew))


def _together(problem: Problem, one: Crew, other: Crew) -> bool:
    a, b = problem.slots[one[0]], problem.slots[other[0]]
    overlap = one[0] == other[0] or (a.start < b.end and b.start < a.end)
    return not overlap or set(one[1]).isdisjoint(other[1])


def _extra(problem: Problem, chosen: tuple[Crew, ...]) -> int:
    """Return the shifts beyond everybody's fair share."""
    shifts = [sum(v in members for _, members in chosen) for v in range(len(problem.volunteers))]
    able = sum(1 for p in problem.volunteers if p.slots)
    fair = -(-sum(shifts) // able) if able else 0
    return sum(max(0, n - fair) for n in shifts)


def _worth(problem: Problem, ways: dict[tuple[int, str], dict[int, int]], crew: Crew) -> np.ndarray:
    """Return what the crew brings with each set of households (bits), in milli-points x 3600; `NOTHING` where it cannot."""
    s, members = crew
    slot, people = problem.slots[s], [problem.volunteers[v] for v in members]
    names = frozenset(p.id for p in people)
    skills = set().union(*(p.skills for p in people))
    tongues = set().union(*(p.languages for p in people))
    gains: list[int | None] = []
    for house in problem.households:
        understood = not house.languages or house.languages & tongues
        if slot.kind not in house.reward or not house.skills <= skills or not understood or house.avoid & names:
            gains.append(None)
            continue
        strange = bool(house.known) and not house.known & names
        kept = sum(b.household == house.id and b.slot == slot.id and b.volunteers == names for b in problem.base)
        weights = problem.weights
        gains.append(1000 * (house.reward[slot.kind] - weights.new_face * strange + weights.change * kept))
    worth = np.full(1 << len(gains), NOTHING, dtype=np.int64)
    for start in {p.start for p in people}:
        for mask, travel in ways[s, start].items():
            mine = [g for h, g in enumerate(gains) if mask >> h & 1]
            if None not in mine:
                value = PER_HOUR * sum(g for g in mine if g is not None) - 1000 * problem.weights.travel_per_hour * travel
                worth[mask] = max(worth[mask], value)
    return worth


def _ways(problem: Problem, leg: Leg, slot: Slot, start: str) -> dict[int, int]:
    """Return the least seconds of way by set of households (bits) that one crew can visit in the slot, out and home."""
    places = [h.location for h in problem.households]
    # by set and last household: who could be done when, after how much way, neither worse than another
    states: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for h, house in enumerate(problem.households):
        _arrive(states, 1 << h, h, house, slot, slot.start + leg(start, places[h]), leg(start, places[h]))
    least: dict[int, int] = {}
    for mask in range(1, 1 << len(places)):
        for last in range(len(places)):
            for done, way in states.get((mask, last), []):
                home = leg(places[last], start)
                if done + home <= slot.end:
                    least[mask] = min(least.get(mask, way + home), way + home)
                for h, house in enumerate(problem.households):
                    if not mask >> h & 1:
                        hop = leg(places[last], places[h])
                        _arrive(states, mask | 1 << h, h, house, slot, done + hop, way + hop)
    return least


def _arrive(
    states: dict[tuple[int, int], list[tuple[int, int]]], mask: int, h: int, house: Household, slot: Slot, second: int, way: int
) -> None:
    """Note a visit that begins as soon as it may, if it may in this slot."""
    if slot.kind not in house.reward:
        return
    if house.windows is not None:
        opens = [max(a, second) for a, b in house.windows if second <= b]
        if not opens:
            return
        second = min(opens)
    done = second + house.visit_seconds[slot.kind]
    known = states.setdefault((mask, h), [])
    if done <= slot.end and not any(a <= done and b <= way for a, b in known):
        known[:] = [(a, b) for a, b in known if a < done or b < way] + [(done, way)]


def _with(reached: np.ndarray, worth: np.ndarray, count: int) -> np.ndarray:
    """Return the best by set of households when one more crew visits some of the others, one at least."""
    better = np.full_like(reached, NOTHING)
    for mask in np.flatnonzero(worth > NOTHING).tolist():
        rest = np.flatnonzero((np.arange(1 << count) & mask) == 0)
        rest = rest[reached[rest] > NOTHING]
        better[rest | mask] = np.maximum(better[rest | mask], reached[rest] + worth[mask])
    return better
