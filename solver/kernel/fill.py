"""Adding visits: the households worth looking at from a place, and the best of them for a crew's way."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solver.kernel.board import Board
from solver.kernel.dice import Dice, pick
from solver.kernel.jit import kernel
from solver.kernel.route import COUNT, LATE, PLACE, SLOT, base_times, extra_worth, insert, is_wanted, leg, next_open
from solver.kernel.town import BASE, HOME, KIND, LENGTH, LISTS_END, NEED, REWARD, SPECIAL, WISH_PINS, Town
from solver.travel import Floats, Ints

LISTED = 80
"""Households left out that are listed for each place and class of slot. Measured with 50, 100 and 400."""
MOST_LIST_BYTES = 160_000_000
MOST_WANTED = 60
"""Promised households without a visit that are looked at again and again; others of them take their turn."""
URGENT = 1e15
NO_OFFER = -1e300
TYPICAL_SECONDS = 300
FAR = 2**30
LISTED_FOR = 60
"""How often a list is used, at least, before it is made anew: others have come free. A long list is made more seldom."""


class Choice(NamedTuple):
    """What filling knows and notes: prices, lists made when first asked for, the crews' standing offers (household, place), and
    what a step has taken out (`loose`, which begins with how many; `is_loose` by household). `wanted` are promised households
    that nobody visits, in the same form; `tried` is where an offer notes whom it looks at beside the lists."""

    second_price: Floats
    house_price: Floats
    shortest: Ints
    near: npt.NDArray[np.int32]
    key: npt.NDArray[np.float32]
    listed: npt.NDArray[np.int32]
    least: npt.NDArray[np.int32]
    uses: npt.NDArray[np.int32]
    noise: Floats
    score: Floats
    offers: Ints
    loose: Ints
    is_loose: Ints
    wanted: Ints
    tried: Ints


def new_choice(town: Town, rows: int, second_price: Floats, house_price: Floats, seed: int) -> Choice:
    """Return an empty choice; prices in milli-points: of a crew's second by class of slot, of each household beyond its time."""
    houses, places, kinds = len(town.house), len(town.xy), len(second_price)
    most = max(8, min(LISTED, houses, MOST_LIST_BYTES // (12 * max(1, kinds * places))))
    return Choice(
        second_price=second_price.copy(),
        house_price=house_price.copy(),
        shortest=np.where(town.house[:, REWARD::2] >= 0, town.house[:, LENGTH::2], 2**40).min(axis=0, initial=2**40),
        near=np.zeros((kinds, places, most), dtype=np.int32),
        key=np.zeros((kinds, places, most), dtype=np.float32),
        listed=np.full((kinds, places), -1, dtype=np.int32),
        uses=np.zeros((kinds, places), dtype=np.int32),
        least=np.zeros((kinds, places, most), dtype=np.int32),
        # a slice of one long row of random numbers is the noise of a step: drawing anew would take longer than using them
        noise=np.random.default_rng(seed).uniform(-1.0, 1.0, 2 * houses + 1),
        score=np.full(max(rows, most), NO_OFFER, dtype=np.float64),
        offers=np.full((rows, 2), -1, dtype=np.int64),
        loose=np.zeros(houses + 1, dtype=np.int64),
        is_loose=np.zeros(houses, dtype=np.int64),
        wanted=np.zeros(1 + MOST_WANTED, dtype=np.int64),
        tried=np.zeros(houses + MOST_WANTED, dtype=np.int64),
    )


@kernel
def list_near(town: Town, board: Board, choice: Choice, kind: int, place: int) -> None:
    """List the households worth most for a crew at a place, way and time paid for, the best first."""
    near, key, least, house = choice.near[kind, place], choice.key[kind, place], choice.least[kind, place], town.house
    most, count = near.shape[0], 0
    price = choice.second_price[kind]
    way = price + town.travel_per_hour / 3.6
    for h in range(house.shape[0]):
        points = house[h, REWARD + 2 * kind]
        if points < 0 or board.owner[h] >= 0:
            continue
        seconds = leg(town.xy, town.matrix, town.pace, town.fixed, place, house[h, HOME])
        value = np.float32(points - way * seconds - price * house[h, LENGTH + 2 * kind])
        if count < most:
            at = count
            count += 1
            while at > 0 and key[(at - 1) // 2] > value:
                key[at], near[at] = key[(at - 1) // 2], near[(at - 1) // 2]
                at = (at - 1) // 2
            key[at], near[at] = value, h
        elif value > key[0]:
            sink(key, near, count, value, h)
    # the heap's least goes to the end, one after another
    for last in range(count - 1, 0, -1):
        value, h = key[last], near[last]
        key[last], near[last] = key[0], near[0]
        sink(key, near, last, value, h)
    for n in range(count):
        h = near[n]
        seconds = leg(town.xy, town.matrix, town.pace, town.fixed, place, house[h, HOME])
        least[n] = min(seconds + house[h, LENGTH + 2 * kind], FAR)
    choice.listed[kind, place] = count
    choice.uses[kind, place] = 0


@kernel
def sink(key: npt.NDArray[np.float32], near: npt.NDArray[np.int32], count: int, value: np.float32, h: int) -> None:
    """Put an entry in the place of the least of a heap."""
    at = 0
    while True:
        child = 2 * at + 1
        if child >= count:
            break
        if child + 1 < count and key[child + 1] < key[child]:
            child += 1
        if key[child] >= value:
            break
        key[at], near[at] = key[child], near[child]
        at = child
    key[at], near[at] = value, h


@kernel
def offer(
    town: Town, board: Board, choice: Choice, t: int, offset: int, spread: float, restraint: float, sharpness: float, hurry: float
) -> None:
    """Note the best household to add to a crew and where; none (-1) where nothing fits and pays.

    `restraint` is how much of what a household is worth to the other crews counts against it; `spread` how much the points are
    blurred, by the noise from `offset` on; `sharpness` how much of the price of time counts, and `hurry` how much of that for
    time spent waiting at the door.
    """
    crew, house, lists, owner = board.crew[t], town.house, town.lists, board.owner
    xy, matrix, pace, fixed = town.xy, town.matrix, town.pace, town.fixed
    kind, start, count = town.slot[crew[SLOT], KIND], crew[PLACE], crew[COUNT]
    reward, length = REWARD + 2 * kind, LENGTH + 2 * kind
    visits, departs, latests, helps = board.visits, board.departs, board.latests, board.helps
    travel_price = town.travel_per_hour / 3.6
    rate = sharpness * choice.second_price[kind]
    listed_for = LISTED_FOR + house.shape[0] // 15
    blur = spread * rate * TYPICAL_SECONDS
    best, best_house, best_at = NO_OFFER, -1, -1
    tried = gather(town, board, choice, t)
    for stop in range(count + 1):
        here = start if stop == 0 else house[crew[visits + stop - 1], HOME]
        after = start if stop == count else house[crew[visits + stop], HOME]
        direct = leg(xy, matrix, pace, fixed, here, after)
        depart, latest = crew[departs + stop], crew[latests + stop]
        room = latest - depart
        # in the plane a stop on the way makes no way shorter; a matrix may
        spare = room - direct if matrix.shape[0] == 0 else room
        if spare < choice.shortest[kind]:
            continue
        if choice.listed[kind, here] < 0 or choice.uses[kind, here] > listed_for:
            list_near(town, board, choice, kind, here)
        choice.uses[kind, here] += 1
        near, key, least = choice.near[kind, here], choice.key[kind, here], choice.least[kind, here]
        # whatever follows in the list brings no more than its key and the whole way it could save
        most_saved = blur + (travel_price + rate) * direct
        # what was just taken out, or is promised, is tried everywhere, listed or not
        for n in range(-tried, choice.listed[kind, here]):
            if n >= 0:
                if key[n] + most_saved <= best:
                    break
                h = int(near[n])
                if least[n] > room or owner[h] >= 0 or choice.is_loose[h] != 0:
                    continue
            else:
                h = choice.tried[-n - 1]
                if owner[h] >= 0 or house[h, reward] < 0:
                    continue
            seconds = house[h, length]
            if seconds > spare or crew[helps + house[h, NEED]] == 0:
                continue
            points = float(house[h, reward])
            if house[h, SPECIAL] != 0:
                if not is_wanted(town, board, t, h):
                    continue
                points += extra_worth(town, board, t, h)
                if house[h, WISH_PINS] > 0 or (town.allowed_changes >= 0 and base_times(town, board, t, h) > 0):
                    points += URGENT
            home = house[h, HOME]
            out = least[n] - seconds if n >= 0 else leg(xy, matrix, pace, fixed, here, home)
            back = leg(xy, matrix, pace, fixed, home, after)
            begin = next_open(house, lists, h, depart + out)
            if begin == LATE or begin + seconds + back > latest:
                continue
            if spread > 0.0:
                points *= 1.0 + spread * choice.noise[offset + h]
            gain = points - travel_price * (out + back - direct)
            waited = begin - depart - out
            score = gain - rate * (out + back - direct + seconds + hurry * waited) - restraint * choice.house_price[h]
            if gain > 0.0 and score > best:
                best, best_house, best_at = score, h, stop
    choice.score[t], choice.offers[t, 0], choice.offers[t, 1] = best, best_house, best_at


@kernel
def fill(
    town: Town,
    board: Board,
    choice: Choice,
    rows: Ints,
    count: int,
    offset: int,
    spread: float,
    restraint: float,
    sharpness: float,
    hurry: float,
) -> None:
    """Insert the best household at its best place in these crews, one after another, until nothing fits and pays."""
    for i in range(count):
        offer(town, board, choice, rows[i], offset, spread, restraint, sharpness, hurry)
    while True:
        best = -1
        for i in range(count):
            t = rows[i]
            if choice.offers[t, 0] >= 0 and (best < 0 or choice.score[t] > choice.score[best]):
                best = t
        if best < 0:
            break
        h = choice.offers[best, 0]
        insert(town, board, best, h, choice.offers[best, 1])
        for i in range(count):
            t = rows[i]
            if t == best or choice.offers[t, 0] == h:
                offer(town, board, choice, t, offset, spread, restraint, sharpness, hurry)


@kernel
def gather(town: Town, board: Board, choice: Choice, t: int) -> int:
    """Note the households to be tried by a crew beside those listed, and return how many."""
    count = 0
    for n in range(1, choice.loose[0] + 1):
        choice.tried[count] = choice.loose[n]
        count += 1
    for n in range(1, choice.wanted[0] + 1):
        h = choice.wanted[n]
        if board.owner[h] >= 0 or choice.is_loose[h] != 0:
            continue
        if base_times(town, board, t, h) > 0 or (town.house[h, WISH_PINS] > 0 and is_wanted(town, board, t, h)):
            choice.tried[count] = h
            count += 1
    return count


@kernel
def want_promised(town: Town, board: Board, choice: Choice, dice: Dice) -> None:
    """Look for pinned households, and those of the plan in force, that nobody visits; where they are many, some of them."""
    count = 0
    for h in range(town.house.shape[0]):
        if board.owner[h] < 0 and (town.house[h, WISH_PINS] > 0 or town.house[h, BASE] < town.house[h, LISTS_END]):
            at = count if count < MOST_WANTED else pick(dice, count + 1)
            if at < MOST_WANTED:
                choice.wanted[1 + at] = h
            count += 1
    choice.wanted[0] = min(count, MOST_WANTED)


@kernel
def set_loose(choice: Choice, h: int) -> None:
    """Note a household that was just taken out; `loose` begins with how many there are."""
    choice.loose[0] += 1
    choice.loose[choice.loose[0]] = h
    choice.is_loose[h] = 1


@kernel
def forget_loose(choice: Choice) -> None:
    """Forget what was taken out."""
    for n in range(1, choice.loose[0] + 1):
        choice.is_loose[choice.loose[n]] = 0
    choice.loose[0] = 0
