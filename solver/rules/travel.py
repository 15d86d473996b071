"""The time on the way."""

from solver.rules.reading import Reading

TITLE = "the time on the way"
CONCERNS = "crews"
SUMMAND = "travel_seconds"


def measure(reading: Reading) -> int:
    """Return the seconds of all legs, first and last included."""
    return sum(sum(stop.leg_seconds for stop in outing.stops) + outing.last_leg_seconds for outing in reading.outings)
