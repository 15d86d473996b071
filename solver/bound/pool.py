"""Routes met so far, by the proof and by the search, and what they bring at other prices."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from solver.travel import Floats

KnownRoute = tuple[int, int, tuple[int, ...]]
"""A route of a plan: its slot, the place where it starts, and households in order."""


@dataclass(frozen=True, slots=True)
class Route:
    """A relaxed route: its visits in order, whom it visits how often, and its milli-points before prices of households."""

    family: int
    needs: int
    worth: float
    visits: tuple[int, ...]
    houses: tuple[int, ...]
    times: tuple[int, ...]


class Pool:
    """Routes met so far, and what they bring at other prices; `houses` are all that any of them visits."""

    def __init__(self, routes: Iterable[Route] = ()) -> None:
        self.routes: list[Route] = []
        self.houses: set[int] = set()
        self._known: set[tuple[int, tuple[int, ...], tuple[int, ...]]] = set()
        self._arrays = np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0, dtype=np.int64), np.zeros(0)
        self._held = 0
        for route in routes:
            self.add(route)

    def add(self, route: Route) -> None:
        """Take up a route unless it is known."""
        key = route.family, route.houses, route.times
        if key not in self._known:
            self._known.add(key)
            self.routes.append(route)
            self.houses.update(route.houses)

    def worth(self, house_price: Floats) -> Floats:
        """Return what each route brings, prices of its households paid."""
        if self._held < len(self.routes):
            new = self.routes[self._held :]
            houses, times, route, worth = self._arrays
            sizes = [len(r.houses) for r in new]
            self._arrays = (
                np.concatenate([houses, np.fromiter((h for r in new for h in r.houses), np.int64, sum(sizes))]),
                np.concatenate([times, np.fromiter((t for r in new for t in r.times), np.float64, sum(sizes))]),
                np.concatenate([route, np.repeat(np.arange(self._held, len(self.routes)), sizes)]),
                np.concatenate([worth, [r.worth for r in new]]),
            )
            self._held = len(self.routes)
        houses, times, route, worth = self._arrays
        paid: Floats = worth - np.bincount(route, house_price[houses] * times, len(worth))
        return paid
