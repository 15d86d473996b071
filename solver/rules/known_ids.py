"""Crews name slots, volunteers and households that exist."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "crews name slots, volunteers and households that exist"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each crew or visit that names what the problem does not have."""
    yield from reading.strays
