"""A household is visited at most once."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "a household is visited at most once"
CONCERNS = "households"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each visit after the first."""
    seen = set()
    for outing, stop in reading.visits():
        if stop.household.id in seen:
            yield f"{outing.where}: {stop.household.id} is visited twice"
        seen.add(stop.household.id)


def measure(reading: Reading) -> int:
    """Return how many households are visited."""
    return len(reading.visited)
