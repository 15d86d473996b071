"""Going back: the rows a step has changed as they were before, and the best week met so far."""

from typing import NamedTuple

import numpy as np

from solver.kernel.board import BUSY, COUNT, LIVE, MEMBERS, SHIFTS, SLOT, Board
from solver.kernel.jit import kernel
from solver.travel import Ints

MOST_CHANGED = 24
"""Crews that one step changes at most; a step asks before it changes one more."""

NOTED, STALE = range(2)
NOW, STEP, BEST = range(3)


class Memory(NamedTuple):
    """`log[0]` rows changed in this step, named in `log[1:]`, stand in `old`; `marks` says by row whether it is among them, and
    whether `best` differs from the board; sums as indexed above; `ranks` as `search` orders them: now, in this step, best."""

    log: Ints
    marks: Ints
    old: Ints
    best: Ints
    sums: Ints
    step_sums: Ints
    ranks: Ints


def new_memory(board: Board) -> Memory:
    """Return a memory whose best week is the board as it stands; sums and ranks are left to `search.begin`."""
    rows = len(board.crew)
    return Memory(
        log=np.zeros(1 + min(MOST_CHANGED, rows), dtype=np.int64),
        marks=np.zeros((rows, 2), dtype=np.int64),
        old=board.crew[:MOST_CHANGED].copy(),
        best=board.crew.copy(),
        sums=np.zeros(5, dtype=np.int64),
        step_sums=np.zeros(5, dtype=np.int64),
        ranks=np.zeros((3, 3), dtype=np.int64),
    )


@kernel
def copy_row(row: Ints, to: Ints) -> None:
    """Copy a row, number by number: numba compiles a machinery of error messages with the assignment of an array."""
    for i in range(row.shape[0]):
        to[i] = row[i]


@kernel
def note(board: Board, memory: Memory, t: int) -> bool:
    """Remember a row before it is changed; False where no more rows may change in this step."""
    if memory.marks[t, NOTED] != 0:
        return True
    n = memory.log[0]
    if n + 1 == memory.log.shape[0]:
        return False
    memory.marks[t, NOTED] = 1
    memory.log[0] = n + 1
    memory.log[n + 1] = t
    copy_row(board.crew[t], memory.old[n])
    return True


@kernel
def forget(memory: Memory) -> None:
    """Take the step as done."""
    for n in range(memory.log[0]):
        t = memory.log[n + 1]
        memory.marks[t, NOTED] = 0
        memory.marks[t, STALE] = 1
    memory.log[0] = 0


@kernel
def take_off(board: Board, t: int) -> None:
    """Free the people and households of a row."""
    crew = board.crew[t]
    if crew[LIVE] != 0:
        for i in range(MEMBERS, MEMBERS + board.size):
            board.worker[crew[i], SHIFTS] -= 1
            board.worker[crew[i], BUSY + crew[SLOT]] = 0
        for i in range(crew[COUNT]):
            board.owner[crew[board.visits + i]] = -1


@kernel
def put_on(board: Board, t: int) -> None:
    """Bind the people and households of a row."""
    crew = board.crew[t]
    if crew[LIVE] != 0:
        for i in range(MEMBERS, MEMBERS + board.size):
            board.worker[crew[i], SHIFTS] += 1
            board.worker[crew[i], BUSY + crew[SLOT]] = 1
        for i in range(crew[COUNT]):
            board.owner[crew[board.visits + i]] = t


@kernel
def go_back(board: Board, memory: Memory) -> None:
    """Make the changed rows what they were before the step."""
    for n in range(memory.log[0]):
        take_off(board, memory.log[n + 1])
    for n in range(memory.log[0]):
        t = memory.log[n + 1]
        memory.marks[t, NOTED] = 0
        copy_row(memory.old[n], board.crew[t])
        put_on(board, t)
    memory.log[0] = 0


@kernel
def keep_best(board: Board, memory: Memory) -> None:
    """Make the board the best week met."""
    for t in range(board.crew.shape[0]):
        if memory.marks[t, STALE] != 0:
            copy_row(board.crew[t], memory.best[t])
            memory.marks[t, STALE] = 0


@kernel
def return_to_best(board: Board, memory: Memory) -> None:
    """Make the best week met the board."""
    for t in range(board.crew.shape[0]):
        if memory.marks[t, STALE] != 0:
            take_off(board, t)
    for t in range(board.crew.shape[0]):
        if memory.marks[t, STALE] != 0:
            copy_row(memory.best[t], board.crew[t])
            put_on(board, t)
            memory.marks[t, STALE] = 0
