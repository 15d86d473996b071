"""What the rest of a route can bring at most, for every node and time left: what prunes the search for routes."""

import numpy as np
import numpy.typing as npt

from solver.bound.arcs import Short, Shorts
from solver.kernel.jit import entry, kernel
from solver.travel import Floats, Ints
from solver.world import Flags

Single = np.float32
Singles = npt.NDArray[np.float32]

NEVER = -1e9
CHECKED_EVERY = 8
"""Steps tried from a node until it is asked again whether the others can still help."""


@entry
def completions(
    grid: int,
    width: int,
    shortest: int,
    home: Ints,
    length: Ints,
    excess: Floats,
    targets: Shorts,
    ways: Shorts,
    rest: Floats,
    longest: int,
    escape: float,
    price: float,
    cost: float,
    halt: Flags,
) -> tuple[Singles, Singles, Shorts, Floats, float]:
    """Bound what the rest of a route can bring after a visit, by node and seconds left in steps of `width`.

    The rest is relaxed: it ends at the nearest start (`home` seconds), may come back to a household, but not at once, and
    its seconds are rounded in its favour. Values are less `price` times the seconds left. Steps take from `shortest`,
    which is at least `width`, to `longest` seconds; a step to one of the nodes that is not listed loses `rest` at least,
    and one to a household that is no node loses `escape` beyond what it can win.

    Once `halt` is set by another thread, the tables are of no use.

    Returns
    -------
    first, second, next
        The best value, the best whose first step leads elsewhere, and where the best leads, each (nodes x grid + 1).
    beyond
        By seconds left before a step: the largest value that can follow it.
    most
        The largest of all values, 0 at least.
    """
    count, most_arcs = targets.shape
    rho = price + cost
    first = np.full((count, grid + 1), NEVER, dtype=np.float32)
    second = np.full((count, grid + 1), NEVER, dtype=np.float32)
    follow = np.full((count, grid + 1), -1, dtype=np.int32)
    # a stage is so short that each step leads out of it
    stage = shortest // width
    best, other = np.empty(stage, dtype=np.float32), np.empty(stage, dtype=np.float32)
    leads = np.empty(stage, dtype=np.int32)
    tops = np.full(count, NEVER)
    by_time, beyond = np.full(grid + 1, NEVER), np.full(grid + 1, NEVER)
    # what the rounding of short floats can take away, where the loss is not beyond what a slot is worth
    margin = np.float32(0.5 + 1e-6 * (price * grid * width + np.abs(excess).max()))
    most = 0.0
    for begin in range(0, grid + 1, stage):
        if halt[0]:
            break
        size = min(stage, grid + 1 - begin)
        for b in range(begin, begin + size):
            for k in range(max(0, b - longest // width - 1), b - stage + 1):
                beyond[b] = max(beyond[b], by_time[k])
        hope = beyond[begin : begin + size].max()
        for i in range(count):
            least, fresh = np.float32(np.inf), 0
            for b in range(size):
                left = (begin + b) * width
                ending = -cost * home[i] - price * left if home[i] <= left else NEVER
                value = np.float32(max(ending, beyond[begin + b] - rest[i], most - escape))
                best[b], other[b], leads[b] = value, value, -1
                least = min(least, value)
            for a in range(most_arcs):
                j = targets[i, a]
                if j < 0 or excess[j] - rho * ways[i, a] + price * width + hope <= least:
                    break
                if excess[j] - rho * ways[i, a] + price * width + tops[j] <= least:
                    continue
                taken = ways[i, a] + length[j]
                shift = taken // width
                skip = max(0, shift - begin)
                if skip >= size:
                    continue
                gain = np.float32(excess[j] - rho * ways[i, a] + price * (taken - shift * width))
                behind = begin + skip - shift
                _offer(
                    gain,
                    np.int32(i),
                    j,
                    first[j, behind : behind + size - skip],
                    second[j, behind : behind + size - skip],
                    follow[j, behind : behind + size - skip],
                    best[skip:size],
                    other[skip:size],
                    leads[skip:size],
                )
                fresh += 1
                if fresh == CHECKED_EVERY:
                    least, fresh = other[:size].min(), 0
            for b in range(size):
                first[i, begin + b] = best[b] + margin
                second[i, begin + b] = other[b] + margin
                follow[i, begin + b] = leads[b]
        for i in range(count):
            tops[i] = max(tops[i], float(first[i, begin : begin + size].max()))
            for b in range(begin, begin + size):
                by_time[b] = max(by_time[b], float(first[i, b]))
        most = max(most, by_time[begin : begin + size].max())
    return first, second, follow, beyond, most


@kernel
def _offer(
    gain: Single, i: Short, j: Short, one: Singles, two: Singles, to: Shorts, best: Singles, other: Singles, leads: Shorts
) -> None:
    """Take a step from i to j into the best and the second best, for a run of times left."""
    for b in range(len(best)):
        value = gain + (two[b] if to[b] == i else one[b])
        old, last, lead = best[b], other[b], leads[b]
        better = value > old
        lower = old if better else value
        other[b] = lower if lower > last else last
        leads[b] = j if better else lead
        best[b] = value if better else old
