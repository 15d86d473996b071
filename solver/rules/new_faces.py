"""Visits by a crew that the household has not met, though it has met somebody."""

from solver.rules.reading import Reading

TITLE = "visits by a crew that the household has not met, though it has met somebody"
CONCERNS = "households"
SUMMAND = "new_faces"


def measure(reading: Reading) -> int:
    """Return their number."""
    return sum(bool(stop.household.known) and not stop.household.known & outing.names for outing, stop in reading.visits())
