"""Stage 3: ruin and recreate over the exact total, crews included, accepted by simulated annealing."""

import math
import random
from collections.abc import Callable

import numpy as np

from solver.crews import complete, needs_of
from solver.tour import Tour
from solver.travel import Floats
from solver.week import Week
from solver.world import Members

WARM, COLD = 12_000.0, 300.0
"""Temperatures in milli-points: at first a third of a typical visit may be lost, at last next to nothing."""

REFORM_SHARE, RUIN_ONE_SHARE = 0.2, 0.15
"""How often a step changes a crew, and how often it frees one crew only; the rest frees a neighbourhood.
Measured with 8,000 steps on 3,000 households: half or twice as much of either is within 0.5 % of this."""


class Improver:
    """One search from one week; deterministic but for how far the clock lets it come."""

    def __init__(self, week: Week, seed: int) -> None:
        self.week = week
        self.world = week.world
        self.rng = random.Random(seed)  # noqa: S311 - a search, not a secret
        houses = len(self.world.place_of)
        # a slice of one long row of random numbers is the noise of a step: drawing anew would take longer than using them
        self._uniform = np.random.default_rng(seed).uniform(-1.0, 1.0, 2 * houses + 1)
        self._needs = needs_of(self.world)
        self.rank = week.rank()
        self.best, self.best_rank, self.best_total = week.snapshot(), self.rank, week.total()
        week.keep()

    def step(self, temperature: float) -> None:
        """Change the week a little; keep the change, or go back."""
        draw = self.rng.random()
        if not self.week.tours or draw < REFORM_SHARE:
            self._reform()
        elif draw < REFORM_SHARE + RUIN_ONE_SHARE:
            self._ruin_one()
        else:
            self._ruin_near()
        self.week.drop_empty()
        rank = self.week.rank()
        # the difference of two exact integers: a penalty is too large for a sum of floats to see single points beside it
        if rank - self.rank >= temperature * math.log(1.0 - self.rng.random()):
            self.rank = rank
            self.week.keep()
            if rank > self.best_rank:
                self.best, self.best_rank = self.week.snapshot(), rank
                self.best_total = rank + self.week.penalty()
        else:
            self.week.undo()

    def finish(self) -> None:
        """Leave the best week found in place."""
        self.week.restore(self.best)

    def _fill(self, numbers: list[int]) -> None:
        spread = self.rng.choice((0.0, 0.1, 0.25))
        offset = self.rng.randrange(len(self._uniform) // 2 + 1)
        noise: Floats = 1.0 + spread * self._uniform[offset : offset + len(self._uniform) // 2]
        self.week.fill(numbers, noise, self.rng.choice((0.5, 0.75, 1.0)))

    def _string(self, visits: tuple[int, ...], around: int, most: int) -> set[int]:
        """Return up to `most` visits in a row that include the `around`-th."""
        count = min(len(visits), self.rng.randint(1, most))
        first = max(0, min(len(visits) - count, around - self.rng.randrange(count)))
        return set(visits[first : first + count])

    def _ruin_one(self) -> None:
        number = self.rng.choice(list(self.week.tours))
        visits = self.week.tours[number].state.visits
        self.week.strip(number, self._string(visits, self.rng.randrange(len(visits)), 5))
        self._fill([number])

    def _ruin_near(self) -> None:
        """Free a neighbourhood that several crews visit, and let them compete for it."""
        week, rng = self.week, self.rng
        visited = np.flatnonzero(week.owner >= 0)
        centre = int(visited[rng.randrange(len(visited))])
        legs = self.world.legs.outward(self.world.place_of[centre], self.world.places[visited])
        count = min(len(visited), 40)
        near = np.argpartition(legs, count - 1)[:count]
        order = visited[near[np.argsort(legs[near], kind="stable")]]
        numbers: list[int] = []
        most = rng.randint(2, 3)
        for h in order.tolist():
            number = int(week.owner[h])
            if number < 0 or number in numbers:
                continue
            numbers.append(number)
            visits = week.tours[number].state.visits
            week.strip(number, self._string(visits, visits.index(h), 3))
            if len(numbers) == most:
                break
        self._fill(numbers)

    def _reform(self) -> None:
        """Change who goes out: another start, member, slot or a new crew."""
        draw = self.rng.random()
        tours = self.week.tours
        if not tours or draw < 0.2:
            self._open()
            return
        number = self.rng.choice(list(tours))
        tour = tours[number]
        if draw < 0.4:
            self._replace(number, tour.slot, tour.members, self._another_start(tour.members, tour.start))
        elif draw < 0.6:
            self._change_slot(number)
        elif draw < 0.8:
            self._change_member(number)
        else:
            self._exchange(number)

    def _another_start(self, members: Members, start: int = -1) -> int:
        places = sorted({self.world.starts[v] for v in members} - {start})
        return self.rng.choice(places) if places else start

    def _replace(self, number: int, slot: int, members: Members, start: int) -> None:
        """Put a tour of other people, place or slot in the place of one, keep what visits it can, and fill it."""
        old = self.week.close(number)
        self._fill([self._reopen(old, slot, members, start)])

    def _reopen(self, old: Tour, slot: int, members: Members, start: int) -> int:
        fresh = Tour(self.world, slot, tuple(sorted(members)), start)
        state = fresh.schedule(tuple(h for h in old.state.visits if fresh.pool.suits[h]))
        if state is not None:
            fresh.state = state
        return self.week.add(fresh)

    def _change_slot(self, number: int) -> None:
        week, tour = self.week, self.week.tours[number]
        slots = frozenset.intersection(*(self.world.can_work[v] for v in tour.members)) - {tour.slot}
        if not slots:
            return
        slot = self.rng.choice(sorted(slots))
        week.close(number)
        if all(week.can_join(v, slot) for v in tour.members):
            self._fill([week.open(slot, tour.members, tour.start)])

    def _change_member(self, number: int) -> None:
        tour, world = self.week.tours[number], self.world
        leaving = self.rng.choice(tour.members)
        staying = [v for v in tour.members if v != leaving]
        people = [v for v in range(len(world.starts)) if v not in tour.members and self.week.can_join(v, tour.slot)]
        people = [v for v in people if world.is_crew((*staying, v))]
        if people:
            members = (*staying, self.rng.choice(people))
            self._replace(number, tour.slot, members, self._same_start(members, tour.start))

    def _same_start(self, members: Members, start: int) -> int:
        """Return the start if a member still lives there, else another."""
        return start if any(self.world.starts[v] == start for v in members) else self._another_start(members)

    def _exchange(self, number: int) -> None:
        """Let two crews of one slot swap a member each."""
        tours, world, rng = self.week.tours, self.world, self.rng
        tour = tours[number]
        others = [n for n, other in tours.items() if n != number and other.slot == tour.slot]
        if not others:
            return
        partner = rng.choice(others)
        other = tours[partner]
        a, b = rng.choice(tour.members), rng.choice(other.members)
        mine = tuple(b if v == a else v for v in tour.members)
        theirs = tuple(a if v == b else v for v in other.members)
        if not (world.is_crew(mine) and world.is_crew(theirs)):
            return
        # both are closed before either is opened: nobody is in two crews, not even for a moment
        old = self.week.close(number), self.week.close(partner)
        crews = zip(old, (mine, theirs), strict=True)
        self._fill([self._reopen(gone, tour.slot, crew, self._same_start(crew, gone.start)) for gone, crew in crews])

    def _open(self) -> None:
        """Form a crew out of people who are left, in any slot."""
        week, world, rng = self.week, self.world, self.rng
        if not world.ends:
            return
        slot = rng.randrange(len(world.ends))
        people = [v for v in range(len(world.starts)) if week.can_join(v, slot)]
        if len(people) < world.size:
            return
        rng.shuffle(people)
        members = complete(world, (), people, self._needs)
        if members is not None:
            self._fill([week.open(slot, members, self._another_start(members))])


def improve(
    week: Week,
    seed: int,
    bound: int,
    share_done: Callable[[int], float],
    tell: Callable[[int], None],
) -> None:
    """Search until `share_done(iteration)`, from 0 to 1, says that time is up; `tell` hears the best total now and then.

    No search goes on once the total has reached the `bound`.
    """
    search = Improver(week, seed)
    iteration = 0
    while (share := share_done(iteration)) < 1.0 and search.best_total < bound:
        search.step(WARM * (COLD / WARM) ** share)
        iteration += 1
        if iteration % 50 == 0:
            tell(search.best_total)
    search.finish()
