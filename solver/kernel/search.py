"""Ruin and recreate over the exact total, accepted by simulated annealing."""

import math

from solver.kernel.board import COUNT, KEPT, LIVE, PINNED, SHIFTS, TRAVEL, VALUE, Board
from solver.kernel.choice import Choice, survey
from solver.kernel.dice import Dice, chance
from solver.kernel.fill import fill, want_promised
from solver.kernel.jit import entry, kernel
from solver.kernel.memory import BEST, NOW, STEP, Memory, copy_row, forget, go_back, keep_best, return_to_best
from solver.kernel.reform import reform
from solver.kernel.route import dismiss
from solver.kernel.ruin import ruin_near
from solver.kernel.town import Town
from solver.travel import Ints

REFORM_SHARE = 0.08
OVER, BROKEN, TOTAL = range(3)
S_VALUE, S_TRAVEL, S_KEPT, S_PINNED, S_EXTRA = range(5)


@kernel
def extra_shifts(town: Town, board: Board) -> int:
    """Return how many shifts people have beyond the fair share; every crew on the board must visit somebody."""
    if town.extra_shift == 0 or town.able == 0:
        return 0
    seats = 0
    for v in range(board.worker.shape[0]):
        seats += board.worker[v, SHIFTS]
    fair = -(-seats // town.able)
    extra = 0
    for v in range(board.worker.shape[0]):
        extra += max(0, board.worker[v, SHIFTS] - fair)
    return extra


@kernel
def count_in(crew: Ints, sums: Ints, sign: int) -> None:
    """Add a row's sums, or take them off."""
    if crew[LIVE] != 0:
        sums[S_VALUE] += sign * crew[VALUE]
        sums[S_TRAVEL] += sign * crew[TRAVEL]
        sums[S_KEPT] += sign * crew[KEPT]
        sums[S_PINNED] += sign * crew[PINNED]


@kernel
def rank_of(town: Town, sums: Ints, rank: Ints) -> None:
    """Note changes over the limit and broken pins, both negative, and the total: compared in this order, more is better."""
    rank[OVER] = 0 if town.allowed_changes < 0 else min(0, town.allowed_changes - (town.unforced - sums[S_KEPT]))
    rank[BROKEN] = sums[S_PINNED] - town.pins
    rank[TOTAL] = sums[S_VALUE] + -1000 * town.travel_per_hour * sums[S_TRAVEL] // 3600 - 1000 * town.extra_shift * sums[S_EXTRA]


@kernel
def is_better(a: Ints, b: Ints, margin: float) -> bool:
    """Say whether a rank is better than another by a margin of the total, which may be negative."""
    if a[OVER] != b[OVER]:
        return bool(a[OVER] > b[OVER])
    if a[BROKEN] != b[BROKEN]:
        return bool(a[BROKEN] > b[BROKEN])
    return bool(a[TOTAL] - b[TOTAL] >= margin)


@kernel
def begin(town: Town, board: Board, choice: Choice, memory: Memory, dice: Dice, rows: Ints, together: int) -> None:
    """Fill all crews, `together` at a time, send home those that visit nobody, and take the week as the best met."""
    want_promised(town, board, choice, dice)
    count = 0
    for t in range(board.crew.shape[0] + 1):
        last = t == board.crew.shape[0]
        if not last and board.crew[t, LIVE] != 0:
            rows[count] = t
            count += 1
        if count > 0 and (last or count == together):
            # lists of a time when more were free would soon name only those whom earlier crews visit
            for _ in range(2):
                choice.listed.fill(-1)
                survey(town, board, choice)
                fill(town, board, choice, rows, count, 0, 0.0, 1.0, 1.0, 1.0)
            count = 0
    memory.sums.fill(0)
    for t in range(board.crew.shape[0]):
        if board.crew[t, LIVE] != 0 and board.crew[t, COUNT] == 0:
            dismiss(town, board, t)
        count_in(board.crew[t], memory.sums, 1)
    memory.sums[S_EXTRA] = extra_shifts(town, board)
    rank_of(town, memory.sums, memory.ranks[NOW])
    copy_row(memory.ranks[NOW], memory.ranks[BEST])
    memory.marks.fill(0)
    for t in range(board.crew.shape[0]):
        copy_row(board.crew[t], memory.best[t])


@kernel
def step(town: Town, board: Board, choice: Choice, memory: Memory, dice: Dice, rows: Ints, warmth: float) -> None:
    """Change the week a little; keep the change, or go back."""
    draw = chance(dice)
    crews_changed = draw < REFORM_SHARE
    if crews_changed:
        reform(town, board, choice, memory, dice, rows)
    else:
        ruin_near(town, board, choice, memory, dice, rows, 1 if draw < 0.3 else 2 if draw < 0.75 else 3)
    sums, ranks = memory.step_sums, memory.ranks
    copy_row(memory.sums, sums)
    for n in range(memory.log[0]):
        t = memory.log[n + 1]
        if board.crew[t, LIVE] != 0 and board.crew[t, COUNT] == 0:
            dismiss(town, board, t)
            crews_changed = True
        count_in(memory.old[n], sums, -1)
        count_in(board.crew[t], sums, 1)
    if crews_changed:
        sums[S_EXTRA] = extra_shifts(town, board)
    rank_of(town, sums, ranks[STEP])
    if is_better(ranks[STEP], ranks[NOW], warmth * math.log(1.0 - chance(dice))):
        forget(memory)
        copy_row(sums, memory.sums)
        copy_row(ranks[STEP], ranks[NOW])
        if is_better(ranks[NOW], ranks[BEST], 1.0):
            keep_best(board, memory)
            copy_row(ranks[NOW], ranks[BEST])
    else:
        go_back(board, memory)


@entry
def run(
    town: Town,
    board: Board,
    choice: Choice,
    memory: Memory,
    dice: Dice,
    rows: Ints,
    together: int,
    steps: int,
    warmth: float,
    home: int,
) -> None:
    """Begin, where `together` is more than 0; else take steps at one temperature, milli-points.

    With `home` 1 the best week met is on the board afterwards. One entry for both, as each is compiled with all its parts.
    """
    if together > 0:
        begin(town, board, choice, memory, dice, rows, together)
        return
    want_promised(town, board, choice, dice)
    survey(town, board, choice)
    for _ in range(steps):
        step(town, board, choice, memory, dice, rows, warmth)
    if home != 0:
        return_to_best(board, memory)
