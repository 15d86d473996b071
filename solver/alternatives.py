"""What else each household could have had: other crews with room, or a visit that would have to give way."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from solver.tour import NEVER, Tour
from solver.world import URGENT, Flags, World

MOST = 3


@dataclass(frozen=True, slots=True, order=True)
class Alternative:
    """A change of the plan: `gain` milli-points in the total (shifts apart), the tour, and who would give way (-1 nobody)."""

    gain: int
    tour: int
    displaces: int = -1


def alternatives(world: World, tours: list[Tour]) -> dict[int, list[Alternative]]:
    """Return up to three alternatives a household, the best first.

    For a visited household: another crew that has room. For one left out: a crew with room, or in place of one visit.
    Only the households that a crew looks at when it is planned are considered.
    """
    owner = {h: n for n, tour in enumerate(tours) for h in tour.state.visits}
    left_out: Flags = np.ones(len(world.place_of), dtype=np.bool_)
    left_out[list(owner)] = False
    found: dict[int, list[Alternative]] = defaultdict(list)
    leaving = {h: tour.worth_of(h) for tour in tours for h in tour.state.visits}
    for n, tour in enumerate(tours):
        for h, gain in _best(tour, np.ones_like(left_out)).items():
            if owner.get(h) != n:
                found[h].append(Alternative(gain - leaving.get(h, 0), n))
        for gone in tour.state.visits:
            for h, gain in _best(tour.without(gone), left_out).items():
                found[h].append(Alternative(gain - leaving[gone], n, gone))
    return {h: sorted(options, reverse=True)[:MOST] for h, options in found.items()}


def _best(tour: Tour, wanted: Flags) -> dict[int, int]:
    """Return what each wanted household would bring at its best place in this tour, those without room left out."""
    pool = tour.pool
    live = np.flatnonzero(wanted[pool.houses])
    if not len(live):
        return {}
    gains, _ = tour.insertions(live)
    best = gains.max(axis=0)
    found: dict[int, int] = {}
    for entry, gain in zip(live[best > NEVER].tolist(), best[best > NEVER].tolist(), strict=True):
        h = int(pool.houses[entry])
        value = round(gain - URGENT if gain > URGENT / 2 else gain)
        found[h] = max(found.get(h, value), value)
    return found
