"""The most pins that can hold together: CP-SAT over crews for the pins alone, corrected by exact routes.

Used where forming crews for one pin after the other left some without. The model knows lengths of visits but no ways;
each crew it proposes is routed, and one that cannot be is forbidden to everybody who could not make it either.
"""

from dataclasses import dataclass, field
from typing import Any

from solver.cp_sat import exact_solver
from solver.crews import needs_of
from solver.routes import MOST_EXACT, route
from solver.tour import Tour
from solver.world import Members, World

MOST_PINS = 60
MOST_SEATS = 40_000
ROUNDS = 40
EFFORT = 8.0
"""CP-SAT's deterministic time, about seconds on one core, for all rounds together."""


@dataclass(slots=True)
class Proposal:
    """Crews for pins: slot, members and households each."""

    crews: list[tuple[int, Members, tuple[int, ...]]] = field(default_factory=list)

    def pins(self, world: World) -> int:
        """Return how many pins these crews hold."""
        return sum(world.wishes[h].pins for _, _, houses in self.crews for h in houses)


def most_pins(world: World, seconds: float | None) -> Proposal | None:
    """Return crews that hold the most pins, or None where the question is too large or took too long.

    `seconds` limits the clock; None counts work only, so that a run can be repeated.
    """
    if not 0 < len(world.wishes) <= MOST_PINS:
        return None
    model = _Model(world)
    if model.seats > MOST_SEATS:
        return None
    model.build()
    left = EFFORT
    for _ in range(ROUNDS):
        proposal, used = model.solve(left, seconds)
        if proposal is None:
            return None
        left -= used
        if not model.forbid_impossible(proposal):
            return proposal
        if left <= 0:
            return None
    return None


class _Model:
    """Potential crews k of each slot s: who is in them and which pinned households they visit."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people = [
            [v for v, slots in enumerate(world.can_work) if s in slots and world.max_shifts[v]] for s in range(len(world.ends))
        ]
        self.houses = [
            [h for h, wish in world.wishes.items() if world.open[s][h] and wish.slot in (None, s)] for s in range(len(world.ends))
        ]
        self.count = [min(len(h), len(p) // world.size) for h, p in zip(self.houses, self.people, strict=True)]
        self.seats = sum(k * (len(p) + len(h)) for k, p, h in zip(self.count, self.people, self.houses, strict=True))
        self.member: dict[tuple[int, int, int], Any] = {}
        self.visit: dict[tuple[int, int, int], Any] = {}

    def build(self) -> None:
        """Post everything but the ways."""
        from ortools.sat.python import cp_model

        self.model: Any = cp_model.CpModel()
        for s, count in enumerate(self.count):
            for k in range(count):
                self._crew(s, k)
        world, model = self.world, self.model
        for h in world.wishes:
            model.add_at_most_one(var for (s, k, other), var in self.visit.items() if other == h)
        by_person: dict[int, dict[int, list[Any]]] = {}
        for (s, _, v), var in self.member.items():
            by_person.setdefault(v, {}).setdefault(s, []).append(var)
        for v, slots in by_person.items():
            model.add(sum(var for crew in slots.values() for var in crew) <= world.max_shifts[v])
            for s in slots:
                # two slots at a time: overlap is not transitive
                model.add_at_most_one(slots[s])
                for t in sorted(world.overlaps[s]):
                    if t > s and t in slots:
                        model.add_at_most_one(slots[s] + slots[t])
        model.maximize(sum(world.wishes[h].pins * var for (_, _, h), var in self.visit.items()))

    def _crew(self, s: int, k: int) -> None:
        world, model = self.world, self.model
        formed = model.new_bool_var(f"formed_{s}_{k}")
        for v in self.people[s]:
            self.member[s, k, v] = model.new_bool_var(f"member_{s}_{k}_{v}")
        seats = {v: self.member[s, k, v] for v in self.people[s]}
        model.add(sum(seats.values()) == world.size * formed)
        for need in needs_of(world):
            model.add(sum(var for v, var in seats.items() if v in need) >= formed)
        # the crews of a slot are alike: the n-th household goes to one of the first n + 1
        for n, h in enumerate(self.houses[s]):
            if k <= n:
                self._visit(s, k, h, formed, seats)
        length = world.length[s]
        room = world.ends[s] - world.opens_start[s]
        model.add(sum(int(length[h]) * self.visit[s, k, h] for h in self.houses[s] if (s, k, h) in self.visit) <= room * formed)

    def _visit(self, s: int, k: int, h: int, formed: Any, seats: dict[int, Any]) -> None:
        world, model = self.world, self.model
        visit = self.visit[s, k, h] = model.new_bool_var(f"visit_{s}_{k}_{h}")
        model.add_implication(visit, formed)
        for v in world.wishes[h].volunteers:
            if v in seats:
                model.add_implication(visit, seats[v])
            else:
                model.add(visit == 0)
        for need in needs_of(world, [h]):
            model.add(sum(var for v, var in seats.items() if v in need) >= visit)
        for name in world.problem.households[h].avoid:
            v = world.person_index.get(name, -1)
            if v in seats:
                model.add_at_most_one([visit, seats[v]])

    def solve(self, effort: float, seconds: float | None) -> tuple[Proposal | None, float]:
        """Return the best crews by the model, or None where that was not proved; and the effort spent."""
        from ortools.sat.python import cp_model

        solver = exact_solver(effort, seconds)
        status = solver.solve(self.model)
        used = float(solver.response_proto.deterministic_time)
        if status != cp_model.OPTIMAL:
            return None, used
        proposal = Proposal()
        for s, count in enumerate(self.count):
            for k in range(count):
                houses = tuple(h for h in self.houses[s] if (s, k, h) in self.visit and solver.value(self.visit[s, k, h]))
                if houses:
                    members = tuple(v for v in self.people[s] if solver.value(self.member[s, k, v]))
                    proposal.crews.append((s, members, houses))
        return proposal, used

    def forbid_impossible(self, proposal: Proposal) -> bool:
        """Route the proposed crews; say whether some could not be, having forbidden the like of them."""
        found = False
        for s, members, houses in proposal.crews:
            if not any(self._routable(s, v, houses) for v in members):
                found = True
                core = self._core(s, members, houses)
                able = [v for v in self.people[s] if self._routable(s, v, core)]
                for k in range(self.count[s]):
                    keys = [(s, k, h) for h in core]
                    if all(key in self.visit for key in keys):
                        visits = sum(self.visit[key] for key in keys)
                        self.model.add(sum(self.member[s, k, v] for v in able) >= visits - len(core) + 1)
        return found

    def _core(self, s: int, members: Members, houses: tuple[int, ...]) -> tuple[int, ...]:
        """Return fewer households that these people cannot visit in one slot either: a cut says more the fewer it names."""
        core = houses
        for h in houses:
            fewer = tuple(other for other in core if other != h)
            if fewer and not any(self._routable(s, v, fewer) for v in members):
                core = fewer
        return core

    def _routable(self, s: int, person: int, houses: tuple[int, ...]) -> bool:
        if len(houses) > MOST_EXACT:
            return False  # too many to prove: taken not to fit; `lay_down` keeps what it had if that is better
        return route(self.world, s, self.world.starts[person], houses) is not None


def proposed_tours(world: World, proposal: Proposal) -> list[Tour]:
    """Return the proposed crews as tours."""
    tours = []
    for slot, members, houses in proposal.crews:
        for v in members:
            order = route(world, slot, world.starts[v], houses)
            if order is not None:
                tour = Tour(world, slot, tuple(sorted(members)), world.starts[v])
                state = tour.schedule(order)
                assert state is not None
                tour.state = state
                tours.append(tour)
                break
    return tours
