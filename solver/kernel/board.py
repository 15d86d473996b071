"""The week while it is searched: who goes out when and visits whom, in tables that compiled code changes in place."""

from typing import NamedTuple

import numpy as np

from solver.kernel.town import BEGIN, CAN_WORK, END, LENGTH, MOST_SHIFTS, REWARD, Town
from solver.travel import Ints

# columns of `crew`; then the people, what the crew can help with, and the stops
LIVE, SLOT, PLACE, FORCE, COUNT, TRAVEL, VALUE, KEPT, PINNED, MEMBERS = range(10)
# columns of `worker`, then one for each slot: 1 where the person is out
SHIFTS, BUSY = range(2)

SPARE = 4
"""Rows beyond the most crews there can be: a crew is opened before another is given up, and its visits are kept aside."""


class Board(NamedTuple):
    """`crew` has a row a crew: facts and sums, its people from MEMBERS on, from `helps` on 1 for each need they meet,
    then from `visits` on whom they visit, from `departs` on when they leave the stop before each visit, from `latests` on the
    last moment at which each may begin; the latter two have one entry more, for the way home. `owner` is the row that visits a
    household, or -1; `worker` how often and when people are out."""

    crew: Ints
    owner: Ints
    worker: Ints
    size: int
    helps: int
    visits: int
    departs: int
    latests: int


def empty_board(town: Town) -> Board:
    """Return a board on which nobody goes out, with room for as many crews and visits as a week can have."""
    people, slots = len(town.person), len(town.slot)
    size = town.in_force.shape[1] - 1
    works = town.person[:, CAN_WORK : CAN_WORK + slots].sum(axis=1)
    rows, most = int(np.minimum(town.person[:, MOST_SHIFTS], works).sum()) // size + SPARE, _most_visits(town)
    helps = MEMBERS + size
    visits = helps + len(town.asked) - 1
    departs = visits + most + 1
    latests = departs + most + 2
    return Board(
        crew=np.zeros((rows, latests + most + 2), dtype=np.int64),
        owner=np.full(len(town.house), -1, dtype=np.int64),
        worker=np.zeros((people, BUSY + slots), dtype=np.int64),
        size=size,
        helps=helps,
        visits=visits,
        departs=departs,
        latests=latests,
    )


def _most_visits(town: Town) -> int:
    """Return how many visits fit the longest slot at most: the shortest ones, one after another."""
    longest = int((town.slot[:, END] - town.slot[:, BEGIN]).max(initial=0))
    seconds = np.where(town.house[:, REWARD::2] >= 0, town.house[:, LENGTH::2], 2**40)
    shortest = np.sort(seconds.min(axis=1, initial=2**40))
    return int(np.searchsorted(np.cumsum(shortest), longest, side="right")) + 1
