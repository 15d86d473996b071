"""At most the allowed number of base visits change without being forced to."""

from collections.abc import Iterator

from solver.problem import BaseVisit
from solver.rules.reading import Reading

TITLE = "at most the allowed number of base visits change without being forced to"
CONCERNS = "households"


def changed(reading: Reading) -> list[BaseVisit]:
    """Return the base visits that the plan does not make in the same slot by the same people."""
    return [b for b in reading.problem.base if reading.visited.get(b.household) != (b.slot, b.volunteers)]


def unforced(reading: Reading) -> int:
    """Return how many changed base visits the problem would still have allowed."""
    problem = reading.problem
    houses, slots = {h.id for h in problem.households}, {s.id for s in problem.slots}
    can_work = {v.id: v.slots for v in problem.volunteers}
    return sum(
        b.household in houses and b.slot in slots and all(b.slot in can_work.get(v, ()) for v in b.volunteers)
        for b in changed(reading)
    )


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence where more changed than is allowed."""
    most, count = reading.problem.max_changes, unforced(reading)
    if most is not None and count > most:
        yield f"{count} unforced changes, at most {most}"


def measure(reading: Reading) -> int:
    """Return how many base visits change without being forced to."""
    return unforced(reading)
