"""One crew's way through a slot: its schedule, and the best household to add to it."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from solver.travel import Floats, Ints
from solver.world import URGENT, Flags, Members, World

Row = npt.NDArray[np.float32]
POOL = 1200
"""Households a crew looks at: the best by reward a minute, way included. More costs time, fewer costs choice."""
ROWS_KEPT = 40
SHORTLIST = 64
"""Of the households that may fit, so many are tried at every place of the tour: the best by reward for the least time."""
NEVER = -1e30


class Pool:
    """The households worth looking at for one crew from one start place, with their legs.

    A household with several windows in the slot stands here once a window.
    """

    def __init__(self, world: World, slot: int, members: Members, start: int, limit: int = POOL) -> None:
        self.world, self.start = world, start
        begin, end = world.opens_start[slot], world.ends[slot]
        good = world.suits(slot, members)
        points = world.points(slot, members)
        chosen: Ints = np.flatnonzero(good)
        there, back = world.legs.least_ways(start, world.places[chosen])
        length = world.length[slot][chosen]
        in_reach = begin + there + length + back <= end
        chosen, there, length = chosen[in_reach], there[in_reach], length[in_reach]
        urgent = np.array(sorted(set(world.urgent(slot, members)) & set(chosen.tolist())), dtype=np.int64)
        # a promised household takes no other's place; with thousands of them those of this crew go first
        limit += min(limit, len(urgent))
        if len(chosen) > limit:
            worth = points[chosen] / (length + 0.35 * there + 60)
            worth[np.isin(chosen, urgent)] += URGENT
            base = world.base.get((slot, members))
            worth[np.isin(chosen, list(base.visits) if base else [])] = np.inf
            chosen = np.sort(chosen[np.argpartition(-worth, limit)[:limit]])
        points[urgent] += URGENT
        limited = world.has_windows[chosen]
        anytime = chosen[~limited]
        spans = [(h, a, b) for h in chosen[limited].tolist() for a, b in world.windows[h] or () if a <= end and b >= begin]
        self.houses: Ints = np.concatenate([anytime, np.array([s[0] for s in spans], dtype=np.int64)])
        self.opens: Floats = np.concatenate([np.full(len(anytime), -np.inf), [s[1] for s in spans]])
        self.closes: Floats = np.concatenate([np.full(len(anytime), np.inf), [s[2] for s in spans]])
        self.points: Floats = points[self.houses]
        self.length: Floats = world.length[slot][self.houses]
        self.places: Ints = world.places[self.houses]
        self.suits = good
        self._out: dict[int, Row] = {}
        self._in: dict[int, Row] = self._out if world.legs.symmetric else {}

    def outward(self, place: int) -> Row:
        """Return the seconds from a place to every entry."""
        row = self._out.get(place)
        if row is None:
            if len(self._out) > ROWS_KEPT:
                self._out.clear()
            # half the memory; whole seconds up to 194 days stay exact, and `schedule` has the last word anyway
            row = self._out[place] = self.world.legs.outward(place, self.places).astype(np.float32)
        return row

    def inward(self, place: int) -> Row:
        """Return the seconds from every entry to a place."""
        if self._in is self._out:
            return self.outward(place)
        row = self._in.get(place)
        if row is None:
            if len(self._in) > ROWS_KEPT:
                self._in.clear()
            row = self._in[place] = self.world.legs.inward(self.places, place).astype(np.float32)
        return row


@dataclass(slots=True)
class State:
    """What changes when a tour changes; replaced as a whole, so that a snapshot is one reference."""

    visits: tuple[int, ...]
    begins: list[int]
    departs: list[int]
    latest: list[int]
    travel: int
    value: int
    kept: int
    pinned: int


@dataclass(frozen=True, slots=True)
class Insertion:
    """A household that could be added before the `at`-th visit; higher `score` first."""

    score: float
    house: int
    at: int


class Tour:
    """A crew in a slot and whom it visits. `state` is always a feasible schedule."""

    __slots__ = ("_base", "_pool", "members", "slot", "start", "state", "strangers", "world")

    def __init__(self, world: World, slot: int, members: Members, start: int) -> None:
        self.world, self.slot, self.members, self.start = world, slot, members, start
        self._pool: Pool | None = None
        base = world.base.get((slot, members))
        self._base = base.visits if base else {}
        self.strangers = self._strangers()
        begin = world.opens_start[slot]
        self.state = State((), [], [begin], [world.ends[slot]], 0, 0, 0, 0)

    def _strangers(self) -> Flags:
        strange = self.world.has_known.copy()
        for v in self.members:
            strange[self.world.known_to[v]] = False
        return strange

    @property
    def pool(self) -> Pool:
        """The candidates, made when first asked for."""
        if self._pool is None:
            self._pool = Pool(self.world, self.slot, self.members, self.start)
        return self._pool

    def look_anew(self) -> None:
        """Forget the candidates: other pins are accepted than when they were looked for."""
        self._pool = None

    def without(self, house: int) -> "Tour":
        """Return a copy of the tour that leaves one household out."""
        copy = Tour(self.world, self.slot, self.members, self.start)
        copy._pool, copy.state = self._pool, self.state
        copy.remove({house})
        return copy

    def worth_of(self, house: int) -> int:
        """Return the milli-points that a visit adds to the total, its way included; rounded."""
        rest = self.without(house).state
        way = (self.state.travel - rest.travel) * self.world.problem.weights.travel_per_hour / 3.6
        return round(self.state.value - rest.value - way)

    def schedule(self, visits: tuple[int, ...]) -> State | None:
        """Return the earliest schedule of these visits in this order, or None where it does not fit."""
        world, slot = self.world, self.slot
        leg, place_of, length = world.legs.leg, world.place_of, world.length[slot]
        clock, place, travel = world.opens_start[slot], self.start, 0
        begins, departs = [], [clock]
        for h in visits:
            seconds = leg(place, place_of[h])
            begin = world.next_open(h, clock + seconds)
            if begin is None:
                return None
            travel += seconds
            clock, place = begin + int(length[h]), place_of[h]
            begins.append(begin)
            departs.append(clock)
        seconds = leg(place, self.start)
        travel += seconds
        if clock + seconds > world.ends[slot]:
            return None
        latest = [world.ends[slot]]
        place = self.start
        for h in reversed(visits):
            bound = latest[-1] - leg(place_of[h], place) - int(length[h])
            last = world.last_open(h, bound)
            latest.append(bound if last is None else last)
            place = place_of[h]
        latest.reverse()
        return State(visits, begins, departs, latest, travel, *self._worth(visits))

    def _worth(self, visits: tuple[int, ...]) -> tuple[int, int, int]:
        """Return (milli-points without travel, base visits kept, pins held)."""
        weights = self.world.problem.weights
        reward, base, wishes = self.world.reward[self.slot], self._base, self.world.wishes
        points = kept = pinned = 0
        for h in visits:
            points += int(reward[h])
            if self.strangers[h]:
                points -= weights.new_face
            if base:
                kept += base.get(h, 0)
            if h in wishes:
                pinned += wishes[h].pins
        return 1000 * (points + weights.change * kept), kept, pinned

    def insertions(self, live: Ints, noise: Floats | None = None) -> tuple[Floats, Floats]:
        """Return (milli-points gained, seconds taken), each stops x entries, for adding the `live` entries of the pool.

        Row n is the place before the n-th visit; where there is no room the gain is `NEVER`.
        """
        pool, state, world = self.pool, self.state, self.world
        stops = [self.start, *(world.place_of[h] for h in state.visits), self.start]
        arrive = np.array([pool.outward(p) for p in stops[:-1]])[:, live]
        leave = np.array([pool.inward(p) for p in stops[1:]])[:, live]
        departs = np.array(state.departs, dtype=np.float64)[:, None]
        direct = np.array([world.legs.leg(a, b) for a, b in pairwise(stops)], dtype=np.float64)[:, None]
        points = pool.points[live]
        if noise is not None:
            points = points * noise[pool.houses[live]]
        gain = points - (arrive + leave - direct) * (world.problem.weights.travel_per_hour / 3.6)
        clock = np.maximum(arrive + departs, pool.opens[live])
        late = clock > pool.closes[live]
        clock += pool.length[live]
        clock += leave
        late |= clock > np.array(state.latest, dtype=np.float64)[:, None]
        gain[late] = NEVER
        clock -= departs + direct
        return gain, clock

    def best_insertion(self, free: Flags, noise: Floats, sharpness: float) -> Insertion | None:
        """Return the household and position with the most milli-points for the time it takes, or None.

        `noise` multiplies the points of each household; `sharpness` 0 looks at points only, 1 at points a second.
        """
        pool, state = self.pool, self.state
        live = np.flatnonzero(free[pool.houses])
        if not len(live):
            return None
        # the leg to it is at least that from the nearest stop: what does not fit even so need not be tried at every place
        stops = [self.start, *(self.world.place_of[h] for h in state.visits)]
        least = np.array([pool.outward(p) for p in stops]).min(axis=0)[live] + pool.length[live]
        room = max(last - left for left, last in zip(state.departs, state.latest, strict=True))
        fits = least <= room
        live, least = live[fits], least[fits]
        if len(live) > SHORTLIST:
            key = pool.points[live] * noise[pool.houses[live]] / (least + 60.0) ** sharpness
            short = live[np.argpartition(-key, SHORTLIST)[:SHORTLIST]]
            found = self._best_of(short, noise, sharpness)
            if found is not None:
                return found
        return self._best_of(live, noise, sharpness) if len(live) else None

    def _best_of(self, live: Ints, noise: Floats, sharpness: float) -> Insertion | None:
        gain, seconds = self.insertions(live, noise)
        gain[gain <= 0] = NEVER
        score = gain / np.maximum(seconds, 30.0) ** sharpness
        best = int(score.argmax())
        top = float(score.flat[best])
        if top <= 0:
            return None
        return Insertion(top, int(self.pool.houses[live[best % len(live)]]), best // len(live))

    def insert(self, house: int, at: int) -> bool:
        """Add a visit; False where the exact legs leave no room for it."""
        visits = self.state.visits
        state = self.schedule((*visits[:at], house, *visits[at:]))
        if state is None:
            return False
        self.state = state
        return True

    def remove(self, gone: set[int]) -> list[int]:
        """Take visits out and return whom; all of them where the rest no longer fits (a matrix may reward detours)."""
        state = self.schedule(tuple(h for h in self.state.visits if h not in gone))
        if state is None:
            state = self.schedule(())
            assert state is not None
        removed = [h for h in self.state.visits if h not in state.visits]
        self.state = state
        return removed
