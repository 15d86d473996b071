"""The last look: no household that would add to the total is left out where a crew has room for it."""

from solver.kernel.board import COUNT, LIVE, PLACE, SLOT, Board
from solver.kernel.jit import entry, kernel
from solver.kernel.route import LATE, extra_worth, insert, leg, may_visit, next_open
from solver.kernel.town import HOME, KIND, LENGTH, REWARD, SPECIAL, Town


@entry
def look_last(town: Town, board: Board) -> int:
    """Try every household left out at every place of every crew exactly, until nothing adds; return how many came in."""
    added = 0
    for t in range(board.crew.shape[0]):
        if board.crew[t, LIVE] == 0 or board.crew[t, COUNT] == 0:
            continue
        while True:
            h, at = best_of_all(town, board, t)
            if h < 0:
                break
            insert(town, board, t, h, at)
            added += 1
    return added


@kernel
def best_of_all(town: Town, board: Board, t: int) -> tuple[int, int]:
    """Return the household left out, and its place, that adds most to the total; -1 where none adds."""
    crew, house = board.crew[t], town.house
    xy, matrix, pace, fixed = town.xy, town.matrix, town.pace, town.fixed
    kind, start, count = town.slot[crew[SLOT], KIND], crew[PLACE], crew[COUNT]
    most, best, best_at = 0.0, -1, -1
    for at in range(count + 1):
        before = start if at == 0 else house[crew[board.visits + at - 1], HOME]
        after = start if at == count else house[crew[board.visits + at], HOME]
        depart, latest = crew[board.departs + at], crew[board.latests + at]
        direct = leg(xy, matrix, pace, fixed, before, after)
        for h in range(house.shape[0]):
            seconds = house[h, LENGTH + 2 * kind]
            if board.owner[h] >= 0 or depart + seconds > latest or not may_visit(town, board, t, h):
                continue
            out, back = leg(xy, matrix, pace, fixed, before, house[h, HOME]), leg(xy, matrix, pace, fixed, house[h, HOME], after)
            begin = next_open(house, town.lists, h, depart + out)
            if begin == LATE or begin + seconds + back > latest:
                continue
            gain = house[h, REWARD + 2 * kind] - (out + back - direct) * town.travel_per_hour / 3.6
            if house[h, SPECIAL] != 0:
                gain += extra_worth(town, board, t, h)
            if gain > most:
                most, best, best_at = gain, h, at
    return best, best_at
