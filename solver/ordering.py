"""One crew's promised visits in an order that fits the slot: a plan in force names who visits whom, not in which order.

A small search over orders (insertion, then moves of up to three visits and reversals, then random kicks) that makes the
lateness zero; where it cannot, the exact answer for few visits, and visits that are worth least are left out. By compiled code, a
hundred times as fast, where that is at hand; on a machine that has yet to compile the same in Python.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from solver.routes import MOST_EXACT, best_route
from solver.world import World

if TYPE_CHECKING:
    from solver.kernel.restore import Way

KICKS = 6
"""Fresh starts before a visit is given up in the first, quick look."""
COMPILED_KICKS, COMPILED_ROUNDS = 10, 40
"""How many more kicks compiled code tries instead of one, and how many choices of visits."""


def is_compiled() -> bool:
    """Say whether compiled code can be used; loaded only when asked, since not every reader of plans needs it."""
    from solver.kernel.warm import is_warm

    return is_warm()


def arranged(world: World, slot: int, start: int, worth: Mapping[int, int], kicks: int = KICKS) -> tuple[int, ...]:
    """Return the households in an order that a crew can follow from a start place, without those that found no room.

    `worth` says which of them matter most. For up to `most_exact()` households nothing of more worth is possible.
    """
    way = Round(world, slot, start, tuple(worth))
    if is_compiled():
        return arranged_by_kernel(way, worth, kicks)
    every = list(range(len(way.houses)))
    order = way.inserted([], every)
    if not way.cannot_fit(every):
        order = _kicked(way, way.shortened(order), kicks)
        if way.fits(way.cost(order)):
            return tuple(way.houses[i] for i in order)
    if len(worth) <= MOST_EXACT:
        return best_route(world, slot, start, worth)
    return tuple(way.houses[i] for i in _thinned(way, order, [worth[h] for h in way.houses]))


def most_exact() -> int:
    """Return of how many households the best choice is proved."""
    if not is_compiled():
        return MOST_EXACT
    from solver.kernel.restore import MOST_EXACT as MOST_COMPILED

    return MOST_COMPILED


def arranged_by_kernel(way: "Round", worth: Mapping[int, int], kicks: int) -> tuple[int, ...]:
    """Do as `arranged` by compiled code."""
    from solver.kernel.dice import new_dice
    from solver.kernel.restore import arrange

    count = len(way.houses)
    every, order = list(range(count)), np.zeros(count + 1, dtype=np.int64)
    tries = 0 if way.cannot_fit(every) else COMPILED_KICKS * kicks
    points = np.array([worth[h] for h in way.houses], dtype=np.int64)
    urgency = np.array(sorted(every, key=way.urgency), dtype=np.int64)
    size = arrange(way.as_arrays(), points, urgency, new_dice(count), tries, COMPILED_ROUNDS * kicks, order)
    return tuple(way.houses[i] for i in order[:size].tolist())


def squeezed(world: World, slot: int, start: int, visits: tuple[int, ...], more: Sequence[int]) -> tuple[int, ...] | None:
    """Return an order of visits that stand and some more, or None where a quick look finds no room for all."""
    way = Round(world, slot, start, (*visits, *more))
    every = list(range(len(way.houses)))
    if way.cannot_fit(every):
        return None
    if is_compiled():
        found = arranged_by_kernel(way, dict.fromkeys(way.houses, 1), 0)
        return found if len(found) == len(every) else None
    order = way.shortened(way.inserted(every[: len(visits)], every[len(visits) :]))
    return tuple(way.houses[i] for i in order) if way.fits(way.cost(order)) else None


def _kicked(way: "Round", order: list[int], kicks: int) -> list[int]:
    """Return an order that fits, or the cheapest found from several orders near the best."""
    rng = random.Random(len(order))  # noqa: S311 - a search, not a secret
    for _ in range(kicks):
        if way.fits(way.cost(order)) or len(order) < 4:
            break
        a, b, c = sorted(rng.randrange(len(order) + 1) for _ in range(3))
        other = way.shortened(order[:a] + order[b:c] + order[a:b] + order[c:])
        order = min(order, other, key=way.cost)
    return order


def _thinned(way: "Round", order: list[int], worth: list[int]) -> list[int]:
    """Return the order without as many visits as it takes to fit, the least worth and the most costly first."""
    gone: list[int] = []
    while not way.fits(way.cost(order)):
        least = min(order, key=lambda i: (worth[i], way.cost([j for j in order if j != i])))
        gone.append(least)
        order = way.shortened([i for i in order if i != least])
    for i in sorted(gone, key=lambda i: -worth[i]):
        fuller = way.shortened(way.inserted(order, [i]))
        if way.fits(way.cost(fuller)):
            order = fuller
    return order


class Round:
    """The visits of one crew from one start place, as small tables; an order is a list of indices into `houses`."""

    def __init__(self, world: World, slot: int, start: int, houses: Sequence[int]) -> None:
        self.houses = tuple(houses)
        places = [*(world.place_of[h] for h in houses), start]
        leg = world.legs.leg
        self.legs = [[leg(a, b) for b in places] for a in places]
        self.length = [int(world.length[slot][h]) for h in houses]
        self.windows = [world.windows[h] for h in houses]
        self.last_close = [max((close for _, close in spans), default=-1) if spans is not None else 0 for spans in self.windows]
        self.opens, self.room = world.opens_start[slot], world.ends[slot] - world.opens_start[slot]
        # the cheapest leg into each visit and the cheapest home: nobody is through earlier
        depot = len(houses)
        self.least_in = [min((row[i] for j, row in enumerate(self.legs) if j != i), default=0) for i in range(depot + 1)]

    def as_arrays(self) -> "Way":
        """Return the tables as compiled code reads them."""
        from solver.kernel.restore import Way

        spans = [pair for spans in self.windows for pair in spans or ()]
        first = np.cumsum([0, *(len(spans or ()) for spans in self.windows)], dtype=np.int64)
        pairs = np.array(spans, dtype=np.int64).reshape(-1, 2)
        length = np.array(self.length, dtype=np.int64)
        return Way(np.array(self.legs, dtype=np.int64), length, pairs, first, self.opens, self.room)

    def urgency(self, i: int) -> tuple[int, int]:
        """Return a key that sorts the narrowest windows and the farthest first."""
        spans = self.windows[i]
        return (sum(b - a for a, b in spans) if spans is not None else 10**12), -self.legs[-1][i]

    def cannot_fit(self, order: Sequence[int]) -> bool:
        """Say whether lengths and shortest legs alone prove that these visits take too long, in any order."""
        home = self.least_in[-1] if order else 0
        return sum(self.length[i] + self.least_in[i] for i in order) + home > self.room

    def cost(self, order: Sequence[int], most: float = inf) -> int:
        """Return seconds until the crew is back, and more than the slot for each second of lateness at a door or back home.

        Lateness of more than `most` seconds is not followed to its end.
        """
        clock, late, row = self.opens, 0, self.legs[-1]
        windows, length, legs = self.windows, self.length, self.legs
        for i in order:
            clock += row[i]
            spans = windows[i]
            if spans is not None:
                for opens, closes in spans:
                    if clock <= closes:
                        if clock < opens:
                            clock = opens
                        break
                else:
                    late += clock - self.last_close[i]
                    if late > most:
                        break
            clock += length[i]
            row = legs[i]
        clock += row[-1] - self.opens
        if clock > self.room:
            late += clock - self.room
        return late * (self.room + 1) + clock

    def fits(self, cost: int) -> bool:
        """Say whether an order of this cost keeps to the slot and to all windows."""
        return cost <= self.room

    def inserted(self, order: list[int], waiting: Sequence[int]) -> list[int]:
        """Return the order with these visits put in at their cheapest places, one after another by `urgency`."""
        for i in sorted(waiting, key=self.urgency):
            places = range(len(order) + 1)
            at = min(places, key=lambda k: self.cost([*order[:k], i, *order[k:]]))
            order = [*order[:at], i, *order[at:]]
        return order

    def shortened(self, order: list[int]) -> list[int]:
        """Return the order after all moves that make it cheaper, or as soon as it fits."""
        best = self.cost(order)
        improved = True
        while improved and not self.fits(best):
            improved = False
            for other in self._neighbours(order):
                cost = self.cost(other, best // (self.room + 1))
                if cost < best:
                    order, best, improved = other, cost, True
                    break
        return order

    def _neighbours(self, order: list[int]) -> Iterator[list[int]]:
        count = len(order)
        for size in (1, 2, 3):
            for a in range(count - size + 1):
                part, rest = order[a : a + size], order[:a] + order[a + size :]
                for b in range(len(rest) + 1):
                    if b != a:
                        yield rest[:b] + part + rest[b:]
                    if size > 1:
                        yield rest[:b] + part[::-1] + rest[b:]
        for a in range(count - 3):
            for b in range(a + 4, count + 1):
                yield order[:a] + order[a:b][::-1] + order[b:]
