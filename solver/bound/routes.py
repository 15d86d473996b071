"""The best relaxed route of a crew: labels from its start to the middle of the slot, joined where two of them meet.

A label is a way from the start to a node that remembers which nearby households it has been to (ng-routes): a relaxed
route may come back to a household only after going far from it. Legs are the same in both directions here, so a whole
route is two labels at the same node, one of them read backwards.

Visits at one place that follow each other may come in any order, so labels make them in one only: the shorter first. Every
route can be written like that, with its longest visit of the place where the labels meet as the last of both labels.
"""

import numpy as np
import numpy.typing as npt

from solver.bound.arcs import Ground, Shorts, way
from solver.kernel.jit import entry, kernel
from solver.travel import Floats, Ints
from solver.world import Flags

Ahead = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], Shorts, Floats]
Room = tuple[Shorts, Floats, Ints]

MOST_AT_A_NODE = 4000
STANDS, DOMINATED, TOO_MANY = range(3)
LONGEST = 126
"""Visits of a route that are told."""


@entry
def best_routes(
    horizon: int,
    points: Floats,
    length: Ints,
    excess: Floats,
    price: float,
    cost: float,
    targets: Shorts,
    ways: Shorts,
    rest: Floats,
    near: int,
    far: float,
    escape: float,
    elsewhere: float,
    start_ways: Ints,
    home_ways: Ints,
    allowed: Flags,
    width: int,
    ahead: Ahead,
    ground: Ground,
    threshold: float,
    room: Room,
    routes: Shorts,
    worth: Floats,
) -> tuple[float, int, int]:
    """Find the best relaxed routes that bring more than `threshold` milli-points, prices of households paid.

    Parameters
    ----------
    near
        Each node remembers itself and the first `near` of its targets, 62 at most.
    far, escape, elsewhere
        The least loss of a first and of any other step to a household that is not here, and the most that can follow it.
    home_ways
        No way home is shorter, by way of others neither.
    allowed
        The households that such a crew may visit.
    room
        For labels: (6 x many), (many), (many).
    routes, worth
        Filled with the best routes (visits, then their number in the last column, 0: too many to tell) and what they bring.

    Returns
    -------
    bound
        No route brings more; `inf` where there was no room for all labels.
    found
        How many routes are told.
    labels
        How many labels were made.
    """
    fields, values, masks = room
    first, second, follow, beyond = ahead
    x, y, place, table, pace, fixed = ground
    count, most_arcs = targets.shape
    node, when, queue, alive = fields[0], fields[1], fields[4], fields[5]
    half = horizon // 2
    rho = price + cost
    heads = np.full(count, -1, dtype=np.int32)
    grain = max(1, horizon // 1024)
    queues = np.full(horizon // grain + 2, -1, dtype=np.int32)
    labels = 0
    escaped = price * horizon + elsewhere - far
    for k in range(count):
        if allowed[k] and start_ways[k] + length[k] + home_ways[k] <= horizon:
            done = start_ways[k] + length[k]
            value = points[k] - cost * start_ways[k]
            left = (horizon - done + width - 1) // width
            if value + price * (left * width) + first[k, left] > threshold:
                labels = _put(labels, k, done, value, 1, -1, grain, heads, queues, room)
                if labels < 0:
                    return np.inf, 0, len(values)
    for bucket in range(half // grain + 1):
        while labels >= 0 and queues[bucket] >= 0:
            now = int(np.int64(queues[bucket]))
            queues[bucket] = queue[now]
            if not alive[now] or when[now] > half:
                continue
            i, mask = int(np.int64(node[now])), masks[now]
            here = values[now] + price * (horizon - when[now])
            hope = here + beyond[(horizon - when[now] + width - 1) // width] + price * width
            escaped = max(escaped, here + elsewhere - escape)
            scanned = most_arcs + (count if hope - rest[i] > threshold and targets[i, most_arcs - 1] >= 0 else 0)
            for a in range(scanned):
                # the steps listed, the cheapest first, and only if that does not settle it all others
                if a < most_arcs:
                    j, way_there = int(np.int64(targets[i, a])), int(np.int64(ways[i, a]))
                    if j < 0 or hope + excess[j] - rho * way_there <= threshold:
                        break
                    if a < near and mask >> (a + 1) & 1:
                        continue
                else:
                    j = a - most_arcs
                    if j == i:
                        continue
                    way_there = way(i, j, x, y, place, table, pace, fixed)
                    if rho * way_there - excess[j] < rest[i] or hope + excess[j] - rho * way_there <= threshold:
                        continue
                if place[i] == place[j] and (length[j] < length[i] or (length[j] == length[i] and j < i)):
                    continue
                done = when[now] + way_there + length[j]
                if done + home_ways[j] > horizon or not allowed[j]:
                    continue
                value = values[now] + points[j] - cost * way_there
                left = (horizon - done + width - 1) // width
                after = second[j, left] if follow[j, left] == i else first[j, left]
                if value + price * (left * width) + after <= threshold:
                    continue
                memory = _memory(i, j, mask, near, targets)
                standing = _dominated(heads, j, done, value, memory, room)
                if standing == TOO_MANY:
                    labels = -1
                    break
                if standing == DOMINATED:
                    continue
                labels = _put(labels, j, done, value, memory, now, grain, heads, queues, room)
                if labels < 0:
                    break
    bound = max(threshold, escaped) if labels >= 0 else np.inf
    labels = labels if labels >= 0 else len(values)
    found = _join(horizon, points, length, heads, threshold, room, routes, worth)
    for r in range(found):
        bound = max(bound, worth[r])
    return bound, found, labels


@kernel
def _memory(i: int, j: int, mask: int, near: int, targets: Shorts) -> int:
    """Return what a label remembers at j that came from i: itself, and those near j that it remembered at i."""
    memory, bits, place = 1, mask, 0
    while bits:
        if bits & 1:
            seen = i if place == 0 else targets[i, place - 1]
            for s in range(near):
                if targets[j, s] == seen:
                    memory |= 1 << (s + 1)
                    break
        bits >>= 1
        place += 1
    return memory


@kernel
def _put(
    labels: int, j: int, done: int, value: float, memory: int, before: int, grain: int, heads: Shorts, queues: Shorts, room: Room
) -> int:
    """Write a label down and return how many there are then, -1 where there is no room."""
    fields, values, masks = room
    if labels >= len(values):
        return -1
    fields[0][labels], fields[1][labels], fields[2][labels] = j, done, before
    values[labels], masks[labels] = value, memory
    fields[3][labels], heads[j] = heads[j], labels
    fields[4][labels], queues[done // grain] = queues[done // grain], labels
    fields[5][labels] = 1
    return labels + 1


@kernel
def _dominated(heads: Shorts, j: int, done: int, value: float, memory: int, room: Room) -> int:
    """Say whether a label at j is no better than one already there, and drop those that are no better than it.

    `TOO_MANY` stand there already where visits are so short that nothing would ever be proved in time.
    """
    fields, values, masks = room
    when, later, alive = fields[1], fields[3], fields[5]
    previous, other, seen = -1, heads[j], 0
    while other >= 0:
        seen += 1
        if seen > MOST_AT_A_NODE:
            return TOO_MANY
        if when[other] <= done and values[other] >= value and masks[other] & ~memory == 0:
            return DOMINATED
        if when[other] >= done and values[other] <= value and memory & ~masks[other] == 0:
            alive[other] = 0
            if previous < 0:
                heads[j] = later[other]
            else:
                later[previous] = later[other]
        else:
            previous = other
        other = later[other]
    return STANDS


@kernel
def _join(
    horizon: int,
    points: Floats,
    length: Ints,
    heads: Shorts,
    threshold: float,
    room: Room,
    routes: Shorts,
    worth: Floats,
) -> int:
    """Join labels in pairs where they meet, tell the best and return how many."""
    fields, values, masks = room
    when, later = fields[1], fields[3]
    most = len(worth)
    one, two = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    found, least = 0, threshold
    for j in range(len(heads)):
        size = 0
        label = heads[j]
        while label >= 0:
            size += 1
            label = later[label]
        here = np.empty(size, dtype=np.int64)
        label, size = heads[j], 0
        while label >= 0:
            here[size] = label
            size += 1
            label = later[label]
        here = here[np.argsort(-values[here], kind="mergesort")]
        for a in range(size):
            if values[here[a]] * 2 - points[j] <= least:
                break
            for b in range(a, size):
                total = values[here[a]] + values[here[b]] - points[j]
                if total <= least:
                    break
                if when[here[a]] + when[here[b]] - length[j] > horizon or masks[here[a]] & masks[here[b]] != 1:
                    continue
                place = found
                for r in range(found):
                    # the same route meets itself at several nodes
                    if abs(worth[r] - total) < 1e-6:
                        place = -1
                if place == most:
                    place = int(worth.argmin())
                if place >= 0:
                    one[place], two[place], worth[place] = here[a], here[b], total
                    found = max(found, place + 1)
                if found == most:
                    least = worth.min()
    for r in range(found):
        _tell(one[r], two[r], fields, routes[r])
    return found


@kernel
def _tell(one: int, two: int, fields: Shorts, route: Shorts) -> None:
    """Write down the visits of one label from the start on, and of the other backwards, and their number at the end.

    A route with more visits than the row has room for is not told: its number is 0.
    """
    node, parent = fields[0], fields[2]
    route[-1] = 0
    most, size = len(route) - 1, 0
    label = one
    while label >= 0:
        if size == most:
            return
        route[size] = node[label]
        size += 1
        label = parent[label]
    for k in range(size // 2):
        route[k], route[size - 1 - k] = route[size - 1 - k], route[k]
    label = parent[two]
    while label >= 0:
        if size == most:
            return
        route[size] = node[label]
        size += 1
        label = parent[label]
    route[-1] = size
