"""A visit begins at a whole second, when the crew can have got there."""

from collections.abc import Iterator

from solver.rules.reading import Reading, whole

TITLE = "a visit begins at a whole second, when the crew can have got there"
CONCERNS = "crews"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each visit that begins too early, or at no whole second."""
    for outing in reading.outings:
        for stop in outing.stops:
            if not whole(stop.start):
                yield f"{outing.where}: {stop.household.id} starts at {stop.start!r}, not an integer"
            elif isinstance(stop.start, int) and stop.start < stop.reachable:
                yield f"{outing.where}: {stop.household.id} starts at {stop.start}, reachable at {stop.reachable}"


def measure(reading: Reading) -> int:
    """Return how many visits are made."""
    return sum(1 for _ in reading.visits())
