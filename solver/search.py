"""The search by compiled code, seen from Python: a week goes in, a better one comes out."""

import numpy as np

from solver.bound import KnownRoute, Prices
from solver.kernel.board import COUNT, LIVE, PLACE, SLOT, empty_board
from solver.kernel.choice import new_choice
from solver.kernel.dice import new_dice
from solver.kernel.look import look_last
from solver.kernel.memory import BEST, new_memory
from solver.kernel.search import S_VALUE, TOTAL, run
from solver.kernel.town import kinds_of, town_of
from solver.kernel.weeks import lay_out, put_back
from solver.travel import Floats
from solver.week import Week

FILLED_TOGETHER = 16
"""Crews that compete for households in the first plan: all at once would leave a large week empty where time is short."""
HOT, WARM, COLD = 0.5, 0.2, 0.02
"""Temperatures as shares of what a visit brings. Measured at 3,000 households: half or twice as much as `WARM` is worse; where a
few crews have time to cool down again and again, only a hot start leads out of the valley they are in."""

STEADY = 0.03
"""How warm a week in force is searched, compared to a new one. Measured on a running week of 360 shifts with a crew gone, and
with 500 visits rained off: from 0.1 to 0.01 all do, at 1 the search ends with what it began."""


class Search:
    """One search from one week; deterministic for a seed and the numbers of steps asked for."""

    def __init__(self, week: Week, prices: Prices, seed: int) -> None:
        self._world = week.world
        self._town = town_of(week.world)
        self._board = empty_board(self._town)
        rows = len(self._board.crew)
        stops = self._board.departs - self._board.visits + 1
        self._choice = new_choice(self._town, rows, stops, self._by_kind(prices.second_price), prices.house_price, seed)
        self._rows = np.zeros(rows + 1, dtype=np.int64)
        self._memory = new_memory(self._board)
        self._dice = new_dice(seed)
        lay_out(self._board, self._town, week)
        self._warm = WARM
        self._call(together=FILLED_TOGETHER)
        visits = int((self._board.crew[:, COUNT] * self._board.crew[:, LIVE]).sum())
        # a plan in force is a good one: what was found in a week's search would be lost in the first second of another
        share = STEADY if self._world.base else 1.0
        self._visit_value = share * int(self._memory.sums[S_VALUE]) / max(1, visits)

    def _by_kind(self, second_price: Floats) -> Floats:
        kinds = kinds_of(self._world)
        prices = np.zeros(max(kinds, default=0) + 1)
        prices[kinds] = second_price
        return prices

    def reprice(self, prices: Prices) -> None:
        """Take other prices from now on."""
        self._choice.second_price[:] = self._by_kind(prices.second_price)
        self._choice.house_price[:] = prices.house_price
        self._choice.listed[:] = -1

    def run(self, steps: int, share: float) -> None:
        """Take steps; `share` is how much of the search is over, from 0 to 1."""
        warmth = self._visit_value * self._warm * (COLD / self._warm) ** share
        self._call(steps=steps, warmth=warmth)

    def _call(self, together: int = 0, steps: int = 0, warmth: float = 0.0, home: int = 0) -> None:
        run(
            self._town, self._board, self._choice, self._memory, self._dice, self._rows, together, steps, warmth, home
        )  # fmt: skip

    @property
    def crews(self) -> int:
        """How many crews go out now."""
        return int(self._board.crew[:, LIVE].sum())

    def heat_up(self) -> None:
        """Go on from the best week met, hotter than at first."""
        self._warm = HOT
        self.return_to_best()

    def return_to_best(self) -> None:
        """Make the best week met the one that is searched."""
        self._call(home=1)

    @property
    def total(self) -> int:
        """The best total met, milli-points, as the format has it."""
        return int(self._memory.ranks[BEST, TOTAL]) - 1000 * self._town.change * len(self._world.problem.base)

    def routes(self) -> list[KnownRoute]:
        """Return who is visited now by each crew: slot, start, households in order."""
        board = self._board
        return [
            (row[SLOT], row[PLACE], tuple(row[board.visits : board.visits + row[COUNT]]))
            for row in board.crew[board.crew[:, LIVE] == 1].tolist()
        ]

    def finish(self, week: Week) -> None:
        """Make the week the best one met, with every household left out tried in every crew once more."""
        self.return_to_best()
        look_last(self._town, self._board)
        self.put_back(week)

    def put_back(self, week: Week) -> None:
        """Make the week what the board says now."""
        put_back(self._board, self._world, week)
