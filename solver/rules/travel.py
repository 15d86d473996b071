"""The time on the way."""

from solver.rules.reading import Reading


def measure(reading: Reading) -> int:
    """Return the seconds of all legs, first and last included."""
    return sum(sum(stop.leg_seconds for stop in outing.stops) + outing.last_leg_seconds for outing in reading.outings)
