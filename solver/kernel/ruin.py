"""Steps that change visits: rows of neighbouring visits are freed, and their crews compete for the best households."""

import numpy as np

from solver.kernel.board import COUNT, LIVE, SLOT, Board
from solver.kernel.choice import Choice, list_near
from solver.kernel.dice import Dice, chance, pick
from solver.kernel.fill import fill, forget_loose, set_loose
from solver.kernel.jit import kernel
from solver.kernel.memory import Memory, note
from solver.kernel.route import drop, drop_all, schedule
from solver.kernel.town import HOME, KIND, Town
from solver.travel import Ints

LONGEST = 7
"""Visits in a row that are freed in one crew at most, one of `LONGEST` times also all of them."""


@kernel
def any_crew(board: Board, dice: Dice) -> int:
    """Return a row in use, or -1 where there is none."""
    rows = board.crew.shape[0]
    first = pick(dice, rows)
    for n in range(rows):
        t = (first + n) % rows
        if board.crew[t, LIVE] != 0:
            return int(t)
    return -1


@kernel
def free_string(town: Town, board: Board, choice: Choice, dice: Dice, t: int, around: int, most: int) -> None:
    """Free up to `most` visits in a row that include the `around`-th."""
    count = min(board.crew[t, COUNT], 1 + pick(dice, most))
    first = max(0, min(board.crew[t, COUNT] - count, around - pick(dice, count)))
    for _ in range(count):
        set_loose(choice, drop(town, board, t, first))
    if not schedule(town, board, t):
        # a matrix may reward detours: without a stop the way may take longer
        for i in range(board.crew[t, COUNT]):
            set_loose(choice, int(board.crew[t, board.visits + i]))
        drop_all(town, board, t)


@kernel
def blurred_fill(town: Town, board: Board, choice: Choice, dice: Dice, rows: Ints, count: int) -> None:
    """Fill crews with a little noise, so that not every step ends in the same place."""
    spread = 0.0
    draw = chance(dice)
    if draw > 0.3:
        spread = 0.12 if draw < 0.7 else 0.3
    offset = pick(dice, town.house.shape[0] + 1)
    fill(town, board, choice, rows, count, offset, spread, 0.0, 0.5 + 0.25 * pick(dice, 5), float(pick(dice, 2)))
    forget_loose(choice)


@kernel
def ruin_near(town: Town, board: Board, choice: Choice, memory: Memory, dice: Dice, rows: Ints, crews: int) -> None:
    """Free visits of a crew and of up to `crews` - 1 others nearby, and fill them anew."""
    t = any_crew(board, dice)
    if t < 0 or not note(board, memory, t):
        return
    count = 0
    at = pick(dice, board.crew[t, COUNT])
    kind, place = town.slot[board.crew[t, SLOT], KIND], town.house[board.crew[t, board.visits + at], HOME]
    if choice.listed[kind, place] < 0:
        list_near(town, board, choice, kind, place)
    free_string(town, board, choice, dice, t, at, LONGEST)
    rows[0], count = t, 1
    listed = int(np.int64(choice.listed[kind, place]))
    tries = 0
    while count < crews and tries < 12 and listed > 0:
        tries += 1
        house = int(choice.near[kind, place, pick(dice, listed)])
        t = board.owner[house]
        if t < 0:
            continue
        known = False
        for i in range(count):
            known = known or rows[i] == t
        if known or not note(board, memory, t):
            continue
        at = 0
        while board.crew[t, board.visits + at] != house:
            at += 1
        free_string(town, board, choice, dice, t, at, LONGEST - 1)
        rows[count] = t
        count += 1
    blurred_fill(town, board, choice, dice, rows, count)
