"""Crews name slots, volunteers and households that exist."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "crews name slots, volunteers and households that exist"
CONCERNS = "plan"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each crew or visit that names what the problem does not have."""
    yield from reading.strays


def measure(reading: Reading) -> int:
    """Return how many crews and visits the plan names."""
    return sum(1 + len(crew.visits) for crew in reading.plan.crews)
