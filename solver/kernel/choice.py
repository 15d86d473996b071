"""Whom to look at: households left out, listed for each place and class of slot, the best first."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solver.kernel.board import Board
from solver.kernel.cells import cells
from solver.kernel.jit import kernel
from solver.kernel.route import leg
from solver.kernel.town import HOME, LENGTH, REWARD, Town
from solver.travel import Floats, Ints

IN_A_CELL, MOST_CELLS = 6, 300
"""Households in a cell, more or less, and cells side by side at most."""
LISTED = 80
"""Households left out that are listed for each place and class of slot. Measured with 50, 100 and 400."""
MOST_LIST_BYTES = 160_000_000
MOST_WANTED = 60
"""Promised households without a visit that are looked at again and again; others of them take their turn."""
NO_OFFER = -1e300
FAR = 2**30


class Choice(NamedTuple):
    """What filling knows and notes.

    Prices; lists (`near`, `key`, `least`) made when first asked for; the crews' standing offers (household, place); what was
    `found` before each of their stops (household, next entry of the list to be looked at) and its score, `worth`. Households by
    cells of the plane (`order`, `first`), and what one left out brings there at most (`top`). What a step has taken out
    (`loose`, which begins with how many; `is_loose` by household). `wanted` are promised households that nobody visits, in the
    same form; `tried` is where an offer notes whom it looks at beside the lists.
    """

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
    found: Ints
    worth: Floats
    order: Ints
    first: Ints
    top: Floats
    grid: tuple[float, float, float]
    span: tuple[int, int]
    loose: Ints
    is_loose: Ints
    wanted: Ints
    tried: Ints


def new_choice(town: Town, rows: int, stops: int, second_price: Floats, house_price: Floats, seed: int) -> Choice:
    """Return an empty choice; prices in milli-points: of a crew's second by class of slot, of each household beyond its time.
    A crew may have so many `stops`, its way home included."""
    houses, places, kinds = len(town.house), len(town.xy), len(second_price)
    order, first, grid, span = _cells(town)
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
        found=np.full((rows, stops, 2), -1, dtype=np.int64),
        worth=np.full((rows, stops), NO_OFFER, dtype=np.float64),
        order=order,
        first=first,
        top=np.full((kinds, len(first) - 1), NO_OFFER, dtype=np.float64),
        grid=grid,
        span=span,
        loose=np.zeros(houses + 1, dtype=np.int64),
        is_loose=np.zeros(houses, dtype=np.int64),
        wanted=np.zeros(1 + MOST_WANTED, dtype=np.int64),
        tried=np.zeros(houses + MOST_WANTED, dtype=np.int64),
    )


def _cells(town: Town) -> tuple[Ints, Ints, tuple[float, float, float], tuple[int, int]]:
    """Return households by cells of the plane: order, the first of each cell, the grid's corner and side, columns and lines.

    Where a matrix gives the legs, nothing is known of who is near: there is one cell.
    """
    houses = len(town.house)
    if not houses or town.matrix.shape[0]:
        return np.arange(houses), np.array([0, houses]), (0.0, 0.0, 1.0), (1, 1)
    x, y = town.xy[town.house[:, HOME], 0].copy(), town.xy[town.house[:, HOME], 1].copy()
    wide, high = float(np.ptp(x)), float(np.ptp(y))
    side = max((wide * high * IN_A_CELL / houses) ** 0.5, max(wide, high) / MOST_CELLS, 1e-6)
    order, first, columns, lines = cells(x, y, side)
    return order, first, (float(x.min()), float(y.min()), side), (columns, lines)


@kernel
def survey(town: Town, board: Board, choice: Choice) -> None:
    """Note for each cell what a household left out brings there at most, its time paid for."""
    choice.top.fill(NO_OFFER)
    for cell in range(choice.first.shape[0] - 1):
        for n in range(choice.first[cell], choice.first[cell + 1]):
            h = choice.order[n]
            if board.owner[h] < 0:
                for kind in range(choice.top.shape[0]):
                    points = town.house[h, REWARD + 2 * kind]
                    if points >= 0:
                        value = points - choice.second_price[kind] * town.house[h, LENGTH + 2 * kind]
                        choice.top[kind, cell] = max(choice.top[kind, cell], value)


@kernel
def list_near(town: Town, board: Board, choice: Choice, kind: int, place: int) -> None:
    """List the households worth most for a crew at a place, way and time paid for, the best first: from cell to cell outward."""
    near, key, least, house = choice.near[kind, place], choice.key[kind, place], choice.least[kind, place], town.house
    most, count = near.shape[0], 0
    price = choice.second_price[kind]
    way = price + town.travel_per_hour / 3.6
    left, low, side = choice.grid
    columns, lines = choice.span
    across = min(max(int((town.xy[place, 0] - left) / side), 0), columns - 1)
    up = min(max(int((town.xy[place, 1] - low) / side), 0), lines - 1)
    best = choice.top[kind].max()
    for ring in range(max(columns, lines)):
        # whoever is in this ring or beyond is at least ring - 1 whole cells away
        trip = way * (town.fixed + town.pace * (ring - 1) * side) if ring > 1 else 0.0
        if count == most and best - trip <= key[0]:
            break
        for line in range(max(0, up - ring), min(lines, up + ring + 1)):
            stride = 1 if line == up - ring or line == up + ring else max(1, 2 * ring)
            for column in range(across - ring, across + ring + 1, stride):
                cell = line * columns + column
                if column < 0 or column >= columns or (count == most and choice.top[kind, cell] - trip <= key[0]):
                    continue
                for n in range(choice.first[cell], choice.first[cell + 1]):
                    h = choice.order[n]
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
        value, h = key[last], int(np.int64(near[last]))
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
