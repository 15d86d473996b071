"""One crew's promised visits in an order that fits the slot, in compiled code; the same question as in `solver.ordering`."""

from typing import NamedTuple

import numpy as np

from solver.kernel.dice import Dice, chance, pick
from solver.kernel.jit import entry, kernel
from solver.travel import Ints

MOST_EXACT = 10
"""Of so many visits the best choice is proved: the table doubles with each, some 1 ms for ten."""
NEVER = 2**60
LONGEST = 6


class Way(NamedTuple):
    """The visits of one crew from one start place, which is the last of `legs`; visit i has the `spans` from `first[i]` up to
    `first[i + 1]`, none: any time. The crew may leave at `opens` and has `room` seconds."""

    legs: Ints
    length: Ints
    spans: Ints
    first: Ints
    opens: int
    room: int


@kernel
def begins(way: Way, i: int, second: int) -> int:
    """Return the first second from `second` on at which a visit may begin, or `NEVER`."""
    if way.first[i] == way.first[i + 1]:
        return second
    for n in range(way.first[i], way.first[i + 1]):
        if second <= way.spans[n, 1]:
            return int(max(second, way.spans[n, 0]))
    return NEVER


@kernel
def cost_of(way: Way, order: Ints, count: int, most: int) -> int:
    """Return seconds until the crew is back, and more than the slot for each second of lateness; past `most` not to the end."""
    clock, late, place, factor = way.opens, 0, len(way.length), way.room + 1
    for n in range(count):
        i = order[n]
        clock += way.legs[place, i]
        begin = begins(way, i, clock)
        if begin == NEVER:
            late += clock - way.spans[way.first[i + 1] - 1, 1]
            if late * factor > most:
                return int(late * factor)
        else:
            clock = begin
        clock += way.length[i]
        place = i
    clock += way.legs[place, len(way.length)] - way.opens
    return int((late + max(0, clock - way.room)) * factor + clock)


@kernel
def put_in(way: Way, order: Ints, count: int, i: int, trial: Ints) -> int:
    """Put a visit in at its cheapest place, and return what the order costs then."""
    best, best_at = NEVER, 0
    trial[0] = i
    for n in range(count):
        trial[n + 1] = order[n]
    for at in range(count + 1):
        cost = cost_of(way, trial, count + 1, best)
        if cost < best:
            best, best_at = cost, at
        if at < count:
            trial[at], trial[at + 1] = trial[at + 1], i
    for n in range(count, best_at, -1):
        order[n] = order[n - 1]
    order[best_at] = i
    return best


@kernel
def copy(source: Ints, target: Ints, count: int) -> None:
    """Copy the first entries: slices take a second each to compile."""
    for n in range(count):
        target[n] = source[n]


@kernel
def worth_of(worth: Ints, order: Ints, count: int) -> int:
    """Return what the first visits are worth together."""
    value = 0
    for n in range(count):
        value += int(worth[order[n]])
    return value


@kernel
def take_out(order: Ints, count: int, at: int) -> int:
    """Take out the `at`-th visit and return which."""
    i = order[at]
    for n in range(at, count - 1):
        order[n] = order[n + 1]
    return int(i)


@kernel
def moved(order: Ints, count: int, a: int, size: int, b: int, turned: bool, trial: Ints) -> None:
    """Write down the order with `size` visits from the `a`-th on moved before the `b`-th of the others, turned round or not."""
    n = 0
    for k in range(count - size + 1):
        if k == b:
            for m in range(size):
                trial[n] = order[a + size - 1 - m] if turned else order[a + m]
                n += 1
        if k < count - size:
            trial[n] = order[k] if k < a else order[k + size]
            n += 1


@kernel
def shorten(way: Way, order: Ints, count: int, trial: Ints) -> int:
    """Make all moves that make an order cheaper, until none does or it fits; return what it costs."""
    best = cost_of(way, order, count, NEVER)
    improved = True
    while improved and best > way.room:
        improved = False
        for size in range(1, count):
            for a in range(count - size + 1):
                for b in range(count - size + 1):
                    # few visits move anywhere, either way round; many are turned round where they are
                    for turned in range(2):
                        if (turned == 0 and (b == a or size > 3)) or (turned == 1 and (size == 1 or (size > 3 and b != a))):
                            continue
                        moved(order, count, a, size, b, turned == 1, trial)
                        cost = cost_of(way, trial, count, best)
                        if cost < best:
                            copy(trial, order, count)
                            best, improved = cost, True
    return best


@kernel
def thin_out(way: Way, worth: Ints, order: Ints, count: int, trial: Ints) -> int:
    """Take out as many visits as it takes to fit, those worth least and then the most costly first; return how many stay."""
    while count > 0 and shorten(way, order, count, trial) > way.room:
        best_at, least_worth, least = 0, NEVER, NEVER
        for at in range(count):
            copy(order, trial, count)
            take_out(trial, count, at)
            cost = cost_of(way, trial, count - 1, NEVER)
            if worth[order[at]] < least_worth or (worth[order[at]] == least_worth and cost < least):
                best_at, least_worth, least = at, worth[order[at]], cost
        take_out(order, count, best_at)
        count -= 1
    return count


@kernel
def best_choice(way: Way, worth: Ints, order: Ints) -> int:
    """Write down the visits that are worth most together, the sooner back the better; proved, by the set visited and the last."""
    count = worth.shape[0]
    done = np.full((1 << count, count), NEVER, dtype=np.int64)
    came_from = np.full((1 << count, count), -1, dtype=np.int64)
    best_worth, best_back, best_set, best_last = 0, NEVER, 0, -1
    for visited in range(1 << count):
        value = 0
        for i in range(count):
            if visited >> i & 1:
                value += worth[i]
        for last in range(-1, count):
            if (last < 0) != (visited == 0):
                continue
            clock = way.opens if last < 0 else done[visited, last]
            if clock == NEVER:
                continue
            back = clock + way.legs[last if last >= 0 else count, count]
            if back <= way.opens + way.room and (value > best_worth or (value == best_worth and back < best_back)):
                best_worth, best_back, best_set, best_last = value, back, visited, last
            for i in range(count):
                if visited >> i & 1:
                    continue
                begin = begins(way, i, clock + way.legs[last if last >= 0 else count, i])
                if begin != NEVER and begin + way.length[i] < done[visited | 1 << i, i]:
                    done[visited | 1 << i, i] = begin + way.length[i]
                    came_from[visited | 1 << i, i] = last
    size = 0
    while best_last >= 0:
        order[size] = best_last
        size += 1
        before = came_from[best_set, best_last]
        best_set ^= 1 << best_last
        best_last = before
    for n in range(size // 2):
        order[n], order[size - 1 - n] = order[size - 1 - n], order[n]
    return size


@kernel
def exchange(way: Way, worth: Ints, order: Ints, count: int, dice: Dice, rounds: int, trial: Ints) -> int:
    """Free a few visits in a row and put in all that are out where they fit, again and again; keep what is worth no less."""
    every = worth.shape[0]
    other, out = np.empty(every + 1, dtype=np.int64), np.empty(every + 1, dtype=np.int64)
    value = worth_of(worth, order, count)
    cost = cost_of(way, order, count, NEVER)
    for _ in range(rounds):
        if count == every:
            break
        copy(order, other, count)
        size = count
        for _ in range(min(count, 1 + pick(dice, LONGEST))):
            take_out(other, size, min(size - 1, pick(dice, size)))
            size -= 1
        waiting = 0
        for i in range(every):
            inside = False
            for n in range(size):
                inside = inside or other[n] == i
            if not inside:
                at = pick(dice, waiting + 1)
                out[waiting] = out[at]
                out[at] = i
                waiting += 1
        # the dearest first, most times
        if chance(dice) < 0.7:
            for n in range(1, waiting):
                i, at = out[n], n
                while at > 0 and worth[out[at - 1]] < worth[i]:
                    out[at] = out[at - 1]
                    at -= 1
                out[at] = i
        for n in range(waiting):
            if put_in(way, other, size, out[n], trial) <= way.room:
                size += 1
            else:
                for at in range(size + 1):
                    if other[at] == out[n]:
                        take_out(other, size + 1, at)
                        break
        other_value, other_cost = worth_of(worth, other, size), cost_of(way, other, size, NEVER)
        if other_value > value or (other_value == value and other_cost <= cost + pick(dice, 60)):
            copy(other, order, size)
            count, value, cost = size, other_value, other_cost
    return count


@entry
def arrange(way: Way, worth: Ints, urgency: Ints, dice: Dice, kicks: int, rounds: int, order: Ints) -> int:
    """Write down the visits of a crew that are worth most together, in an order that fits; return how many they are.

    All are put in in the order of `urgency`, lateness or not; then a few are thrown elsewhere, up to `kicks` times, until all is
    in time. Where it never is, the best choice is proved for up to `MOST_EXACT`, and searched for in so many `rounds` beyond.
    """
    count = len(worth)
    trial, other = np.empty(count + 1, dtype=np.int64), np.empty(count + 1, dtype=np.int64)
    for n in range(count):
        put_in(way, order, n, urgency[n], trial)
    best = shorten(way, order, count, trial)
    if best > way.room and count <= MOST_EXACT:
        return best_choice(way, worth, order)
    for _ in range(kicks):
        if best <= way.room:
            break
        copy(order, other, count)
        a, size = pick(dice, count), 1 + pick(dice, 4)
        size = min(size, count - a)
        moved(order, count, a, size, pick(dice, count - size + 1), chance(dice) < 0.5, other)
        cost = shorten(way, other, count, trial)
        if cost <= best:
            copy(other, order, count)
            best = cost
    if best > way.room:
        count = thin_out(way, worth, order, count, trial)
        count = exchange(way, worth, order, count, dice, rounds, trial)
    return count
