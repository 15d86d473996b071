"""Shifts beyond a fair share."""

from solver.rules.max_shifts import shifts
from solver.rules.reading import Reading

TITLE = "shifts beyond a fair share"
CONCERNS = "volunteers"
SUMMAND = "extra_shifts"


def measure(reading: Reading) -> int:
    """Return the sum over volunteers of the shifts beyond ceil(seats filled / volunteers with a slot)."""
    able = sum(1 for v in reading.problem.volunteers if v.slots)
    counts = shifts(reading)
    fair = -(-counts.total() // able) if able else 0
    return sum(max(0, count - fair) for count in counts.values())
