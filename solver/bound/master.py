"""Prices of households at which the routes found so far leave the least to prove: a linear program within a box.

Its columns are crews (as everywhere) and routes; its rows for households have the prices as their duals. Left to itself it
would jump from one extreme to another, so prices stay within a box around those of the best proof, which shrinks
where jumps have not paid (the boxstep method of Marsten, Hogan and Blankenship, 1975).
"""

import numpy as np

from solver.bound.crews import Crews
from solver.bound.pricing import Pricing
from solver.bound.program import INFINITE, Frozen
from solver.travel import Floats, Ints


class Master:
    """The program of one share of shifts, for the households that can be on a route."""

    def __init__(self, crews: Crews, pricing: Pricing, share: int, houses: Ints) -> None:
        self.share, self.houses = share, houses
        self._pricing = pricing
        program = crews.program(share)
        self._rows: list[list[tuple[int, int]]] = []
        for family in pricing.families:
            apart = _apart(family.meets)
            rows = []
            for needs in [0, *apart]:
                able = [b for b, m in zip(family.blocks, family.meets, strict=True) if not needs & ~m]
                offers = np.flatnonzero(np.isin(pricing.block_of_offer, able)).tolist()
                rows.append((needs, program.row(offers, [-1.0] * len(offers), -INFINITE, 0.0)))
            self._rows.append(rows)
        first = program.row([], [], -INFINITE, 1.0) if len(houses) else 0
        for _ in houses[1:]:
            program.row([], [], -INFINITE, 1.0)
        self._row_of = {h: first + n for n, h in enumerate(houses.tolist())}
        self._frozen = Frozen(program, crews.worth(np.zeros(len(crews.offers)), share))
        self._most = [self._frozen.add_column([first + n], [-1.0], 0.0) for n in range(len(houses))]
        self._least = [self._frozen.add_column([first + n], [1.0], 0.0) for n in range(len(houses))]
        self._taken = 0
        self.value = 0.0

    def solve(self, centre: Floats, reach: float) -> Floats | None:
        """Return prices of all households within `reach` of the centre; `value` is what the routes known would prove then."""
        for route in self._pricing.pool.routes[self._taken :]:
            rows = [row for needs, row in self._rows[route.family] if not needs & ~route.needs]
            entries = [1.0] * len(rows) + [float(t) for t in route.times]
            self._frozen.add_column([*rows, *(self._row_of[h] for h in route.houses)], entries, route.worth)
        self._taken = len(self._pricing.pool.routes)
        here = centre[self.houses]
        for most, least, price in zip(self._most, self._least, here.tolist(), strict=True):
            self._frozen.set_worth(most, -price - reach)
            self._frozen.set_worth(least, max(0.0, price - reach))
        duals = self._frozen.solve()
        if duals is None:
            return None
        self.value = self._frozen.value
        prices = centre.copy()
        found = duals[[self._row_of[h] for h in self.houses.tolist()]]
        prices[self.houses] = np.maximum(np.clip(found, here - reach, here + reach), 0.0)
        return prices


def _apart(meets: list[int]) -> list[int]:
    """Return the single requirements that some but not all of the blocks meet, as bits."""
    some, every = 0, -1
    for m in meets:
        some, every = some | m, every & m
    return [1 << r for r in range(some.bit_length()) if (some & ~every) >> r & 1]
