"""What a visit in each class of slot can bring, whoever goes: the start of the bounds, and exact where nothing is relaxed."""

import numpy as np

from solver.bound.crews import Crews
from solver.travel import Floats
from solver.world import Flags, World

NEVER = -np.inf


class Kinds:
    """The classes of slots: points of each household (milli-points, -inf where no crew may come) and seconds of a visit."""

    def __init__(self, world: World, crews: Crews) -> None:
        problem = world.problem
        self.names = sorted({s.kind for s in problem.slots})
        self.of_slot = [self.names.index(s.kind) for s in problem.slots]
        count = len(problem.households)
        self.points: Floats = np.full((len(self.names), count), NEVER)
        self.seconds: Floats = np.zeros((len(self.names), count))
        for s, k in enumerate(self.of_slot):
            self.seconds[k] = world.length[s]
            self.points[k] = np.maximum(self.points[k], slot_points(world, s, crews))


def slot_points(world: World, slot: int, crews: Crews) -> Floats:
    """Return the milli-points that a visit by the best crew of the slot brings, way apart; -inf where no crew can come."""
    weights = world.problem.weights
    points: Floats = np.where(world.open[slot], 1000.0 * world.reward[slot], NEVER)
    met = 0
    for offer in crews.offers:
        if offer.slot == slot:
            met |= offer.meets
    understood = np.array([bool(met >> r & 1) for r in range(len(world.requirements))], dtype=np.bool_)
    if len(understood):
        points[~understood[world.requirement]] = NEVER
    if weights.new_face:
        strange: Flags = world.has_known.copy()
        for v in crews.here[slot]:
            strange[world.known_to[v]] = False
        points[strange] -= 1000.0 * weights.new_face
    kept = kept_points(world, slot)
    for h, bonus in kept.items():
        points[h] += bonus
    return points


def kept_points(world: World, slot: int) -> dict[int, float]:
    """Return the milli-points for households that the plan in force visits in this slot, if the visit is kept."""
    kept: dict[int, float] = {}
    for (s, _), crew in world.base.items():
        if s == slot:
            for h, times in crew.visits.items():
                kept[h] = max(kept.get(h, 0.0), 1000.0 * world.problem.weights.change * times)
    return kept
