"""One crew's way in compiled code: legs, windows, the schedule, what a visit is worth, who is in a crew."""

import math

import numpy as np
import numpy.typing as npt

from solver.kernel.board import BUSY, COUNT, FORCE, KEPT, LIVE, MEMBERS, PINNED, PLACE, SHIFTS, SLOT, TRAVEL, VALUE, Board
from solver.kernel.jit import entry, kernel
from solver.kernel.town import (
    ANY_SLOT,
    AVOID,
    BASE,
    BEGIN,
    CAN_WORK,
    END,
    HAS_KNOWN,
    HOME,
    KIND,
    KNOWN,
    LENGTH,
    LISTS_END,
    MOST_SHIFTS,
    NEED,
    NO_WISH,
    OVERLAPS,
    REWARD,
    SPECIAL,
    WINDOWS,
    WISH,
    WISH_PINS,
    WISH_SLOT,
    Town,
)
from solver.travel import Floats, Ints

LATE = -1


@kernel
def leg(xy: Floats, matrix: npt.NDArray[np.int32], pace: float, fixed: int, a: int, b: int) -> int:
    """Return whole seconds from place to place."""
    if a == b:
        return 0
    if matrix.shape[0] > 0:
        return int(matrix[a, b])
    dx, dy = xy[a, 0] - xy[b, 0], xy[a, 1] - xy[b, 1]
    # the tolerance keeps a leg of exactly 61 s from becoming 62 s by a rounding of the last bit
    return fixed + math.ceil(pace * math.sqrt(dx * dx + dy * dy) - 1e-9)


@kernel
def next_open(house: Ints, lists: Ints, h: int, second: int) -> int:
    """Return the first second from `second` on at which a visit may begin, or `LATE`."""
    first, last = house[h, WINDOWS], house[h, WINDOWS + 1]
    if first == last:
        return second
    for n in range(first, last):
        if second <= lists[n, 1]:
            return int(max(lists[n, 0], second))
    return LATE


@kernel
def last_open(house: Ints, lists: Ints, h: int, second: int) -> int:
    """Return the last second up to `second` at which a visit may begin; `second` where there is none."""
    for n in range(house[h, WINDOWS + 1] - 1, house[h, WINDOWS] - 1, -1):
        if lists[n, 0] <= second:
            return int(min(lists[n, 1], second))
    return second


@kernel
def schedule(town: Town, board: Board, t: int) -> bool:
    """Work out the earliest schedule of a crew's visits in their order; False where it does not fit."""
    crew, house = board.crew[t], town.house
    xy, matrix, pace, fixed = town.xy, town.matrix, town.pace, town.fixed
    slot, count, start = crew[SLOT], crew[COUNT], crew[PLACE]
    length = LENGTH + 2 * town.slot[slot, KIND]
    visits, departs, latests = board.visits, board.departs, board.latests
    place, clock, travel = start, town.slot[slot, BEGIN], 0
    crew[departs] = clock
    for i in range(count):
        h = crew[visits + i]
        home = house[h, HOME]
        seconds = leg(xy, matrix, pace, fixed, place, home)
        begin = next_open(house, town.lists, h, clock + seconds)
        if begin == LATE:
            return False
        travel += seconds
        clock, place = begin + house[h, length], home
        crew[departs + i + 1] = clock
    seconds = leg(xy, matrix, pace, fixed, place, start)
    travel += seconds
    latest = town.slot[slot, END]
    if clock + seconds > latest:
        return False
    crew[TRAVEL] = travel
    crew[latests + count] = latest
    place = start
    for i in range(count - 1, -1, -1):
        h = crew[visits + i]
        home = house[h, HOME]
        latest = last_open(house, town.lists, h, latest - leg(xy, matrix, pace, fixed, home, place) - house[h, length])
        crew[latests + i] = latest
        place = home
    return True


@kernel
def sits(board: Board, t: int, v: int) -> bool:
    """Say whether a person is in a crew."""
    for i in range(MEMBERS, MEMBERS + board.size):
        if board.crew[t, i] == v:
            return True
    return False


@kernel
def is_wanted(town: Town, board: Board, t: int, h: int) -> bool:
    """Say whether a household avoids nobody of a crew, and is promised to nobody else."""
    for n in range(town.house[h, AVOID], town.house[h, AVOID + 1]):
        if sits(board, t, town.lists[n, 0]):
            return False
    wish = town.house[h, WISH_SLOT]
    if wish == NO_WISH:
        return True
    if wish != ANY_SLOT and wish != board.crew[t, SLOT]:
        return False
    for n in range(town.house[h, WISH], town.house[h, WISH + 1]):
        if not sits(board, t, town.lists[n, 0]):
            return False
    return True


@kernel
def may_visit(town: Town, board: Board, t: int, h: int) -> bool:
    """Say whether this crew may visit the household in its slot, were there time enough."""
    crew = board.crew[t]
    if town.house[h, REWARD + 2 * town.slot[crew[SLOT], KIND]] < 0 or crew[board.helps + town.house[h, NEED]] == 0:
        return False
    return town.house[h, SPECIAL] == 0 or is_wanted(town, board, t, h)


@kernel
def base_times(town: Town, board: Board, t: int, h: int) -> int:
    """Return how many visits of the plan in force this visit keeps."""
    force = board.crew[t, FORCE]
    if force >= 0:
        for n in range(town.house[h, BASE], town.house[h, LISTS_END]):
            if town.lists[n, 0] == force:
                return int(town.lists[n, 1])
    return 0


@kernel
def extra_worth(town: Town, board: Board, t: int, h: int) -> int:
    """Return the milli-points beside the reward: less for new faces, more for a visit of the plan in force."""
    points = 0
    if town.house[h, HAS_KNOWN] != 0:
        known = False
        for n in range(town.house[h, KNOWN], town.house[h, KNOWN + 1]):
            known = known or sits(board, t, town.lists[n, 0])
        if not known:
            points -= 1000 * town.new_face
    return points + 1000 * town.change * base_times(town, board, t, h)


@kernel
def credit(town: Town, board: Board, t: int, h: int, sign: int) -> None:
    """Add a visit to the sums of a crew, or take it off."""
    crew = board.crew[t]
    crew[VALUE] += sign * town.house[h, REWARD + 2 * town.slot[crew[SLOT], KIND]]
    if town.house[h, SPECIAL] != 0:
        crew[VALUE] += sign * extra_worth(town, board, t, h)
        crew[KEPT] += sign * base_times(town, board, t, h)
        crew[PINNED] += sign * town.house[h, WISH_PINS]


@entry
def insert(town: Town, board: Board, t: int, h: int, at: int) -> bool:
    """Add a visit before the `at`-th; False where it does not fit (it is there all the same)."""
    crew, visits = board.crew[t], board.visits
    for i in range(crew[COUNT], at, -1):
        crew[visits + i] = crew[visits + i - 1]
    crew[visits + at] = h
    crew[COUNT] += 1
    board.owner[h] = t
    credit(town, board, t, h, 1)
    return schedule(town, board, t)


@kernel
def drop(town: Town, board: Board, t: int, at: int) -> int:
    """Take the `at`-th visit out and return whom; the schedule is not made anew."""
    crew, visits = board.crew[t], board.visits
    h = crew[visits + at]
    crew[COUNT] -= 1
    for i in range(at, crew[COUNT]):
        crew[visits + i] = crew[visits + i + 1]
    board.owner[h] = -1
    credit(town, board, t, h, -1)
    return int(h)


@kernel
def drop_all(town: Town, board: Board, t: int) -> None:
    """Take all visits out."""
    crew = board.crew[t]
    for i in range(crew[COUNT]):
        board.owner[crew[board.visits + i]] = -1
    crew[COUNT], crew[VALUE], crew[KEPT], crew[PINNED] = 0, 0, 0, 0
    schedule(town, board, t)


@kernel
def meets(town: Town, board: Board, t: int, asked: int) -> bool:
    """Say whether the people of a row have together what a row of `asked` wants."""
    words = town.asked.shape[1] // 2
    traits = CAN_WORK + town.slot.shape[0]
    wanted = found = False
    for word in range(words):
        have = np.int64(0)
        for i in range(MEMBERS, MEMBERS + board.size):
            have |= town.person[board.crew[t, i], traits + word]
        every, one = town.asked[asked, word], town.asked[asked, words + word]
        if every & have != every:
            return False
        wanted = wanted or one != 0
        found = found or one & have != 0
    return found or not wanted


@kernel
def is_crew(town: Town, board: Board, t: int) -> bool:
    """Say whether the people of the row have together what every crew must have."""
    return meets(town, board, t, town.asked.shape[0] - 1)


@entry
def enlist(town: Town, board: Board, t: int) -> None:
    """Send the people out who stand in the row: note what they can do together, and that they are busy; no visits yet."""
    crew = board.crew[t]
    crew[LIVE] = 1
    for i in range(MEMBERS, MEMBERS + board.size):
        board.worker[crew[i], SHIFTS] += 1
        board.worker[crew[i], BUSY + crew[SLOT]] = 1
    for need in range(town.asked.shape[0] - 1):
        crew[board.helps + need] = 1 if meets(town, board, t, need) else 0
    crew[FORCE] = -1
    for force in range(town.in_force.shape[0]):
        same = town.in_force[force, 0] == crew[SLOT]
        for i in range(1, 1 + board.size):
            same = same and sits(board, t, town.in_force[force, i])
        if same:
            crew[FORCE] = force
    crew[COUNT], crew[VALUE], crew[KEPT], crew[PINNED] = 0, 0, 0, 0
    schedule(town, board, t)


@kernel
def dismiss(town: Town, board: Board, t: int) -> None:
    """Take a crew and its visits off the board."""
    crew = board.crew[t]
    for i in range(crew[COUNT]):
        board.owner[crew[board.visits + i]] = -1
    crew[COUNT], crew[LIVE] = 0, 0
    for i in range(MEMBERS, MEMBERS + board.size):
        board.worker[crew[i], SHIFTS] -= 1
        board.worker[crew[i], BUSY + crew[SLOT]] = 0


@kernel
def can_join(town: Town, board: Board, v: int, slot: int) -> bool:
    """Say whether a person could work in one more crew, in that slot."""
    if town.person[v, CAN_WORK + slot] == 0 or board.worker[v, SHIFTS] >= town.person[v, MOST_SHIFTS]:
        return False
    for other in range(town.slot.shape[0]):
        if board.worker[v, BUSY + other] != 0 and town.slot[slot, OVERLAPS + other] != 0:
            return False
    return True
