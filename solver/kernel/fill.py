"""Adding visits: the best household of those worth looking at for a crew's way, again and again."""

from solver.kernel.board import COUNT, PLACE, SLOT, Board
from solver.kernel.choice import MOST_WANTED, NO_OFFER, Choice, list_near
from solver.kernel.dice import Dice, pick
from solver.kernel.jit import kernel
from solver.kernel.route import LATE, base_times, extra_worth, insert, is_wanted, leg, next_open
from solver.kernel.town import BASE, HOME, KIND, LENGTH, LISTS_END, NEED, REWARD, SPECIAL, WISH_PINS, Town
from solver.travel import Ints

URGENT = 1e15
TYPICAL_SECONDS = 300
WHO, NEXT = range(2)
"""Columns of `found`."""
AFRESH = -(2**40)
"""In place of the next entry: nothing has been looked at yet."""
LISTED_FOR = 60
"""How often a list is used, at least, before it is made anew: others have come free. Where there are many households it is
made more seldom; lists made six times as often were 0.4 % worse."""


@kernel
def offer(
    town: Town, board: Board, choice: Choice, t: int, offset: int, spread: float, restraint: float, sharpness: float, hurry: float
) -> None:
    """Note the best household to add to a crew and where; none (-1) where nothing fits and pays.

    `restraint` is how much of what a household is worth to the other crews counts against it; `spread` how much the points are
    blurred, by the noise from `offset` on; `sharpness` how much of the price of time counts, and `hurry` how much of that for
    time spent waiting at the door. What was found before a stop is used again: since then there was only less time.
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
    found, worth = choice.found[t], choice.worth[t]
    best = recall(town, board, choice, t)
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
        if found[stop, NEXT] == AFRESH:
            if choice.listed[kind, here] < 0 or choice.uses[kind, here] > listed_for:
                list_near(town, board, choice, kind, here)
            choice.uses[kind, here] += 1
            # what was just taken out, or is promised, is tried everywhere, listed or not
            found[stop, NEXT] = -tried
        near, key, least = choice.near[kind, here], choice.key[kind, here], choice.least[kind, here]
        # whatever follows in the list brings no more than its key and the whole way it could save
        most_saved = blur + (travel_price + rate) * direct
        n = found[stop, NEXT]
        while n < choice.listed[kind, here]:
            if n >= 0:
                if key[n] + most_saved <= best:
                    break
                h = int(near[n])
                n += 1
                if least[n - 1] > room or owner[h] >= 0 or choice.is_loose[h] != 0:
                    continue
                out = least[n - 1] - house[h, length]
            else:
                h = choice.tried[-n - 1]
                n += 1
                if owner[h] >= 0 or house[h, reward] < 0:
                    continue
                out = leg(xy, matrix, pace, fixed, here, house[h, HOME])
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
            back = leg(xy, matrix, pace, fixed, house[h, HOME], after)
            begin = next_open(house, lists, h, depart + out)
            if begin == LATE or begin + seconds + back > latest:
                continue
            if spread > 0.0:
                points *= 1.0 + spread * choice.noise[offset + h]
            gain = points - travel_price * (out + back - direct)
            waited = begin - depart - out
            score = gain - rate * (out + back - direct + seconds + hurry * waited) - restraint * choice.house_price[h]
            if gain > 0.0 and score > worth[stop]:
                worth[stop], found[stop, WHO] = score, h
                best = max(best, score)
        found[stop, NEXT] = n
    at = 0
    for stop in range(1, count + 1):
        if worth[stop] > worth[at]:
            at = stop
    choice.score[t], choice.offers[t, 0], choice.offers[t, 1] = worth[at], found[at, WHO], at


@kernel
def recall(town: Town, board: Board, choice: Choice, t: int) -> float:
    """Forget what was found before the stops of a crew where it does not fit any more; return the best score of the others."""
    crew, house = board.crew[t], town.house
    count, length = crew[COUNT], LENGTH + 2 * town.slot[crew[SLOT], KIND]
    found, worth = choice.found[t], choice.worth[t]
    best = NO_OFFER
    for stop in range(count + 1):
        h = found[stop, WHO]
        if found[stop, NEXT] == AFRESH or h < 0:
            continue
        if board.owner[h] < 0:
            here = crew[PLACE] if stop == 0 else house[crew[board.visits + stop - 1], HOME]
            after = crew[PLACE] if stop == count else house[crew[board.visits + stop], HOME]
            out = leg(town.xy, town.matrix, town.pace, town.fixed, here, house[h, HOME])
            back = leg(town.xy, town.matrix, town.pace, town.fixed, house[h, HOME], after)
            begin = next_open(house, town.lists, h, crew[board.departs + stop] + out)
            if begin != LATE and begin + house[h, length] + back <= crew[board.latests + stop]:
                best = max(best, worth[stop])
                continue
        search_afresh(choice, t, stop)
    return best


@kernel
def search_afresh(choice: Choice, t: int, stop: int) -> None:
    """Forget what was found before a stop of a crew."""
    choice.found[t, stop, NEXT], choice.found[t, stop, WHO], choice.worth[t, stop] = AFRESH, -1, NO_OFFER


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
        for stop in range(board.crew[rows[i], COUNT] + 1):
            search_afresh(choice, rows[i], stop)
        offer(town, board, choice, rows[i], offset, spread, restraint, sharpness, hurry)
    while True:
        best = -1
        for i in range(count):
            t = rows[i]
            if choice.offers[t, 0] >= 0 and (best < 0 or choice.score[t] > choice.score[best]):
                best = t
        if best < 0:
            break
        h, at = choice.offers[best, 0], choice.offers[best, 1]
        for stop in range(board.crew[best, COUNT], at, -1):
            choice.found[best, stop + 1], choice.worth[best, stop + 1] = choice.found[best, stop], choice.worth[best, stop]
        search_afresh(choice, best, at)
        search_afresh(choice, best, at + 1)
        insert(town, board, best, h, at)
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
