"""All crews of a week: who is free, who is visited, and the exact total."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from solver.tour import State, Tour
from solver.travel import Floats
from solver.world import Flags, World

BROKEN_PIN = 10**18
OVER_LIMIT = 10**22
"""What a broken pin and a change too many cost in the search; each more than all points of a week."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything needed to go back to an earlier week."""

    tours: tuple[tuple[Tour, State], ...]


class Week:
    """The tours of a week. `free` marks the households nobody visits; `shifts` and `busy` count tours with or without visits."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tours: dict[int, Tour] = {}
        self.free: Flags = np.ones(len(world.place_of), dtype=np.bool_)
        self.owner = np.full(len(world.place_of), -1, dtype=np.int64)
        people = len(world.starts)
        self.shifts = [0] * people
        self.busy: list[set[int]] = [set() for _ in range(people)]
        self._next = 0
        self._log: dict[int, tuple[Tour, State] | None] = {}

    def can_join(self, person: int, slot: int) -> bool:
        """Say whether the person could work in one more crew, in that slot."""
        world = self.world
        return (
            slot in world.can_work[person]
            and self.shifts[person] < world.max_shifts[person]
            and self.busy[person].isdisjoint(world.overlaps[slot])
        )

    def open(self, slot: int, members: Iterable[int], start: int) -> int:
        """Add an empty tour and return its number."""
        return self.add(Tour(self.world, slot, tuple(sorted(members)), start))

    def add(self, tour: Tour) -> int:
        """Add a tour with its visits and return its number."""
        number, self._next = self._next, self._next + 1
        self._log.setdefault(number, None)
        self._put(number, tour)
        return number

    def _put(self, number: int, tour: Tour) -> None:
        self.tours[number] = tour
        for v in tour.members:
            self.shifts[v] += 1
            self.busy[v].add(tour.slot)
        self.take(number, tour.state.visits)

    def close(self, number: int) -> Tour:
        """Take a tour out; its households are free again."""
        self._touch(number)
        tour = self.tours.pop(number)
        for v in tour.members:
            self.shifts[v] -= 1
            self.busy[v].discard(tour.slot)
        self.let_go(tour.state.visits)
        return tour

    def _touch(self, number: int) -> None:
        if number not in self._log:
            tour = self.tours[number]
            self._log[number] = tour, tour.state

    def keep(self) -> None:
        """Take everything since the last `keep` or `undo` as done."""
        self._log.clear()

    def undo(self) -> None:
        """Go back to the last `keep` or `undo`."""
        log, self._log = self._log, {}
        for number in log:
            if number in self.tours:
                self.close(number)
        self._log = {}
        for number, before in log.items():
            if before is not None:
                tour, state = before
                tour.state = state
                self._put(number, tour)

    def take(self, number: int, houses: Iterable[int]) -> None:
        """Note that a tour visits these households."""
        for h in houses:
            self.free[h] = False
            self.owner[h] = number

    def let_go(self, houses: Iterable[int]) -> None:
        """Note that nobody visits these households any more."""
        for h in houses:
            self.free[h] = True
            self.owner[h] = -1

    def strip(self, number: int, houses: set[int]) -> None:
        """Take these households out of a tour."""
        self._touch(number)
        self.let_go(self.tours[number].remove(houses))

    def give(self, number: int, state: State) -> None:
        """Give a tour another state, all of whose visits are its own or free."""
        self._touch(number)
        tour = self.tours[number]
        self.let_go(tour.state.visits)
        tour.state = state
        self.take(number, state.visits)

    def fill(self, numbers: Iterable[int], noise: Floats, sharpness: float, tired: Callable[[], bool] = bool) -> None:
        """Insert the best household at its best place in these tours until nothing is worth it."""
        offers = {}
        for n in numbers:
            if tired():
                return
            offer = self.tours[n].best_insertion(self.free, noise, sharpness)
            if offer is not None:
                offers[n] = offer
        while offers and not tired():
            n = max(offers, key=lambda k: (offers[k].score, -k))
            offer = offers.pop(n)
            house = offer.house
            self._touch(n)
            if not self.free[house] or not self.tours[n].insert(house, offer.at):
                continue
            self.take(n, (house,))
            stale = [n, *(k for k, other in offers.items() if other.house == house)]
            for k in stale:
                offers.pop(k, None)
                again = self.tours[k].best_insertion(self.free, noise, sharpness)
                if again is not None:
                    offers[k] = again

    def drop_empty(self) -> None:
        """Close the tours that visit nobody: their people could be of use elsewhere."""
        for number in [n for n, tour in self.tours.items() if not tour.state.visits]:
            self.close(number)

    def total(self) -> int:
        """Return the exact total of the format, milli-points."""
        world, weights = self.world, self.world.problem.weights
        points = travel = seats = 0
        shifts: dict[int, int] = {}
        for tour in self.tours.values():
            state = tour.state
            if state.visits:
                points += state.value
                travel += state.travel
                seats += len(tour.members)
                for v in tour.members:
                    shifts[v] = shifts.get(v, 0) + 1
        if weights.extra_shift and world.able:
            fair = -(-seats // world.able)
            points -= 1000 * weights.extra_shift * sum(c - fair for c in shifts.values() if c > fair)
        return points + -1000 * weights.travel_per_hour * travel // 3600 - 1000 * weights.change * len(world.problem.base)

    def penalty(self) -> int:
        """Return what broken pins and unforced changes over the limit cost in the search."""
        world = self.world
        cost = 0
        if world.wishes:
            broken = sum(w.pins for w in world.wishes.values()) - sum(t.state.pinned for t in self.tours.values())
            cost += BROKEN_PIN * broken
        return cost + OVER_LIMIT * self.changes_over_limit()

    def changes_over_limit(self) -> int:
        """Return how many visits of the plan in force change, unforced, beyond what is allowed."""
        world = self.world
        if world.allowed_changes is None:
            return 0
        changed = world.unforced - sum(t.state.kept for t in self.tours.values())
        return max(0, changed - world.allowed_changes)

    def rank(self) -> int:
        """Return the total less the penalty: what the search makes as large as it can."""
        return self.total() - self.penalty()

    def snapshot(self) -> Snapshot:
        """Return what `restore` needs; cheap, since states are replaced and never changed."""
        return Snapshot(tuple((tour, tour.state) for tour in self.tours.values()))

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to an earlier week; the tours are numbered anew."""
        for number in list(self.tours):
            self.close(number)
        for tour, state in snapshot.tours:
            tour.state = state
            self.add(tour)
        self.keep()
